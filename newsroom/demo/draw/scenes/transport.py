"""Trams, buses, bicycles and the ferry's road."""

from ..atmosphere import beam, gulls, mist, rain, ridge, sky, streaks, sun
from ..canvas import Canvas, between
from ..palette import (
    BRICK,
    CREAM,
    FOREST,
    GOLD,
    INK,
    MIST,
    MOSS,
    NAVY,
    NIGHT,
    OCHRE,
    PINK,
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
from ..people import Look, cyclist, person, runner, umbrella
from ..registry import scene
from ..town import bus, house, lamp, skyline, tram_front, tram_side, tree


@scene("tram-rain")
def tram_rain(c: Canvas) -> None:
    """A lit tram comes towards us down a wet street at dusk."""
    x: float
    y: float
    sky(c, INK, mix(SLATE, TEAL, 0.4), mix(PINK, SLATE, 0.35), bottom=700)
    skyline(c, 660, mix(SLATE, PINK, 0.25), 90, 190, lit=0.1, gap=80)
    mist(c, 620, 260, PINK, 0.35)
    with c.group() as street:
        walls = (mix(TEAL_D, INK, 0.4), mix(RUST, INK, 0.45), mix(SLATE, INK, 0.4), mix(MOSS, INK, 0.55))
        for i, (x, w, h) in enumerate(((330, 130, 330), (170, 170, 430), (-60, 235, 560))):
            house(c, x, 700 + i * 20, w, h + i * 20, walls[i], dark(walls[i], 0.4), 2 + i // 2, 4, 0.42)
        for i, (x, w, h) in enumerate(((1080, 130, 320), (1205, 180, 420), (1380, 260, 570))):
            house(
                c,
                x,
                700 + i * 20,
                w,
                h + i * 20,
                walls[3 - i],
                dark(walls[3 - i], 0.4),
                2 + i // 2,
                4,
                0.42,
                "step" if i == 1 else "pitch",
            )
        tram_side(c, (655, 846), 425, (470, 660), 0.72)
        tram_front(c, 795, 850, 292, "4")
        lamp(c, 1130, 800, 330)
        lamp(c, 290, 770, 260)
    c.rect(0, 700, 1600, 70, mix(SLATE, INK, 0.55))
    c.path("M0 760L520 690H1080L1600 760V1067H0Z", c.lin(mix(SLATE, INK, 0.4), mix(INK, NIGHT, 0.4)))
    with c.clip("M0 760L520 690H1080L1600 760V1067H0Z"):
        c.reflect(street, 838, 0.42, 0.8, 30)
        for x0, x1 in ((735, 560), (855, 1010)):
            c.line((x0, 846), (x1, 1080), mix(SLATE, SKY, 0.5), 6, op=0.8)
        for x, w in ((740, 60), (862, 60)):
            c.rect(x - w / 2, 860, w, 220, c.lin(fade(GOLD, 0.75), fade(GOLD, 0)), filter=c.blur(9))
        c.rect(1085, 800, 90, 230, c.lin(fade(GOLD, 0.35), fade(GOLD, 0)), filter=c.blur(14))
    tram_side(c, (655, 846), 425, (470, 660), 0.72)
    tram_front(c, 795, 850, 292, "4")
    for x in (735, 855):
        beam(c, (x, 765), (x + (x - 795) * 1.6, 1030), 8, 120, GOLD, 0.28)
    c.line((0, 330), (795, 322), NIGHT, 2.5)
    c.line((795, 322), (1600, 270), NIGHT, 2.5)
    person(c, 1230, 965, 330, Look(OCHRE, NIGHT, style="bob"), stride=9, back=True, flip=True)
    umbrella(c, 1224, 965, 330, BRICK)
    person(c, 395, 905, 235, Look(mix(TEAL, INK, 0.3), NIGHT, style="short"), stride=7)
    umbrella(c, 395, 905, 235, mix(INK, TEAL, 0.35))
    rain(c, 330, CREAM, 0.26, -0.2, 75)
    for _ in range(40):
        x, y = c.rng.uniform(0, 1600), c.rng.uniform(860, 1060)
        c.ellipse(x, y, 22, 4, "none", stroke=fade(CREAM, 0.3), sw=1.6)


@scene("tram-depot")
def tram_depot(c: Canvas) -> None:
    """Three trams wait under the depot's saw-tooth roof in morning light."""
    _tram_depot_background(c)
    _tram_depot_foreground(c)


def _tram_depot_background(c: Canvas) -> None:
    c.rect(0, 0, 1600, 1067, c.lin(mix(SLATE, SKY, 0.4), mix(SAND, SLATE, 0.45), mix(SAND, UMBER, 0.3)))
    for i in range(5):
        x = i * 330 - 60
        c.poly([(x, 250), (x, 40), (x + 330, 250)], mix(SLATE, INK, 0.55))
        c.poly([(x + 14, 236), (x + 14, 72), (x + 270, 236)], c.lin(WHITE, GOLD, to=(1, 1)))
        for k in range(1, 5):
            c.line((x + 14 + k * 51, 236), (x + 14 + k * 51, 72 + k * 33), mix(SLATE, INK, 0.5), 5)
    c.rect(0, 244, 1600, 36, mix(INK, SLATE, 0.3))
    c.rect(0, 280, 1600, 420, c.lin(mix(BRICK, INK, 0.45), mix(BRICK, INK, 0.2)))
    for i in range(4):
        x = 90 + i * 400
        c.path(f"M{x} 700V430A120 120 0 0 1 {x + 240} 430V700Z", c.lin(mix(GOLD, WHITE, 0.5), mix(SAND, PINK, 0.4)))
        c.line((x + 120, 312), (x + 120, 700), mix(INK, RUST, 0.3), 6)
        for y in (430, 520, 610):
            c.line((x, y), (x + 240, y), mix(INK, RUST, 0.3), 5)


def _tram_depot_foreground(c: Canvas) -> None:
    c.rect(0, 690, 1600, 377, c.lin(mix(SLATE, INK, 0.35), mix(SLATE, SAND, 0.35)))
    for mid, far in ((330, 560), (800, 800), (1270, 1040)):
        for side in (-1, 1):
            c.line((far + side * 30, 690), (mid + side * 150 + (mid - 800) * 0.5, 1090), mix(INK, SKY, 0.35), 8)
    for x in (560, 800, 1040):
        beam(c, (x - 180, 250), (x + 330, 1060), 90, 170, GOLD, 0.16)
    tram_front(c, 1275, 905, 320, "2", TEAL, lights=False)
    tram_front(c, 325, 905, 320, "1", OCHRE, lights=False)
    tram_front(c, 800, 955, 400, "4", BRICK)
    for x in (562, 1040):
        c.rect(x - 19, 244, 38, 716, c.lin(mix(SLATE, INK, 0.3), mix(INK, NIGHT, 0.3), to=(1, 0)))
        for k in range(9):
            c.poly(
                [
                    (x - 19, 820 + k * 16 + 10),
                    (x + 19, 820 + k * 16 - 6),
                    (x + 19, 820 + k * 16 + 2),
                    (x - 19, 820 + k * 16 + 18),
                ],
                OCHRE,
            )
    person(c, 1010 + 100, 1010, 300, Look(OCHRE, INK, hair="#3b2620", style="hat"), stride=8, flip=True)
    c.rect(1072, 880, 34, 26, BRICK, r=3)


@scene("night-bus")
def night_bus(c: Canvas) -> None:
    """The last bus at an empty stop, under a large moon."""
    sky(c, NIGHT, INK, mix(NAVY, TEAL, 0.35), mix(TEAL, SLATE, 0.4), bottom=760)
    for _ in range(90):
        c.circle(
            c.rng.uniform(0, 1600), c.rng.uniform(0, 420), c.rng.uniform(0.8, 2.2), CREAM, op=c.rng.uniform(0.2, 0.8)
        )
    sun(c, 1270, 200, 62, CREAM, 5)
    skyline(c, 740, mix(INK, TEAL, 0.35), 110, 260, lit=0.08, gap=100)
    skyline(c, 760, mix(NIGHT, INK, 0.6), 50, 170, lit=0.12, gap=120)
    c.rect(0, 750, 1600, 320, c.lin(mix(INK, SLATE, 0.25), NIGHT))
    c.rect(0, 750, 1600, 14, mix(SLATE, INK, 0.4))
    for x in range(-60, 1600, 230):
        c.poly([(x, 990), (x + 110, 990), (x + 90, 1006), (x - 24, 1006)], mix(SLATE, CREAM, 0.3), op=0.6)
    lamp(c, 1380, 790, 520)
    c.poly([(1380, 240), (1180, 830), (1580, 830)], c.lin(fade(GOLD, 0.3), fade(GOLD, 0.04)))
    c.rect(1150, 470, 8, 330, SLATE)
    c.rect(1110, 440, 88, 88, BRICK, r=12)
    c.text(1154, 503, 54, "N4", CREAM)
    c.ellipse(1380, 830, 210, 28, fade(GOLD, 0.25))
    person(c, 1290, 838, 250, Look(mix(BRICK, ROSY, 0.4), NIGHT, style="bob"), flip=True)
    person(c, 1450, 850, 262, Look(TEAL, INK, style="hat"), flip=True)
    bus(c, 130, 905, 920, "N4 HARBOUR", TEAL)
    c.rect(150, 905, 900, 150, c.lin(fade(GOLD, 0.22), fade(GOLD, 0)), filter=c.blur(14))
    beam(c, (1040, 820), (1560, 880), 10, 80, GOLD, 0.42)


ROSY = mix(PINK, BRICK, 0.3)


@scene("cyclists-bridge")
def cyclists_bridge(c: Canvas) -> None:
    """Cyclists cross the harbour bridge on a bright, windy morning."""
    x: float
    sky(c, mix(SKY, SEA, 0.35), SKY, mix(CREAM, SKY, 0.25), bottom=760)
    sun(c, 300, 300, 70, GOLD, 5)
    streaks(c, 90, 420, 14, WHITE, 0.7)
    ridge(c, 640, 40, mix(SLACK, SKY, 0.5))
    skyline(c, 665, mix(SEA, SLATE, 0.4), 30, 120, gap=66)
    c.rect(0, 660, 1600, 420, c.lin(mix(SEA, SKY, 0.4), TEAL, TEAL_D))
    for _ in range(60):
        y = c.rng.uniform(670, 1050)
        c.rect(c.rng.uniform(-50, 1600), y, (y - 640) * 0.35, 2 + (y - 660) * 0.01, CREAM, r=2, op=0.35)
    c.path("M-20 850Q800 690 1620 850V905Q800 752 -20 905Z", c.lin(light(BRICK, 0.1), RUST))
    c.path("M-20 905Q800 752 1620 905V930Q800 780 -20 930Z", dark(RUST, 0.5))
    for x in (250, 1350):
        c.path(f"M{x - 40} 860H{x + 40}L{x + 52} 1067H{x - 52}Z", c.lin(mix(SLATE, SAND, 0.3), INK, to=(1, 0)))
    c.path("M-20 930Q280 1010 420 1067M1620 930Q1320 1010 1180 1067", stroke=dark(RUST, 0.4), sw=22)
    tower = dark(BRICK, 0.15)
    for x in (190, 1410):
        c.rect(x, 130, 26, 740, c.lin(BRICK, dark(BRICK, 0.4), to=(1, 0)))
        c.rect(x - 12, 118, 50, 22, tower, r=4)
    c.path("M-40 420Q80 220 203 135Q800 950 1423 135Q1540 220 1640 420", stroke=tower, sw=9)
    for i in range(1, 28):
        t = i / 28
        x = 203 + 1220 * t
        y = 135 * (1 - t) ** 2 + 2 * 950 * t * (1 - t) + 135 * t * t
        deck = 845 - 150 * (1 - ((x - 800) / 820) ** 2) * 0.53
        if y < deck:
            c.line((x, y), (x, deck), tower, 2.6)
    cyclist(c, 480, 815, 250, Look(TEAL, INK, "#b97b52", "#1d1a22", "bob"), OCHRE)
    cyclist(c, 1130, 818, 235, Look(OCHRE, INK, "#f0c9a8", "#a8672f", "bun"), INK)
    cyclist(c, 815, 800, 265, Look(CREAM, NAVY, "#5e3926", "#1d1a22", "hat"), BRICK)
    c.path("M-20 775Q800 615 1620 775", stroke=fade(INK, 0.85), sw=5)
    for i in range(34):
        x = i * 49.0
        y = 775 - 80 * (1 - ((x - 800) / 820) ** 2)
        c.line((x, y), (x, y + 76), fade(INK, 0.8), 2.4)
    gulls(c, 1080, 260, 8, 170, INK, 20)


@scene("runners-bridge")
def runners_bridge(c: Canvas) -> None:
    """Runners come over the stone bridge into a low pink sun."""
    _runners_bridge_background(c)
    _runners_bridge_foreground(c)


def _runners_bridge_background(c: Canvas) -> None:
    y: float
    sky(c, mix(SLATE, PINK, 0.35), PINK, mix(GOLD, PINK, 0.4), bottom=560)
    sun(c, 1180, 420, 90, mix(GOLD, WHITE, 0.3), 5)
    skyline(c, 540, mix(PINK, SLATE, 0.45), 60, 150, gap=90)
    for i, x in enumerate((60, 170, 1370, 1480)):
        tree(c, x, 590, 250 + 30 * (i % 2), mix(FOREST, OCHRE, 0.22))
    c.rect(0, 545, 1600, 522, c.lin(mix(PINK, SEA, 0.5), TEAL_D))
    for k in range(3):
        x = 260 + k * 400
        c.ellipse(x + 150, 1040, 260, 16, fade(GOLD, 0.18))
    stone = mix(SAND, UMBER, 0.35)
    path = (
        "M-20 760Q800 640 1620 760V1067H1500V1000A140 140 0 0 0 1220 1000V1067H1090V960"
        "A290 200 0 0 0 510 960V1067H380V1000A140 140 0 0 0 100 1000V1067H-20Z"
    )
    c.path(path, c.lin(light(stone, 0.1), stone, dark(stone, 0.35)))
    with c.clip(path):
        for row in range(10):
            y = 700 + row * 38
            c.path(f"M-20 {y + 60}Q800 {y - 60} 1620 {y + 60}", stroke=fade(UMBER, 0.3), sw=2.5)
            for _ in range(16):
                c.rect(
                    c.rng.uniform(0, 1560),
                    y + c.rng.uniform(-8, 20),
                    c.rng.uniform(50, 110),
                    30,
                    fade(c.rng.choice((UMBER, CREAM)), 0.16),
                    r=4,
                )
    for d, w in (
        ("M510 960A290 200 0 0 1 1090 960", 26),
        ("M100 1000A140 140 0 0 1 380 1000", 20),
        ("M1220 1000A140 140 0 0 1 1500 1000", 20),
    ):
        c.path(d, stroke=dark(stone, 0.15), sw=w)
    c.path("M-20 770Q800 650 1620 770V800Q800 690 -20 800Z", light(stone, 0.25))


def _runners_bridge_foreground(c: Canvas) -> None:
    y: float
    team = (
        (250, 300, TEAL, OCHRE),
        (500, 330, BRICK, CREAM),
        (760, 345, OCHRE, TEAL),
        (1010, 330, INK, BRICK),
        (1270, 300, CREAM, OCHRE),
    )
    for i, (x, h, top, shoe) in enumerate(team):
        skin = ("#8a5638", "#f0c9a8", "#5e3926", "#dba67c", "#b97b52")[i]
        y = 748 - 56 * (1 - ((x - 800) / 820) ** 2) + 26
        runner(
            c,
            x,
            y,
            h,
            Look(
                top,
                NIGHT,
                skin,
                ("#1d1a22", "#a8672f", "#1d1a22", "#3b2620", "#1d1a22")[i],
                ("short", "bun", "short", "bob", "bun")[i],
            ),
            shoe,
        )
        far = between((x, y), (x - 220, y + 60), 0.5)
        c.ellipse(far[0], y + 6, 90, 7, fade(NIGHT, 0.22))
    mist(c, 560, 160, GOLD, 0.3)
    gulls(c, 480, 210, 5, 120, mix(INK, PINK, 0.2), 16)
    c.glow(1180, 420, 700, MIST, 0.18)
