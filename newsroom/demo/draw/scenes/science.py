"""The laboratory and its still lifes."""

import math

from ..atmosphere import beam
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
    SAND,
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
from ..people import Look, head
from ..registry import scene


def flask(c: Canvas, x: float, y: float, h: float, liquid: str, level: float = 0.45) -> None:
    """A conical flask standing on ``y``."""
    w = h * 0.36
    shape = (
        f"M{x - h * 0.09} {y - h}V{y - h * 0.62}L{x - w} {y - h * 0.06}Q{x - w} {y}"
        f" {x - w * 0.82} {y}H{x + w * 0.82}Q{x + w} {y} {x + w} {y - h * 0.06}"
        f"L{x + h * 0.09} {y - h * 0.62}V{y - h}Z"
    )
    c.path(shape, fade(WHITE, 0.4))
    with c.clip(shape):
        c.rect(x - w, y - h * level, w * 2, h, c.lin(light(liquid, 0.2), dark(liquid, 0.12)))
        c.ellipse(x, y - h * level, w * 0.7, h * 0.025, light(liquid, 0.4))
        for _ in range(6):
            c.circle(
                x + c.rng.uniform(-0.5, 0.5) * w,
                y - c.rng.uniform(0.04, level * 0.8) * h,
                c.rng.uniform(2, 5),
                fade(WHITE, 0.5),
            )
        c.rect(x - w, y - h, w * 0.7, h, fade(WHITE, 0.16))
    c.path(shape, stroke=fade(WHITE, 0.8), sw=4)
    c.rect(x - h * 0.12, y - h - 6, h * 0.24, 10, fade(WHITE, 0.9), r=5)


@scene("laboratory")
def laboratory(c: Canvas) -> None:
    """Two researchers at the bench of a bright laboratory on the hill."""
    _laboratory_background(c)
    _laboratory_foreground(c)


def _laboratory_background(c: Canvas) -> None:
    c.rect(0, 0, 1600, 1067, c.lin(mix(SKY, CREAM, 0.55), mix(SKY, SEA, 0.3)))
    c.rect(120, 90, 860, 430, c.lin(mix(SKY, WHITE, 0.5), mix(GOLD, CREAM, 0.6)))
    for k, (y, tone) in enumerate(
        ((440, mix(SLACK, SKY, 0.5)), (470, mix(MOSS, SKY, 0.45)), (500, mix(MOSS, SLACK, 0.3)))
    ):
        c.path(f"M120 520V{y}Q{300 + k * 90} {y - 90} 560 {y - 10}T980 {y - 40}V520Z", tone)
    for x in (120, 330, 545, 760, 970):
        c.rect(x - 8, 80, 16, 450, WHITE)
    for y in (82, 516):
        c.rect(104, y, 892, 18, WHITE)
    beam(c, (420, 200), (900, 1060), 200, 360, WHITE, 0.25)
    for y in (150, 300, 450):
        c.rect(1070, y + 90, 470, 14, mix(UMBER, SAND, 0.5))
        for k in range(6):
            tone, h = (TEAL, OCHRE, BRICK, MOSS, INK, ROSE)[(k + y // 150) % 6], 40 + (k * 37 + y) % 40
            c.rect(1092 + k * 74, y + 90 - h, 44, h, c.lin(light(tone, 0.2), dark(tone, 0.15), to=(1, 0)), r=6)
            c.rect(1100 + k * 74, y + 80 - h, 28, 12, CREAM, r=3)
            c.rect(1092 + k * 74, y + 96 - h * 0.7, 44, h * 0.28, fade(WHITE, 0.8))


def _laboratory_foreground(c: Canvas) -> None:
    for x, coat, skin, hair, style, flip in (
        (520, TEAL, SKINS[3], "#1d1a22", "bun", False),
        (1120, BRICK, SKINS[0], "#6d4328", "short", True),
    ):
        with c.at(x, 800, 6.1, flip=flip):
            c.path(
                "M-6 -46Q-21 -44 -22 -32L-24 6H24L22 -32Q21 -44 6 -46Z",
                c.lin(WHITE, mix(CREAM, SLATE, 0.25), to=(1, 0.3)),
            )
            c.path("M-6 -46L0 -28L6 -46L3 -50H-3Z", coat)
            c.path("M-6 -46L-9 -34L0 -22L0 -28ZM6 -46L9 -34L0 -22L0 -28Z", mix(CREAM, SLATE, 0.3))
            c.path("M-6 -46Q-21 -44 -22 -32L-24 6H-8L-12 -38Z", fade(SLATE, 0.25))
            head(c, 0, -58, 9, Look(coat, INK, skin, hair, style))
            c.rect(-8.4, -60, 16.8, 4.6, fade(SKY, 0.9), r=2.2)
            c.rect(-8.4, -60, 16.8, 4.6, "none", r=2.2, stroke=INK, sw=0.8)
            c.limb([(19, -38), (27, -20), (40, -26)], mix(CREAM, WHITE, 0.5), 8)
            c.circle(44, -27, 4.4, SEA)
    flask(c, 808, 655, 150, OCHRE)
    c.rect(0, 780, 1600, 60, c.lin(WHITE, mix(CREAM, SLATE, 0.2)))
    c.rect(0, 836, 1600, 240, c.lin(TEAL, TEAL_D))
    for x in range(60, 1600, 380):
        c.rect(x, 870, 330, 240, dark(TEAL, 0.18), r=8)
        c.rect(x + 130, 896, 70, 12, SAND, r=6)
    flask(c, 170, 786, 230, SEA, 0.4)
    flask(c, 330, 790, 150, ROSE, 0.5)
    c.rect(680, 700, 250, 16, mix(UMBER, SAND, 0.4))
    for k in range(6):
        tone = (BRICK, OCHRE, SEA, MOSS, ROSE, GOLD)[k]
        c.rect(696 + k * 38, 640, 22, 140, fade(WHITE, 0.65), r=11)
        c.rect(696 + k * 38, 690 - (k % 3) * 12, 22, 90 + (k % 3) * 12, tone, r=11)
    c.rect(680, 700, 250, 16, mix(UMBER, SAND, 0.4))
    c.rect(680, 764, 250, 20, mix(UMBER, SAND, 0.3))
    flask(c, 1420, 792, 270, GOLD, 0.35)
    c.rect(1260, 700, 90, 86, c.lin(MIST, SLATE), r=6)


@scene("microscope")
def microscope(c: Canvas) -> None:
    """A microscope in close-up, its slide lit from below, cells in a round behind it."""
    _microscope_background(c)
    _microscope_foreground(c)


def _microscope_background(c: Canvas) -> None:
    c.rect(0, 0, 1600, 1067, c.lin(INK, TEAL_D, mix(TEAL, INK, 0.4)))
    c.circle(500, 440, 390, c.rad(mix(GOLD, CREAM, 0.4), mix(SEA, GOLD, 0.3), TEAL))
    with c.clip("M110 440A390 390 0 0 1 890 440A390 390 0 0 1 110 440Z"):
        for _ in range(44):
            a, d = c.rng.uniform(0, 6.28), 380 * math.sqrt(c.rng.random())
            x, y, r = 500 + d * math.cos(a), 440 + d * math.sin(a), c.rng.uniform(26, 62)
            tone = c.rng.choice((SLACK, SEA, ROSE, OCHRE, MOSS))
            pts = [
                (
                    x + r * c.rng.uniform(0.75, 1.15) * math.cos(k * 0.785),
                    y + r * c.rng.uniform(0.75, 1.15) * math.sin(k * 0.785),
                )
                for k in range(8)
            ]
            c.blob(pts, fade(tone, 0.6), stroke=fade(CREAM, 0.6), sw=4, tension=0.5)
            c.circle(x + r * 0.15, y - r * 0.1, r * 0.3, fade(dark(tone, 0.5), 0.75))
            c.circle(x + r * 0.08, y - r * 0.18, r * 0.09, fade(WHITE, 0.7))
    c.circle(500, 440, 390, "none", stroke=fade(CREAM, 0.5), sw=6)
    c.circle(500, 440, 412, "none", stroke=fade(CREAM, 0.18), sw=3)
    c.rect(0, 930, 1600, 140, c.lin(mix(UMBER, SAND, 0.25), dark(UMBER, 0.5)))
    c.shadow(1060, 950, 470, 44, 0.7)
    metal = c.lin(WHITE, CREAM, mix(CREAM, SLATE, 0.5), to=(1, 0.2))
    c.path("M760 950Q760 880 840 872H1260Q1350 876 1356 950Z", c.lin(NAVY, NIGHT))
    c.path("M1180 880Q1400 760 1390 540Q1384 380 1240 320L1190 420Q1276 470 1276 570Q1276 700 1090 800V880Z", metal)
    c.path(
        "M1340 860Q1430 700 1390 540Q1384 380 1240 320L1228 344Q1340 410 1346 560Q1350 740 1220 872Z", fade(SLATE, 0.4)
    )
    c.circle(1316, 640, 52, NAVY)
    c.circle(1316, 640, 36, SLATE)
    c.circle(1306, 630, 12, light(SLATE, 0.4))
    c.circle(1270, 770, 34, NAVY)
    c.circle(1270, 770, 22, SLATE)
    with c.at(1080, 400, 1, 24):
        c.rect(-62, -270, 124, 330, metal, r=14)
        c.rect(-76, -110, 152, 40, NAVY, r=8)
        c.rect(-50, -380, 100, 130, c.lin(SLATE, INK, to=(1, 0)), r=10)
        c.rect(-66, -404, 132, 40, NIGHT, r=14)
        c.rect(-40, -404, 30, 40, fade(SKY, 0.3))
        c.rect(-72, 50, 144, 44, NAVY, r=10)


def _microscope_foreground(c: Canvas) -> None:
    for turn, tone, size in ((52, OCHRE, 0.85), (-4, BRICK, 1.1)):
        with c.at(1046, 480, size, turn):
            c.rect(-30, 0, 60, 110, c.lin(WHITE, mix(CREAM, SLATE, 0.4), to=(1, 0)), r=4)
            c.rect(-30, 30, 60, 14, tone)
            c.poly([(-24, 110), (24, 110), (12, 152), (-12, 152)], SLATE)
    c.glow(1036, 700, 260, GOLD, 0.75)
    c.rect(830, 700, 420, 34, c.lin(SLATE, NIGHT), r=8)
    c.rect(930, 686, 230, 12, fade(SKY, 0.9))
    c.ellipse(1040, 690, 36, 7, GOLD)
    c.rect(990, 734, 100, 40, NAVY, r=6)
    c.poly([(1000, 870), (1080, 870), (1064, 790), (1020, 790)], SLATE)
    c.poly([(1010, 790), (1070, 790), (1056, 736), (1026, 736)], fade(GOLD, 0.6))
    for k in range(3):
        c.rect(
            180 + k * 120,
            938 - (k % 2) * 4,
            200,
            14,
            fade(SKY, 0.6),
            transform=f"rotate({(-4, 3, -2)[k]} {280 + k * 120} 944)",
        )
        c.circle(280 + k * 120, 944, 10, fade(ROSE, 0.9))


@scene("vaccine-vials")
def vaccine_vials(c: Canvas) -> None:
    """Glass vials and a syringe in close-up on a teal cloth."""
    c.rect(0, 0, 1600, 1067, c.lin(mix(PINK, CREAM, 0.45), mix(PINK, SAND, 0.3)))
    c.circle(420, 330, 440, fade(CREAM, 0.5))
    c.circle(1350, 250, 300, fade(ROSE, 0.25))
    c.path("M0 760Q400 700 800 750T1600 720V1067H0Z", c.lin(SEA, TEAL, TEAL_D))
    c.path("M0 840Q500 780 900 850T1600 830", stroke=fade(WHITE, 0.15), sw=26)
    c.path("M0 980Q600 900 1000 980T1600 960", stroke=fade(NIGHT, 0.12), sw=40)
    for x, y, s, cap in (
        (250, 800, 0.8, OCHRE),
        (1390, 790, 0.78, MOSS),
        (480, 850, 1.0, TEAL_D),
        (1180, 860, 1.02, OCHRE),
        (820, 920, 1.3, BRICK),
    ):
        c.ellipse(x + 110 * s, y + 2, 220 * s, 26 * s, fade(NIGHT, 0.22))
        with c.at(x, y, s):
            body = "M-88 0Q-100 0 -100 -16V-330Q-100 -372 -52 -388V-440H52V-388Q100 -372 100 -330V-16Q100 0 88 0Z"
            c.path(body, c.lin(fade(WHITE, 0.65), fade(SKY, 0.55), fade(WHITE, 0.5), to=(1, 0)))
            with c.clip(body):
                c.rect(-110, -250, 220, 260, c.lin(mix(SKY, WHITE, 0.4), mix(SEA, SKY, 0.4)))
                c.ellipse(0, -250, 100, 14, mix(WHITE, SKY, 0.25))
                c.rect(-100, -220, 200, 150, CREAM)
                c.rect(-100, -220, 200, 34, cap)
                c.rect(-70, -168, 110, 12, fade(INK, 0.75))
                for k in range(3):
                    c.rect(-70, -144 + k * 22, 90 - k * 18, 7, fade(SLATE, 0.6))
                for k in range(8):
                    c.rect(48 + (k % 4) * 9, -150, (3, 6, 4, 5)[k % 4], 56, INK)
                c.rect(-84, -400, 26, 400, fade(WHITE, 0.55))
                c.rect(60, -400, 50, 400, fade(NIGHT, 0.12))
            c.path(body, stroke=fade(WHITE, 0.85), sw=4)
            c.rect(-66, -492, 132, 66, c.lin(light(SLATE, 0.5), WHITE, SLATE, to=(1, 0)), r=6)
            c.rect(-72, -524, 144, 44, c.lin(light(cap, 0.25), cap, dark(cap, 0.3), to=(1, 0)), r=10)
            c.ellipse(0, -522, 66, 10, light(cap, 0.3))
    with c.at(470, 985, 1.15, -7):
        c.ellipse(300, 46, 420, 20, fade(NIGHT, 0.25))
        c.line((560, 0), (800, 0), SLATE, 4)
        c.rect(500, -12, 62, 24, mix(SEA, CREAM, 0.2), r=5)
        c.rect(30, -36, 476, 72, c.lin(WHITE, fade(SKY, 0.85), mix(SKY, SLATE, 0.3)), r=12)
        c.rect(220, -28, 280, 56, c.lin(mix(GOLD, CREAM, 0.3), OCHRE), r=8, op=0.85)
        c.rect(196, -32, 28, 64, INK, r=4)
        c.rect(-130, -11, 330, 22, CREAM)
        c.rect(-150, -46, 26, 92, CREAM, r=8)
        c.rect(20, -66, 20, 132, mix(CREAM, SLATE, 0.12), r=8)
        for k in range(11):
            c.rect(240 + k * 22, -36, 3, 26 if k % 5 == 0 else 16, INK)
