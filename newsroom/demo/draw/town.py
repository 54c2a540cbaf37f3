"""Streets: houses, skylines, lamps, trams, buses and trees."""

from .canvas import Canvas, Point, between
from .palette import (
    BRICK,
    CREAM,
    FOREST,
    GOLD,
    INK,
    MOSS,
    NIGHT,
    OCHRE,
    SKY,
    SLATE,
    TEAL,
    UMBER,
    WHITE,
    dark,
    fade,
    light,
    mix,
)


def windows(c: Canvas, x: float, y: float, w: float, h: float, cols: int, rows: int, glass: str, lit: float = 0.3,
            glow: str = GOLD, arched: bool = False) -> None:  # fmt: skip
    """A grid of windows inside a box, some of them lit."""
    cw, rh = w / cols, h / rows
    for i in range(cols):
        for j in range(rows):
            fill = mix(glow, OCHRE, c.rng.random() * 0.5) if c.rng.random() < lit else glass
            wx, wy, ww, wh = x + cw * (i + 0.22), y + rh * (j + 0.18), cw * 0.56, rh * 0.64
            if arched:
                c.path(
                    f"M{wx} {wy + wh}V{wy + ww * 0.5}A{ww / 2} {ww / 2} 0 0 1 {wx + ww} {wy + ww * 0.5}V{wy + wh}Z",
                    fill,
                )
            else:
                c.rect(wx, wy, ww, wh, fill)
            if ww > 13:
                frame = fade(NIGHT, 0.45)
                c.line((wx + ww / 2, wy + 1), (wx + ww / 2, wy + wh), frame, max(1.2, ww * 0.07), cap="butt")
                c.line((wx, wy + wh * 0.5), (wx + ww, wy + wh * 0.5), frame, max(1.2, ww * 0.07), cap="butt")
                c.rect(wx - ww * 0.08, wy + wh, ww * 1.16, max(2, wh * 0.06), fade(WHITE, 0.35))


def house(c: Canvas, x: float, y: float, w: float, h: float, wall: str, roof: str, cols: int = 2, rows: int = 3,
          lit: float = 0.3, gable: str = "pitch", door: str | None = None) -> None:  # fmt: skip
    """A town house standing on ``y``: pitched, stepped or flat-topped, light from the left."""
    top = y - h
    rise = w * 0.45
    if gable == "pitch":
        c.poly([(x - 5, top + 2), (x + w / 2, top - rise), (x + w + 5, top + 2)], roof)
        c.poly([(x + w / 2, top - rise), (x + w + 5, top + 2), (x + w / 2, top + 2)], dark(roof, 0.22))
    elif gable == "step":
        for i in range(4):
            c.rect(x + w * 0.115 * i, top - rise * (i + 1) * 0.25, w * (1 - 0.23 * i), rise * 0.27 + 2, wall)
    else:
        c.rect(x - 5, top - 10, w + 10, 14, roof)
    c.rect(x + w * 0.7, top - rise * 0.95, w * 0.1, rise * 0.7, dark(wall, 0.35))
    c.rect(x, top, w, h, c.lin(light(wall, 0.08), wall, dark(wall, 0.18), to=(1, 0.6)))
    c.rect(x + w * 0.93, top, w * 0.07, h, fade(NIGHT, 0.16))
    floor = h * 0.28 if door else 0.0
    windows(
        c, x + w * 0.06, top + h * 0.03, w * 0.86, h * 0.95 - floor, cols, rows, dark(mix(wall, SKY, 0.35), 0.45), lit
    )
    if door:
        c.rect(x + w * 0.14, y - floor * 0.86, w * 0.24, floor * 0.86, door, r=3)
        c.rect(x + w * 0.17, y - floor * 0.8, w * 0.18, floor * 0.2, fade(GOLD, 0.8))
        c.rect(x + w * 0.5, y - floor * 0.8, w * 0.36, floor * 0.5, dark(mix(wall, SKY, 0.35), 0.4))


def skyline(c: Canvas, y: float, colour: str, low: float, high: float, lit: float = 0.0, gap: float = 70) -> None:
    """A far row of roofs in one colour, from edge to edge."""
    x = -gap * c.rng.random()
    while x < c.w:
        w, h = gap * c.rng.uniform(0.7, 1.5), c.rng.uniform(low, high)
        kind = c.rng.random()
        c.rect(x, y - h, w + 1, h + 2, colour)
        if kind < 0.5:
            c.poly([(x, y - h + 1), (x + w / 2, y - h - w * 0.38), (x + w + 1, y - h + 1)], colour)
        elif kind < 0.6:
            c.rect(x + w * 0.36, y - h - high * 0.5, w * 0.28, high * 0.5, colour)
            c.poly(
                [
                    (x + w * 0.3, y - h - high * 0.48),
                    (x + w / 2, y - h - high * 0.95),
                    (x + w * 0.7, y - h - high * 0.48),
                ],
                colour,
            )
        if kind > 0.8:
            c.rect(x + w * 0.2, y - h - 22, w * 0.14, 24, colour)
        if lit:
            for _ in range(int(w * h / 900)):
                if c.rng.random() < lit:
                    wx, wy = x + c.rng.uniform(0.1, 0.8) * w, y - c.rng.uniform(0.1, 0.9) * h
                    c.rect(wx, wy, 5, 8, GOLD, op=c.rng.uniform(0.5, 1))
        x += w


def lamp(c: Canvas, x: float, y: float, h: float, on: bool = True, colour: str = NIGHT) -> None:
    """A street lamp with a lantern."""
    c.line((x, y), (x, y - h), colour, h * 0.02)
    c.rect(x - h * 0.018, y - h * 0.2, h * 0.036, h * 0.2, colour)
    c.poly(
        [(x - h * 0.03, y - h), (x + h * 0.03, y - h), (x + h * 0.045, y - h * 1.09), (x - h * 0.045, y - h * 1.09)],
        GOLD if on else SKY,
    )
    c.poly([(x - h * 0.055, y - h * 1.09), (x + h * 0.055, y - h * 1.09), (x, y - h * 1.14)], colour)
    if on:
        c.glow(x, y - h * 1.05, h * 0.55, GOLD, 0.6)


def tree(c: Canvas, x: float, y: float, h: float, leaf: str = MOSS, trunk: str = UMBER) -> None:
    """A round-headed tree, lit from the left."""
    c.shadow(x, y, h * 0.3, h * 0.04, 0.3)
    c.path(f"M{x - h * 0.03} {y}L{x - h * 0.015} {y - h * 0.6}H{x + h * 0.015}L{x + h * 0.03} {y}Z", trunk)
    for dx, dy, r, tone in (
        (0.12, 0.58, 0.22, dark(leaf, 0.3)),
        (-0.13, 0.6, 0.2, dark(leaf, 0.12)),
        (0.0, 0.76, 0.24, leaf),
        (-0.08, 0.83, 0.12, light(leaf, 0.18)),
    ):
        c.circle(x + dx * h, y - dy * h, r * h, tone)


def poplar(c: Canvas, x: float, y: float, h: float, leaf: str = FOREST) -> None:
    """A tall narrow tree."""
    c.path(
        f"M{x} {y - h}C{x + h * 0.2} {y - h * 0.6} {x + h * 0.14} {y - h * 0.1} {x}"
        f" {y - h * 0.06}C{x - h * 0.14} {y - h * 0.1} {x - h * 0.2} {y - h * 0.6} {x} {y - h}"
        "Z",
        leaf,
    )
    c.path(
        f"M{x} {y - h}C{x + h * 0.2} {y - h * 0.6} {x + h * 0.14} {y - h * 0.1} {x} {y - h * 0.06}Z", dark(leaf, 0.2)
    )
    c.rect(x - h * 0.012, y - h * 0.1, h * 0.024, h * 0.1, dark(leaf, 0.4))


def tram_front(c: Canvas, x: float, y: float, w: float, number: str, body: str = BRICK, lights: bool = True) -> None:
    """A tram seen head on; ``x`` is its middle, ``y`` the rail."""
    with c.at(x, y, w / 200):
        c.shadow(0, 2, 130, 14, 0.55)
        c.rect(-84, -26, 168, 24, NIGHT, r=6)
        c.path(
            "M-100 -24V-250Q-100 -300 -60 -304H60Q100 -300 100 -250V-24Q100 -14 88 -14H-88Q-100 -14 -100 -24Z",
            c.lin(CREAM, CREAM, mix(CREAM, SLATE, 0.25)),
        )
        c.path(
            "M-100 -122H100V-24Q100 -14 88 -14H-88Q-100 -14 -100 -24Z", c.lin(light(body, 0.12), body, dark(body, 0.35))
        )
        c.rect(-100, -128, 200, 8, OCHRE)
        c.path("M-86 -136V-236Q-86 -258 -66 -258H66Q86 -258 86 -236V-136Z", c.lin(INK, TEAL, mix(GOLD, TEAL, 0.3)))
        c.path("M-86 -136V-236Q-86 -258 -66 -258H-30L-62 -136Z", fade(WHITE, 0.14))
        c.rect(-1.5, -258, 3, 122, NIGHT)
        c.ellipse(-34, -186, 12, 14, dark(UMBER, 0.4))
        c.path("M-58 -136Q-58 -172 -34 -172Q-10 -172 -10 -136Z", NIGHT)
        c.rect(-62, -296, 124, 30, NIGHT, r=6)
        c.text(0, -272, 26, number, GOLD)
        for side in (-1, 1):
            c.circle(side * 66, -64, 15, dark(body, 0.5))
            c.circle(side * 66, -64, 11, WHITE if lights else mix(SLATE, WHITE, 0.4))
        c.rect(-40, -76, 80, 24, dark(body, 0.25), r=4)
        c.text(0, -57, 19, "LYDE", CREAM)
        c.rect(-20, -320, 40, 18, NIGHT, r=4)
        c.limb([(-28, -320), (0, -362), (28, -320)], NIGHT, 4)
        c.line((-40, -362), (40, -362), NIGHT, 5)
        if lights:
            for side in (-1, 1):
                c.glow(side * 66, -64, 110, GOLD, 0.75)


def tram_side(c: Canvas, front: Point, size: float, vanish: Point, depth: float, body: str = BRICK) -> None:
    """The long side of a tram running back from its front's edge at ``front`` towards ``vanish``."""

    def level(part: float, t: float) -> Point:
        return between((front[0], front[1] - size * part), vanish, t * depth)

    def band(low: float, high: float, t0: float, t1: float, fill: str) -> None:
        c.poly([level(low, t0), level(high, t0), level(high, t1), level(low, t1)], fill)

    band(0.07, 0.98, 0, 1, mix(CREAM, SLATE, 0.35))
    band(0.06, 0.4, 0, 1, dark(body, 0.3))
    band(0.385, 0.42, 0, 1, dark(OCHRE, 0.15))
    band(0.0, 0.07, 0.02, 1, NIGHT)
    for i in range(6):
        t0 = (i + 0.12) / 6
        band(0.46, 0.84, t0, t0 + 0.125, mix(GOLD, OCHRE, 0.2))
        band(0.46, 0.6, t0 + 0.02, t0 + 0.07, dark(UMBER, 0.5))
        if i in (1, 4):
            band(0.08, 0.84, t0, t0 + 0.125, mix(GOLD, TEAL, 0.45))
    band(0.9, 1.0, 0, 1, dark(CREAM, 0.3))


def bus(c: Canvas, x: float, y: float, w: float, number: str, body: str = TEAL) -> None:
    """A lit bus from its side, going right; ``x`` is its left end, ``y`` the road."""
    with c.at(x, y, w / 600):
        c.shadow(300, 0, 340, 20, 0.6)
        c.path(
            "M8 -28V-190Q8 -216 34 -216H560Q592 -214 596 -160L600 -60V-28Z",
            c.lin(light(body, 0.15), body, dark(body, 0.4)),
        )
        c.rect(8, -92, 590, 10, CREAM, op=0.8)
        c.rect(24, -196, 470, 92, c.lin(GOLD, mix(GOLD, OCHRE, 0.5)), r=10)
        for i in range(5):
            c.rect(24 + 94 * i + 86, -196, 8, 92, dark(body, 0.3))
        c.path("M510 -196H566Q584 -194 588 -150L591 -104H510Z", mix(GOLD, SKY, 0.45))
        c.rect(404, -196, 84, 166, mix(GOLD, WHITE, 0.35), r=4)
        c.rect(444, -196, 5, 166, dark(body, 0.3))
        for i, tone in enumerate((INK, RUSTY, NIGHT, SLATE)):
            px = 72 + i * 86 + (i % 2) * 12
            c.circle(px, -148, 15, dark(UMBER, 0.3 + 0.15 * (i % 3)))
            c.path(f"M{px - 26} -104Q{px - 24} -134 {px} -134Q{px + 24} -134 {px + 26} -104Z", tone)
        c.rect(60, -214, 150, 18, NIGHT, r=3)
        c.text(135, -199, 16, number, GOLD)
        for wx in (120, 486):
            c.circle(wx, -26, 36, NIGHT)
            c.circle(wx, -26, 17, SLATE)
        c.ellipse(592, -56, 7, 11, WHITE)
        c.glow(598, -56, 120, GOLD, 0.8)


RUSTY = mix(BRICK, NIGHT, 0.3)
