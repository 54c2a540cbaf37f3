"""The tool bench and the repair café."""

import math

from ..atmosphere import beam
from ..canvas import Canvas
from ..palette import (
    BRICK,
    CREAM,
    GOLD,
    INK,
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
from ..people import Look, head
from ..registry import scene


def pendant(c: Canvas, x: float, y: float, w: float, tone: str) -> None:
    """A hanging lamp with its pool of light."""
    c.line((x, -10), (x, y - w * 0.5), NIGHT, 5)
    c.poly(
        [(x - w * 0.5, y), (x + w * 0.5, y), (x + w * 1.8, 1067), (x - w * 1.8, 1067)],
        c.lin(fade(GOLD, 0.3), fade(GOLD, 0)),
    )
    c.path(
        f"M{x - w * 0.6} {y}Q{x - w * 0.5} {y - w * 0.55} {x} {y - w * 0.55}Q{x + w * 0.5}"
        f" {y - w * 0.55} {x + w * 0.6} {y}Z",
        c.lin(light(tone, 0.2), dark(tone, 0.2), to=(1, 0.4)),
    )
    c.ellipse(x, y, w * 0.6, w * 0.07, WHITE)
    c.glow(x, y, w * 1.4, GOLD, 0.5)


def _hammer(c: Canvas) -> None:
    c.rect(-9, -90, 18, 210, c.lin(OCHRE, UMBER, to=(1, 0)), r=8)
    c.path("M-50 -120H46Q66 -120 70 -100L40 -84H-50Z", c.lin(SLATE, INK))


def _spanner(c: Canvas) -> None:
    c.rect(-11, -90, 22, 190, c.lin(MIST_STEEL, SLATE, to=(1, 0)))
    c.path("M-34 -130Q-36 -90 0 -80Q36 -90 34 -130L14 -140V-112H-14V-140Z", SLATE)
    c.circle(0, 110, 27, SLATE)
    c.circle(0, 110, 12, TEAL_D)


def _saw(c: Canvas) -> None:
    c.poly([(-30, -130), (-8, -130), (36, 60), (-44, 60)], c.lin(CREAM, SLATE, to=(1, 0)))
    c.path("M-50 56H40L52 130Q20 150 -30 140Z", c.lin(BRICK, RUST))
    c.ellipse(4, 104, 22, 14, TEAL_D)


def _screwdriver(c: Canvas) -> None:
    c.rect(-17, -130, 34, 110, c.lin(light(BRICK, 0.2), RUST, to=(1, 0)), r=14)
    c.rect(-6, -22, 12, 130, SLATE)
    c.poly([(-9, 104), (9, 104), (5, 126), (-5, 126)], SLATE)


MIST_STEEL = mix(SLATE, WHITE, 0.6)


@scene("tool-bench")
def tool_bench(c: Canvas) -> None:
    """Tools on a pegboard above a bench with a vice and shavings."""
    _tool_bench_background(c)
    _tool_bench_foreground(c)


def _tool_bench_background(c: Canvas) -> None:
    x: float
    c.rect(0, 0, 1600, 1067, c.lin(TEAL, TEAL_D))
    for i in range(33):
        for j in range(14):
            c.circle(i * 50 + 10, j * 50 + 22, 5, fade(NIGHT, 0.35))
    tools = (_hammer, _spanner, _saw, _screwdriver, _spanner, _hammer, _screwdriver, _screwdriver)
    for k, tool in enumerate(tools):
        x = 120 + k * 196
        for dx, op in ((14, 0.25), (0, 1.0)):
            if op < 1:
                with c.at(x + dx, 300 + dx, 1.35), c.group(op=0.3, filter=c.blur(5)):
                    c.rect(-20, -120, 40, 240, NIGHT, r=14)
            else:
                with c.at(x, 290, (1.35, 1.2, 1.5, 1.2, 1.4, 1.15, 1.3, 1.05)[k], (0, 6, 0, -4, -8, 0, 5, -3)[k]):
                    tool(c)
        c.circle(x, 150, 8, GOLD)
    beam(c, (420, -40), (900, 1060), 200, 560, GOLD, 0.26)


def _tool_bench_foreground(c: Canvas) -> None:
    x: float
    y: float
    c.rect(0, 560, 1600, 18, light(UMBER, 0.2))
    for k in range(11):
        tone = (OCHRE, BRICK, CREAM, SLACK, INK)[k % 5]
        c.rect(40 + k * 150, 480, 92, 80, fade(SKY, 0.55), r=10)
        c.rect(46 + k * 150, 506, 80, 50, tone, r=8)
        c.rect(36 + k * 150, 464, 100, 22, INK, r=6)
    c.rect(0, 740, 1600, 330, c.lin(mix(OCHRE, UMBER, 0.4), UMBER, dark(UMBER, 0.4)))
    c.rect(0, 740, 1600, 20, light(OCHRE, 0.2))
    for y in (820, 900, 990):
        c.path(f"M0 {y}Q400 {y - 16} 800 {y + 6}T1600 {y - 6}", stroke=fade(NIGHT, 0.2), sw=4)
    with c.at(320, 760, 1.5):
        c.shadow(0, 4, 150, 16, 0.5)
        c.path("M-80 0L-60 -40H60L80 0Z", dark(BRICK, 0.35))
        c.path("M-90 -40H20V-100H-60Q-90 -96 -90 -40Z", c.lin(light(BRICK, 0.15), RUST))
        c.path("M40 -40H110V-92H40Z", c.lin(BRICK, dark(RUST, 0.2)))
        c.rect(16, -104, 14, 50, SLATE)
        c.rect(34, -104, 14, 50, SLATE)
        c.rect(100, -76, 60, 16, SLATE)
        c.line((156, -112), (156, -28), INK, 8)
    c.rect(660, 690, 700, 56, c.lin(light(SAND, 0.2), SAND_D), r=3)
    with c.at(960, 690, 1.4):
        c.path("M-120 0V-36Q-100 -44 -70 -40L-50 -76Q-34 -86 -30 -60L-24 -44H90Q120 -44 124 0Z", c.lin(OCHRE, UMBER))
        c.rect(-130, -4, 260, 12, SLATE)
        c.circle(70, -58, 24, RUST)
    for _ in range(12):
        x, y = c.rng.uniform(600, 1420), c.rng.uniform(770, 980)
        r = c.rng.uniform(16, 34)
        c.path(
            f"M{x} {y}a{r} {r} 0 1 1 {r} {r}a{r * 0.6} {r * 0.6} 0 1 1 {-r * 0.6} {-r * 0.6}",
            stroke=c.rng.choice((GOLD, SAND, CREAM)),
            sw=9,
            cap="round",
        )
    with c.at(300, 950, 1.2, 76):
        _screwdriver(c)


@scene("repair-cafe")
def repair_cafe(c: Canvas) -> None:
    """Neighbours mend a toaster, a radio and a lamp at one long table."""
    _repair_cafe_background(c)
    _repair_cafe_foreground(c)


def _repair_cafe_background(c: Canvas) -> None:
    y: float
    c.rect(0, 0, 1600, 1067, c.lin(mix(PINK, SAND, 0.35), mix(PINK, ROSE, 0.4)))
    c.rect(90, 120, 500, 360, TEAL_D)
    c.rect(110, 140, 460, 320, c.lin(mix(INK, SLATE, 0.3), INK))
    c.text(340, 255, 62, "REPAIR", CREAM, True)
    c.text(340, 330, 62, "CAFÉ", GOLD, True)
    c.path("M200 380H480M240 410H440", stroke=fade(CREAM, 0.5), sw=7, cap="round")
    for y in (230, 400):
        c.rect(1080, y, 450, 18, UMBER)
        for k in range(6):
            tone = (TEAL, OCHRE, BRICK, INK, MOSS, CREAM)[(k + y // 100) % 6]
            h = 50 + 34 * ((k * 7 + y) % 3)
            c.rect(1100 + k * 70, y - h, 54, h, c.lin(light(tone, 0.15), dark(tone, 0.2), to=(1, 0)), r=5)
    c.path("M0 60Q400 130 800 60T1600 60", stroke=INK, sw=4)
    for k in range(15):
        x = 50 + k * 108
        y = 60 + 38 * math.sin(x / 800 * math.pi * 1.0) * (1 if x < 800 else -0.3) + 10
        c.circle(x, y + 14, 14, mix(GOLD, WHITE, 0.4))
        c.glow(x, y + 14, 60, GOLD, 0.5)
    pendant(c, 800, 250, 170, BRICK)


def _repair_cafe_foreground(c: Canvas) -> None:
    y: float
    folk = (
        (250, TEAL, "#8a5638", "#1d1a22", "bun"),
        (600, OCHRE, "#f0c9a8", "#b9b4ad", "short"),
        (990, INK, "#b97b52", "#1d1a22", "bob"),
        (1350, BRICK, "#dba67c", "#6d4328", "short"),
    )
    for i, (x, coat, skin, hair, style) in enumerate(folk):
        with c.at(x, 740, 6.6, flip=i % 2 == 1):
            c.path(
                "M-6 -35Q-21 -33 -23 -20L-25 6H25L23 -20Q21 -33 6 -35Z",
                c.lin(light(coat, 0.1), dark(coat, 0.25), to=(1, 0.4)),
            )
            c.path(
                "M-14 -33L-12 6H12L14 -33L8 -33L7 -18H-7L-8 -33Z",
                mix(CREAM, coat, 0.35) if i % 2 == 0 else dark(coat, 0.18),
            )
            head(c, 2, -46, 9.4, Look(coat, INK, skin, hair, style))
            if i in (1, 2):
                c.circle(-1.5, -45, 2.9, "none", stroke=INK, sw=0.8)
                c.circle(5.5, -45, 2.9, "none", stroke=INK, sw=0.8)
    c.rect(0, 730, 1600, 60, c.lin(light(OCHRE, 0.25), mix(OCHRE, UMBER, 0.4)))
    c.rect(0, 788, 1600, 290, c.lin(UMBER, dark(UMBER, 0.5)))
    with c.at(420, 735, 1.5):
        c.shadow(0, 2, 100, 10, 0.4)
        c.path("M-80 0V-70Q-80 -96 -54 -96H54Q80 -96 80 -70V0Z", c.lin(WHITE, SLATE))
        c.rect(-50, -100, 100, 8, NIGHT, r=3)
        c.rect(-44, -124, 36, 30, mix(OCHRE, UMBER, 0.3), r=6)
        c.rect(84, -60, 14, 22, INK, r=3)
        c.circle(50, -26, 10, INK)
    with c.at(800, 735, 1.5):
        c.shadow(0, 2, 120, 10, 0.4)
        c.rect(-110, -110, 220, 110, c.lin(light(RUST, 0.2), MAROONISH), r=14)
        c.circle(-50, -54, 38, CREAM)
        for k in range(5):
            c.line((-74, -74 + k * 10), (-26, -74 + k * 10), fade(UMBER, 0.7), 4)
        c.rect(10, -90, 84, 34, GOLD, r=4)
        c.line((46, -90), (46, -56), BRICK, 3)
        c.circle(32, -28, 14, CREAM)
        c.circle(74, -28, 14, CREAM)
        c.line((-84, -116), (92, -116), SLATE, 5)
    with c.at(1170, 735, 1.5):
        c.shadow(0, 2, 80, 9, 0.4)
        c.ellipse(0, -4, 56, 12, INK)
        c.limb([(0, -8), (-30, -100), (50, -150)], INK, 8)
        c.path("M30 -180L86 -160L96 -96L14 -130Z", SEA)
    for i, (x0, x1, tone) in enumerate(
        ((330, 350, "#8a5638"), (520, 490, "#f0c9a8"), (920, 900, "#b97b52"), (1270, 1230, "#dba67c"))
    ):
        coat = folk[i][1]
        c.limb([(x0 + (-1) ** i * -70, 600), (x0 + (-1) ** i * -30, 690), (x1, 668)], light(coat, 0.08), 50)
        c.circle(x1 + (-1) ** i * 14, 664, 27, tone)
    c.limb([(375, 660), (430, 610)], INK, 8)
    c.limb([(360, 674), (384, 650)], BRICK, 18)
    for x, y, tone in ((140, 850, SLATE), (620, 860, GOLD), (1010, 850, BRICK), (1460, 850, SEA)):
        c.circle(x, y - 98, 16, "none", stroke=tone, sw=8)
        c.rect(x + 40, y - 110, 70, 12, tone, r=6)
    c.path("M1480 735Q1480 660 1520 660Q1560 660 1560 735Z", c.lin(CREAM, SAND_D))


MAROONISH = mix(RUST, NIGHT, 0.4)
