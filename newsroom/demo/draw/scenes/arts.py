"""Books, violins and pictures on walls."""

import math

from ..canvas import Canvas
from ..palette import (
    BRICK,
    CREAM,
    GOLD,
    INK,
    MAROON,
    MOSS,
    NAVY,
    NIGHT,
    OCHRE,
    PINK,
    PLUM,
    ROSE,
    RUST,
    SAND,
    SAND_D,
    SEA,
    SKY,
    SLACK,
    SLATE,
    TEAL,
    TEAL_D,
    UMBER,
    WHITE,
    dark,
    fade,
    light,
    mix,
)  # fmt: skip
from ..people import Look, person
from ..registry import scene

SPINES = (BRICK, TEAL, OCHRE, INK, MOSS, ROSE, CREAM, SLATE, RUST, PLUM, SEA, SAND_D)


@scene("bookshelf")
def bookshelf(c: Canvas) -> None:
    """A full bookshelf in lamplight, a cat asleep on the lowest board."""
    c.rect(0, 0, 1600, 1067, c.lin(mix(UMBER, NIGHT, 0.35), mix(UMBER, NIGHT, 0.55)))
    for row in range(4):
        y = 262 + row * 262
        c.rect(0, y - 240, 1600, 240, c.lin(mix(UMBER, NIGHT, 0.75), mix(UMBER, NIGHT, 0.5)))
        _row_of_books(c, y)
        c.rect(0, y, 1600, 22, c.lin(light(UMBER, 0.25), UMBER))
        c.rect(0, y + 22, 1600, 26, fade(NIGHT, 0.5))
    for x in (-12, 790, 1578):
        c.rect(x, 0, 36, 1067, c.lin(light(UMBER, 0.2), dark(UMBER, 0.35), to=(1, 0)))
    c.rect(1060, 560, 300, 226, mix(UMBER, NIGHT, 0.6))
    c.path("M1120 786Q1090 786 1096 770L1110 690H1250L1264 770Q1270 786 1240 786Z", c.lin(SEA, TEAL_D, to=(1, 0)))
    for k in range(9):
        a = -1.5 + k * 0.37
        x1, y1 = 1180 + 110 * math.sin(a), 640 - 50 * math.cos(a)
        c.path(
            f"M1180 700Q{1180 + 50 * math.sin(a)} {590} {x1} {y1 + 40}Q{1180 + 80 * math.sin(a)} {640} 1180 700Z",
            (MOSS, SLACK, dark(MOSS, 0.3))[k % 3],
        )
    c.rect(300, 830, 430, 218, mix(UMBER, NIGHT, 0.65))
    c.path(
        "M330 1048Q310 960 410 930Q520 900 600 950Q620 900 640 930Q670 910 690 930L698 970Q716 1010 680 1040L660 1048Z",
        c.lin(OCHRE, dark(OCHRE, 0.35)),
    )
    c.path("M330 1040Q420 1066 560 1030", stroke=dark(OCHRE, 0.2), sw=26, cap="round")
    c.path("M634 984Q646 994 656 984M672 982Q682 990 690 980", stroke=NIGHT, sw=4, cap="round")
    for k in range(4):
        c.path(
            f"M{400 + k * 46} {940 - k * 5}Q{412 + k * 46} 970 {400 + k * 46} 996",
            stroke=dark(OCHRE, 0.28),
            sw=10,
            cap="round",
        )
    c.glow(420, 300, 760, GOLD, 0.5)
    c.glow(420, 300, 400, GOLD, 0.35)
    c.limb([(0, 120), (240, 60), (410, 190)], NIGHT, 12)
    c.circle(240, 60, 14, OCHRE)
    c.path("M330 250Q350 170 420 170Q490 170 510 250Z", c.lin(light(BRICK, 0.15), RUST))
    c.ellipse(420, 250, 90, 14, WHITE)


def _row_of_books(c: Canvas, y: float) -> None:
    """One shelf of books standing, leaning and lying."""
    h: float
    w: float
    x = 20.0
    while x < 1580:
        kind = c.rng.random()
        tone = c.rng.choice(SPINES)
        if kind < 0.07:
            for k in range(3):
                w = 150 - k * 14
                t = c.rng.choice(SPINES)
                c.rect(x + k * 8, y - 38 * (k + 1), w, 36, c.lin(light(t, 0.1), dark(t, 0.25)), r=4)
                c.rect(x + k * 8 + 20, y - 38 * (k + 1), 8, 36, fade(GOLD, 0.7))
            x += 168
            continue
        w, h = c.rng.uniform(26, 62), c.rng.uniform(150, 224)
        lean = 9 if 0.07 <= kind < 0.13 else 0
        with c.at(x + lean * 3.2, y, 1, lean):
            c.rect(0, -h, w, h, c.lin(light(tone, 0.14), tone, dark(tone, 0.3), to=(1, 0)), r=4)
            trim = CREAM if tone not in (CREAM, SAND_D) else RUST
            c.rect(0, -h * 0.88, w, 6, fade(trim, 0.75))
            c.rect(0, -h * 0.14, w, 6, fade(trim, 0.75))
            if w > 38:
                c.rect(w * 0.3, -h * 0.76, w * 0.4, h * 0.4, fade(trim, 0.6), r=3)
            else:
                c.circle(w / 2, -h * 0.5, w * 0.16, fade(trim, 0.7))
        x += w + 2 + lean * 5


@scene("violin")
def violin(c: Canvas) -> None:
    """A violin and bow lie on sheet music in raking light."""
    _violin_background(c)
    _violin_foreground(c)


def _violin_background(c: Canvas) -> None:
    c.rect(0, 0, 1600, 1067, c.lin(TEAL_D, TEAL, mix(TEAL, SLACK, 0.35), to=(1, 0.8)))
    c.poly([(0, 0), (560, 0), (1600, 800), (1600, 1067), (1000, 1067), (0, 300)], fade(GOLD, 0.13))
    for x, y, turn in ((860, 90, 12), (200, 420, -9)):
        with c.at(x, y, 1, turn):
            c.rect(14, 16, 560, 600, fade(NIGHT, 0.3))
            c.rect(0, 0, 560, 600, c.lin(WHITE, CREAM, to=(1, 1)))
            for s in range(5):
                for k in range(5):
                    c.line((40, 70 + s * 106 + k * 13), (520, 70 + s * 106 + k * 13), fade(INK, 0.5), 1.8)
                for k in range(9):
                    nx, ny = 86 + k * 50 + c.rng.uniform(-8, 8), 74 + s * 106 + c.rng.randrange(8) * 6.5
                    c.ellipse(nx, ny, 9, 6.5, INK, transform=f"rotate(-18 {nx:.0f} {ny:.0f})")
                    c.line((nx + 8, ny), (nx + 8, ny - 44), INK, 2.6)
                    if k % 3 == 0:
                        c.path(f"M{nx + 8} {ny - 44}Q{nx + 26} {ny - 32} {nx + 20} {ny - 16}", stroke=INK, sw=3.4)


def _violin_foreground(c: Canvas) -> None:
    body = (
        "M-60 -250C-190 -250 -220 -120 -150 -40C-110 0 -120 40 -160 80C-260 190 -220 400"
        " 0 400C220 400 260 190 160 80C120 40 110 0 150 -40C220 -120 190 -250 60 -250Z"
    )
    with c.at(770, 640, 1.03, -52):
        with c.group(transform="translate(34 40)", op=0.4, filter=c.blur(14)):
            c.path(body, NIGHT)
            c.rect(-24, -700, 48, 500, NIGHT)
        c.path(body, c.lin(light(BRICK, 0.18), BRICK, RUST, MAROON, to=(1, 0.4)))
        c.path(body, stroke=dark(RUST, 0.5), sw=10)
        with c.group(transform="translate(0 3) scale(0.93)"):
            c.path(body, stroke=fade(GOLD, 0.5), sw=3)
        c.path(
            "M-120 -180C-180 -120 -120 -40 -90 0C-80 60 -140 100 -160 200", stroke=fade(WHITE, 0.25), sw=26, cap="round"
        )
        for s in (-1, 1):
            c.path(f"M{s * 66} -10Q{s * 44} 40 {s * 78} 90T{s * 92} 160", stroke=NIGHT, sw=11, cap="round")
            c.circle(s * 62, -16, 10, NIGHT)
            c.circle(s * 98, 164, 12, NIGHT)
        c.rect(-23, -640, 46, 400, c.lin(mix(UMBER, OCHRE, 0.3), UMBER, to=(1, 0)))
        c.poly([(-24, -640), (24, -640), (38, 0), (-38, 0)], c.lin(INK, NIGHT, to=(1, 0)))
        c.path("M-26 -640H26L20 -770Q0 -800 -20 -770Z", c.lin(BRICK, MAROON, to=(1, 0)))
        c.circle(0, -796, 36, c.lin(BRICK, MAROON))
        c.circle(0, -796, 18, "none", stroke=MAROON, sw=6)
        for k, y in enumerate((-740, -715, -690, -665)):
            s = -1 if k % 2 else 1
            c.line((s * 20, y), (s * 62, y), NIGHT, 9)
            c.ellipse(s * 70, y, 13, 17, NIGHT)
        c.path("M-62 92H62L44 66Q0 50 -44 66Z", mix(SAND, OCHRE, 0.4))
        c.path("M-36 200H36L20 372Q0 386 -20 372Z", NIGHT)
        for k in range(4):
            c.line((-13 + k * 8.6, -640), (-24 + k * 16, 76), mix(CREAM, SLATE, 0.2), 2.2)
            c.line((-24 + k * 16, 76), (-18 + k * 12, 206), mix(CREAM, SLATE, 0.2), 2.2)
        c.ellipse(-60, 350, 66, 42, NIGHT)
    with c.at(260, 250, 1, 31):
        c.rect(10, 36, 1260, 10, fade(NIGHT, 0.3), r=5)
        c.path("M0 -8Q640 30 1270 -22", stroke=c.lin(UMBER, RUST, to=(1, 0)), sw=13, cap="round")
        c.line((18, 18), (1266, 4), CREAM, 7)
        c.rect(40, -12, 80, 34, NIGHT, r=5)
        c.circle(80, 5, 8, CREAM)
        c.rect(-20, -14, 34, 16, SLATE, r=5)


@scene("gallery-wall")
def gallery_wall(c: Canvas) -> None:
    """Visitors before a wall of framed pictures under track lights."""
    c.rect(0, 0, 1600, 830, c.lin(mix(PINK, ROSE, 0.3), mix(PINK, CREAM, 0.25)))
    c.rect(0, 820, 1600, 250, c.lin(mix(UMBER, SAND, 0.55), mix(UMBER, SAND, 0.2)))
    for k in range(14):
        c.line((800 + (k - 7) * 130, 830), (800 + (k - 7) * 280, 1080), fade(UMBER, 0.35), 3)
    c.rect(0, 800, 1600, 26, CREAM)
    c.rect(0, 40, 1600, 14, INK)
    frames = (
        (90, 230, 250, 330, INK),
        (410, 180, 560, 440, OCHRE),
        (1040, 220, 200, 180, UMBER),
        (1040, 450, 200, 170, INK),
        (1310, 210, 230, 400, UMBER),
    )
    for i, (x, y, w, h, tone) in enumerate(frames):
        cx = x + w / 2
        c.poly(
            [(cx - 14, 84), (cx + 14, 84), (cx + w * 0.85, y + h + 90), (cx - w * 0.85, y + h + 90)],
            c.lin(fade(WHITE, 0.4), fade(WHITE, 0.03)),
        )
        c.limb([(cx, 54), (cx, 66)], INK, 6)
        c.rect(cx - 16, 62, 32, 34, INK, r=6)
        c.rect(x - 4, y + 10, w + 26, h + 18, fade(NIGHT, 0.2))
        c.rect(x - 14, y - 14, w + 28, h + 28, c.lin(light(tone, 0.25), dark(tone, 0.2), to=(1, 1)))
        c.rect(x, y, w, h, CREAM)
        p = 0 if i == 1 else 20
        with c.clip(f"M{x + p} {y + p}H{x + w - p}V{y + h - p}H{x + p}Z"):
            _artwork(c, i, x + p, y + p, w - 2 * p, h - 2 * p)
        c.rect(x + w + 22, y + h - 30, 30, 22, WHITE)
    person(c, 560, 985, 430, Look(TEAL, INK, "#f0c9a8", "#a8672f", "bob"), back=True)
    person(c, 690, 990, 455, Look(INK, "#3a3540", "#5e3926", "#1d1a22", "short"), back=True, flip=True)
    person(
        c,
        1250,
        960,
        380,
        Look(OCHRE, NAVY, "#b97b52", "#1d1a22", "bun"),
        back=True,
        arm=((12, -72), (18, -60), (8, -56)),
    )
    person(
        c,
        1345,
        968,
        225,
        Look(BRICK, INK, "#b97b52", "#3b2620", "short"),
        back=True,
        arm=((12, -72), (22, -84), (28, -98)),
    )
    c.rect(120, 905, 300, 34, c.lin(light(UMBER, 0.2), UMBER), r=8)
    for x in (150, 370):
        c.rect(x, 935, 22, 80, dark(UMBER, 0.3))


def _artwork(c: Canvas, kind: int, x: float, y: float, w: float, h: float) -> None:
    """An abstract or a landscape for a frame."""
    if kind == 1:
        c.rect(x, y, w, h, c.lin(mix(SKY, PINK, 0.4), mix(GOLD, CREAM, 0.4)))
        c.circle(x + w * 0.68, y + h * 0.36, 52, BRICK)
        for k, tone in enumerate((SLACK, SEA, TEAL, TEAL_D, INK)):
            yy = y + h * (0.48 + k * 0.11)
            c.path(
                f"M{x} {yy}Q{x + w * 0.25} {yy - 50 + k * 18} {x + w * 0.5} {yy}T{x + w} {yy - 10}V{y + h}H{x}Z", tone
            )
    elif kind in (0, 4):
        c.rect(x, y, w, h, (SAND, TEAL_D)[kind // 4])
        for k in range(4):
            c.path(
                f"M{x} {y + h}V{y + h * (0.3 + k * 0.17)}A{w * 0.5} {w * 0.5} 0 0 1 {x + w}"
                f" {y + h * (0.3 + k * 0.17)}V{y + h}Z",
                ((BRICK, OCHRE, ROSE, TEAL), (SEA, SLACK, CREAM, OCHRE))[kind // 4][k],
            )
    else:
        c.rect(x, y, w, h, (INK, SLACK)[kind % 2])
        c.circle(x + w * 0.4, y + h * 0.5, h * 0.34, (GOLD, BRICK)[kind % 2])
        c.rect(x + w * 0.45, y, w * 0.3, h, fade((ROSE, INK)[kind % 2], 0.85))
