"""The newsroom's desks."""

from ..atmosphere import rain
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
    PLUM,
    ROSE,
    RUST,
    SAND,
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
from ..town import skyline


@scene("letters-desk")
def letters_desk(c: Canvas) -> None:
    """Readers' letters, a fountain pen and a lamp on the opinion desk, from above."""
    c.rect(0, 0, 1600, 1067, c.lin(mix(UMBER, RUST, 0.2), mix(UMBER, NIGHT, 0.3), to=(1, 1)))
    for k in range(9):
        c.path(
            f"M0 {k * 130 + 30}Q500 {k * 130 - 10} 900 {k * 130 + 40}T1600 {k * 130 + 10}",
            stroke=fade(NIGHT, 0.16),
            sw=5,
        )
    c.rect(300, 180, 1000, 740, c.lin(FORESTY, dark(FORESTY, 0.3), to=(1, 1)), r=18)
    c.rect(322, 202, 956, 696, "none", r=12, stroke=fade(GOLD, 0.6), sw=4)
    tones = (CREAM, SKY, PINK, SAND, WHITE, SLACK)
    spots = ((170, 160, -14), (560, 90, 8), (1160, 140, 15), (230, 640, 9), (1190, 650, -10))
    for i, (x, y, turn) in enumerate(spots):
        _envelope(c, x, y, turn, tones[i], (BRICK, TEAL, OCHRE, INK, ROSE)[i])
    with c.at(610, 330, 1, -4):
        c.rect(14, 18, 500, 600, fade(NIGHT, 0.35))
        c.rect(0, 0, 500, 600, c.lin(WHITE, CREAM, to=(1, 1)))
        c.text(150, 84, 40, "Dear Editor,", INK, True)
        for k in range(10):
            w = (400, 380, 410, 350, 396, 240, 400, 370, 404, 180)[k]
            pts = [(50 + w * j / 24, 140 + k * 40 + (6 if j % 2 else -5) * c.rng.uniform(0.3, 1)) for j in range(25)]
            c.curve(pts, fade(NAVY, 0.85), 4)
        c.curve([(290, 560), (330, 520), (340, 570), (380, 530), (400, 566), (450, 540)], NAVY, 6)
    with c.at(1060, 480, 1.1, 28):
        c.rect(10, 18, 44, 400, fade(NIGHT, 0.35), r=20)
        c.rect(-22, 0, 44, 250, c.lin(light(BRICK, 0.2), RUST, dark(RUST, 0.4), to=(1, 0)), r=14)
        c.rect(-22, 130, 44, 14, GOLD)
        c.rect(14, 14, 8, 110, GOLD, r=4)
        c.rect(-17, 250, 34, 70, INK)
        c.path("M-16 320H16L4 396L0 412L-4 396Z", c.lin(GOLD, OCHRE, to=(1, 0)))
        c.line((0, 340), (0, 404), INK, 3)
        c.circle(0, 344, 5, INK)
    c.circle(1440, 470, 108, fade(NIGHT, 0.35))
    c.circle(1428, 456, 104, WHITE)
    c.circle(1428, 456, 70, c.lin(TEAL, TEAL_D))
    c.circle(1428, 456, 60, mix(UMBER, NIGHT, 0.45))
    c.path("M1396 430Q1428 410 1456 434", stroke=fade(SAND, 0.5), sw=6, cap="round")
    c.path("M1490 420Q1560 400 1566 450Q1566 490 1496 486", stroke=TEAL, sw=20)
    for k, tone in enumerate((OCHRE, TEAL)):
        with c.at(120, 520 + k * 46, 1, -6 + k * 9):
            c.rect(0, 0, 330, 22, tone, r=3)
            c.poly([(330, 0), (376, 11), (330, 22)], SAND)
            c.poly([(360, 7), (376, 11), (360, 15)], NIGHT)
            c.rect(-26, 0, 26, 22, ROSE, r=5)
    c.glow(300, 60, 1000, GOLD, 0.36)


FORESTY = mix(MOSS, TEAL_D, 0.6)


def _envelope(c: Canvas, x: float, y: float, turn: float, tone: str, stamp: str) -> None:
    """A posted envelope seen from above."""
    with c.at(x, y, 1, turn):
        c.rect(12, 16, 320, 210, fade(NIGHT, 0.35))
        c.rect(0, 0, 320, 210, c.lin(light(tone, 0.15), dark(tone, 0.06), to=(1, 1)))
        c.path("M0 0L160 116L320 0", stroke=fade(NIGHT, 0.14), sw=4)
        c.rect(250, 18, 54, 62, WHITE)
        c.rect(255, 23, 44, 52, stamp)
        c.path("M255 60Q266 50 277 60T299 60V75H255Z", fade(WHITE, 0.6))
        c.circle(232, 52, 32, "none", stroke=fade(INK, 0.4), sw=3)
        for k in range(3):
            c.path(f"M120 {40 + k * 12}q12 -8 24 0t24 0t24 0", stroke=fade(INK, 0.35), sw=3)
            c.rect(70, 122 + k * 24, 150 - k * 26, 7, fade(INK, 0.6), r=3)


@scene("chart-desk")
def chart_desk(c: Canvas) -> None:
    """The data desk at night: charts on two screens, the rainy city behind."""
    _chart_desk_background(c)
    _chart_desk_foreground(c)


def _chart_desk_background(c: Canvas) -> None:
    c.rect(0, 0, 1600, 1067, c.lin(INK, mix(INK, PLUM, 0.4)))
    c.rect(80, 50, 1440, 560, c.lin(NAVY, mix(TEAL, NAVY, 0.4), mix(ROSE, NAVY, 0.5)))
    with c.clip("M80 50H1520V610H80Z"):
        skyline(c, 610, mix(NAVY, TEAL, 0.4), 120, 300, 0.1, 100)
        skyline(c, 610, mix(NIGHT, INK, 0.6), 60, 190, 0.22, 90)
        rain(c, 150, SKY, 0.35, -0.16, 60)
    for x in (80, 560, 1040, 1520):
        c.rect(x - 10, 40, 20, 580, NIGHT)
    c.rect(60, 600, 1480, 24, mix(INK, SLATE, 0.3))
    c.rect(0, 840, 1600, 230, c.lin(mix(UMBER, OCHRE, 0.3), dark(UMBER, 0.4)))
    c.rect(0, 840, 1600, 14, light(UMBER, 0.3))
    for x, y, w, h in ((190, 300, 720, 440), (950, 360, 520, 380)):
        c.rect(x + w / 2 - 36, y + h, 72, 110, c.lin(SLATE, INK, to=(1, 0)))
        c.ellipse(x + w / 2, y + h + 112, 140, 18, INK)
        c.glow(x + w / 2, y + h / 2, w * 0.75, SKY, 0.3)
        c.rect(x - 16, y - 16, w + 32, h + 32, NIGHT, r=14)
        c.rect(x, y, w, h, CREAM, r=4)
    c.rect(230, 336, 260, 18, INK, r=4)


def _chart_desk_foreground(c: Canvas) -> None:
    c.rect(230, 366, 180, 9, fade(SLATE, 0.7), r=4)
    values = (0.3, 0.42, 0.38, 0.55, 0.5, 0.68, 0.82, 0.74, 0.95)
    for k, v in enumerate(values):
        c.rect(246 + k * 70, 690 - 270 * v, 46, 270 * v, BRICK if k == 8 else c.lin(light(TEAL, 0.15), TEAL))
    c.line((230, 692), (880, 692), INK, 4)
    for k in range(1, 4):
        c.line((230, 692 - k * 78), (880, 692 - k * 78), fade(INK, 0.15), 2)
    c.curve([(269 + k * 70, 660 - 270 * v - 6 * (k % 3)) for k, v in enumerate(values)], OCHRE, 7)
    c.circle(1110, 530, 110, SLACK)
    c.path("M1110 530V420A110 110 0 0 1 1205 585Z", BRICK)
    c.path("M1110 530L1205 585A110 110 0 0 1 1060 628Z", OCHRE)
    c.circle(1110, 530, 52, CREAM)
    for k in range(5):
        c.rect(1270, 420 + k * 54, 24, 24, (BRICK, OCHRE, SLACK, TEAL, INK)[k], r=4)
        c.rect(1308, 426 + k * 54, 110 - k * 14, 11, fade(SLATE, 0.8), r=5)
    c.path("M980 700Q1060 660 1140 690T1300 670T1440 690", stroke=TEAL, sw=6)
    with c.at(560, 1090, 9.4):
        c.path("M-6 -35Q-21 -33 -23 -20L-25 6H25L23 -20Q21 -33 6 -35Z", c.lin(mix(OCHRE, INK, 0.1), dark(OCHRE, 0.45)))
        head(c, 0, -46, 9.6, Look(OCHRE, INK, "#8a5638", "#1d1a22", "short"), True)
        c.path("M-10.6 -46A10.6 10.6 0 0 1 10.6 -46", stroke=NIGHT, sw=1.8)
        c.rect(-12.2, -49, 3.6, 8, BRICK, r=1.6)
        c.rect(8.6, -49, 3.6, 8, BRICK, r=1.6)
    c.rect(850, 900, 330, 44, c.lin(CREAM, SLATE), r=8)
    for k in range(10):
        c.rect(862 + k * 31, 908, 24, 11, fade(INK, 0.5), r=3)
        c.rect(862 + k * 31, 924, 24, 11, fade(INK, 0.5), r=3)
    with c.at(1330, 920):
        c.rect(-44, -80, 88, 96, c.lin(light(BRICK, 0.15), RUST, to=(1, 0)), r=10)
        c.ellipse(0, -80, 44, 10, NIGHT)
        c.path("M42 -60Q84 -56 76 -26Q70 -8 40 -12", stroke=RUST, sw=11)
        c.path("M-8 -100Q14 -130 -8 -160T-4 -220", stroke=fade(CREAM, 0.4), sw=8, cap="round")
    c.rect(120, 920, 210, 30, TEAL, r=4)
    c.rect(134, 890, 190, 30, PINK, r=4)
    c.rect(126, 862, 180, 28, GOLD, r=4)
    c.rect(0, 1060, 1600, 8, fade(mix(MOSS, SAND, 0.3), 0.2))
