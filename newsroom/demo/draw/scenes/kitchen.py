"""The kitchen table at its window."""

import math

from ..atmosphere import beam
from ..canvas import Canvas
from ..palette import (
    BRICK,
    CREAM,
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


@scene("kitchen-table")
def kitchen_table(c: Canvas) -> None:
    """A kitchen table at a window, morning coffee and a newspaper."""
    _kitchen_table_background(c)
    _kitchen_table_middle(c)
    _kitchen_table_foreground(c)


def _kitchen_table_background(c: Canvas) -> None:
    c.rect(0, 0, 1600, 1067, c.lin(mix(SLACK, CREAM, 0.25), mix(SLACK, TEAL, 0.2)))
    c.rect(420, 60, 760, 560, WHITE, r=4)
    c.rect(446, 86, 708, 508, c.lin(mix(SKY, WHITE, 0.3), mix(PINK, CREAM, 0.5)))
    with c.clip("M446 86H1154V594H446Z"):
        c.circle(960, 250, 70, mix(GOLD, WHITE, 0.4))
        c.glow(960, 250, 330, GOLD, 0.5)
        for x, w, h, tone in (
            (440, 130, 210, ROSE),
            (560, 150, 260, BRICK),
            (700, 120, 190, SAND_D),
            (810, 160, 240, mix(BRICK, ROSE, 0.5)),
            (960, 210, 180, SLATE),
        ):
            t = mix(tone, PINK, 0.4)
            c.rect(x, 600 - h, w, h, t)
            c.poly([(x - 6, 600 - h), (x + w / 2, 540 - h), (x + w + 6, 600 - h)], dark(t, 0.22))
            for k in range(2):
                c.rect(x + 24 + k * w * 0.4, 630 - h, 26, 38, dark(t, 0.4))
    c.rect(790, 80, 20, 520, WHITE)
    c.rect(440, 320, 720, 16, WHITE)
    for s, x in ((1, 400), (-1, 1200)):
        c.path(
            f"M{x} 50H{x + s * 130}Q{x + s * 110} 330 {x + s * 20} 600L{x - s * 50} 640Q{x - s * 30} 300 {x} 50Z",
            c.lin(light(BRICK, 0.2), BRICK, to=(1, 0.2)),
            op=0.95,
        )
        for k in range(3):
            c.path(
                f"M{x + s * (20 + k * 34)} 56Q{x + s * (10 + k * 30)} 330 {x - s * (26 - k * 20)} 610",
                stroke=fade(RUST, 0.5),
                sw=6,
            )


def _kitchen_table_middle(c: Canvas) -> None:
    c.line((310, 50), (1290, 50), UMBER, 14)
    c.line((800, -10), (800, 150), INK, 5)
    c.path("M690 240Q700 140 800 140Q900 140 910 240Z", c.lin(light(OCHRE, 0.2), dark(OCHRE, 0.15)))
    c.ellipse(800, 240, 110, 14, WHITE)
    for y in (250, 430):
        c.rect(40, y, 270, 16, UMBER)
        for k in range(4):
            tone = (TEAL, CREAM, OCHRE, INK)[(k + y) % 4]
            c.rect(
                58 + k * 62,
                y - 70 - 8 * (k % 2),
                46,
                70 + 8 * (k % 2),
                c.lin(light(tone, 0.15), dark(tone, 0.2), to=(1, 0)),
                r=8,
            )
    c.rect(1330, 300, 230, 330, c.lin(CREAM, SAND), r=6)
    for k in range(4):
        c.rect(1356, 340 + k * 66, 178, 10, fade(SLATE, 0.5))
    c.rect(1356, 400, 80, 60, BRICK)
    for x, tone in ((250, BRICK), (1270, TEAL)):
        c.rect(x, 560, 26, 420, dark(tone, 0.2), r=8)
        c.rect(x + 160, 560, 26, 420, dark(tone, 0.35), r=8)
        for k in range(3):
            c.rect(x, 590 + k * 62, 186, 26, tone, r=10)


def _kitchen_table_foreground(c: Canvas) -> None:
    c.path("M60 800L260 690H1380L1560 800Z", c.lin(light(SAND, 0.1), SAND_D))
    c.rect(60, 798, 1500, 46, c.lin(mix(UMBER, SAND, 0.4), UMBER), r=4)
    for x in (110, 1450):
        c.rect(x, 840, 54, 240, c.lin(UMBER, dark(UMBER, 0.4)))
    c.poly([(560, 700), (980, 700), (1180, 796), (440, 796)], fade(WHITE, 0.35))
    with c.at(560, 770):
        c.poly([(-180, 6), (-90, -60), (190, -60), (150, 6)], WHITE)
        c.poly([(-62, -54), (174, -54), (168, -42), (-78, -42)], INK)
        for k in range(3):
            c.poly(
                [
                    (-84 - k * 16, -34 + k * 12),
                    (20 - k * 12, -34 + k * 12),
                    (16 - k * 12, -28 + k * 12),
                    (-92 - k * 16, -28 + k * 12),
                ],
                SLATE,
            )
        c.poly([(44, -34), (164, -34), (152, 0), (26, 0)], SEA)
    with c.at(850, 780):
        c.ellipse(0, 0, 100, 18, CREAM)
        c.path("M-62 -90H62Q60 -6 24 -4H-24Q-60 -6 -62 -90Z", c.lin(light(TEAL, 0.1), TEAL_D, to=(1, 0)))
        c.ellipse(0, -90, 62, 12, mix(UMBER, NIGHT, 0.4))
        c.path("M60 -74Q104 -70 94 -40Q84 -20 50 -26", stroke=TEAL_D, sw=13)
        for k in (-22, 14):
            c.path(f"M{k} -110Q{k + 24} -150 {k} -184T{k + 6} -250", stroke=fade(WHITE, 0.7), sw=9, cap="round")
    with c.at(1120, 776):
        c.path("M-120 -60H120Q110 0 60 6H-60Q-110 0 -120 -60Z", c.lin(CREAM, mix(CREAM, SLATE, 0.35), to=(1, 0)))
        for x, tone in ((-70, BRICK), (-10, OCHRE), (56, MOSS), (-40, GOLD), (24, BRICK)):
            c.circle(x, -84 - (14 if abs(x) < 45 else 0), 44, c.lin(light(tone, 0.25), dark(tone, 0.2), to=(1, 1)))
        c.path("M-120 -60H120Q116 -30 106 -20H-106Q-116 -30 -120 -60Z", CREAM)
    with c.at(360, 772):
        c.path("M-40 0L-30 -110H30L40 0Z", fade(SKY, 0.75))
        for k, tone in enumerate((ROSE, OCHRE, PINK, BRICK)):
            c.path(f"M0 -70Q{(k - 1.5) * 20} -140 {(k - 1.5) * 52} {-200 + abs(k - 1.5) * 20}", stroke=MOSS, sw=7)
            for j in range(6):
                a = j * 1.047
                c.circle((k - 1.5) * 52 + 17 * math.cos(a), -200 + abs(k - 1.5) * 20 + 17 * math.sin(a), 15, tone)
            c.circle((k - 1.5) * 52, -200 + abs(k - 1.5) * 20, 11, GOLD)
    beam(c, (960, 250), (620, 1060), 120, 330, GOLD, 0.22)
    c.rect(0, 1050, 1600, 20, fade(NAVY, 0.3))
