"""Streets, roofs and weather of the city."""

from ..atmosphere import cloud, gulls, mist, rain, ridge, ripples, sky, streaks, sun
from ..canvas import Canvas
from ..palette import (
    BRICK,
    CREAM,
    FOREST,
    GOLD,
    INK,
    MIST,
    MOSS,
    NIGHT,
    OCHRE,
    PINK,
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
from ..people import Look, person, some_look
from ..registry import scene
from ..town import house, lamp, poplar, skyline, tree, windows

WALLS = (BRICK, SAND, ROSE, TEAL, OCHRE, SLACK, CREAM, RUST)


@scene("flooded-street")
def flooded_street(c: Canvas) -> None:
    """Saltmarsh Row under knee-deep water, its houses mirrored."""
    _flooded_street_background(c)
    _flooded_street_foreground(c)


def _flooded_street_background(c: Canvas) -> None:
    x: float
    sky(c, SLATE, mix(SLATE, MIST, 0.5), mix(MIST, SAND, 0.5), bottom=720)
    for x, y, w in ((-80, 150, 700), (480, 100, 620), (980, 190, 760)):
        cloud(c, x, y, w, mix(SLATE, MIST, 0.3), 0.6, 0.22)
    with c.group() as row:
        tones = (BRICK, SAND, mix(TEAL, SLATE, 0.2), CREAM, ROSE, SLACK, RUST)
        x = -30.0
        for i, tone in enumerate(tones):
            w = (250, 220, 260, 230, 240, 225, 260)[i]
            wall = mix(tone, SLATE, 0.16)
            house(
                c,
                x,
                690,
                w,
                (350, 400, 330, 420, 360, 390, 340)[i],
                wall,
                mix(INK, RUST, 0.3 * (i % 3)),
                2,
                3,
                0.16,
                ("pitch", "step", "pitch")[i % 3],
                (INK, BRICK, OCHRE, TEAL_D)[i % 4],
            )
            c.rect(x, 650, w, 40, fade(UMBER, 0.3))
            x += w
        lamp(c, 1010, 720, 420, False)
    c.rect(0, 684, 1600, 383, c.lin(mix(SLACK, SLATE, 0.35), mix(TEAL, SLATE, 0.3), mix(TEAL_D, INK, 0.3)))
    c.reflect(row, 684, 0.55, 0.85, 34)


def _flooded_street_foreground(c: Canvas) -> None:
    ripples(c, 700, 1060, 90, MIST, 0.35)
    with c.group() as sign:
        c.rect(286, 560, 12, 300, SLATE)
        c.poly([(292, 470), (372, 610), (212, 610)], BRICK)
        c.poly([(292, 506), (342, 594), (242, 594)], CREAM)
        c.path("M262 574Q277 560 292 574T322 574M268 556Q280 544 292 556T316 556", stroke=INK, sw=6)
    c.reflect(sign, 850, 0.4, 0.6)
    with c.group() as boat:
        c.limb([(770, 770), (812, 690)], TEAL, 52)
        c.circle(822, 634, 24, "#b97b52")
        c.path("M796 634A26 28 0 0 1 848 630Z", INK)
        c.limb([(812, 700), (860, 740), (905, 752)], light(TEAL, 0.15), 18)
        c.limb([(1020, 770), (1010, 700)], OCHRE, 50)
        c.circle(1008, 646, 23, "#f0c9a8")
        c.path("M984 668V640A24 26 0 0 1 1032 640V668Q1026 640 1008 634Q990 640 984 668Z", "#6d4328")
        c.rect(1050, 716, 66, 56, BRICK, r=8)
        c.line((860, 700), (970, 880), UMBER, 8)
        c.path("M640 760Q900 790 1200 744Q1180 840 1120 852H740Q670 840 640 760Z", c.lin(CREAM, mix(SAND, SLATE, 0.4)))
        c.path("M640 760Q900 790 1200 744L1196 764Q900 812 646 780Z", BRICK)
    c.reflect(boat, 848, 0.35, 0.5)
    for k in range(4):
        c.ellipse(920, 856, 330 + k * 90, 18 + k * 16, "none", stroke=fade(MIST, 0.4 - k * 0.08), sw=3)
    rain(c, 120, WHITE, 0.25, -0.15, 60)


@scene("storm-clouds")
def storm_clouds(c: Canvas) -> None:
    """A shelf of storm cloud rolls over the low roofs and the marsh."""
    x: float
    y: float
    sky(c, mix(NIGHT, SLATE, 0.3), mix(SLATE, TEAL, 0.35), mix(SLACK, SAND, 0.45), mix(GOLD, SAND, 0.4), bottom=860)
    layers = (
        (mix(SLATE, SAND, 0.35), 560, 180),
        (mix(SLATE, SKY, 0.2), 470, 190),
        (mix(SLATE, INK, 0.35), 370, 200),
        (mix(INK, SLATE, 0.35), 250, 210),
        (mix(NIGHT, INK, 0.5), 120, 190),
    )
    for n, (tone, y, r) in enumerate(layers):
        shade = c.lin(light(tone, 0.06), dark(tone, 0.22))
        c.rect(0, -10, 1600, y - 40, tone)
        x = -120.0
        while x < 1720:
            rr = r * c.rng.uniform(0.55, 1.05)
            sag = 90 * (1 - ((x - 900) / 900) ** 2) - n * 4
            c.circle(x, y + sag - rr * 0.55, rr, shade)
            x += rr * 0.75
    c.path("M1150 520L1070 690L1108 694L1040 850L1156 672L1118 668L1190 520Z", mix(GOLD, WHITE, 0.5))
    c.glow(1110, 720, 300, GOLD, 0.5)
    for _ in range(80):
        x, y = c.rng.uniform(180, 760), c.rng.uniform(560, 840)
        c.line((x, y), (x - 22, y + 90), MIST, 2, op=0.22)
    ridge(c, 846, 14, mix(MOSS, SLATE, 0.4), 10)
    skyline(c, 860, mix(INK, MOSS, 0.2), 20, 76, lit=0.2, gap=52)
    c.rect(0, 856, 1600, 220, c.lin(mix(MOSS, SAND, 0.3), mix(FOREST, NIGHT, 0.5)))
    c.path(
        "M760 856Q840 900 640 950Q520 1000 700 1067H1240Q900 990 960 930Q1000 890 800 856Z",
        c.lin(mix(GOLD, SAND, 0.4), mix(SLATE, SKY, 0.3)),
    )
    for i in range(9):
        poplar(c, 1180 + i * 46, 900 + (i % 3) * 8, 120 + (i % 4) * 22, mix(FOREST, NIGHT, 0.4))
    c.rect(240, 850, 110, 74, mix(CREAM, SLATE, 0.35))
    c.poly([(226, 854), (295, 800), (364, 854)], RUST)
    c.rect(262, 872, 24, 26, GOLD)
    person(c, 470, 985, 150, Look(OCHRE, NIGHT, style="hat"), stride=8)
    gulls(c, 600, 640, 7, 160, WHITE, 18)


@scene("mill-quarter")
def mill_quarter(c: Canvas) -> None:
    """The old weaving mills along their canal, lived in again."""
    _mill_quarter_background(c)
    _mill_quarter_foreground(c)


def _mill_quarter_background(c: Canvas) -> None:
    sky(c, mix(SKY, PINK, 0.2), mix(PINK, CREAM, 0.4), mix(GOLD, CREAM, 0.5), bottom=720)
    streaks(c, 60, 330, 10, WHITE, 0.6)
    skyline(c, 690, mix(PINK, SLATE, 0.35), 80, 170, gap=80)
    with c.group() as mills:
        c.path("M1010 700L1030 90H1086L1106 700Z", c.lin(light(BRICK, 0.1), dark(RUST, 0.2), to=(1, 0)))
        for y in (90, 116, 220):
            c.rect(1018 if y > 150 else 1022, y, 80 if y > 150 else 72, 12, SAND)
        for x, y, w, h, tone, cols, rows in (
            (1120, 700, 520, 340, dark(RUST, 0.05), 8, 4),
            (520, 700, 470, 420, mix(BRICK, SAND, 0.18), 7, 5),
            (-40, 705, 540, 500, BRICK, 8, 6),
        ):
            c.rect(x, y - h, w, h, c.lin(light(tone, 0.12), tone, dark(tone, 0.25), to=(1, 0.4)))
            for k in range(4):
                gx = x + w * k / 4
                c.poly([(gx, y - h), (gx, y - h - 70), (gx + w / 4, y - h)], dark(tone, 0.3))
                c.poly([(gx + 8, y - h - 4), (gx + 8, y - h - 54), (gx + w / 4 - 20, y - h - 4)], mix(SKY, GOLD, 0.35))
            c.rect(x, y - h, w, 14, SAND)
            windows(c, x + 14, y - h + 26, w - 28, h - 40, cols, rows, mix(INK, TEAL, 0.35), 0.28, arched=True)
        for i in range(4):
            bx = 30 + i * 112
            c.rect(bx, 470, 80, 6, INK)
            for k in range(8):
                c.line((bx + 4 + k * 10, 440), (bx + 4 + k * 10, 470), INK, 2)
            c.line((bx, 440), (bx + 80, 440), INK, 3)
            c.circle(bx + 18, 436, 12, MOSS)
            c.circle(bx + 36, 438, 9, FOREST)
        c.rect(560, 300, 190, 44, INK, r=4)
        c.text(655, 331, 28, "OLD MILL", CREAM)
        tree(c, 540, 715, 210, MOSS)
        tree(c, 1130, 715, 180, mix(MOSS, OCHRE, 0.3))
    c.rect(0, 700, 1600, 40, c.lin(mix(SAND, CREAM, 0.3), SAND_D))
    c.rect(0, 736, 1600, 40, dark(SAND_D, 0.4))
    c.rect(0, 770, 1600, 300, c.lin(mix(SEA, PINK, 0.4), TEAL, TEAL_D))
    c.reflect(mills, 760, 0.5, 0.9, 30)


def _mill_quarter_foreground(c: Canvas) -> None:
    ripples(c, 785, 1060, 50, CREAM, 0.3)
    for x, h in ((330, 120), (830, 130), (890, 126), (1320, 118)):
        person(c, x, 736, h, some_look(c.rng), stride=c.rng.choice((0, 8)), flip=x > 800)
    with c.at(900, 0):
        c.path("M0 890H560Q600 890 610 862L640 930Q600 960 540 960H30Q-10 940 0 890Z", c.lin(INK, NIGHT))
        c.rect(60, 820, 400, 72, c.lin(OCHRE, dark(OCHRE, 0.3)), r=6)
        for i in range(5):
            c.rect(84 + i * 74, 838, 44, 30, GOLD, r=14)
        c.rect(48, 808, 424, 16, BRICK, r=4)
        for k in range(5):
            c.circle(120 + k * 60, 798, 13, (MOSS, ROSE)[k % 2])


@scene("rooftops")
def rooftops(c: Canvas) -> None:
    """Looking down over tiled roofs to the estuary, evening light on the gables."""
    sky(c, mix(ROSE, SLATE, 0.4), PINK, mix(GOLD, CREAM, 0.3), bottom=420)
    sun(c, 340, 300, 70, GOLD, 5)
    ridge(c, 360, 20, mix(PINK, SLATE, 0.4), base=400)
    c.rect(0, 372, 1600, 60, c.lin(mix(GOLD, PINK, 0.4), mix(SEA, PINK, 0.4)))
    skyline(c, 450, mix(ROSE, SLATE, 0.35), 20, 70, gap=60)
    c.rect(0, 448, 1600, 620, mix(ROSE, SLATE, 0.4))
    roofs = (BRICK, RUST, mix(BRICK, OCHRE, 0.4), mix(SLATE, INK, 0.4), ROSE, mix(RUST, SLATE, 0.35))
    for row in range(5):
        y, size = 500 + row * 128, 120 + row * 62
        haze = 0.42 - row * 0.1
        x = -size * c.rng.random()
        while x < 1640:
            w, lift = size * c.rng.uniform(0.9, 1.5), c.rng.uniform(-24, 20)
            roof = mix(c.rng.choice(roofs), PINK, max(haze, 0))
            wall = mix(c.rng.choice((CREAM, SAND, SLACK, ROSE, SKY)), PINK, max(haze, 0))
            _roof(c, x, y + lift, w, size, roof, wall)
            x += w * 0.94
        mist(c, y + 70, 120, GOLD, 0.1)
    gulls(c, 1050, 230, 6, 150, mix(INK, ROSE, 0.2), 18)
    with c.at(1180, 742, 1.1):
        c.path(
            "M-50 0Q-60 -60 -24 -74Q-22 -110 8 -112L14 -126L24 -112L38 -124L40 -104Q46 -82 28 -74Q46 -40 34 0Z", NIGHT
        )
        c.path("M-44 -4Q-90 -10 -84 40Q-80 60 -92 66", stroke=NIGHT, sw=11, cap="round")


def _roof(c: Canvas, x: float, y: float, w: float, size: float, roof: str, wall: str) -> None:
    """One gabled roof seen from above, its face lit from the left."""
    c.poly(
        [(x, y), (x + w * 0.3, y - size * 0.55), (x + w * 0.6, y), (x + w * 0.6, y + size), (x, y + size)],
        c.lin(light(wall, 0.15), dark(wall, 0.2)),
    )
    c.poly(
        [(x + w * 0.3, y - size * 0.58), (x + w * 0.9, y - size * 0.58), (x + w * 1.04, y + 8), (x + w * 0.6, y + 8)],
        c.lin(dark(roof, 0.08), dark(roof, 0.35)),
    )
    c.rect(x + w * 0.6, y + 4, w * 0.4, size, dark(wall, 0.38))
    c.limb([(x - 4, y + 6), (x + w * 0.3, y - size * 0.57), (x + w * 0.6, y + 6)], light(roof, 0.2), size * 0.05)
    for k in range(1, 5):
        t = k / 5
        c.line(
            (x + w * (0.3 + 0.3 * t), y - size * 0.58 * (1 - t)),
            (x + w * (0.9 + 0.13 * t), y - size * 0.58 * (1 - t)),
            fade(NIGHT, 0.2),
            2,
        )
    glass = GOLD if c.rng.random() < 0.45 else mix(INK, wall, 0.3)
    c.rect(x + w * 0.23, y - size * 0.1, w * 0.14, size * 0.22, glass, r=3)
    c.rect(x + w * 0.12, y + size * 0.26, w * 0.13, size * 0.24, mix(INK, wall, 0.3))
    c.rect(x + w * 0.36, y + size * 0.26, w * 0.13, size * 0.24, glass)
    cx = x + w * 0.72
    c.rect(cx, y - size * 0.84, w * 0.1, size * 0.4, c.lin(light(BRICK, 0.1), dark(RUST, 0.3), to=(1, 0)))
    c.rect(cx - w * 0.015, y - size * 0.86, w * 0.13, size * 0.06, SAND)
    for k in range(2):
        c.rect(cx + w * (0.012 + 0.045 * k), y - size * 0.95, w * 0.03, size * 0.1, RUST)
