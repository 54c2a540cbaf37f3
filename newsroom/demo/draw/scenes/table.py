"""Bread and soup, close to."""

import math

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
    SAND,
    SAND_D,
    SEA,
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
from ..registry import scene


def loaf(c: Canvas, x: float, y: float, w: float, cuts: int = 3, turn: float = 0) -> None:
    """A crusty oval loaf, scored and floured."""
    with c.at(x, y, w / 200, turn):
        c.ellipse(8, 60, 112, 20, fade(NIGHT, 0.3))
        c.path(
            "M-100 20C-104 -50 -50 -78 0 -78C50 -78 104 -50 100 20C98 62 50 70 0 70C-50 70 -98 62 -100 20Z",
            c.lin(mix(OCHRE, GOLD, 0.3), mix(OCHRE, BRICK, 0.45), mix(UMBER, RUST, 0.5)),
        )
        c.path("M-92 0C-90 -46 -46 -70 0 -70C30 -70 60 -60 78 -38C40 -52 -40 -50 -92 0Z", fade(CREAM, 0.3))
        for k in range(cuts):
            cx = (k - (cuts - 1) / 2) * 56
            c.path(
                f"M{cx - 22} 26Q{cx - 24} -30 {cx + 20} -54Q{cx + 12} -10 {cx - 22} 26Z",
                c.lin(mix(CREAM, GOLD, 0.4), mix(SAND, OCHRE, 0.4)),
            )
            c.path(f"M{cx - 22} 26Q{cx - 24} -30 {cx + 20} -54", stroke=mix(UMBER, RUST, 0.4), sw=5, cap="round")
        for _ in range(26):
            c.circle(c.rng.gauss(0, 44), c.rng.gauss(-24, 22), c.rng.uniform(1, 3), fade(WHITE, 0.6))


@scene("bread-loaves")
def bread_loaves(c: Canvas) -> None:
    """Loaves on a floured board, one of them cut, in oven light."""
    _bread_loaves_background(c)
    _bread_loaves_foreground(c)


def _bread_loaves_background(c: Canvas) -> None:
    c.rect(0, 0, 1600, 640, c.lin(mix(TEAL_D, INK, 0.5), mix(TEAL_D, INK, 0.1)))
    c.path("M980 560V240A260 220 0 0 1 1500 240V560Z", mix(BRICK, NIGHT, 0.45))
    c.path("M1030 560V260A210 175 0 0 1 1450 260V560Z", c.rad(GOLD, OCHRE, RUST, MAROON_D, at=(0.5, 0.8), r=0.8))
    for k in range(9):
        a = math.pi * k / 8
        c.line(
            (1240 - 214 * math.cos(a), 250 - 178 * math.sin(a)),
            (1240 - 262 * math.cos(a), 250 - 222 * math.sin(a)),
            fade(NIGHT, 0.5),
            6,
        )
    c.glow(1240, 430, 640, OCHRE, 0.55)
    for k in range(3):
        loaf(c, 1130 + k * 110, 520, 110, 2)
    c.rect(0, 560, 1600, 510, c.lin(mix(UMBER, OCHRE, 0.35), UMBER, dark(UMBER, 0.45)))
    for y in (640, 770, 930):
        c.path(f"M0 {y}Q500 {y - 14} 900 {y + 8}T1600 {y}", stroke=fade(NIGHT, 0.2), sw=5)
    c.path("M60 1000L200 660H1330L1500 1000Z", c.lin(light(SAND, 0.15), SAND_D))
    c.path("M60 1000H1500V1036H60Z", dark(SAND_D, 0.35))
    for _ in range(150):
        c.circle(c.rng.gauss(800, 340), c.rng.gauss(880, 60), c.rng.uniform(1.5, 5), fade(WHITE, 0.6))
    loaf(c, 430, 560, 430, 3, -4)
    loaf(c, 860, 600, 360, 2, 5)


def _bread_loaves_foreground(c: Canvas) -> None:
    c.path("M110 1067Q150 850 330 800Q420 880 520 850Q500 960 560 1067Z", c.lin(light(TEAL, 0.3), TEAL))
    for k in range(4):
        c.path(f"M{170 + k * 90} 1067Q{190 + k * 86} 930 {280 + k * 60} {830 + k * 8}", stroke=fade(CREAM, 0.6), sw=9)
    with c.at(760, 850, 1.7):
        c.ellipse(20, 78, 190, 22, fade(NIGHT, 0.3))
        c.path(
            "M-120 0C-120 -70 -20 -92 60 -88C150 -84 190 -30 184 20C178 70 120 80 40 80C-20 80 -120 70 -120 0Z",
            c.lin(mix(OCHRE, GOLD, 0.2), mix(OCHRE, BRICK, 0.55), mix(UMBER, RUST, 0.4)),
        )
        c.path("M60 -60Q100 -50 120 -10M110 -66Q150 -40 160 0", stroke=mix(CREAM, GOLD, 0.4), sw=12, cap="round")
        c.ellipse(-56, 0, 76, 80, mix(UMBER, OCHRE, 0.4))
        c.ellipse(-58, 2, 67, 71, c.rad(CREAM, CREAM, SAND))
        for _ in range(30):
            a, d = c.rng.uniform(0, 6.28), 56 * math.sqrt(c.rng.random())
            c.ellipse(
                -58 + d * math.cos(a),
                2 + d * math.sin(a),
                c.rng.uniform(3, 9),
                c.rng.uniform(2, 6),
                mix(SAND, OCHRE, 0.2),
            )
    with c.at(1090, 940, 1, -14):
        c.rect(0, 12, 420, 14, fade(NIGHT, 0.3), r=7)
        c.path("M0 -18H300V22H40Q10 16 0 -18Z", c.lin(WHITE, SLATE))
        c.path("M40 22" + "".join("q9 12 18 0" for _ in range(14)), SLATE)
        c.rect(296, -24, 170, 46, c.lin(BRICK, MAROON_D), r=20)
        for k in range(3):
            c.circle(330 + k * 48, 0, 6, GOLD)
    for k in range(3):
        c.path(
            f"M{330 + k * 120} 380Q{370 + k * 120} 320 {330 + k * 120} 260T{330 + k * 120} 130",
            stroke=fade(CREAM, 0.25),
            sw=15,
            cap="round",
        )


MAROON_D = mix(RUST, NIGHT, 0.45)


@scene("fish-soup")
def fish_soup(c: Canvas) -> None:
    """A bowl of fish soup from above, with bread, a spoon and a lemon."""
    _fish_soup_background(c)
    _fish_soup_middle(c)
    _fish_soup_foreground(c)


def _fish_soup_background(c: Canvas) -> None:
    x: float
    y: float
    c.rect(0, 0, 1600, 1067, c.lin(TEAL, TEAL_D, to=(1, 1)))
    for k in range(6):
        c.rect(k * 280, 0, 270, 1067, fade((SEA, NIGHT)[k % 2], 0.12))
    c.poly([(980, 1067), (1600, 380), (1600, 1067)], c.lin(CREAM, SAND))
    for k in range(9):
        c.line((1040 + k * 74, 1067), (1600, 446 + k * 82), fade(BRICK, 0.55), 6)
    c.circle(700, 590, 440, fade(NIGHT, 0.3), filter=c.blur(16))
    c.circle(680, 540, 440, c.lin(WHITE, mix(CREAM, SLATE, 0.25), to=(1, 1)))
    c.circle(680, 540, 430, "none", stroke=NAVY, sw=10)
    c.circle(680, 540, 352, c.lin(mix(SAND, SLATE, 0.35), WHITE, to=(1, 1)))
    c.circle(680, 548, 330, c.rad(mix(OCHRE, GOLD, 0.4), OCHRE, mix(OCHRE, BRICK, 0.55)))
    for x, y, turn, s in ((560, 440, 20, 1.2), (800, 520, -35, 1.3), (620, 680, 60, 1.15)):
        with c.at(x, y, s, turn):
            c.blob(
                [(-80, 0), (-60, -44), (0, -56), (70, -40), (90, 6), (50, 44), (-20, 52)],
                dark(OCHRE, 0.3),
                op=0.6,
                transform="translate(6 10)",
            )
            c.blob(
                [(-80, 0), (-60, -44), (0, -56), (70, -40), (90, 6), (50, 44), (-20, 52)],
                c.lin(WHITE, mix(CREAM, PINK, 0.4)),
            )
            for k in range(4):
                c.path(f"M{-50 + k * 32} -36Q{-34 + k * 32} 0 {-52 + k * 32} 34", stroke=fade(ROSE, 0.5), sw=4)


def _fish_soup_middle(c: Canvas) -> None:
    x: float
    y: float
    for x, y, turn in ((450, 600, 10), (730, 370, 140), (880, 670, 230), (500, 760, 300)):
        with c.at(x, y, 1.15, turn):
            c.path("M-54 10Q-60 -50 0 -54Q60 -50 54 10Q30 34 0 36Q-30 34 -54 10Z", INK)
            c.path("M-42 8Q-46 -38 0 -42Q46 -38 42 8Q20 24 0 24Q-20 24 -42 8Z", SLATE)
            c.ellipse(0, -4, 26, 18, BRICK)
            c.ellipse(-4, -8, 14, 9, OCHRE)
    for x, y in ((680, 560), (600, 560), (850, 420), (760, 760), (430, 480)):
        c.circle(x, y, 38, mix(BRICK, OCHRE, 0.3))
        c.circle(x, y, 29, mix(OCHRE, BRICK, 0.35))
        c.circle(x, y, 8, GOLD)
    for _ in range(34):
        a, d = c.rng.uniform(0, 6.28), 300 * math.sqrt(c.rng.random())
        x, y = 680 + d * math.cos(a), 548 + d * math.sin(a)
        c.ellipse(
            x,
            y,
            15,
            6,
            c.rng.choice((MOSS, FOREST, SLACK)),
            transform=f"rotate({c.rng.uniform(0, 180):.0f} {x:.0f} {y:.0f})",
        )
    for _ in range(40):
        a, d = c.rng.uniform(0, 6.28), 310 * math.sqrt(c.rng.random())
        c.circle(680 + d * math.cos(a), 548 + d * math.sin(a), c.rng.uniform(3, 10), fade(GOLD, 0.7))


def _fish_soup_foreground(c: Canvas) -> None:
    x: float
    y: float
    with c.at(1240, 560, 1, 24):
        c.ellipse(12, -216, 76, 112, fade(NIGHT, 0.3))
        c.ellipse(0, -230, 74, 110, c.lin(WHITE, SLATE, to=(1, 1)))
        c.ellipse(6, -222, 54, 86, c.lin(SLATE, CREAM, to=(1, 1)))
        c.path("M-14 -126H14L22 330Q0 352 -22 330Z", c.lin(CREAM, SLATE, to=(1, 0)))
    for x, y, turn in ((1360, 170, 16), (1450, 290, 40)):
        with c.at(x, y, 1.3, turn):
            c.path(
                "M-92 60V-20Q-100 -80 -40 -78Q0 -90 40 -78Q100 -80 92 -20V60Q0 76 -92 60Z",
                fade(NIGHT, 0.3),
                transform="translate(12 14)",
            )
            c.path("M-92 60V-20Q-100 -80 -40 -78Q0 -90 40 -78Q100 -80 92 -20V60Q0 76 -92 60Z", mix(UMBER, OCHRE, 0.4))
            c.path("M-78 48V-18Q-84 -64 -38 -64Q0 -74 38 -64Q84 -64 78 -18V48Q0 62 -78 48Z", c.lin(CREAM, SAND))
            for _ in range(14):
                c.ellipse(c.rng.uniform(-64, 64), c.rng.uniform(-50, 44), 7, 5, mix(SAND, OCHRE, 0.25))
    with c.at(1180, 880, 1.3, -20):
        c.circle(8, 10, 84, fade(NIGHT, 0.3))
        c.circle(0, 0, 84, GOLD)
        c.circle(0, 0, 74, CREAM)
        for k in range(8):
            with c.at(0, 0, 1, k * 45):
                c.path("M0 -8L-22 -56Q0 -74 22 -56Z", mix(GOLD, OCHRE, 0.25))
    c.path("M180 -20Q260 120 150 240M90 -20Q150 80 60 200", stroke=MOSS, sw=9, cap="round")
    for x, y in ((150, 240), (200, 150), (236, 60), (60, 200), (110, 110), (250, 110), (130, 180)):
        for k in range(3):
            c.ellipse(
                x + (k - 1) * 26,
                y + 10 * abs(k - 1),
                26,
                17,
                (MOSS, FOREST, SLACK)[k],
                transform=f"rotate({(k - 1) * 40} {x} {y})",
            )
