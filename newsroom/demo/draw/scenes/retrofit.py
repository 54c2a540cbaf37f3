"""Heat pumps and scaffolding: the city mending its houses."""

from ..atmosphere import cloud, sky
from ..canvas import Canvas
from ..palette import (
    BRICK,
    CREAM,
    FOREST,
    GOLD,
    INK,
    MOSS,
    NIGHT,
    OCHRE,
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
from ..town import skyline, tree, windows


@scene("heat-pump")
def heat_pump(c: Canvas) -> None:
    """A heat pump hums on a brick wall beside a kitchen window."""
    _heat_pump_background(c)
    _heat_pump_foreground(c)


def _heat_pump_background(c: Canvas) -> None:
    c.rect(0, 0, 1600, 1067, c.lin(light(BRICK, 0.1), BRICK, dark(BRICK, 0.25), to=(1, 0.7)))
    for row in range(27):
        for col in range(18):
            x, y = col * 96 - (48 if row % 2 else 0), row * 38.0
            tone = c.rng.choice((RUST, light(BRICK, 0.16), mix(BRICK, OCHRE, 0.25), BRICK, dark(BRICK, 0.15)))
            c.rect(x + 3, y + 3, 90, 32, tone, r=3, op=0.6)
    c.poly([(0, 0), (760, 0), (120, 900), (0, 900)], fade(GOLD, 0.16))
    c.rect(980, 90, 470, 520, CREAM, r=4)
    c.rect(1004, 114, 422, 472, c.lin(mix(GOLD, WHITE, 0.35), mix(GOLD, OCHRE, 0.45)))
    c.rect(1060, 300, 60, 180, TEAL, r=12)
    c.limb([(1215, 114), (1215, 210)], INK, 5)
    c.path("M1150 260Q1155 205 1215 205Q1275 205 1280 260Z", INK)
    c.glow(1215, 280, 180, WHITE, 0.7)
    c.blob([(1300, 486), (1284, 420), (1320, 380), (1360, 366), (1398, 392), (1410, 486)], dark(MOSS, 0.15))
    c.path("M1300 420Q1350 360 1340 300M1350 420Q1380 350 1400 320", stroke=MOSS, sw=9, cap="round")
    c.rect(1004, 486, 422, 100, dark(OCHRE, 0.2))
    c.rect(1205, 114, 20, 472, CREAM)
    c.rect(1004, 330, 422, 16, CREAM)
    c.rect(950, 606, 530, 34, c.lin(WHITE, SAND_D), r=3)
    c.rect(210, 900, 740, 40, fade(NIGHT, 0.35))
    c.rect(0, 930, 1600, 140, c.lin(mix(SAND, SLATE, 0.4), mix(SLATE, INK, 0.4)))
    c.shadow(600, 940, 440, 28, 0.6)
    c.rect(262, 880, 70, 56, INK, r=4)
    c.rect(820, 880, 70, 56, INK, r=4)
    c.rect(250, 440, 730, 470, fade(NIGHT, 0.3), r=26)
    c.rect(220, 420, 730, 470, c.lin(WHITE, CREAM, mix(CREAM, SLATE, 0.35), to=(1, 1)), r=26)
    c.rect(720, 420, 230, 470, fade(SLATE, 0.16), r=26)
    c.circle(480, 655, 200, mix(SLATE, INK, 0.45))
    c.circle(480, 655, 188, c.rad(INK, NIGHT))
    for k in range(3):
        with c.at(480, 655, 1, k * 120 + 18):
            c.path("M0 0Q40 -60 20 -170Q110 -160 120 -70Q80 -20 0 0Z", c.lin(SEA, TEAL_D, to=(1, 1)))
    for r in (60, 95, 130, 165):
        c.circle(480, 655, r, "none", stroke=mix(CREAM, SLATE, 0.3), sw=5)


def _heat_pump_foreground(c: Canvas) -> None:
    c.line((292, 655), (668, 655), mix(CREAM, SLATE, 0.3), 6)
    c.line((480, 467), (480, 843), mix(CREAM, SLATE, 0.3), 6)
    c.circle(480, 655, 34, BRICK)
    for k in range(7):
        c.rect(752, 500 + k * 34, 160, 9, fade(SLATE, 0.55), r=4)
    c.circle(770, 800, 12, MOSS)
    c.rect(800, 788, 110, 24, INK, r=6)
    for k, tone in enumerate((SLATE, BRICK)):
        c.path(
            f"M950 {790 + k * 44}H{1030 + k * 40}Q{1070 + k * 40} {790 + k * 44} {1070 + k * 40} {740}V640",
            stroke=mix(tone, CREAM, 0.15),
            sw=22,
        )
    c.blob([(0, 1000), (40, 850), (110, 800), (170, 880), (210, 960), (200, 1067), (0, 1067)], FOREST)
    for _ in range(24):
        c.ellipse(
            c.rng.uniform(0, 190),
            c.rng.uniform(840, 1060),
            26,
            12,
            mix(MOSS, SLACK, c.rng.random()),
            transform=f"rotate({c.rng.uniform(-50, 50):.0f} 90 950)",
        )
    for k in range(3):
        c.path(
            f"M{300 + k * 110} 380Q{330 + k * 110} 340 {300 + k * 110} 300T{300 + k * 110} 220",
            stroke=fade(WHITE, 0.5),
            sw=10,
            cap="round",
        )


@scene("scaffolding")
def scaffolding(c: Canvas) -> None:
    """Workers on the scaffolding of a mill being insulated."""
    _scaffolding_background(c)
    _scaffolding_foreground(c)


def _scaffolding_background(c: Canvas) -> None:
    sky(c, SKY, mix(SKY, CREAM, 0.5), CREAM)
    cloud(c, 980, 260, 520, WHITE, 0.9, 0.28)
    skyline(c, 1000, mix(SKY, SLATE, 0.35), 180, 330, gap=110)
    wall = mix(BRICK, SAND, 0.15)
    c.rect(90, 150, 1010, 920, c.lin(light(wall, 0.12), wall, dark(wall, 0.25), to=(1, 0.3)))
    c.rect(70, 130, 1050, 32, SAND)
    c.rect(90, 162, 460, 908, mix(CREAM, GOLD, 0.18))
    for k in range(7):
        for j in range(3):
            c.rect(96 + j * 152 + (k % 2) * 8, 170 + k * 130, 142, 122, fade(OCHRE, 0.16), r=4)


def _scaffolders(c: Canvas) -> None:
    """Four workers in helmets and bright bands."""
    for i, (x, y, coat, walk) in enumerate(
        ((250, 400, OCHRE, 0), (860, 400, BRICK, 8), (560, 620, TEAL, 0), (1010, 840, OCHRE, 6))
    ):
        skin = ("#8a5638", "#f0c9a8", "#dba67c", "#5e3926")[i]
        person(
            c,
            x,
            y + 2,
            178,
            Look(coat, INK, skin, "#1d1a22", "hat"),
            stride=walk,
            flip=i % 2 == 1,
            arm=((11, -72), (22, -80), (26, -94)) if not walk else None,
        )
        with c.at(x, y + 2, 1.78, flip=i % 2 == 1):
            c.rect(-15, -60, 30, 5, GOLD)
            c.rect(-15, -50, 30, 4, WHITE)


def _scaffolding_foreground(c: Canvas) -> None:
    windows(c, 110, 190, 970, 830, 5, 4, mix(INK, TEAL, 0.4), 0.12, arched=True)
    c.rect(0, 1000, 1600, 80, mix(SAND, UMBER, 0.4))
    c.rect(0, 1000, 1600, 8, mix(SAND, CREAM, 0.3))
    pole = mix(SLATE, INK, 0.35)
    for y in (400, 620, 840):
        c.rect(30, y, 1180, 18, c.lin(SAND, mix(SAND_D, UMBER, 0.3)))
        c.rect(30, y + 18, 1180, 8, fade(NIGHT, 0.25))
        c.line((30, y - 70), (1210, y - 70), pole, 6)
        c.line((30, y - 110), (1210, y - 110), pole, 6)
    _scaffolders(c)
    for x in range(40, 1230, 292):
        c.line((x, 210), (x, 1020), pole, 11)
        c.rect(x - 16, 1012, 32, 12, NIGHT)
    for k in range(3):
        c.line((40 + k * 292, 620 + (k % 2) * 220), (332 + k * 292, 400 + (k % 2) * 220), pole, 6)
    for side in (0, 44):
        c.line((640 + side, 840), (700 + side, 560), OCHRE, 7)
    for k in range(8):
        c.line((644 + k * 7.5, 820 - k * 35), (688 + k * 7.5, 820 - k * 35), OCHRE, 6)
    for x, y in ((420, 400), (450, 400)):
        c.rect(x, y - 44, 60, 44, mix(CREAM, GOLD, 0.4), r=4)
    c.line((1240, 210), (1240, 900), pole, 4)
    c.line((1120, 196), (1250, 196), pole, 9)
    c.rect(1205, 700, 70, 60, TEAL, r=6)
    c.line((1240, 660), (1208, 704), pole, 3)
    c.line((1240, 660), (1272, 704), pole, 3)
    tree(c, 1450, 1030, 380, MOSS)
    with c.at(1290, 1030):
        for k in range(3):
            c.rect(-60 + k * 8, -44 * (k + 1), 130 - k * 16, 40, (OCHRE, CREAM, OCHRE)[k], r=6)
