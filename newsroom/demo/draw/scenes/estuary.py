"""The estuary's own life: birds and seagrass."""

import math

from ..atmosphere import beam, mist, ridge, ripples, sky, streaks, sun, water
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
from ..registry import scene
from ..shore import reeds, wader
from ..town import skyline


@scene("seagrass")
def seagrass(c: Canvas) -> None:
    """A seagrass meadow under clear green water, small fish among the blades."""
    x: float
    c.rect(0, 0, 1600, 1067, c.lin(mix(SLACK, CREAM, 0.35), SEA, TEAL, TEAL_D))
    c.path("M0 0H1600V60Q1400 100 1200 62T800 66T400 60T0 70Z", mix(SKY, WHITE, 0.5))
    c.path("M0 70Q200 40 400 60T800 66T1200 62T1600 60", stroke=WHITE, sw=8, op=0.8)
    for x, s in ((300, 90), (620, 140), (980, 100), (1320, 150)):
        beam(c, (x, 40), (x - 260, 1000), s * 0.4, s * 1.5, WHITE, 0.3)
    for row in range(5):
        y = 700 + row * 100
        tone = mix((SLACK, MOSS, MOSS, FOREST, mix(FOREST, NIGHT, 0.35))[row], SEA, (0.55, 0.4, 0.2, 0.1, 0)[row])
        ridge(c, y + 40, 26, mix(mix(SAND, SEA, 0.5), TEAL_D, 0.2 + row * 0.17))
        if row == 2:
            _shoal(c, 760, 470, 11, BRICK, 1.0)
        if row == 3:
            _shoal(c, 300, 640, 4, OCHRE, 1.6)
        for _ in range(70 - row * 9):
            x = c.rng.uniform(-40, 1640)
            h = (190 + row * 75) * c.rng.uniform(0.55, 1.05)
            sway = h * 0.28 * math.sin(x / 230 + row) + c.rng.uniform(-20, 20)
            w = 5 + row * 2.6
            col = mix(tone, c.rng.choice((SLACK, FOREST, OCHRE)), c.rng.uniform(0, 0.3))
            c.path(
                f"M{x - w} {y + 90}C{x - w - sway * 0.4} {y - h * 0.3} {x + sway} {y - h * 0.5}"
                f" {x + sway * 1.4} {y - h}C{x + sway + w * 1.6} {y - h * 0.5} {x + w - sway * 0.4}"
                f" {y - h * 0.3} {x + w} {y + 90}Z",
                col,
            )
    for _ in range(36):
        c.circle(
            c.rng.uniform(0, 1600),
            c.rng.uniform(110, 900),
            c.rng.uniform(3, 9),
            "none",
            stroke=fade(WHITE, 0.55),
            sw=2.2,
        )
    with c.at(1230, 380, 1.3):
        c.path("M-90 0Q-30 -64 60 -20L110 -54Q100 0 112 48L60 16Q-30 58 -90 0Z", c.lin(SKY, SLATE))
        c.path("M-90 0Q-30 58 60 16Q0 20 -90 0Z", CREAM)
        c.circle(-56, -8, 7, INK)
        c.path("M-30 -24Q-16 0 -30 22", stroke=fade(INK, 0.5), sw=4)


def _shoal(c: Canvas, x: float, y: float, count: int, tone: str, size: float) -> None:
    """A loose shoal of small fish going left."""
    for _ in range(count):
        with c.at(
            x + c.rng.uniform(-220, 220),
            y + c.rng.uniform(-90, 90),
            size * c.rng.uniform(0.35, 0.6),
            c.rng.uniform(-8, 8),
        ):
            c.path("M-60 0Q-10 -34 40 -6L70 -26V26L40 6Q-10 34 -60 0Z", tone)
            c.path("M-60 0Q-10 34 40 6Q0 8 -60 0Z", light(tone, 0.4))
            c.circle(-38, -4, 4.5, NIGHT)


@scene("mudflats-birds")
def mudflats_birds(c: Canvas) -> None:
    """Waders feed along shining channels at low tide."""
    _mudflats_birds_background(c)
    _mudflats_birds_foreground(c)


def _mudflats_birds_background(c: Canvas) -> None:
    y: float
    sky(c, mix(SLATE, PINK, 0.3), mix(PINK, CREAM, 0.3), mix(CREAM, GOLD, 0.3), bottom=420)
    streaks(c, 40, 340, 16, WHITE, 0.55)
    ridge(c, 404, 22, mix(SLATE, PINK, 0.45), base=424)
    skyline(c, 412, mix(SLATE, PINK, 0.35), 6, 34, gap=36)
    mud = mix(UMBER, SLATE, 0.35)
    c.rect(0, 410, 1600, 660, c.lin(mix(PINK, SAND, 0.5), mix(mud, ROSE, 0.35), mud, dark(mud, 0.4)))
    channel = c.lin(mix(CREAM, GOLD, 0.3), mix(SKY, PINK, 0.3), mix(SKY, SLATE, 0.4))
    c.path(
        "M900 420Q1100 470 860 540Q520 620 760 720Q1020 810 560 930Q400 980 300 1080H920"
        "Q1020 960 1240 890Q1420 800 1080 700Q880 620 1160 540Q1320 470 960 420Z",
        channel,
    )
    c.path("M0 520Q240 540 420 500Q300 580 0 590Z", channel)
    c.path("M1600 560Q1400 600 1300 570Q1420 660 1600 640Z", channel)
    for _ in range(70):
        t = c.rng.random()
        y = 440 + 600 * t
        c.ellipse(
            c.rng.uniform(0, 1600),
            y,
            20 + 90 * t,
            2 + 9 * t,
            fade(c.rng.choice((mix(mud, NIGHT, 0.3), mix(PINK, CREAM, 0.3), SAND)), 0.28),
        )


def _mudflats_birds_foreground(c: Canvas) -> None:
    x: float
    y: float
    for x, y, h, feed, flip in (
        (600, 600, 70, True, False),
        (700, 580, 66, False, True),
        (470, 640, 84, True, True),
        (1220, 660, 90, False, False),
        (1330, 690, 96, True, True),
    ):
        wader(c, x, y, h, mix(UMBER, SLATE, 0.3), feed, flip)
    with c.group() as near:
        wader(c, 1060, 830, 240, mix(UMBER, INK, 0.35), True, True)
        wader(c, 760, 870, 300, mix(RUST, INK, 0.3), False, True)
    c.reflect(near, 866, 0.3, 0.7, 14)
    wader(c, 330, 1000, 420, mix(UMBER, INK, 0.45), True)
    for _ in range(60):
        a = c.rng.random()
        x, y = 880 + a * 560, 190 - 80 * math.sin(a * 3) + c.rng.gauss(0, 34)
        s = c.rng.uniform(7, 15)
        c.path(
            f"M{x - s} {y - s * 0.5}Q{x - s * 0.3} {y - s * 0.4} {x} {y}Q{x + s * 0.3}"
            f" {y - s * 0.6} {x + s} {y - s * 0.4}",
            stroke=INK,
            sw=2.6,
            cap="round",
            op=0.8,
        )
    reeds(c, 1380, 1640, 1080, 360, 46, (mix(OCHRE, UMBER, 0.4), mix(MOSS, UMBER, 0.5), mix(UMBER, NIGHT, 0.4)))


@scene("heron")
def heron(c: Canvas) -> None:
    """A grey heron stands in shallow water among the reeds."""
    _heron_background(c)
    _heron_foreground(c)


def _heron_background(c: Canvas) -> None:
    sky(c, mix(SLACK, SKY, 0.4), mix(SLACK, CREAM, 0.5), mix(CREAM, GOLD, 0.25))
    sun(c, 1180, 330, 150, mix(GOLD, CREAM, 0.4), 4)
    ridge(c, 610, 70, mix(SLACK, MIST, 0.4))
    ridge(c, 650, 60, mix(MOSS, SLACK, 0.6), 12)
    mist(c, 650, 220, CREAM, 0.7)
    water(c, 690, mix(SLACK, CREAM, 0.4), mix(SEA, SLACK, 0.4), TEAL_D)
    c.ellipse(1180, 760, 150, 12, fade(CREAM, 0.6))
    ripples(c, 710, 1050, 60, CREAM, 0.35)
    reeds(c, -40, 420, 860, 600, 60, (mix(MOSS, SLACK, 0.5), mix(OCHRE, SLACK, 0.5)))


def _heron_foreground(c: Canvas) -> None:
    with c.group() as bird:
        c.line((690, 640), (668, 930), mix(OCHRE, UMBER, 0.5), 13)
        c.limb([(760, 640), (772, 770), (752, 930)], mix(OCHRE, UMBER, 0.35), 13)
        c.blob(
            [
                (500, 700),
                (560, 560),
                (680, 470),
                (800, 440),
                (856, 500),
                (830, 590),
                (740, 650),
                (620, 664),
                (520, 730),
            ],
            c.lin(light(SLATE, 0.3), SLATE, dark(SLATE, 0.25)),
        )
        c.blob(
            [(470, 760), (520, 640), (640, 540), (740, 520), (760, 560), (640, 640), (540, 700)],
            c.lin(mix(SLATE, INK, 0.35), INK),
        )
        for k in range(4):
            c.path(
                f"M{540 + k * 36} {690 - k * 24}Q{620 + k * 30} {620 - k * 18} {720 + k * 14} {580 - k * 14}",
                stroke=fade(MIST, 0.5),
                sw=5,
            )
        c.path("M800 590Q770 640 780 690L800 650L812 690L820 640L838 670Q840 610 850 540Z", CREAM)
        c.path(
            "M812 560Q900 500 880 420Q860 350 890 290Q910 250 950 246",
            stroke=mix(MIST, SLATE, 0.12),
            sw=58,
            cap="round",
        )
        c.path(
            "M832 560Q916 500 896 420Q878 350 906 300",
            stroke=fade(INK, 0.6),
            sw=7,
            stroke_dasharray="22 18",
            cap="round",
        )
        c.path("M904 252Q930 206 990 222L1030 236Q1010 270 960 282Q920 290 904 252Z", CREAM)
        c.path("M1016 228L1210 262L1020 262Q1000 246 1016 228Z", c.lin(OCHRE, dark(OCHRE, 0.2)))
        c.path("M996 222Q950 200 910 226Q850 232 780 276Q850 260 920 252Q960 246 996 238Z", INK)
        c.circle(988, 238, 9, GOLD)
        c.circle(989, 238, 5, NIGHT)
    c.reflect(bird, 920, 0.4, 0.6, 26)
    for k in range(3):
        for x in (668, 752):
            c.ellipse(x, 928, 40 + k * 46, 7 + k * 7, "none", stroke=fade(CREAM, 0.6 - k * 0.16), sw=3)
    reeds(c, 1240, 1640, 1080, 820, 46, (FOREST, mix(MOSS, OCHRE, 0.3), mix(FOREST, INK, 0.3)))
    reeds(c, -60, 300, 1090, 700, 40, (FOREST, mix(FOREST, INK, 0.45), MOSS))
