"""The school gate."""

from ..atmosphere import sky, streaks
from ..canvas import Canvas
from ..palette import (
    BRICK,
    CREAM,
    FOREST,
    GOLD,
    INK,
    MIST,
    MOSS,
    NAVY,
    OCHRE,
    PINK,
    PLUM,
    ROSE,
    RUST,
    SAND,
    SAND_D,
    SEA,
    SKINS,
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
from ..town import tree, windows


@scene("school-gate")
def school_gate(c: Canvas) -> None:
    """Children and parents arrive at an iron school gate in autumn."""
    _school_gate_background(c)
    _school_gate_foreground(c)


def _school_gate_background(c: Canvas) -> None:
    x: float
    sky(c, mix(SKY, SLACK, 0.2), mix(SKY, CREAM, 0.5), mix(CREAM, GOLD, 0.2), bottom=800)
    streaks(c, 60, 260, 8, WHITE, 0.6)
    c.rect(330, 270, 940, 480, c.lin(light(ROSE, 0.12), mix(BRICK, ROSE, 0.45), to=(1, 0.4)))
    c.poly([(300, 276), (380, 170), (1220, 170), (1300, 276)], mix(INK, SLATE, 0.35))
    c.poly([(660, 280), (800, 110), (940, 280)], mix(BRICK, ROSE, 0.3))
    c.circle(800, 222, 40, CREAM)
    c.limb([(800, 196), (800, 222), (818, 232)], INK, 5)
    c.rect(788, 50, 24, 64, OCHRE)
    windows(c, 350, 300, 900, 250, 9, 2, mix(NAVY, SKY, 0.3), 0.35)
    c.rect(350, 420, 900, 8, SAND)
    c.path("M720 750V610A80 80 0 0 1 880 610V750Z", TEAL_D)
    c.rect(640, 560, 320, 44, CREAM, r=4)
    c.text(800, 592, 30, "SALTMARSH SCHOOL", INK, True)
    tree(c, 190, 800, 560, mix(OCHRE, MOSS, 0.15))
    tree(c, 1440, 800, 520, mix(BRICK, OCHRE, 0.45))
    c.rect(0, 745, 1600, 325, c.lin(mix(SAND, CREAM, 0.3), SAND_D, mix(SAND_D, UMBER, 0.3)))
    c.poly([(560, 745), (1040, 745), (1400, 1067), (200, 1067)], fade(WHITE, 0.16))
    for x0, x1 in ((-20, 430), (1170, 1620)):
        c.rect(x0, 820, x1 - x0, 60, c.lin(mix(BRICK, SAND, 0.25), RUST))
        for x in range(x0, x1, 30):
            c.line((x, 820), (x, 640), INK, 6)
            c.poly([(x - 8, 644), (x, 616), (x + 8, 644)], INK)
        c.line((x0, 680), (x1, 680), INK, 7)
    for x in (400, 1136):
        c.rect(x, 560, 64, 340, c.lin(light(BRICK, 0.15), RUST, to=(1, 0)))
        c.rect(x - 10, 544, 84, 22, SAND)
        c.circle(x + 32, 526, 20, SAND)
    for s, x in ((1, 470), (-1, 1130)):
        c.path(f"M{x} 870V620Q{x + s * 60} 560 {x + s * 130} 640V930Z", fade(INK, 0.0), stroke=INK, sw=8)
        for k in range(1, 5):
            c.line((x + s * k * 26, 880 + k * 8), (x + s * k * 26, 606 + abs(k - 2) * 10), INK, 5)
    c.path("M464 520Q800 380 1136 520", stroke=INK, sw=9)


def _school_gate_foreground(c: Canvas) -> None:
    x: float
    y: float
    kids = (
        (640, 900, 170, OCHRE, 8, "bob"),
        (730, 920, 160, BRICK, 6, "short"),
        (930, 880, 150, TEAL, 9, "bun"),
        (1010, 980, 190, MOSS, 10, "short"),
    )
    person(c, 545, 985, 310, Look(PLUM, INK, SKINS[3], "#1d1a22", "bun"), stride=7, back=True)
    person(c, 655, 992, 190, Look(OCHRE, NAVY, SKINS[3], "#1d1a22", "bob"), stride=6, back=True)
    for i, (x, y, h, coat, step, style) in enumerate(kids[1:]):
        person(
            c,
            x + 60,
            y,
            h,
            Look(coat, INK, SKINS[i * 2 % 6], ("#6d4328", "#1d1a22", "#d8ab5e")[i], style),
            stride=step,
            back=i != 1,
            flip=i == 2,
        )
        with c.at(x + 60, y, h / 100, flip=i == 2):
            c.rect(-11, -74, 22, 28, (TEAL, OCHRE, BRICK)[i], r=6)
            c.rect(-8, -60, 16, 11, dark((TEAL, OCHRE, BRICK)[i], 0.25), r=3)
    with c.at(655, 992, 1.9):
        c.rect(-11, -74, 22, 28, SEA, r=6)
        c.rect(-8, -60, 16, 11, dark(SEA, 0.25), r=3)
    for _ in range(46):
        x, y = c.rng.uniform(0, 1600), c.rng.uniform(760, 1060)
        c.ellipse(
            x,
            y,
            11,
            5,
            c.rng.choice((OCHRE, BRICK, GOLD, RUST)),
            transform=f"rotate({c.rng.uniform(0, 90):.0f} {x:.0f} {y:.0f})",
            op=0.85,
        )
    c.glow(500, 200, 700, mix(MIST, GOLD, 0.3), 0.2)
    c.rect(0, 1050, 1600, 20, fade(mix(FOREST, PINK, 0.2), 0.3))
