"""Harbour and estuary: cranes, ships, boats, birds, reeds."""

import math

from .canvas import Canvas, Point
from .palette import (
    BRICK,
    CREAM,
    GOLD,
    INK,
    MOSS,
    NIGHT,
    OCHRE,
    RUST,
    SAND,
    SEA,
    SKINS,
    SLATE,
    TEAL,
    WHITE,
    dark,
    fade,
    light,
    mix,
)


def crane(
    c: Canvas, x: float, y: float, h: float, colour: str, boom: float = 0.0, flip: bool = False, rope: float = 0.45
) -> None:
    """A ship-to-shore crane on its legs; ``boom`` raises the arm (degrees)."""
    with c.at(x, y, h / 100, flip=flip):
        for lx in (-14.0, 12.0):
            c.poly([(lx - 2.2, 0), (lx + 2.2, 0), (lx * 0.8 + 1.6, -62), (lx * 0.8 - 1.6, -62)], colour)
        c.line((-13, -22), (11, -22), colour, 2.6)
        c.line((-13, -22), (10, -60), colour, 1.3)
        c.line((11, -22), (-11, -60), colour, 1.3)
        c.rect(-18, -3, 10, 4, dark(colour, 0.4))
        c.rect(7, -3, 10, 4, dark(colour, 0.4))
        c.rect(-30, -66, 46, 5, colour)
        c.rect(-28, -73, 14, 8, dark(colour, 0.25))
        c.poly([(-3, -66), (3, -66), (1, -96), (-1, -96)], colour)
        c.line((0, -95), (-28, -66), colour, 0.9)
        with c.at(14, -64, 1, -boom):
            c.rect(0, -2, 62, 4.4, colour)
            for i in range(8):
                c.line((2 + i * 7.6, 2), (5.8 + i * 7.6, -2), dark(colour, 0.35), 0.6)
        a = math.radians(boom)
        for far in (30.0, 60.0):
            c.line((0, -95), (14 + far * math.cos(a), -64 - far * math.sin(a)), colour, 0.8)
        if boom < 20:
            c.rect(34, -64, 8, 5, dark(colour, 0.4))
            c.line((36, -60), (36, -60 + 58 * rope), NIGHT, 0.4)
            c.line((40, -60), (40, -60 + 58 * rope), NIGHT, 0.4)
            c.rect(29, -60 + 58 * rope, 18, 8, mix(BRICK, colour, 0.1))


def containers(
    c: Canvas,
    x: float,
    y: float,
    w: float,
    h: float,
    cols: int,
    rows: int,
    colours: tuple[str, ...],
    holes: float = 0.1,
) -> None:
    """Stacked containers standing on ``y``."""
    tops = [rows - (c.rng.randrange(3) if c.rng.random() < 0.5 else 0) for _ in range(cols)]
    for i in range(cols):
        for j in range(tops[i]):
            colour = c.rng.choice(colours)
            bx, by = x + i * w, y - (j + 1) * h
            c.rect(bx + 0.8, by + 0.8, w - 1.6, h - 1.6, c.lin(light(colour, 0.12), dark(colour, 0.15)), r=1)
            for k in range(1, 7):
                c.line(
                    (bx + w * k / 7, by + h * 0.16),
                    (bx + w * k / 7, by + h * 0.84),
                    fade(NIGHT, 0.2),
                    w * 0.02,
                    cap="butt",
                )
            if c.rng.random() < holes:
                c.rect(bx + w * 0.1, by + h * 0.3, w * 0.3, h * 0.3, fade(WHITE, 0.7))


def ship(c: Canvas, x: float, y: float, w: float, hull: str = INK, band: str = RUST) -> None:
    """A container ship going left, its waterline at ``y``."""
    s = w / 1000
    with c.at(x, y, s):
        containers(c, 120, -120, 80, 38, 8, 5, (BRICK, OCHRE, TEAL, SLATE, CREAM, MOSS, RUST, SEA))
        c.rect(800, -390, 120, 280, c.lin(WHITE, mix(CREAM, SLATE, 0.35), to=(1, 0)))
        c.rect(776, -390, 168, 40, CREAM, r=4)
        for j in range(6):
            c.rect(806, -332 + j * 36, 108, 11, mix(SLATE, INK, 0.5))
        c.rect(782, -382, 156, 18, INK)
        c.rect(838, -450, 10, 64, NIGHT)
        c.rect(860, -440, 44, 54, OCHRE)
        c.rect(860, -440, 44, 14, INK)
        c.path(
            "M0 -165L70 -150L110 -120H960L992 -134L975 0H62Q30 -80 0 -165Z",
            c.lin(light(hull, 0.12), hull, dark(hull, 0.3)),
        )
        c.path("M50 -26H978L975 0H62Z", band)
        c.line((20, -116), (985, -100), fade(WHITE, 0.25), 3)
        c.text(210, -66, 34, "MERENTIDE", fade(WHITE, 0.75))


def rowing_eight(
    c: Canvas, x: float, y: float, w: float, rowers: int, kit: str, hull: str = CREAM, oar: str = BRICK
) -> None:
    """A rowing boat going right with its crew and a cox."""
    gap = w * 0.78 / rowers
    s = gap / 60
    for i in range(rowers):
        rx = x + w * 0.1 + gap * (i + 0.3)
        c.line((rx + 14 * s, y - 22 * s), (rx - 64 * s, y + 28 * s), mix(CREAM, SLATE, 0.4), 3.4 * s)
        c.poly(
            [
                (rx - 56 * s, y + 18 * s),
                (rx - 88 * s, y + 34 * s),
                (rx - 80 * s, y + 44 * s),
                (rx - 52 * s, y + 26 * s),
            ],
            oar,
        )
        skin, hair = c.rng.choice(SKINS), c.rng.choice((NIGHT, "#5d3a26", "#a8672f"))
        c.limb([(rx + 2 * s, y - 4 * s), (rx - 22 * s, y - 18 * s), (rx - 38 * s, y - 6 * s)], dark(skin, 0.2), 11 * s)
        c.limb([(rx + 6 * s, y - 6 * s), (rx + 18 * s, y - 44 * s)], kit, 21 * s)
        c.limb([(rx + 16 * s, y - 44 * s), (rx - 4 * s, y - 30 * s), (rx - 24 * s, y - 29 * s)], skin, 8 * s)
        c.circle(rx + 20 * s, y - 66 * s, 10.5 * s, skin)
        c.path(
            f"M{rx + 9 * s} {y - 68 * s}A{11 * s} {11 * s} 0 0 1 {rx + 31 * s} {y - 62 * s}"
            f"L{rx + 24 * s} {y - 70 * s}Z",
            hair,
        )
    cx = x + w * 0.05
    c.limb([(cx, y - 4 * s), (cx, y - 26 * s)], OCHRE, 20 * s)
    c.circle(cx, y - 45 * s, 10 * s, SKINS[0])
    c.path(
        f"M{cx - 11 * s} {y - 47 * s}A{11 * s} {11 * s} 0 0 1 {cx + 11 * s} {y - 47 * s}H{cx + 18 * s}V{y - 44 * s}Z",
        INK,
    )
    c.path(
        f"M{x - w * 0.04} {y - 6 * s}Q{x + w * 0.4} {y - 14 * s} {x + w * 1.06} {y - 8 * s}"
        f"Q{x + w * 0.9} {y + 14 * s} {x + w * 0.5} {y + 14 * s}Q{x + w * 0.1} {y + 14 * s}"
        f" {x - w * 0.04} {y - 6 * s}Z",
        c.lin(hull, dark(hull, 0.35)),
    )


def sailboat(c: Canvas, x: float, y: float, h: float, sail: str = CREAM, hull: str = INK) -> None:
    """A small boat under sail."""
    c.poly([(x, y - h * 0.12), (x, y - h), (x + h * 0.42, y - h * 0.16)], sail)
    c.poly([(x - h * 0.03, y - h * 0.14), (x - h * 0.03, y - h * 0.85), (x - h * 0.26, y - h * 0.14)], dark(sail, 0.16))
    c.line((x, y - h * 0.05), (x, y - h * 1.02), NIGHT, h * 0.014)
    c.path(f"M{x - h * 0.3} {y - h * 0.1}H{x + h * 0.42}Q{x + h * 0.36} {y} {x + h * 0.24} {y}H{x - h * 0.18}Z", hull)


def trawler(c: Canvas, x: float, y: float, w: float, hull: str = BRICK, flip: bool = False) -> None:
    """A small fishing boat."""
    with c.at(x, y, w / 200, flip=flip):
        c.line((40, -50), (40, -140), NIGHT, 3)
        c.line((40, -132), (96, -46), NIGHT, 1.6)
        c.line((40, -132), (-60, -44), NIGHT, 1.6)
        c.rect(-58, -92, 62, 52, CREAM, r=4)
        c.rect(-64, -98, 74, 9, INK, r=3)
        for i in range(3):
            c.rect(-52 + i * 19, -84, 13, 17, mix(GOLD, OCHRE, 0.3))
        c.path("M-100 -48Q0 -34 108 -62Q96 -8 84 0H-84Q-98 -20 -100 -48Z", c.lin(light(hull, 0.1), dark(hull, 0.25)))
        c.path("M-97 -18H90L84 0H-84Z", NIGHT, op=0.5)
        c.path("M-100 -48Q0 -34 108 -62L106 -54Q0 -26 -99 -40Z", CREAM)


def wader(c: Canvas, x: float, y: float, h: float, colour: str, feeding: bool = False, flip: bool = False) -> None:
    """A long-billed wading bird."""
    with c.at(x, y, h / 100, flip=flip):
        c.line((-4, -46), (-8, 0), NIGHT, 2.6)
        c.line((6, -46), (4, 0), NIGHT, 2.6)
        c.path("M-44 -48Q-20 -78 14 -72Q30 -66 24 -50Q8 -34 -16 -40Q-34 -44 -44 -48Z", colour)
        c.path("M-44 -48Q-20 -56 12 -54Q8 -36 -16 -40Q-34 -44 -44 -48Z", light(colour, 0.55))
        if feeding:
            c.limb([(18, -60), (34, -48)], colour, 13)
            c.circle(38, -44, 9, colour)
            c.path("M40 -40Q50 -20 52 -2", stroke=mix(OCHRE, NIGHT, 0.3), sw=3.2, cap="round")
        else:
            c.limb([(18, -64), (28, -84)], colour, 13)
            c.circle(31, -90, 9.5, colour)
            c.path("M37 -90Q58 -88 70 -80", stroke=mix(OCHRE, NIGHT, 0.3), sw=3.2, cap="round")
            c.circle(34, -92, 1.8, WHITE)


def reeds(c: Canvas, x0: float, x1: float, y: float, h: float, count: int, colours: tuple[str, ...]) -> None:
    """Reeds leaning in the wind, some with seed heads."""
    for _ in range(count):
        x, tall = c.rng.uniform(x0, x1), h * c.rng.uniform(0.45, 1)
        lean = c.rng.uniform(-0.1, 0.35) * tall
        colour = c.rng.choice(colours)
        w = h * 0.018
        c.path(f"M{x - w} {y}Q{x} {y - tall * 0.6} {x + lean} {y - tall}Q{x + w} {y - tall * 0.5} {x + w} {y}Z", colour)
        if c.rng.random() < 0.22:
            tip: Point = (x + lean * 0.97, y - tall)
            c.limb([tip, (tip[0] - lean * 0.04, tip[1] + tall * 0.11)], mix(RUST, colour, 0.25), h * 0.03)


def piles(c: Canvas, x0: float, x1: float, y: float, h: float, gap: float, colour: str) -> None:
    """A row of mooring piles."""
    x = x0
    while x < x1:
        c.rect(
            x,
            y - h * c.rng.uniform(0.85, 1.1),
            gap * 0.22,
            h * 1.2,
            c.lin(light(colour, 0.15), dark(colour, 0.3), to=(1, 0)),
            r=3,
        )
        x += gap


def sandbar(c: Canvas, x: float, y: float, w: float, h: float, colour: str = SAND) -> None:
    """A lens of sand or mud."""
    c.path(
        f"M{x} {y}Q{x + w * 0.3} {y - h} {x + w * 0.6} {y - h * 0.6}T{x + w} {y}Q{x + w * 0.5} {y + h * 0.5} {x} {y}Z",
        colour,
    )
