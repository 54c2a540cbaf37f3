"""What hangs behind a portrait: a quiet sign of the sitter's subject."""

from collections.abc import Callable

from .canvas import Canvas
from .palette import (
    BRICK,
    CREAM,
    GOLD,
    MOSS,
    OCHRE,
    RUST,
    TEAL,
    WHITE,
    fade,
    mix,
)  # fmt: skip


def _roofs(c: Canvas, tone: str) -> None:
    far = fade(tone, 0.55)
    for k in range(7):
        x, h = k * 96 - 30.0, 150 + (k * 53) % 90
        c.path(f"M{x} 600V{600 - h}L{x + 46} {560 - h}L{x + 92} {600 - h}V600Z", far)
        c.rect(x + 22, 640 - h, 16, 22, fade(GOLD, 0.7))


def _columns(c: Canvas, tone: str) -> None:
    far = fade(tone, 0.55)
    for k in range(5):
        c.rect(20 + k * 128, 150, 48, 460, far)
    c.poly([(-10, 140), (300, 20), (610, 140)], far)


def _boxes(c: Canvas, _tone: str) -> None:
    for k in range(14):
        c.rect((k % 5) * 122 - 4, 560 - (k // 5) * 66 - (k % 2) * 4, 116, 60, fade((BRICK, TEAL, RUST)[k % 3], 0.4))


def _waves(c: Canvas, tone: str) -> None:
    far = fade(tone, 0.55)
    for k in range(7):
        c.path(
            f"M-20 {90 + k * 74}Q75 {38 + k * 74} 150 {90 + k * 74}T310"
            f" {90 + k * 74}T470 {90 + k * 74}T640 {90 + k * 74}",
            stroke=far,
            sw=12,
        )


def _lines(c: Canvas, tone: str) -> None:
    far = fade(tone, 0.55)
    for k in range(7):
        c.path(
            f"M-20 {90 + k * 74}Q75 {90 + k * 74} 150 {90 + k * 74}T310"
            f" {90 + k * 74}T470 {90 + k * 74}T640 {90 + k * 74}",
            stroke=far,
            sw=12,
        )


def _cells(c: Canvas, tone: str) -> None:
    for _ in range(16):
        x, y = c.rng.uniform(0, 600), c.rng.uniform(0, 520)
        c.circle(x, y, 34, fade(tone, 0.35), stroke=fade(tone, 0.55), sw=4)
        c.circle(x + 6, y - 4, 10, fade(TEAL, 0.5))


def _leaves(c: Canvas, _tone: str) -> None:
    for k in range(16):
        x, y = c.rng.uniform(0, 600), c.rng.uniform(0, 520)
        c.ellipse(x, y, 16, 46, fade(MOSS, 0.4), transform=f"rotate({k * 47} {x:.0f} {y:.0f})")


def _curtain(c: Canvas, _tone: str) -> None:
    for k in range(8):
        c.path(
            f"M{k * 84 - 20} 0Q{k * 84 + 20} 300 {k * 84 - 20} 600H{k * 84 + 24}Q{k * 84 + 60} 300 {k * 84 + 24} 0Z",
            fade(RUST, 0.45),
        )


def _pitch(c: Canvas, tone: str) -> None:
    for k in range(0, 6, 2):
        c.rect(k * 100, 0, 100, 600, fade(tone, 0.35))
    c.circle(300, 300, 250, "none", stroke=fade(WHITE, 0.55), sw=7)


def _bars(c: Canvas, tone: str) -> None:
    for k in range(8):
        c.rect(18 + k * 74, 600 - 120 - k * 44, 48, 600, fade((tone, OCHRE)[k == 6], 0.6))


def _sky(c: Canvas, _tone: str) -> None:
    c.circle(455, 140, 74, mix(GOLD, WHITE, 0.45))
    for _ in range(26):
        c.circle(c.rng.uniform(0, 600), c.rng.uniform(0, 400), c.rng.uniform(1, 3), fade(CREAM, 0.7))


_MOTIFS: dict[str, Callable[[Canvas, str], None]] = {
    "roofs": _roofs,
    "columns": _columns,
    "boxes": _boxes,
    "waves": _waves,
    "lines": _lines,
    "cells": _cells,
    "leaves": _leaves,
    "curtain": _curtain,
    "pitch": _pitch,
    "bars": _bars,
    "sun": _sky,
    "moon": _sky,
}


def motif(c: Canvas, kind: str, tone: str) -> None:
    """Draw the motif ``kind`` in shades of ``tone``."""
    _MOTIFS[kind](c, tone)
