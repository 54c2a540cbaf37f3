"""Football in the rain, rowing in the mist."""

from ..atmosphere import beam, gulls, mist, rain, ridge, ripples, sky, streaks, sun, water
from ..canvas import Canvas
from ..palette import (
    BRICK,
    CREAM,
    FOREST,
    GOLD,
    INK,
    MOSS,
    NAVY,
    NIGHT,
    OCHRE,
    PINK,
    ROSE,
    RUST,
    SEA,
    SKINS,
    SKY,
    SLACK,
    SLATE,
    TEAL,
    TEAL_D,
    WHITE,
    dark,
    fade,
    light,
    mix,
)  # fmt: skip
from ..people import Look, head, person, some_look
from ..registry import scene
from ..shore import rowing_eight, sailboat
from ..town import skyline, tree


def floodlight(c: Canvas, x: float, y: float, h: float) -> None:
    """A floodlight pylon with its bank of lamps lit."""
    c.poly([(x - h * 0.03, y), (x + h * 0.03, y), (x + h * 0.012, y - h), (x - h * 0.012, y - h)], mix(INK, SLATE, 0.3))
    for k in range(10):
        t = k / 10
        s = h * (0.03 - 0.018 * t)
        c.line((x - s, y - h * t), (x + s, y - h * (t + 0.1)), fade(SKY, 0.35), 2)
    c.rect(x - h * 0.13, y - h * 1.13, h * 0.26, h * 0.15, NIGHT, r=4)
    for i in range(4):
        for j in range(2):
            c.circle(x - h * 0.093 + i * h * 0.062, y - h * 1.092 + j * h * 0.066, h * 0.024, WHITE)
    c.glow(x, y - h * 1.06, h * 0.75, CREAM, 0.9)


def player(
    c: Canvas,
    x: float,
    y: float,
    h: float,
    shirt: str,
    shorts: str,
    skin: str,
    hair: str,
    number: str = "",
    flip: bool = False,
) -> None:
    """A footballer striding to the right."""
    c.shadow(x, y, h * 0.26, h * 0.03, 0.45)
    with c.at(x, y, h / 100, flip=flip):
        c.limb([(-8, -74), (-20, -62), (-25, -50)], dark(skin, 0.2), 5.5)
        c.limb([(-3, -46), (-11, -26), (-25, -10)], dark(skin, 0.2), 8)
        c.limb([(-13, -22), (-25, -9)], dark(shirt, 0.3), 7.5)
        c.limb([(-26, -8), (-29, -3)], NIGHT, 5)
        c.limb([(4, -46), (16, -30), (18, -6)], skin, 8)
        c.limb([(17, -24), (18, -7)], shirt, 7.5)
        c.limb([(18, -3), (25, -2)], NIGHT, 5)
        c.path("M-9 -52H11L16 -36L4 -35L0 -41L-6 -34L-15 -37Z", shorts)
        c.path("M-4 -80Q-14 -79 -15 -68L-10 -48H11L14 -68Q14 -79 6 -80Z", shirt)
        c.path("M-4 -80Q-14 -79 -15 -68L-10 -48H-3L-3 -80Z", dark(shirt, 0.25))
        c.limb([(11, -73), (21, -62), (31, -66)], skin, 5.5)
        c.limb([(11, -74), (16, -68)], shirt, 8)
        head(c, 2, -90, 7.4, Look(shirt, shorts, skin, hair, "bun" if number == "9" else "short"))
        if number:
            c.text(1, -57, 13, number, CREAM)


@scene("football-floodlights")
def football_floodlights(c: Canvas) -> None:
    """A night match at Pump Lane in fine rain, two players and the ball."""
    _football_floodlights_background(c)
    _football_floodlights_foreground(c)


def _football_floodlights_background(c: Canvas) -> None:
    sky(c, NIGHT, INK, mix(TEAL, INK, 0.3), bottom=640)
    for x, y, h in ((150, 560, 400), (560, 540, 250), (1050, 540, 250), (1450, 560, 400)):
        floodlight(c, x, y, h)
    c.poly([(0, 470), (1600, 470), (1600, 620), (0, 620)], mix(NIGHT, INK, 0.4))
    c.poly([(0, 400), (1600, 400), (1600, 440), (0, 470)], mix(INK, SLATE, 0.2))
    for row in range(5):
        for k in range(80):
            c.circle(
                k * 20.4 + (row % 2) * 10 + c.rng.uniform(-3, 3),
                492 + row * 24,
                9,
                c.rng.choice((BRICK, SLATE, TEAL, OCHRE, INK, CREAM, ROSE)),
                op=0.55,
            )
    c.rect(0, 606, 1600, 46, TEAL_D)
    for k, word in enumerate(("BRACKWATER ROVERS", "PUMP LANE", "LANTERN MARKET", "LYDE TRAMS")):
        c.rect(k * 400, 606, 396, 46, (BRICK, TEAL, OCHRE, NAVY)[k])
        c.text(k * 400 + 198, 639, 28, word, CREAM)


def _football_floodlights_foreground(c: Canvas) -> None:
    c.rect(0, 652, 1600, 420, c.lin(mix(MOSS, SLACK, 0.3), mix(MOSS, FOREST, 0.5), FOREST))
    for k in range(6):
        c.poly(
            [(k * 330 - 300, 1067), (k * 330 - 110, 1067), (k * 200 + 330, 652), (k * 200 + 230, 652)],
            fade(SLACK, 0.16),
        )
    c.line((0, 690), (1600, 690), fade(WHITE, 0.7), 5)
    c.path("M520 1080Q620 830 1120 850T1700 990", stroke=fade(WHITE, 0.7), sw=8)
    for i, x in enumerate((150, 1450)):
        beam(c, (x, 140), (700 + i * 300, 1000), 50, 420, CREAM, 0.24)
    player(c, 330, 760, 170, CREAM, INK, SKINS[1], "#3b2620")
    player(c, 1380, 770, 175, BRICK, CREAM, SKINS[4], "#1d1a22", flip=True)
    player(c, 1120, 740, 150, CREAM, INK, SKINS[0], "#a8672f", flip=True)
    player(c, 620, 1010, 470, BRICK, CREAM, SKINS[3], "#1d1a22", "10")
    player(c, 1010, 990, 440, CREAM, INK, SKINS[0], "#6d4328", flip=True)
    c.shadow(815, 1006, 50, 10, 0.5)
    c.circle(815, 974, 32, c.lin(WHITE, mix(CREAM, SLATE, 0.4), to=(1, 1)))
    for dx, dy in ((0, 0), (-20, -16), (20, -12), (-14, 20), (18, 18)):
        c.circle(815 + dx, 974 + dy, 8, INK)
    for _ in range(26):
        c.circle(c.rng.gauss(815, 60), c.rng.gauss(1004, 10), c.rng.uniform(2, 5), WHITE, op=0.6)
    rain(c, 260, CREAM, 0.26, -0.18, 60)


@scene("football-crowd")
def football_crowd(c: Canvas) -> None:
    """Supporters from behind, scarves raised against the bright pitch."""
    _football_crowd_background(c)
    _football_crowd_foreground(c)


def _football_crowd_background(c: Canvas) -> None:
    x: float
    c.rect(0, 0, 1600, 1067, c.lin(mix(SKY, CREAM, 0.3), mix(SKY, CREAM, 0.7)))
    c.poly([(0, 0), (1600, 0), (1600, 150), (0, 90)], c.lin(INK, mix(INK, TEAL, 0.4)))
    for k in range(9):
        c.line((k * 200, 0), (k * 200 + 60, 130), fade(SKY, 0.4), 5)
    c.rect(0, 240, 1600, 170, c.lin(mix(SLATE, BRICK, 0.3), mix(SLATE, INK, 0.4)))
    for _ in range(620):
        c.circle(
            c.rng.uniform(0, 1600),
            c.rng.uniform(250, 400),
            c.rng.uniform(5, 8),
            c.rng.choice((BRICK, CREAM, BRICK, OCHRE, TEAL, ROSE)),
            op=0.8,
        )
    c.rect(0, 400, 1600, 320, c.lin(mix(SLACK, MOSS, 0.3), MOSS))
    for k in range(0, 8, 2):
        c.poly([(k * 200, 400), (k * 200 + 200, 400), (k * 260 - 60, 720), (k * 260 - 330, 720)], fade(CREAM, 0.13))
    c.line((0, 430), (1600, 430), WHITE, 4)
    c.ellipse(800, 540, 190, 50, "none", stroke=WHITE, sw=5)
    c.line((820, 400), (760, 720), WHITE, 5)
    c.rect(1380, 420, 150, 80, fade(WHITE, 0.25), stroke=WHITE, sw=6)
    for x, y, tone in (
        (420, 520, BRICK),
        (610, 470, CREAM),
        (900, 520, BRICK),
        (1100, 590, CREAM),
        (1240, 490, BRICK),
        (260, 620, CREAM),
    ):
        player(c, x, y, 78, tone, INK, SKINS[int(x) % 6], "#1d1a22", flip=x > 800)


def _football_crowd_foreground(c: Canvas) -> None:
    x: float
    c.rect(0, 700, 1600, 370, c.lin(mix(INK, TEAL, 0.3), NIGHT))
    for row in range(4):
        size = 130 + row * 62
        y = 730 + row * 118
        x = -size * 0.5 * c.rng.random()
        while x < 1680:
            coat = c.rng.choice((INK, BRICK, SLATE, TEAL_D, RUST, NAVY, BRICK))
            look = some_look(c.rng, (coat,))
            s = size / 50 * c.rng.uniform(0.92, 1.08)
            if c.rng.random() < 0.42:
                for side in (-1, 1):
                    c.limb(
                        [
                            (x + side * 18 * s, y - 22 * s),
                            (x + side * 25 * s, y - 46 * s),
                            (x + side * 22 * s, y - 66 * s),
                        ],
                        dark(coat, 0.25),
                        7 * s,
                    )
                    c.circle(x + side * 22 * s, y - 70 * s, 4 * s, look.skin)
                for k in range(8):
                    c.rect(x - 24 * s + k * 6 * s, y - 76 * s, 6.2 * s, 11 * s, (BRICK, CREAM)[k % 2])
                for side in (-1, 1):
                    c.rect(x + side * 25 * s - 3 * s, y - 76 * s, 6 * s, 22 * s, (BRICK, CREAM)[side > 0])
            with c.at(x, y, s):
                c.path("M-6 -31Q-20 -29 -22 -16L-24 40H24L22 -16Q20 -29 6 -31Z", c.lin(coat, dark(coat, 0.4)))
                head(
                    c,
                    0,
                    -41,
                    8.4,
                    Look(BRICK if look.style == "hat" else coat, INK, look.skin, look.hair, look.style),
                    True,
                )
                c.rect(-9, -33, 18, 5, BRICK, r=2.5)
                c.rect(-3, -33, 6, 5, CREAM)
            x += size * c.rng.uniform(0.92, 1.16)
    gulls(c, 1000, 190, 4, 110, INK, 14)


@scene("rowers-mist")
def rowers_mist(c: Canvas) -> None:
    """A four glides through morning mist on still water."""
    sky(c, mix(SLACK, SKY, 0.5), mix(CREAM, SKY, 0.3), mix(GOLD, CREAM, 0.5), bottom=560)
    sun(c, 1150, 380, 78, mix(GOLD, WHITE, 0.45), 6)
    ridge(c, 470, 60, mix(SLACK, CREAM, 0.55), base=600)
    with c.group() as bank:
        for i in range(16):
            x = i * 106 + c.rng.uniform(-20, 20)
            tree(c, x, 556, c.rng.uniform(110, 230), mix(MOSS, CREAM, 0.42), mix(SLATE, CREAM, 0.4))
        ridge(c, 552, 14, mix(MOSS, CREAM, 0.35), base=566)
    water(c, 562, mix(CREAM, GOLD, 0.25), mix(SLACK, SKY, 0.5), TEAL)
    c.reflect(bank, 562, 0.55)
    mist(c, 560, 260, WHITE, 0.85)
    ripples(c, 640, 1050, 40, WHITE, 0.4)
    c.rect(1080, 570, 140, 480, c.lin(fade(GOLD, 0.5), fade(GOLD, 0)), filter=c.blur(24))
    with c.group() as crew:
        rowing_eight(c, 210, 800, 1080, 4, BRICK, CREAM, INK)
    c.reflect(crew, 816, 0.35, 0.7, 18)
    for k in range(4):
        c.ellipse(330 + k * 212, 852, 74, 10, "none", stroke=fade(WHITE, 0.7), sw=3)
        c.ellipse(330 + k * 212, 852, 120, 18, "none", stroke=fade(WHITE, 0.35), sw=3)
    mist(c, 700, 120, WHITE, 0.5)
    mist(c, 990, 200, WHITE, 0.35)
    gulls(c, 420, 260, 4, 100, mix(SLATE, INK, 0.4), 16)


@scene("regatta-flags")
def regatta_flags(c: Canvas) -> None:
    """Bunting over the river bank on regatta day, boats and spectators below."""
    sky(c, SEA, mix(SKY, WHITE, 0.2), CREAM, bottom=560)
    streaks(c, 120, 420, 10, WHITE, 0.8)
    ridge(c, 520, 60, mix(MOSS, SKY, 0.45), base=570)
    skyline(c, 552, mix(ROSE, SKY, 0.4), 10, 50, gap=52)
    water(c, 550, mix(SKY, SEA, 0.4), SEA, TEAL)
    ripples(c, 560, 900, 90, WHITE, 0.45)
    for k in range(2):
        for i in range(18):
            t = i / 17
            c.circle(-20 + 1640 * t, 640 + k * 118 + 6 * (i % 2), 7 + k * 3, (BRICK, CREAM)[i % 2])
    sailboat(c, 1380, 590, 110, CREAM, INK)
    sailboat(c, 180, 596, 90, PINK, TEAL_D)
    rowing_eight(c, 250, 700, 560, 4, TEAL, CREAM, OCHRE)
    rowing_eight(c, 640, 795, 760, 4, BRICK, WHITE, INK)
    for y0, sag, n, w in ((-20, 190, 13, 74), (60, 250, 11, 92)):
        pts = [(-60 + 1720 * i / 40, y0 + sag * (1 - ((i - 20) / 20) ** 2)) for i in range(41)]
        c.curve(pts, INK, 4)
        for i in range(n):
            t = (i + 0.6) / n
            x, y = -60 + 1720 * t, y0 + sag * (1 - (2 * t - 1) ** 2)
            tone = (BRICK, CREAM, OCHRE, TEAL, ROSE, INK, SLACK)[(i + (3 if y0 else 0)) % 7]
            c.poly(
                [(x - w / 2, y - 6), (x + w / 2, y - 6 + 4 * (t - 0.5)), (x + 6, y + w * 1.15)],
                c.lin(light(tone, 0.1), dark(tone, 0.12), to=(1, 0.4)),
            )
            c.poly([(x + w * 0.08, y - 6), (x + w / 2, y - 6), (x + 6, y + w * 1.15)], fade(NIGHT, 0.12))
    for x, tone in ((70, BRICK), (1530, OCHRE)):
        c.rect(x - 8, 120, 16, 900, c.lin(CREAM, mix(SLATE, CREAM, 0.3), to=(1, 0)))
        c.circle(x, 112, 20, OCHRE)
        c.path(
            f"M{x} 150Q{x + 70 * (1 if x < 800 else -1)} 130"
            f" {x + 130 * (1 if x < 800 else -1)} 170V270Q{x + 70 * (1 if x < 800 else -1)}"
            f" 230 {x} 260Z",
            tone,
        )
    c.path("M0 930Q800 870 1600 930V1067H0Z", c.lin(SLACK, MOSS))
    for i in range(13):
        x = 110 + i * 116 + c.rng.uniform(-24, 24)
        arm = ((12, -72), (20, -84), (26, -100)) if i % 4 == 1 else None
        y, h = 1060 + c.rng.uniform(-16, 16), c.rng.uniform(220, 270)
        person(c, x, y, h, some_look(c.rng), back=True, flip=i % 2 == 0, arm=arm)
