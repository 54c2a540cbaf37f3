"""The working harbour and its ships."""

from ..atmosphere import beam, cloud, glitter, gulls, mist, ridge, ripples, sky, streaks, sun, water
from ..canvas import Canvas
from ..palette import (
    BRICK,
    CREAM,
    GOLD,
    INK,
    MIST,
    MOSS,
    NAVY,
    NIGHT,
    OCHRE,
    PINK,
    ROSE,
    RUST,
    SAND,
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
from ..shore import containers, crane, piles, sailboat, ship, trawler
from ..town import skyline

BOXES = (BRICK, OCHRE, TEAL, SLATE, SAND, RUST, SEA)


@scene("harbour-cranes")
def harbour_cranes(c: Canvas) -> None:
    """Cranes stand over stacked containers in late afternoon."""
    sky(c, mix(TEAL, SLATE, 0.3), mix(SLACK, SKY, 0.4), mix(SAND, GOLD, 0.3), bottom=840)
    sun(c, 520, 560, 95, GOLD, 5)
    streaks(c, 140, 560, 16, CREAM, 0.55)
    with c.group() as port:
        skyline(c, 800, mix(SLACK, SLATE, 0.3), 20, 80, gap=60)
        crane(c, 420, 800, 380, mix(SLATE, SLACK, 0.4), 35, rope=0.5)
        crane(c, 250, 805, 480, mix(SLATE, TEAL, 0.4), 0, rope=0.55)
        containers(c, 40, 810, 74, 30, 9, 4, tuple(mix(b, SLACK, 0.4) for b in BOXES))
        crane(c, 1060, 815, 760, BRICK, 0, flip=True, rope=0.42)
        containers(c, 830, 820, 108, 44, 7, 5, BOXES)
        crane(c, 1330, 822, 860, dark(BRICK, 0.25), 48)
    c.rect(0, 806, 1600, 26, c.lin(mix(SLATE, SAND, 0.3), INK))
    water(c, 832, mix(SLACK, GOLD, 0.3), TEAL, TEAL_D)
    c.reflect(port, 832, 0.5, 0.7)
    glitter(c, 520, 836, 1060, 150, GOLD, 0.8)
    ripples(c, 845, 1060, 50, CREAM, 0.3)
    trawler(c, 690, 960, 250, INK)
    gulls(c, 780, 300, 7, 150, INK, 17)


@scene("harbour-dawn")
def harbour_dawn(c: Canvas) -> None:
    """Fishing boats lie still in the basin as the sun comes up."""
    sky(c, mix(NAVY, PINK, 0.2), mix(ROSE, PINK, 0.5), mix(PINK, GOLD, 0.5), mix(GOLD, WHITE, 0.3), bottom=620)
    streaks(c, 60, 420, 20, ROSE, 0.6)
    streaks(c, 200, 520, 10, WHITE, 0.6)
    sun(c, 880, 560, 84, mix(GOLD, WHITE, 0.35), 6)
    with c.group() as land:
        ridge(c, 590, 30, mix(ROSE, SLATE, 0.35), base=622)
        skyline(c, 620, mix(PLUMMY, ROSE, 0.35), 20, 90, lit=0.05, gap=64)
        crane(c, 300, 622, 300, mix(PLUMMY, ROSE, 0.2), 25)
        crane(c, 170, 622, 260, mix(PLUMMY, ROSE, 0.3), 40)
    water(c, 620, mix(GOLD, PINK, 0.5), mix(ROSE, SLATE, 0.4), mix(TEAL_D, INK, 0.3))
    c.reflect(land, 620, 0.6)
    glitter(c, 880, 626, 1060, 170, mix(GOLD, WHITE, 0.5), 0.95)
    mist(c, 630, 130, PINK, 0.6)
    with c.group() as boats:
        trawler(c, 1240, 760, 330, BRICK, flip=True)
        trawler(c, 560, 720, 230, TEAL)
    c.reflect(boats, 756, 0.35, 0.6, 20)
    ripples(c, 650, 1060, 60, mix(PINK, WHITE, 0.4), 0.4)
    c.poly([(0, 870), (470, 905), (520, 1067), (0, 1067)], c.lin(mix(INK, UMBER, 0.3), NIGHT))
    c.poly([(0, 870), (470, 905), (474, 920), (0, 886)], mix(PINK, UMBER, 0.4))
    piles(c, 120, 520, 960, 170, 130, mix(UMBER, INK, 0.4))
    with c.at(386, 824, 0.75):
        c.blob([(-40, 0), (-46, -26), (-10, -40), (22, -42), (34, -58), (46, -52), (38, -24), (14, -4)], CREAM)
        c.path("M-56 -8Q-30 -34 12 -22Q0 -6 -30 -4Z", SLATE)
        c.poly([(46, -54), (64, -46), (46, -44)], OCHRE)
        c.circle(39, -50, 2.6, NIGHT)
    c.path("M410 900Q700 1010 1120 770", stroke=fade(NIGHT, 0.7), sw=4)
    gulls(c, 1240, 300, 6, 160, mix(INK, ROSE, 0.2), 18)


PLUMMY = mix(INK, ROSE, 0.3)


@scene("container-ship")
def container_ship(c: Canvas) -> None:
    """A loaded ship comes in past the pilot boat on a grey-green sea."""
    sky(c, mix(SLATE, SKY, 0.5), SKY, mix(MIST, CREAM, 0.4), bottom=700)
    for x, y, w, tone in ((60, 250, 520, 0.5), (900, 190, 640, 0.6), (560, 330, 380, 0.75)):
        cloud(c, x, y, w, mix(SKY, WHITE, tone), 0.75, 0.26)
    beam(c, (500, -40), (760, 720), 60, 260, WHITE, 0.22)
    ridge(c, 690, 26, mix(SLATE, SKY, 0.55), base=706)
    water(c, 700, mix(SEA, SKY, 0.4), TEAL, mix(TEAL_D, INK, 0.4))
    with c.group() as hull:
        ship(c, 250, 800, 1260)
    with c.clip("M0 800H1600V1067H0Z"):
        c.reflect(hull, 800, 0.4, 0.5, 34)
    c.path("M200 806Q330 780 420 800Q900 812 1530 796Q1480 830 900 826Q400 830 200 806Z", CREAM, op=0.75)
    ripples(c, 712, 1060, 90, MIST, 0.35)
    for k in range(5):
        y = 900 + k * 36
        pts = [(-60 + i * 150, y + (14 if i % 2 else -14) + c.rng.uniform(-6, 6)) for i in range(13)]
        c.curve([(float(x), float(yy)) for x, yy in pts], fade(TEAL_D, 0.55), 9)
    trawler(c, 240, 925, 230, OCHRE, flip=True)
    c.path("M130 928Q240 916 420 930Q250 944 130 928Z", CREAM, op=0.8)
    gulls(c, 1180, 250, 4, 120, WHITE, 24)


@scene("tide-gate")
def tide_gate(c: Canvas) -> None:
    """The tide gate's steel leaves hold back a high, restless river."""
    _tide_gate_background(c)
    _tide_gate_foreground(c)


def _tide_gate_background(c: Canvas) -> None:
    x: float
    sky(c, mix(INK, TEAL, 0.4), mix(SLATE, SKY, 0.5), mix(MIST, SAND, 0.4), bottom=640)
    for x, y, w in ((-60, 210, 640), (760, 160, 700), (350, 330, 480)):
        cloud(c, x, y, w, mix(SLATE, MIST, 0.4), 0.55, 0.24)
    skyline(c, 600, mix(SLATE, MIST, 0.35), 30, 100, gap=70)
    c.rect(0, 590, 1600, 480, c.lin(mix(SEA, SLACK, 0.5), TEAL_D))
    concrete = mix(SAND, SLATE, 0.4)
    for x, w in ((60, 200), (660, 230), (1300, 220)):
        c.rect(x, 330, w, 560, c.lin(light(concrete, 0.25), concrete, dark(concrete, 0.35), to=(1, 0)))
        c.path(f"M{x - 22} 330H{x + w + 22}L{x + w} 290H{x}Z", light(concrete, 0.1))
        c.rect(x + w * 0.2, 190, w * 0.6, 104, c.lin(BRICK, RUST, to=(1, 0)))
        c.poly([(x + w * 0.12, 194), (x + w * 0.5, 140), (x + w * 0.88, 194)], INK)
        c.rect(x + w * 0.36, 214, w * 0.28, 40, GOLD)
        c.rect(x, 760, w, 130, fade(MOSS, 0.55))
        for k in range(5):
            c.rect(x + w * 0.44, 420 + k * 70, w * 0.12, 8, INK, op=0.6)
            c.text(x + w * 0.28, 432 + k * 70, 30, str(5 - k), INK)
    for x0, x1 in ((260, 660), (890, 1300)):
        _gate_leaf(c, x0, x1)


def _gate_leaf(c: Canvas, x0: float, x1: float) -> None:
    """One steel leaf of the gate, ribbed and riveted."""
    c.rect(x0, 360, x1 - x0, 420, c.lin(light(TEAL, 0.12), TEAL, TEAL_D))
    for i in range(1, 5):
        x = x0 + (x1 - x0) * i / 5
        c.rect(x - 6, 360, 12, 420, fade(NIGHT, 0.3))
    for y in (400, 500, 600, 700):
        c.rect(x0, y, x1 - x0, 14, dark(TEAL, 0.35))
        for i in range(20):
            c.circle(x0 + 10 + i * (x1 - x0) / 20, y + 7, 2.6, light(TEAL, 0.4))
    c.poly([(x0, 360), (x0 + 150, 360), (x0, 640)], fade(WHITE, 0.12))
    c.rect(x0 - 10, 338, x1 - x0 + 20, 24, OCHRE)
    for i in range(12):
        c.poly([(x0 + i * 36, 362), (x0 + i * 36 + 16, 338), (x0 + i * 36 + 32, 338), (x0 + i * 36 + 16, 362)], INK)


def _tide_gate_foreground(c: Canvas) -> None:
    x: float
    c.line((0, 300), (1600, 300), INK, 5)
    for x in range(0, 1600, 46):
        c.line((x, 300), (x, 336), INK, 3)
    person(c, 480, 342, 120, Look(OCHRE, INK, style="hat"))
    person(c, 1080, 342, 118, Look(BRICK, INK, style="hat"), flip=True)
    water(c, 770, mix(SEA, SLACK, 0.3), TEAL, mix(TEAL_D, NIGHT, 0.4))
    for k in range(9):
        y = 780 + k * 34
        pts = [(-90.0 + i * 120, y + (10 + k * 2) * (1 if (i + k) % 2 else -1)) for i in range(16)]
        c.curve(pts, mix(SEA, CREAM, 0.55), 3 + k * 0.8, op=0.5)
    for _ in range(60):
        c.circle(c.rng.uniform(0, 1600), 772 + c.rng.gauss(0, 8), c.rng.uniform(2, 7), WHITE, op=0.7)
    gulls(c, 1130, 180, 4, 110, INK, 15)


@scene("lighthouse")
def lighthouse(c: Canvas) -> None:
    """A striped lighthouse sends its beam over a dark blue sea."""
    sky(c, NIGHT, NAVY, mix(TEAL, ROSE, 0.35), mix(PINK, OCHRE, 0.3), bottom=720)
    for _ in range(70):
        c.circle(
            c.rng.uniform(0, 1600), c.rng.uniform(0, 340), c.rng.uniform(0.8, 2), CREAM, op=c.rng.uniform(0.2, 0.8)
        )
    streaks(c, 430, 660, 12, ROSE, 0.55)
    water(c, 700, mix(ROSE, TEAL, 0.45), TEAL_D, NIGHT)
    ripples(c, 708, 1060, 80, PINK, 0.3)
    sailboat(c, 380, 735, 90, mix(CREAM, PINK, 0.4))
    beam(c, (1128, 262), (-60, 130), 8, 130, GOLD, 0.6)
    beam(c, (1152, 262), (1660, 320), 8, 70, GOLD, 0.6)
    with c.clip("M1070 860L1096 320H1184L1210 860Z"):
        c.rect(1060, 300, 160, 580, CREAM)
        for k in range(3):
            y = 390 + k * 160
            c.poly([(1050, y), (1230, y + 18), (1230, y + 92), (1050, y + 74)], BRICK)
        c.rect(1150, 300, 80, 580, fade(NIGHT, 0.3))
        c.rect(1060, 300, 30, 580, fade(WHITE, 0.2))
    for y in (480, 640):
        c.path(f"M1128 {y + 40}V{y + 12}A12 12 0 0 1 1152 {y + 12}V{y + 40}Z", INK)
    c.rect(1078, 304, 124, 18, INK, r=3)
    for k in range(8):
        c.line((1082 + k * 16.5, 304), (1082 + k * 16.5, 276), INK, 2.6)
    c.line((1078, 276), (1202, 276), INK, 4)
    c.rect(1104, 226, 72, 80, mix(GOLD, WHITE, 0.5))
    for k in range(1, 4):
        c.line((1104 + k * 18, 226), (1104 + k * 18, 304), INK, 3)
    c.path("M1094 228Q1140 150 1186 228Z", BRICK)
    c.line((1140, 190), (1140, 150), INK, 4)
    c.glow(1140, 262, 260, GOLD, 0.9)
    c.path(
        "M760 1067Q800 900 930 872Q1000 830 1090 842Q1200 826 1290 862Q1420 880 1620 990V1067Z",
        c.lin(mix(UMBER, INK, 0.45), NIGHT),
    )
    c.path("M930 872Q1000 830 1090 842Q1200 826 1290 862Q1180 872 1120 866Q1020 876 930 872Z", mix(ROSE, UMBER, 0.4))
    c.rect(1216, 768, 150, 100, mix(CREAM, SLATE, 0.25))
    c.poly([(1204, 770), (1291, 704), (1378, 770)], RUST)
    c.rect(1246, 800, 30, 34, GOLD)
    c.rect(1310, 800, 30, 68, INK)
    foam = [(720.0 + k * 60, 1040.0 - 10 * (k % 2) - k * 1.5) for k in range(17)]
    c.curve(foam, fade(CREAM, 0.5), 9)
    c.curve([(x - 40, y + 26) for x, y in foam], fade(CREAM, 0.25), 6)


@scene("ferry")
def ferry(c: Canvas) -> None:
    """The small green-and-white ferry crosses to Ashby Point at noon."""
    sky(c, mix(SKY, SEA, 0.5), mix(SKY, WHITE, 0.35), CREAM, bottom=560)
    cloud(c, 100, 300, 460, WHITE, 0.9, 0.28)
    cloud(c, 980, 220, 540, WHITE, 0.85, 0.28)
    ridge(c, 540, 80, mix(SLACK, SKY, 0.35), 6, 566)
    ridge(c, 556, 36, mix(MOSS, SLACK, 0.4), 12, 566)
    skyline(c, 566, mix(SAND, BRICK, 0.35), 12, 40, gap=44)
    water(c, 560, mix(SKY, SEA, 0.4), SEA, TEAL)
    ripples(c, 570, 1060, 110, WHITE, 0.4)
    with c.group() as boat:
        c.rect(520, 400, 640, 130, c.lin(WHITE, mix(CREAM, SLATE, 0.2)), r=10)
        c.rect(496, 520, 770, 120, CREAM, r=8)
        for i in range(9):
            c.rect(540 + i * 68, 426, 48, 56, c.lin(NAVY, TEAL), r=6)
            c.rect(530 + i * 78, 546, 56, 50, c.lin(INK, TEAL), r=25)
        c.rect(500, 384, 690, 20, MOSS, r=8)
        c.path("M930 388V300Q930 290 942 290H1088L1120 388Z", WHITE)
        c.path("M952 352V312H1074L1092 352Z", NAVY)
        c.rect(690, 262, 84, 126, c.lin(BRICK, RUST, to=(1, 0)))
        c.rect(690, 262, 84, 26, INK)
        c.path("M700 258Q670 200 600 210Q640 170 560 160", stroke=fade(SLATE, 0.35), sw=34, cap="round")
        c.line((1020, 290), (1020, 190), INK, 5)
        c.poly([(1020, 196), (940, 214), (1020, 236)], OCHRE)
        c.path("M380 636H1290Q1330 632 1348 612Q1336 720 1270 760H470Q400 740 380 636Z", c.lin(MOSS, dark(MOSS, 0.5)))
        c.path("M380 636H1290Q1330 632 1348 612L1344 640Q1320 660 1288 660H386Z", CREAM)
        for i in range(6):
            c.circle(560 + i * 110, 700, 15, GOLD)
            c.circle(560 + i * 110, 700, 15, "none", stroke=INK, sw=4)
        for i in range(10):
            c.line((400 + i * 12, 636), (400 + i * 12, 590), INK, 3)
        c.line((396, 590), (512, 590), INK, 4)
    for px, coat in ((430, BRICK), (470, OCHRE)):
        person(c, px, 650, 120, Look(coat, INK, style="bob"), shade=0)
    c.path("M380 636H520V664H386Z", CREAM)
    c.reflect(boat, 762, 0.4, 0.55, 34)
    c.path("M330 770Q600 744 1280 758Q1420 740 1480 776Q1300 800 900 790Q560 806 330 770Z", WHITE, op=0.85)
    c.path("M1260 760Q1350 700 1380 742Q1440 740 1470 776Z", WHITE, op=0.9)
    for k in range(5):
        c.path(
            f"M{300 - k * 60} {780 + k * 34}Q{120 - k * 40} {786 + k * 40} {-60} {776 + k * 56}",
            stroke=WHITE,
            sw=6,
            op=0.4,
        )
    gulls(c, 380, 330, 5, 150, INK, 22)
    sailboat(c, 1450, 610, 130, CREAM, BRICK)
