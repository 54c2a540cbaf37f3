"""Wind over the dyke, and the estuary from the air."""

import math

from ..atmosphere import cloud, gulls, ripples, sky, water
from ..canvas import Canvas, Point, smooth
from ..palette import (
    BRICK,
    CREAM,
    FOREST,
    GOLD,
    MOSS,
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
    WHITE,
    fade,
    mix,
)  # fmt: skip
from ..registry import scene
from ..shore import reeds, sailboat, sandbar


@scene("wind-turbines")
def wind_turbines(c: Canvas) -> None:
    """Wind turbines turn beyond the dyke over a windy blue-green sea."""
    sky(c, TEAL, mix(SEA, SKY, 0.4), mix(SKY, CREAM, 0.5), mix(PINK, CREAM, 0.4), bottom=720)
    cloud(c, -60, 250, 520, mix(SKY, WHITE, 0.6), 0.7, 0.2)
    cloud(c, 1080, 330, 620, mix(SKY, WHITE, 0.7), 0.75, 0.2)
    cloud(c, 480, 480, 420, mix(PINK, WHITE, 0.6), 0.7, 0.16)
    water(c, 660, mix(SEA, SKY, 0.35), TEAL, TEAL_D)
    ripples(c, 668, 860, 70, WHITE, 0.45)
    for x, y, h, turn in ((180, 672, 190, 10), (420, 676, 230, 70), (1440, 674, 210, 40), (700, 690, 330, 25)):
        _turbine(c, x, y, h, turn, mix(WHITE, SKY, 0.25))
    sailboat(c, 940, 720, 90, CREAM, BRICK)
    _turbine(c, 1120, 840, 700, 14, WHITE)
    c.path("M0 860Q500 770 1000 830T1600 800V1067H0Z", c.lin(SLACK, MOSS, FOREST))
    c.path("M0 900Q500 820 1000 870T1600 850V880Q1300 870 1000 900T0 940Z", mix(SAND, SLACK, 0.3))
    for x, y, s in ((230, 905, 1.0), (330, 930, 1.2), (520, 880, 0.85), (1330, 940, 1.3)):
        c.ellipse(x + 4 * s, y + 26 * s, 50 * s, 6 * s, fade(NIGHT, 0.25))
        for lx in (-20, 18):
            c.line((x + lx * s, y), (x + lx * s, y + 26 * s), NIGHT, 6 * s)
        for dx, dy, r in ((-22, -8, 22), (0, -14, 25), (22, -8, 22), (0, 2, 24)):
            c.circle(x + dx * s, y + dy * s, r * s, CREAM)
        c.ellipse(x + 46 * s, y - 10 * s, 13 * s, 17 * s, NIGHT)
    for x in (640, 690):
        c.circle(x, 838 if x < 660 else 836, 3, BRICK)
    reeds(c, 0, 1600, 1085, 170, 120, (mix(FOREST, OCHRE, 0.3), FOREST, mix(MOSS, SAND, 0.4)))
    gulls(c, 560, 250, 6, 160, WHITE, 22)


def _turbine(c: Canvas, x: float, y: float, h: float, turn: float, tone: str) -> None:
    """One wind turbine, its hub at ``h`` above ``y``."""
    c.poly(
        [(x - h * 0.018, y), (x + h * 0.018, y), (x + h * 0.009, y - h), (x - h * 0.009, y - h)],
        c.lin(tone, mix(tone, SLATE, 0.4), to=(1, 0)),
    )
    for k in range(3):
        with c.at(x, y - h, h / 100, turn + 120 * k):
            c.path("M-1 0Q-3.4 -8 -2.2 -16L0.2 -62Q2.4 -30 1.4 0Z", tone)
            c.path("M0.2 -62Q2.4 -30 1.4 0H0.2Z", mix(tone, SLATE, 0.35))
    c.circle(x, y - h, h * 0.022, mix(tone, SLATE, 0.25))
    c.circle(x, y - h, h * 0.01, BRICK)


@scene("estuary-aerial")
def estuary_aerial(c: Canvas) -> None:
    """The estuary from above: braided channels, fields, dykes and the small city."""
    _estuary_aerial_background(c)
    _estuary_aerial_middle(c)
    _estuary_aerial_foreground(c)


def _estuary_aerial_background(c: Canvas) -> None:
    x: float
    y: float
    c.rect(0, 0, 1600, 1067, c.lin(MOSS, mix(MOSS, SLACK, 0.6)))
    for _ in range(2):
        for i in range(15):
            for j in range(10):
                if c.rng.random() < 0.62:
                    x, y = i * 112 + (j % 2) * 30 - 30, j * 112 - 20
                    tone = c.rng.choice(
                        (SLACK, MOSS, FOREST, OCHRE, SAND, mix(OCHRE, MOSS, 0.5), mix(SAND, SLACK, 0.5))
                    )
                    pts = [(x, y), (x + 104, y - 12), (x + 112, y + 88), (x + 8, y + 100)]
                    c.poly(pts, mix(tone, SLACK, 0.2))
                    if c.rng.random() < 0.5:
                        for k in range(1, 7):
                            c.line(
                                (x + k * 15, y - k * 1.6 + 4), (x + 6 + k * 15, y + 96 - k * 1.6), fade(NIGHT, 0.09), 4
                            )


def _estuary_aerial_middle(c: Canvas) -> None:
    spine: list[Point] = [(-60, 250), (180, 330), (400, 290), (640, 400), (860, 520), (1060, 610), (1660, 700)]
    for width, tone in ((330, SAND), (290, mix(SAND, SEA, 0.3))):
        c.curve(spine, tone, width * 0.42)
    delta = "M760 430Q960 480 1100 420Q1300 330 1660 300V1120H980Q1020 960 900 800Q820 640 700 540Z"
    c.path(delta, SAND, stroke=mix(SAND, CREAM, 0.4), sw=26)
    c.path(delta, c.lin(mix(SEA, SAND, 0.35), SEA, TEAL, to=(1, 0.7)))
    c.curve(spine, SEA, 74)
    c.curve([(700, 430), (900, 540), (1140, 640), (1660, 760)], TEAL, 110, op=0.7)
    c.curve([(900, 560), (1100, 760), (1240, 1120)], TEAL, 70, op=0.55)


def _estuary_aerial_foreground(c: Canvas) -> None:
    x: float
    y: float
    c.curve([(940, 540), (1200, 500), (1660, 420)], TEAL, 56, op=0.5)
    for x, y, w, h in (
        (900, 690, 220, 50),
        (1140, 560, 300, 44),
        (1190, 850, 300, 70),
        (1360, 470, 240, 36),
        (1010, 900, 120, 60),
    ):
        sandbar(c, x, y, w, h, SAND)
        sandbar(c, x + w * 0.15, y - h * 0.05, w * 0.6, h * 0.6, SLACK)
    for x, y in ((330, 520), (520, 190), (200, 760)):
        c.path(
            smooth([(x, y), (x + 90, y + 30), (x + 160, y - 30), (x + 260, y + 20)]),
            stroke=mix(SEA, SKY, 0.3),
            sw=10,
            cap="round",
        )
    for _ in range(230):
        a, d = c.rng.uniform(0, 6.283), abs(c.rng.gauss(0, 1))
        x, y = 520 + 150 * d * math.cos(a), 560 + 105 * d * math.sin(a)
        s = c.rng.uniform(12, 26)
        tilt = f"rotate({c.rng.choice((0, 12, -10)):.0f} {x:.0f} {y:.0f})"
        c.rect(x + 5, y + 6, s, s * 0.8, fade(NIGHT, 0.3), transform=tilt)
        c.rect(x, y, s, s * 0.8, c.rng.choice((BRICK, RUST, ROSE, CREAM, mix(BRICK, OCHRE, 0.4))), transform=tilt)
        c.rect(x, y, s, s * 0.4, fade(WHITE, 0.16), transform=tilt)
    c.path("M720 420Q770 600 900 800Q960 900 940 1080", stroke=fade(CREAM, 0.9), sw=9)
    c.path("M-20 900Q260 820 470 640T700 300L760 -20", stroke=mix(CREAM, SAND, 0.3), sw=10)
    c.path("M470 640Q300 500 260 -20", stroke=mix(CREAM, SAND, 0.3), sw=7)
    for _ in range(90):
        x, y = c.rng.uniform(0, 700), c.rng.choice((c.rng.uniform(0, 230), c.rng.uniform(760, 1060)))
        c.circle(x + 4, y + 5, 11, fade(NIGHT, 0.25))
        c.circle(x, y, 11, FOREST)
        c.circle(x - 3, y - 3, 5, MOSS)
    for x, y, turn in ((1330, 650, 20), (1480, 560, -15), (1120, 700, 35)):
        with c.at(x, y, 1.2, turn):
            c.path("M-60 0Q-130 14 -190 40M-60 0Q-130 -14 -190 -40", stroke=fade(WHITE, 0.6), sw=3)
            c.path("M-40 -9H20Q40 0 20 9H-40Z", WHITE)
            c.rect(-26, -5, 24, 10, BRICK)
    for x, y, w in ((-80, 120, 500), (1060, 210, 420), (520, 1010, 520)):
        cloud(c, x + 50, y + 70, w, NIGHT, 0.1, 0.3)
        cloud(c, x, y, w, WHITE, 0.7, 0.3)
    c.rect(0, 0, 1600, 1067, fade(mix(GOLD, PINK, 0.4), 0.08))
