"""Sky, weather, water and distance."""

import math

from .canvas import Canvas, Point, smooth
from .palette import CREAM, INK, WHITE, fade, mix


def sky(c: Canvas, *colours: str, bottom: float | None = None) -> None:
    """A graded sky down to ``bottom``."""
    c.rect(0, 0, c.w, bottom if bottom is not None else c.h, c.lin(*colours))


def sun(c: Canvas, x: float, y: float, r: float, colour: str, halo: float = 4.5) -> None:
    """A disc with a wide halo."""
    c.glow(x, y, r * halo, colour, 0.55)
    c.circle(x, y, r, c.lin(mix(colour, WHITE, 0.55), colour))


def cloud(c: Canvas, x: float, y: float, w: float, colour: str, op: float = 1.0, tall: float = 0.32) -> None:
    """A flat-bottomed cloud, ``w`` wide, whose base is at ``y``."""
    steps = 7
    with c.group(op=op):
        c.rect(x, y - w * 0.1, w, w * 0.1, colour, r=w * 0.05)
        for i in range(steps):
            t = (i + 0.5) / steps
            r = w * tall * 0.62 * math.sin(math.pi * (0.12 + t * 0.76)) * c.rng.uniform(0.6, 1.0)
            c.circle(x + w * (0.08 + 0.84 * t), y - r * 0.8, r, colour)


def streaks(c: Canvas, y0: float, y1: float, count: int, colour: str, op: float = 0.5) -> None:
    """Long level bands of cloud."""
    for _ in range(count):
        w = c.rng.uniform(0.15, 0.5) * c.w
        h = c.rng.uniform(6, 20)
        x, y = c.rng.uniform(-0.15, 0.9) * c.w, c.rng.uniform(y0, y1)
        c.rect(x, y, w, h, c.lin(fade(colour, 0), fade(colour, op), fade(colour, 0), to=(1, 0)), r=h / 2)


def rain(
    c: Canvas, count: int, colour: str = CREAM, op: float = 0.35, slant: float = -0.22, length: float = 70
) -> None:
    """Rain in three depths, slanting."""
    for _ in range(count):
        depth = c.rng.choice((0.5, 0.75, 1.15))
        x, y = c.rng.uniform(-50, c.w + 150), c.rng.uniform(-60, c.h)
        run = length * depth * c.rng.uniform(0.6, 1.2)
        c.line((x, y), (x + run * slant, y + run), colour, 1.1 + depth * 1.3, op=op * depth)


def mist(c: Canvas, y: float, height: float, colour: str, op: float = 0.7) -> None:
    """A level bank of mist around ``y``."""
    fill = c.lin(fade(colour, 0), fade(colour, op), fade(colour, op * 0.9), fade(colour, 0))
    c.rect(0, y - height / 2, c.w, height, fill)


def water(c: Canvas, y: float, *colours: str) -> None:
    """A graded water surface from ``y`` to the bottom."""
    c.rect(0, y, c.w, c.h - y, c.lin(*colours))


def ripples(c: Canvas, y0: float, y1: float, count: int, colour: str, op: float = 0.35) -> None:
    """Dashes of light on water, larger as they come closer."""
    for _ in range(count):
        t = c.rng.random() ** 1.4
        y = y0 + (y1 - y0) * t
        w, h = (30 + 190 * t) * c.rng.uniform(0.4, 1.2), 1.5 + 5 * t
        c.rect(c.rng.uniform(-80, c.w), y, w, h, colour, r=h / 2, op=op * c.rng.uniform(0.35, 1))


def glitter(c: Canvas, x: float, y0: float, y1: float, width: float, colour: str, op: float = 0.8) -> None:
    """The broken path of a light on water."""
    y = y0 + 3
    while y < y1:
        t = (y - y0) / (y1 - y0)
        h = 3 + 7 * t
        for _ in range(2):
            w = width * (0.25 + 0.75 * t) * c.rng.uniform(0.15, 0.8)
            shift = c.rng.gauss(0, width * (0.1 + 0.22 * t))
            c.rect(x + shift - w / 2, y, w, h, colour, r=h / 2, op=op * (1 - t * 0.6))
        y += h * c.rng.uniform(1.4, 2.4)


def ridge(c: Canvas, y: float, amp: float, colour: str, steps: int = 8, base: float | None = None) -> None:
    """A soft line of land or far trees, filled downwards."""
    pts: list[Point] = [(c.w * i / steps * 1.1 - c.w * 0.05, y - c.rng.uniform(0, amp)) for i in range(steps + 1)]
    floor = base if base is not None else c.h
    c.path(smooth(pts) + f"L{c.w + 90} {floor}L-90 {floor}Z", colour)


def gulls(c: Canvas, x: float, y: float, count: int, spread: float, colour: str = INK, size: float = 16) -> None:
    """Far birds as two strokes each."""
    for _ in range(count):
        bx, by = x + c.rng.uniform(-1, 1) * spread, y + c.rng.uniform(-0.4, 0.4) * spread
        s = size * c.rng.uniform(0.6, 1.3)
        lift = c.rng.uniform(0.25, 0.6)
        data = f"M{bx - s} {by - s * lift}Q{bx - s * 0.35} {by - s * 0.55} {bx} {by}"
        data += f"Q{bx + s * 0.35} {by - s * 0.55} {bx + s} {by - s * lift * 0.8}"
        c.path(data, stroke=colour, sw=max(1.8, s * 0.16), cap="round")


def beam(c: Canvas, a: Point, b: Point, spread0: float, spread1: float, colour: str, op: float = 0.4) -> None:
    """A cone of light from ``a`` to ``b``."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    size = math.hypot(dx, dy) or 1
    nx, ny = -dy / size, dx / size
    pts = [
        (a[0] + nx * spread0, a[1] + ny * spread0), (b[0] + nx * spread1, b[1] + ny * spread1),
        (b[0] - nx * spread1, b[1] - ny * spread1), (a[0] - nx * spread0, a[1] - ny * spread0),
    ]  # fmt: skip
    start = (0.0 if dx >= 0 else 1.0, 0.0 if dy >= 0 else 1.0)
    with c.group(style="mix-blend-mode:screen"):
        if abs(dy) >= abs(dx):
            fill = (
                c.lin(fade(colour, op), fade(colour, 0)) if start[1] == 0 else c.lin(fade(colour, 0), fade(colour, op))
            )
        else:
            ends = (fade(colour, op), fade(colour, 0))
            fill = c.lin(*(ends if start[0] == 0 else ends[::-1]), to=(1, 0))
        c.poly(pts, fill)
