"""Wards and lecture halls."""

from ..canvas import Canvas, Point
from ..palette import (
    BRICK,
    COATS,
    CREAM,
    FOREST,
    GOLD,
    INK,
    MOSS,
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
from ..people import Look, crowd, person
from ..registry import scene

VX, VY = 720.0, 430.0


def _wall(c: Canvas, side: int, t0: float, t1: float, top: float, bottom: float, fill: str) -> None:
    """A patch of the left (-1) or right (1) wall, from ``t0`` to ``t1`` of its depth."""
    edge = 0.0 if side < 0 else 1600.0
    pts = []
    for t, high in ((t0, top), (t1, top), (t1, bottom), (t0, bottom)):
        x = edge + (VX + side * 150 - edge) * t
        y0, y1 = (VY - 110) * t, 1067 + (VY + 130 - 1067) * t
        pts.append((x, y0 + (y1 - y0) * high))
    c.poly(pts, fill)


def _lamp(t: float, share: float) -> Point:
    """A corner of a ceiling lamp."""
    x0, x1 = (VX - 150) * t, 1600 + (VX + 150 - 1600) * t
    return x0 + (x1 - x0) * share, (VY - 110) * t


def _hospital_corridor_walls(c: Canvas) -> None:
    for side in (-1, 1):
        _wall(c, side, 0, 1, 0.62, 0.66, mix(UMBER, SAND, 0.45))
        _wall(c, side, 0, 1, 0.66, 1, fade(TEAL if side < 0 else ROSE, 0.32))
        _wall(c, side, 0, 1, 0.97, 1, fade(INK, 0.4))
    for t0, t1 in ((0.34, 0.56), (0.74, 0.84)):
        _wall(c, 1, t0, t1, 0.24, 1, mix(CREAM, SLATE, 0.3))
        _wall(c, 1, t0 + 0.015, t1 - 0.012, 0.265, 1, c.lin(TEAL, TEAL_D))
        _wall(c, 1, t0 + (t1 - t0) * 0.55, t1 - 0.03, 0.34, 0.55, mix(GOLD, CREAM, 0.4))
    for t0, t1 in ((0.06, 0.3), (0.42, 0.56), (0.66, 0.76), (0.84, 0.9)):
        _wall(c, -1, t0, t1, 0.2, 0.56, WHITE)
        _wall(c, -1, t0 + 0.012, t1 - 0.01, 0.215, 0.545, c.lin(SKY, mix(GOLD, CREAM, 0.5)))
    for t0, t1 in ((0.02, 0.26), (0.4, 0.56), (0.66, 0.76), (0.83, 0.89)):
        c.poly([_lamp(t0, 0.4), _lamp(t0, 0.6), _lamp(t1, 0.6), _lamp(t1, 0.4)], WHITE)


@scene("hospital-corridor")
def hospital_corridor(c: Canvas) -> None:
    """A hospital corridor in one-point perspective, two nurses walking."""
    _hospital_corridor_background(c)
    _hospital_corridor_foreground(c)


def _hospital_corridor_background(c: Canvas) -> None:
    c.rect(0, 0, 1600, 1067, mix(CREAM, SKY, 0.3))
    c.poly(
        [(0, 0), (1600, 0), (VX + 150, VY - 110), (VX - 150, VY - 110)],
        c.lin(mix(SKY, SLATE, 0.25), mix(CREAM, SKY, 0.3)),
    )
    c.poly(
        [(0, 1067), (1600, 1067), (VX + 150, VY + 130), (VX - 150, VY + 130)], c.lin(mix(GOLD, CREAM, 0.6), SEA, TEAL)
    )
    c.poly(
        [(0, 0), (VX - 150, VY - 110), (VX - 150, VY + 130), (0, 1067)],
        c.lin(mix(SKY, SLATE, 0.1), mix(CREAM, SLACK, 0.35), to=(1, 0)),
    )
    c.poly(
        [(1600, 0), (VX + 150, VY - 110), (VX + 150, VY + 130), (1600, 1067)],
        c.lin(CREAM, mix(SAND, PINK, 0.3), to=(1, 0)),
    )
    c.rect(VX - 150, VY - 110, 300, 240, mix(GOLD, WHITE, 0.6))
    c.rect(VX - 110, VY - 70, 220, 200, c.lin(mix(SKY, WHITE, 0.6), mix(SLACK, CREAM, 0.4)))
    c.circle(VX + 40, VY + 40, 46, fade(MOSS, 0.5))
    for x in (VX - 110, VX, VX + 104):
        c.rect(x - 3, VY - 70, 7, 200, SLATE)
    c.glow(VX, VY + 20, 420, WHITE, 0.8)
    _hospital_corridor_walls(c)


def _hospital_corridor_foreground(c: Canvas) -> None:
    for k, (x0, x1) in enumerate(((80, 330), (560, 640))):
        c.poly(
            [
                (x0, 1067 - k * 240),
                (x1, 1067 - k * 270),
                (x1 + 360 - k * 190, 1067 - k * 180),
                (x0 + 420 - k * 190, 1067 - k * 130),
            ],
            fade(WHITE, 0.12),
        )
    c.poly([(640, 562), (800, 562), (960, 1067), (480, 1067)], fade(WHITE, 0.18))
    for x, y, h, coat, skin, hair, style, flip in (
        (640, 900, 480, TEAL, SKINS[3], "#1d1a22", "bun", False),
        (860, 915, 500, mix(SEA, CREAM, 0.25), SKINS[1], "#6d4328", "short", True),
    ):
        person(c, x, y, h, Look(coat, dark(coat, 0.25), skin, hair, style), stride=8, flip=flip)
        with c.at(x, y, h / 100, flip=flip):
            c.path("M-5 -80L0 -71L5 -80Z", skin)
            c.path("M-9 -78Q0 -56 9 -78", stroke=INK, sw=1.2)
            c.rect(4, -66, 7, 8, WHITE, r=1)
    with c.at(660, 700):
        c.rect(60, -60, 90, 116, UMBER, r=6, transform="rotate(8)")
        c.rect(68, -46, 74, 96, WHITE, r=3, transform="rotate(8)")
    with c.at(1270, 1010, 1.5):
        c.rect(-10, -30, 260, 14, SLATE)
        c.rect(0, -110, 240, 84, c.lin(WHITE, mix(CREAM, SLATE, 0.25)), r=12)
        c.rect(0, -80, 170, 54, SEA, r=8)
        c.rect(178, -138, 70, 40, CREAM, r=16)
        c.rect(-12, -120, 10, 100, SLATE, r=4)
        for x in (20, 220):
            c.line((x, -26), (x, 16), SLATE, 7)
            c.circle(x, 20, 13, NIGHT)


@scene("lecture-hall")
def lecture_hall(c: Canvas) -> None:
    """A steep lecture hall from the back row, a lecturer before a lit screen."""
    x: float
    c.rect(0, 0, 1600, 1067, c.lin(mix(FOREST, INK, 0.55), mix(FOREST, INK, 0.25)))
    for i in range(24):
        c.rect(i * 70, 0, 34, 640, fade(UMBER, 0.22))
    c.glow(800, 280, 760, CREAM, 0.4)
    c.rect(370, 70, 860, 460, CREAM, r=6)
    c.rect(370, 70, 860, 460, c.rad(WHITE, CREAM, mix(CREAM, GOLD, 0.25)), r=6)
    c.path("M470 440H1130M470 440V150", stroke=INK, sw=6, cap="round")
    c.path("M470 420Q640 410 760 300T1110 170V440H470Z", fade(SEA, 0.35))
    c.path("M470 420Q640 410 760 300T1110 170", stroke=TEAL, sw=10, cap="round")
    c.path("M470 400Q700 380 860 350T1110 310", stroke=BRICK, sw=8, cap="round", stroke_dasharray="4 22")
    for x, y in ((560, 414), (690, 358), (800, 268), (950, 208), (1100, 174)):
        c.circle(x, y, 13, OCHRE)
    for k in range(5):
        c.path(
            f"M{1140 + k * 16} 440Q{1120 + k * 20} 400 {1136 + k * 14} {350 - k * 4}", stroke=MOSS, sw=6, cap="round"
        )
    c.rect(0, 590, 1600, 200, c.lin(mix(UMBER, OCHRE, 0.35), dark(UMBER, 0.4)))
    c.ellipse(800, 640, 700, 60, fade(GOLD, 0.16))
    person(c, 430, 700, 290, Look(BRICK, INK, SKINS[4], "#1d1a22", "short"), arm=((12, -72), (26, -76), (40, -86)))
    c.poly([(560, 560), (720, 560), (706, 720), (574, 720)], c.lin(mix(UMBER, OCHRE, 0.3), dark(UMBER, 0.3)))
    c.poly([(570, 560), (710, 560), (690, 520), (590, 520)], SLATE)
    for row in range(4):
        size = 96 + row * 44
        y = 770 + row * 108
        shade = 0.1 + row * 0.16
        crowd(c, y + 4, size, size * 1.28, COATS, shade)
        desk = mix(mix(UMBER, OCHRE, 0.45), NIGHT, shade * 0.8)
        c.path(f"M-10 {y + 10}Q800 {y - 26} 1610 {y + 10}V1080H-10Z", c.lin(desk, dark(desk, 0.4)))
        c.path(f"M-10 {y + 10}Q800 {y - 26} 1610 {y + 10}", stroke=light(desk, 0.25), sw=6 + row * 2)
        for _ in range(6):
            x = c.rng.uniform(40, 1500)
            c.poly(
                [
                    (x, y + 2),
                    (x + size * 0.5, y),
                    (x + size * 0.6, y + size * 0.14),
                    (x - size * 0.06, y + size * 0.16),
                ],
                c.rng.choice((CREAM, CREAM, SKY)),
                op=0.85,
            )
    c.path("M0 0H1600V90Q800 -20 0 90Z", fade(NIGHT, 0.4))
