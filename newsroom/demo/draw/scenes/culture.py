"""Theatre and film."""

import math

from ..atmosphere import beam, sky
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
    SEA,
    SKY,
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
from ..people import Look, crowd, person, some_look
from ..registry import scene
from ..shore import sailboat
from ..town import house, lamp


@scene("corn-exchange")
def corn_exchange(c: Canvas) -> None:
    """The Corn Exchange theatre, lit for its first night, the square before it wet."""
    _corn_exchange_background(c)
    _corn_exchange_foreground(c)


def _corn_exchange_background(c: Canvas) -> None:
    sky(c, NIGHT, NAVY, mix(PLUM, NAVY, 0.4), mix(ROSE, PLUM, 0.4), bottom=860)
    for _ in range(50):
        c.circle(
            c.rng.uniform(0, 1600), c.rng.uniform(0, 300), c.rng.uniform(0.8, 2), CREAM, op=c.rng.uniform(0.3, 0.8)
        )


def _corn_exchange_roof(c: Canvas, stone: str) -> None:
    c.path("M660 250Q670 90 800 70Q930 90 940 250Z", c.lin(SEA, TEAL_D, to=(1, 0.3)))
    for k in range(-2, 3):
        c.path(f"M{800 + k * 62} 250Q{800 + k * 56} 110 800 72", stroke=fade(NIGHT, 0.3), sw=4)
    c.rect(786, 26, 28, 50, SAND)
    c.line((800, 30), (800, -20), GOLD, 5)
    c.rect(320, 350, 960, 490, c.lin(dark(stone, 0.3), stone, light(stone, 0.15)))
    c.poly([(520, 352), (800, 226), (1080, 352)], c.lin(light(stone, 0.1), dark(stone, 0.2)))
    c.poly([(566, 342), (800, 240), (1034, 342)], dark(stone, 0.3))
    c.line((800, 338), (800, 282), GOLD, 6)
    for k in range(4):
        for side in (-1, 1):
            with c.at(800, 332 - k * 15, 1, side * 38):
                c.ellipse(0, -17, 7, 16, GOLD)
    c.rect(300, 348, 1000, 34, light(stone, 0.2))
    c.rect(320, 382, 960, 56, dark(stone, 0.12))
    c.text(800, 424, 40, "C O R N &#160; E X C H A N G E", INK, True)


def _corn_exchange_columns(c: Canvas, stone: str) -> None:
    for k in range(7):
        x = 372 + k * 134
        c.path(f"M{x} 840V560A54 54 0 0 1 {x + 108 - 2} 560V840Z", c.lin(mix(GOLD, WHITE, 0.3), OCHRE))
        c.line((x + 53, 506), (x + 53, 840), UMBER, 6)
        c.line((x, 620), (x + 106, 620), UMBER, 6)
        c.glow(x + 53, 680, 110, GOLD, 0.5)
    for k in range(8):
        x = 330 + k * 134 - 12
        c.rect(x, 440, 32, 400, c.lin(light(stone, 0.25), stone, dark(stone, 0.35), to=(1, 0)))
        c.rect(x - 8, 440, 48, 18, light(stone, 0.2))
        c.rect(x - 8, 822, 48, 20, dark(stone, 0.1))
    for k in range(2):
        bx = 470 + k * 590
        c.rect(bx, 500, 70, 230, (BRICK, TEAL)[k])
        c.poly([(bx, 728), (bx + 35, 750), (bx + 70, 728)], (BRICK, TEAL)[k])
        c.circle(bx + 35, 570, 20, GOLD)
        c.rect(bx + 18, 620, 34, 8, CREAM)
        c.rect(bx + 18, 644, 34, 8, CREAM)
    for k in range(3):
        c.rect(280 - k * 30, 838 + k * 16, 1040 + k * 60, 18, mix(stone, SLATE, 0.2 + k * 0.12))


def _corn_exchange_foreground(c: Canvas) -> None:
    with c.group() as front:
        for x, w, h, wall in (
            (-60, 190, 420, RUST),
            (120, 170, 360, TEAL_D),
            (1310, 170, 380, PLUM),
            (1470, 200, 450, mix(RUST, INK, 0.3)),
        ):
            house(c, x, 840, w, h, mix(wall, INK, 0.45), NIGHT, 2, 4, 0.4)
        stone = mix(SAND, PINK, 0.2)
        _corn_exchange_roof(c, stone)
        _corn_exchange_columns(c, stone)
        lamp(c, 250, 890, 330)
        lamp(c, 1350, 890, 330)
    c.rect(0, 838, 260, 50, mix(PLUM, INK, 0.6))
    c.rect(1340, 838, 260, 50, mix(PLUM, INK, 0.6))
    c.rect(0, 880, 1600, 190, c.lin(mix(PLUM, INK, 0.5), NIGHT))
    c.reflect(front, 884, 0.45, 0.8, 26)
    for x, y, h in (
        (560, 900, 130),
        (610, 910, 138),
        (760, 896, 126),
        (905, 925, 146),
        (955, 930, 150),
        (1120, 905, 134),
        (380, 960, 170),
        (1270, 985, 186),
    ):
        person(c, x, y, h, some_look(c.rng), stride=6, back=True, flip=c.rng.random() < 0.5)


@scene("stage-lights")
def stage_lights(c: Canvas) -> None:
    """Two actors in crossing beams on a bare stage, the stalls dark."""
    c.rect(0, 0, 1600, 1067, c.lin(NIGHT, mix(NIGHT, PLUM, 0.4), mix(MAROON, NIGHT, 0.3)))
    c.rect(0, 700, 1600, 370, c.lin(mix(UMBER, NIGHT, 0.4), mix(UMBER, NIGHT, 0.75)))
    for i in range(15):
        c.line((800 + (i - 7) * 90, 700), (800 + (i - 7) * 230, 1067), fade(NIGHT, 0.4), 4)
    c.circle(800, 480, 270, c.rad(mix(GOLD, ROSE, 0.35), mix(ROSE, PLUM, 0.3)))
    for x in (330, 1200):
        c.poly([(x, 700), (x + 60, 300), (x + 90, 300), (x + 100, 700)], mix(NIGHT, PLUM, 0.4))
        c.limb([(x + 70, 420), (x + 10, 340)], mix(NIGHT, PLUM, 0.4), 16)
        c.limb([(x + 78, 360), (x + 140, 280)], mix(NIGHT, PLUM, 0.4), 14)
    for s in (-1, 1):
        for k in range(5):
            x = 800 + s * (800 - k * 56)
            c.path(
                f"M{x + s * 60} -10Q{x - s * 30} 420 {x + s * (10 - k * 6)} {860 - k * 18}H{x + s * 90}Z",
                c.lin(mix(BRICK, NIGHT, 0.25 + 0.1 * (k % 2)), mix(MAROON, NIGHT, 0.3), to=(1, 0.6)),
            )
    c.rect(0, -10, 1600, 96, mix(MAROON, NIGHT, 0.2))
    for k in range(9):
        c.path(f"M{k * 180 - 10} 84Q{k * 180 + 85} 190 {k * 180 + 180} 84Z", c.lin(RUST, MAROON))
        c.path(f"M{k * 180 - 10} 88Q{k * 180 + 85} 194 {k * 180 + 180} 88", stroke=OCHRE, sw=7)
    c.rect(260, 176, 1080, 16, NIGHT)
    for x, tx, tone in ((360, 700, GOLD), (560, 980, PINK), (800, 800, CREAM), (1040, 640, SEA), (1240, 930, GOLD)):
        a = math.degrees(math.atan2(tx - x, 640))
        beam(c, (x, 226), (tx, 880), 18, 150, tone, 0.5)
        with c.at(x, 196, 1, -a):
            c.rect(-26, 0, 52, 56, NIGHT, r=8)
            c.rect(-32, 44, 64, 14, SLATE, r=4)
            c.ellipse(0, 58, 26, 7, WHITE)
    c.ellipse(800, 850, 380, 56, fade(GOLD, 0.35))
    person(c, 690, 870, 400, Look(BRICK, INK, "#8a5638", "#1d1a22", "bun"), arm=((12, -72), (26, -80), (38, -92)))
    person(
        c,
        930,
        870,
        410,
        Look(CREAM, NAVY, "#dba67c", "#3b2620", "short"),
        flip=True,
        arm=((12, -72), (24, -64), (36, -70)),
    )
    c.rect(0, 930, 1600, 18, OCHRE, op=0.6)
    c.rect(0, 946, 1600, 130, NIGHT)
    crowd(c, 1100, 180, 150, (NIGHT, INK, MAROON), 0.62)


@scene("cinema-seats")
def cinema_seats(c: Canvas) -> None:
    """A small cinema: red seats, a few heads, a pale sea on the screen."""
    _cinema_seats_background(c)
    _cinema_seats_foreground(c)


def _cinema_seats_background(c: Canvas) -> None:
    x: float
    c.rect(0, 0, 1600, 1067, c.lin(NIGHT, mix(MAROON, NIGHT, 0.5), NIGHT))
    for s in (-1, 1):
        for k in range(5):
            x = 800 + s * (480 + k * 82)
            c.poly(
                [(x, 60 - k * 26), (x + s * 70, 30 - k * 30), (x + s * 70, 760 + k * 40), (x, 700 + k * 34)],
                mix(MAROON, NIGHT, 0.35 + 0.08 * k),
            )
        c.circle(800 + s * 560, 260, 14, GOLD)
        c.glow(800 + s * 560, 260, 150, GOLD, 0.5)
    c.glow(800, 330, 800, SKY, 0.4)
    c.rect(370, 90, 860, 480, NIGHT)
    with c.clip("M390 110H1210V550H390Z"):
        c.rect(390, 110, 820, 440, c.lin(mix(SKY, WHITE, 0.3), mix(PINK, CREAM, 0.5)))
        c.circle(960, 330, 60, mix(GOLD, WHITE, 0.4))
        c.rect(390, 380, 820, 180, c.lin(SEA, TEAL))
        for _ in range(30):
            c.rect(
                390 + c.rng.uniform(0, 800), 386 + c.rng.uniform(0, 160), c.rng.uniform(30, 110), 4, WHITE, r=2, op=0.4
            )
        sailboat(c, 640, 430, 170, CREAM, BRICK)
        c.path("M390 560V470Q470 440 540 500T720 560Z", mix(MOSS, INK, 0.4))
    for x0, x1 in ((400, 1200),):
        c.poly([(x0, 570), (x1, 570), (1600, 1067), (0, 1067)], c.lin(fade(SKY, 0.3), fade(SKY, 0)))


def _cinema_seats_foreground(c: Canvas) -> None:
    x: float
    for row in range(5):
        y, w = 690 + row * 92, 84 + row * 34
        tone = mix(BRICK, NIGHT, 0.05 + row * 0.1)
        count = int(1800 / w)
        shift = (row % 2) * w * 0.5
        people = set(c.rng.sample(range(2, count - 2), 3)) if row < 4 else set()
        for i in range(count):
            x = 800 + (i - count / 2) * w + shift
            if i in people:
                look = some_look(c.rng)
                hair = dark(look.hair, 0.3)
                c.circle(x + w / 2, y - w * 0.62, w * 0.22, hair)
                c.rect(x + w * 0.41, y - w * 0.5, w * 0.18, w * 0.3, dark(look.skin, 0.4))
                c.path(
                    f"M{x + w * 0.06} {y}Q{x + w * 0.1} {y - w * 0.4} {x + w * 0.5} {y - w * 0.4}"
                    f"Q{x + w * 0.9} {y - w * 0.4} {x + w * 0.94} {y}Z",
                    dark(look.coat, 0.4),
                )
            c.rect(
                x + w * 0.05, y - w * 0.24, w * 0.9, w * 1.3, c.lin(light(tone, 0.2), tone, dark(tone, 0.5)), r=w * 0.2
            )
            c.rect(x + w * 0.16, y - w * 0.2, w * 0.68, w * 0.06, fade(PINK, 0.5), r=w * 0.03)
            for k in range(3):
                c.circle(x + w * (0.28 + k * 0.22), y + w * 0.16, w * 0.03, dark(tone, 0.4))
