"""The market and the vegetable garden."""

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
    PLUM,
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
from ..people import Look, head, person
from ..registry import scene


@scene("market-stall")
def market_stall(c: Canvas) -> None:
    """A vegetable stall under lanterns in the iron hall of the market."""
    _market_stall_background(c)
    _market_stall_middle(c)
    _market_stall_foreground(c)


def _market_stall_background(c: Canvas) -> None:
    x: float
    c.rect(0, 0, 1600, 1067, c.lin(mix(TEAL_D, INK, 0.5), mix(TEAL, GOLD, 0.3), mix(SAND, OCHRE, 0.2)))
    for k in range(4):
        r = 900 - k * 170
        c.path(
            f"M{800 - r} 760V420A{r} {r * 0.5} 0 0 1 {800 + r} 420V760",
            fade(GOLD, 0.06),
            stroke=mix(INK, TEAL, 0.3 + k * 0.12),
            sw=24 - k * 4,
        )
    c.glow(800, 420, 560, GOLD, 0.5)
    for x, h in ((120, 190), (230, 170), (1380, 180), (1490, 200), (1290, 160)):
        person(
            c, x, 770, h * 1.3, Look((SLATE, TEAL_D, PLUM, MOSS, INK)[int(x) % 5], INK, "#b97b52"), stride=6, shade=0.1
        )
    for x, y, s, tone in (
        (200, 200, 1.0, OCHRE),
        (500, 130, 0.8, BRICK),
        (800, 190, 1.1, GOLD),
        (1100, 120, 0.8, ROSE),
        (1400, 210, 1.0, OCHRE),
    ):
        c.line((x, -10), (x, y - 50 * s), NIGHT, 3)
        c.glow(x, y, 180 * s, GOLD, 0.6)
        c.ellipse(x, y, 58 * s, 50 * s, c.lin(light(tone, 0.4), tone))
        for k in (-30, 0, 30):
            c.path(
                f"M{x + k * s * 0.4} {y - 50 * s}Q{x + k * 1.7 * s} {y} {x + k * s * 0.4} {y + 50 * s}",
                stroke=fade(RUST, 0.4),
                sw=3,
            )
        c.rect(x - 20 * s, y - 56 * s, 40 * s, 12 * s, INK, r=3)
        c.rect(x - 20 * s, y + 44 * s, 40 * s, 12 * s, INK, r=3)
    person(
        c, 660, 960, 470, Look(OCHRE, INK, "#8a5638", "#1d1a22", "bun"), arm=((12, -72), (22, -62), (36, -64)), shade=0
    )
    with c.at(660, 960, 4.7):
        c.path("M-9 -70L-11 -34H11L9 -70Z", FOREST)
    c.rect(300, 300, 18, 560, UMBER)
    c.rect(1282, 300, 18, 560, UMBER)
    for k in range(9):
        x = 240 + k * 124.5
        tone = (BRICK, CREAM)[k % 2]
        c.path(
            f"M{300 + k * 111} 290H{411 + k * 111}L{x + 124.5} 430A62 40 0 0 1 {x} 430Z",
            c.lin(dark(tone, 0.05), light(tone, 0.1), dark(tone, 0.14)),
        )


def _market_stall_middle(c: Canvas) -> None:
    x: float
    c.rect(294, 278, 1012, 18, dark(BRICK, 0.3), r=6)
    goods = (
        (BRICK, 30),
        (MOSS, 34),
        (OCHRE, 30),
        (PLUM, 28),
        (SLACK, 38),
        (mix(BRICK, OCHRE, 0.5), 26),
        (GOLD, 30),
        (FOREST, 34),
    )
    for row in range(2):
        y = 730 + row * 130
        for k in range(4):
            tone, r = goods[row * 4 + k]
            x = 240 + k * 285 - row * 20
            w = 265 + row * 10
            for j in range(26):
                gx, gy = x + 24 + c.rng.random() * (w - 48), y - (j % 3) * 16 - c.rng.uniform(0, 16)
                c.circle(gx, gy, r, c.lin(light(tone, 0.3), tone, dark(tone, 0.3), to=(1, 1)))
                if tone in (BRICK, OCHRE, GOLD):
                    c.path(
                        f"M{gx - 7} {gy - r + 5}Q{gx} {gy - r - 9} {gx + 8} {gy - r + 4}",
                        stroke=FOREST,
                        sw=5,
                        cap="round",
                    )
                elif tone in (MOSS, SLACK, FOREST):
                    c.path(
                        f"M{gx} {gy + r * 0.7}V{gy - r * 0.6}M{gx} {gy}L{gx - r * 0.5} {gy - r * 0.4}M{gx}"
                        f" {gy}L{gx + r * 0.5} {gy - r * 0.4}",
                        stroke=fade(CREAM, 0.5),
                        sw=3,
                    )
            c.rect(x, y, w, 96, c.lin(light(UMBER, 0.35), UMBER))
            c.line((x, y + 32), (x + w, y + 32), dark(UMBER, 0.3), 4)
            c.line((x, y + 64), (x + w, y + 64), dark(UMBER, 0.3), 4)
            c.rect(x + w / 2 - 36, y + 16, 72, 54, INK, r=4)
            c.text(
                x + w / 2,
                y + 53,
                30,
                ("3.20", "2.40", "4.00", "5.10", "1.90", "2.80", "3.60", "2.20")[row * 4 + k],
                CREAM,
            )


def _market_stall_foreground(c: Canvas) -> None:
    c.rect(0, 956, 1600, 120, c.lin(mix(UMBER, SAND, 0.4), mix(UMBER, INK, 0.4)))
    c.shadow(760, 970, 700, 26, 0.5)
    with c.at(1420, 1067, 6.4, flip=True):
        c.path("M-6 -78Q-18 -76 -19 -66L-21 0H21L19 -66Q18 -76 6 -78Z", c.lin(TEAL, TEAL_D))
        c.limb([(14, -68), (22, -46), (36, -46)], light(TEAL, 0.1), 8)
        c.circle(38, -46, 4.4, "#f0c9a8")
        head(c, 0, -90, 9, Look(TEAL, INK, "#f0c9a8", "#6d4328", "bob"))
    c.path("M1130 780H1216L1206 880H1140Z", c.lin(SAND, SAND_D))
    c.path("M1148 782Q1172 730 1198 782", stroke=UMBER, sw=7)


@scene("vegetable-bed")
def vegetable_bed(c: Canvas) -> None:
    """Rows of vegetables run to a shed and the dyke; a gardener kneels."""
    c.rect(0, 0, 1600, 420, c.lin(mix(SKY, SEA, 0.2), mix(SKY, CREAM, 0.6), mix(CREAM, GOLD, 0.3)))
    c.glow(420, 180, 420, GOLD, 0.6)
    c.circle(420, 180, 60, mix(GOLD, WHITE, 0.4))
    c.path("M0 380Q400 300 800 350T1600 330V460H0Z", mix(SLACK, SKY, 0.3))
    c.rect(0, 390, 1600, 680, c.lin(mix(MOSS, SLACK, 0.4), MOSS))
    c.rect(1120, 200, 300, 220, c.lin(light(TEAL, 0.15), TEAL_D, to=(1, 0.2)))
    for k in range(8):
        c.line((1120 + k * 42, 200), (1120 + k * 42, 420), fade(NIGHT, 0.2), 4)
    c.poly([(1090, 206), (1270, 110), (1450, 206)], RUST)
    c.rect(1220, 270, 90, 150, BRICK)
    c.rect(1344, 260, 56, 56, GOLD)
    for k in range(22):
        c.rect(k * 50 - 10, 330, 30, 90, mix(CREAM, SLACK, 0.2))
        c.poly([(k * 50 - 10, 331), (k * 50 + 5, 312), (k * 50 + 20, 331)], mix(CREAM, SLACK, 0.2))
    c.rect(-10, 350, 1090, 10, mix(CREAM, SLATE, 0.2))
    c.poly([(-500, 1067), (400, 430), (1200, 430), (2100, 1067)], mix(UMBER, NIGHT, 0.1))
    for i in range(8):
        t0, t1 = i / 8, (i + 0.62) / 8
        near0, near1 = -500 + 2600 * t0, -500 + 2600 * t1
        far0, far1 = 400 + 800 * t0, 400 + 800 * t1
        c.poly([(near0, 1067), (far0, 430), (far1, 430), (near1, 1067)], c.lin(light(UMBER, 0.22), dark(UMBER, 0.1)))
        kind = i % 4
        for step in range(11):
            p = (step / 10.4) ** 2.1
            y = 440 + 640 * p
            x = (far0 + far1) / 2 + ((near0 + near1) / 2 - (far0 + far1) / 2) * (y - 430) / 637
            _plant(c, kind, x, y, 20 + 96 * p)
    person(
        c,
        1440,
        960,
        400,
        Look(BRICK, NAVY, "#dba67c", "#b9b4ad", "hat"),
        flip=True,
        arm=((12, -72), (22, -58), (24, -44)),
    )
    with c.at(1340, 830, 1.3):
        c.path("M-50 -40H40L30 50H-40Z", c.lin(SLATE, dark(SLATE, 0.4), to=(1, 0)))
        c.line((34, -10), (96, -46), SLATE, 12)
        c.ellipse(100, -50, 10, 24, SLATE, transform="rotate(30 100 -50)")
        c.path("M-46 -40Q-5 -110 38 -40", stroke=SLATE, sw=10)


def _plant(c: Canvas, kind: int, x: float, y: float, s: float) -> None:
    """One cabbage, carrot top, lettuce or tomato cane."""
    c.ellipse(x, y + s * 0.1, s * 0.6, s * 0.16, fade(NIGHT, 0.25))
    if kind == 0:
        for dx, dy, r, tone in (
            (-0.34, -0.1, 0.34, FOREST),
            (0.34, -0.1, 0.34, FOREST),
            (0, -0.2, 0.42, MOSS),
            (0, -0.26, 0.28, SLACK),
            (-0.04, -0.3, 0.15, mix(SLACK, CREAM, 0.5)),
        ):
            c.circle(x + dx * s, y + dy * s, r * s, tone)
    elif kind == 1:
        for k in range(7):
            a = (k - 3) * 0.28
            c.path(
                f"M{x} {y}Q{x + s * 0.3 * math.sin(a)} {y - s * 0.5} {x + s * 0.8 * math.sin(a)}"
                f" {y - s * 0.8 * math.cos(a)}",
                stroke=(SLACK, MOSS)[k % 2],
                sw=s * 0.07,
                cap="round",
            )
        c.ellipse(x, y, s * 0.14, s * 0.1, OCHRE)
    elif kind == 2:
        for k in range(6):
            a = (k - 2.5) * 0.42
            c.ellipse(
                x,
                y - s * 0.3,
                s * 0.15,
                s * 0.36,
                (PLUM, mix(PLUM, MOSS, 0.4), MOSS)[k % 3],
                transform=f"rotate({math.degrees(a):.0f} {x:.0f} {y:.0f})",
            )
    else:
        c.line((x, y), (x, y - s * 1.5), mix(UMBER, SAND, 0.5), s * 0.05)
        for k in range(4):
            c.circle(x + (-1) ** k * s * 0.17, y - s * (0.3 + k * 0.3), s * 0.2, (FOREST, MOSS)[k % 2])
            c.circle(x - (-1) ** k * s * 0.15, y - s * (0.3 + k * 0.28), s * 0.1, BRICK)
