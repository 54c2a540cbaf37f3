"""The council, its elections and its mayor."""

import math

from ..atmosphere import beam
from ..canvas import Canvas
from ..palette import (
    BRICK,
    COATS,
    CREAM,
    GOLD,
    INK,
    NAVY,
    NIGHT,
    OCHRE,
    RUST,
    SAND,
    SAND_D,
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
from ..people import Look, crowd, head, seated, some_look
from ..registry import scene


@scene("council-chamber")
def council_chamber(c: Canvas) -> None:
    """The half-round council chamber, its members seen from the gallery."""
    _council_chamber_background(c)
    _council_chamber_foreground(c)


def _council_chamber_background(c: Canvas) -> None:
    x: float
    y: float
    c.rect(0, 0, 1600, 1067, c.lin(mix(UMBER, INK, 0.5), mix(UMBER, RUST, 0.35), mix(UMBER, INK, 0.35)))
    for i in range(17):
        c.rect(i * 100 - 8, 0, 16, 560, fade(NIGHT, 0.22))
    for x in (300, 800, 1300):
        c.path(f"M{x - 90} 480V190A90 90 0 0 1 {x + 90} 190V480Z", c.lin(mix(SKY, WHITE, 0.5), mix(GOLD, CREAM, 0.4)))
        c.line((x, 100), (x, 480), UMBER, 8)
        for y in (200, 300, 400):
            c.line((x - 90, y), (x + 90, y), UMBER, 6)
    for x in (300, 1300):
        beam(c, (x, 300), (800, 1000), 90, 260, GOLD, 0.22)
    c.rect(560, 330, 480, 250, mix(UMBER, NIGHT, 0.35))
    c.circle(800, 300, 62, OCHRE)
    c.circle(800, 300, 48, TEAL_D)
    c.path("M760 308Q780 290 800 308T840 308M766 328Q783 312 800 328T834 328", stroke=CREAM, sw=6)
    c.poly([(800, 264), (812, 292), (788, 292)], CREAM)
    for i, x in enumerate((650, 800, 950)):
        seated(
            c,
            x,
            520,
            118 if i != 1 else 136,
            Look(
                (INK, BRICK, TEAL)[i],
                INK,
                SKINS[(i * 2 + 1) % 6],
                ("#1d1a22", "#b9b4ad", "#6d4328")[i],
                ("short", "bob", "short")[i],
            ),
        )


def _council_chamber_foreground(c: Canvas) -> None:
    x: float
    y: float
    c.rect(540, 512, 520, 100, c.lin(light(UMBER, 0.2), dark(UMBER, 0.3)), r=6)
    c.ellipse(800, 800, 360, 110, mix(BRICK, NIGHT, 0.25))
    c.ellipse(800, 796, 330, 92, mix(BRICK, UMBER, 0.2))
    for row in range(3):
        rx, ry, size = 470 + row * 200, 150 + row * 110, 92 + row * 34
        desk = mix(UMBER, OCHRE, 0.25 - row * 0.05)
        count = 8 + row * 2
        for i in range(count):
            a = math.pi * (0.04 + 0.92 * i / (count - 1))
            x, y = 800 + rx * math.cos(a), 720 + row * 20 + ry * math.sin(a)
            c.ellipse(x, y + 8, size * 0.8, size * 0.22, dark(desk, 0.4))
            c.rect(
                x - size * 0.34,
                y - size * 0.24,
                size * 0.4,
                size * 0.14,
                CREAM,
                transform=f"rotate(-6 {x:.0f} {y:.0f})",
            )
            c.ellipse(x, y - 2, size * 0.8, size * 0.2, fade(desk, 0.0))
            seated(c, x, y + size * 0.45, size, some_look(c.rng, COATS), back=0.16 < i / (count - 1) < 0.84)
        a0 = "M{:.0f} {:.0f}A{:.0f} {:.0f} 0 0 0 {:.0f} {:.0f}"
        y = 720 + row * 20 + size * 0.46
        c.path(a0.format(800 - rx - 60, y, rx + 60, ry + 12, 800 + rx + 60, y), stroke=desk, sw=size * 0.34)
        c.path(
            a0.format(800 - rx - 60, y - size * 0.17, rx + 60, ry + 12, 800 + rx + 60, y - size * 0.17),
            stroke=light(desk, 0.3),
            sw=6,
        )


@scene("ballot-box")
def ballot_box(c: Canvas) -> None:
    """A hand drops a folded paper into a ballot box."""
    c.rect(0, 0, 1600, 1067, c.lin(mix(SLACK, CREAM, 0.3), mix(SLACK, TEAL, 0.25)))
    c.circle(1130, 300, 520, fade(CREAM, 0.25))
    for i in range(3):
        x = 60 + i * 210
        c.rect(x, 240, 180, 560, c.lin(mix(TEAL, SLACK, 0.35), mix(TEAL_D, SLACK, 0.25)))
        c.path(
            f"M{x} 250H{x + 180}V640"
            + "".join(f"Q{x + 157 - k * 45} 664 {x + 135 - k * 45} 640" for k in range(4))
            + "Z",
            mix(BRICK, SLACK, 0.22 + 0.08 * i),
        )
        for k in range(1, 6):
            c.line((x + k * 30, 255), (x + k * 30, 630), fade(NIGHT, 0.12), 5)
    c.line((30, 244), (680, 244), mix(UMBER, SLACK, 0.2), 12)
    c.rect(0, 800, 1600, 270, c.lin(light(SAND, 0.1), SAND_D, mix(SAND_D, UMBER, 0.4)))
    c.shadow(960, 940, 520, 50, 0.5)
    c.poly([(620, 520), (720, 440), (1240, 440), (1300, 520)], c.lin(mix(INK, SLATE, 0.5), mix(INK, SLATE, 0.25)))
    c.poly([(850, 492), (868, 474), (1072, 474), (1084, 492)], NIGHT)
    c.rect(620, 518, 680, 420, c.lin(NAVY, INK, NIGHT, to=(1, 0.5)), r=8)
    c.rect(620, 518, 680, 26, light(NAVY, 0.15))
    c.rect(800, 640, 320, 190, CREAM, r=6)
    c.path("M890 735L945 790L1035 680", stroke=BRICK, sw=26, cap="round", join="round")
    c.circle(960, 580, 15, OCHRE)
    with c.clip("M0 0H1600V486H0Z"), c.at(962, 300, 1, 7):
        c.rect(-96, -80, 192, 320, c.lin(WHITE, mix(CREAM, SLATE, 0.12)))
        c.poly([(-96, -80), (96, -80), (96, -40), (-96, -50)], mix(CREAM, SLATE, 0.2))
        for k in range(4):
            c.rect(-66, 0 + k * 44, 22, 22, "none", stroke=SLATE, sw=4)
            c.rect(-26, 6 + k * 44, 90 - k * 9, 9, fade(SLATE, 0.6))
        c.path("M-66 46L-56 62L-38 38", stroke=BRICK, sw=6)
    skin = SKINS[2]
    c.path("M1600 -40L1290 150L1240 260L1330 330L1600 190Z", c.lin(BRICK, dark(BRICK, 0.3)))
    c.path("M1310 132L1226 262L1310 334L1352 310L1290 250L1362 150Z", CREAM)
    c.path(
        "M1262 200Q1170 190 1090 230Q1010 252 968 290Q948 312 980 322Q1030 312 1080 290"
        "L1010 340Q990 372 1030 372L1120 330Q1060 376 1062 394Q1080 412 1110 392L1190"
        " 346Q1260 330 1306 300Z",
        skin,
    )
    c.path(
        "M1080 290Q1120 280 1150 282M1120 330Q1150 318 1176 318M1262 200Q1230 240 1250 290",
        stroke=dark(skin, 0.3),
        sw=5,
        cap="round",
    )
    c.path("M1066 246Q1010 262 980 300Q1020 296 1060 276Z", light(skin, 0.2))


@scene("mayor-podium")
def mayor_podium(c: Canvas) -> None:
    """A speaker at a lectern before flags, lamps and raised cameras."""
    _mayor_podium_background(c)
    _mayor_podium_foreground(c)


def _mayor_podium_background(c: Canvas) -> None:
    c.rect(0, 0, 1600, 1067, c.lin(TEAL_D, TEAL, mix(TEAL, SLACK, 0.3)))
    for i in range(9):
        c.path(
            f"M{i * 200 - 60} 0Q{i * 200 - 10} 400 {i * 200 - 50} 900H{i * 200 + 40}"
            f"Q{i * 200 + 80} 400 {i * 200 + 30} 0Z",
            fade(INK, 0.22),
        )
    beam(c, (520, -20), (800, 900), 30, 360, GOLD, 0.34)
    beam(c, (1180, -20), (800, 900), 30, 320, CREAM, 0.24)
    for x, tones in ((330, (BRICK, CREAM, INK)), (1270, (OCHRE, TEAL_D, CREAM))):
        c.rect(x - 6, 150, 12, 760, SAND_D)
        c.circle(x, 146, 16, OCHRE)
        s = 1 if x < 800 else -1
        for k, tone in enumerate(tones):
            c.path(
                f"M{x} {180 + k * 8}Q{x + s * (150 - k * 44)} {320} {x + s * (118 - k * 36)}"
                f" {700 - k * 30}Q{x + s * 30} {660} {x} {730 - k * 20}Z",
                c.lin(tone, dark(tone, 0.35), to=(1, 0.3)),
            )
    c.rect(0, 850, 1600, 220, c.lin(mix(TEAL_D, NIGHT, 0.4), NIGHT))
    c.shadow(800, 880, 320, 30, 0.5)


def _mayor_podium_foreground(c: Canvas) -> None:
    with c.at(800, 690, 7.2):
        c.path("M-7 -36Q-24 -33 -27 -17L-30 12H30L27 -17Q24 -33 7 -36Z", c.lin(BRICK, dark(BRICK, 0.3), to=(1, 0.4)))
        c.path("M-7 -36L0 -22L7 -36L3 -40H-3Z", CREAM)
        c.path("M-7 -36L-12 -24L-2 -6L0 -22ZM7 -36L12 -24L2 -6L0 -22Z", dark(BRICK, 0.32))
        c.path("M-20 -34Q0 -2 20 -34", stroke=OCHRE, sw=2.4)
        c.circle(0, -15, 3.4, GOLD)
        c.limb([(24, -26), (35, -12), (40, -31)], light(BRICK, 0.06), 9)
        c.circle(40.5, -35, 4.4, SKINS[0])
        c.limb([(39, -37), (37, -42)], SKINS[0], 2)
        c.limb([(41, -38), (41, -43.5)], SKINS[0], 2)
        c.limb([(43, -37), (45, -42)], SKINS[0], 2)
        c.limb([(-24, -26), (-29, -8), (-18, 2)], dark(BRICK, 0.15), 9)
        head(c, 0, -49, 9.6, Look(BRICK, INK, SKINS[0], "#b9b4ad", "bob"))
    c.poly(
        [(600, 660), (1000, 660), (960, 1067), (640, 1067)],
        c.lin(light(UMBER, 0.3), UMBER, dark(UMBER, 0.4), to=(1, 0.3)),
    )
    c.rect(576, 636, 448, 34, light(UMBER, 0.35), r=6)
    c.circle(800, 830, 84, OCHRE)
    c.circle(800, 830, 70, TEAL_D)
    c.path("M746 836Q773 812 800 836T854 836M756 866Q778 844 800 866T844 866", stroke=CREAM, sw=8)
    c.poly([(800, 776), (818, 814), (782, 814)], CREAM)
    for x, lean in ((720, 30), (880, -30), (800, 0)):
        c.limb([(x, 640), (x + lean, 560 + abs(lean) * 0.4)], NIGHT, 7)
        c.ellipse(x + lean, 548 + abs(lean) * 0.4, 15, 24, NIGHT)
    crowd(c, 1130, 250, 190, (INK, NAVY, NIGHT, TEAL_D), 0.5)
    for x, y in ((300, 880), (1340, 850)):
        c.limb([(x - 90, 1067), (x - 50, y + 60), (x, y + 20)], mix(INK, NIGHT, 0.5), 44)
        c.rect(x - 60, y - 44, 130, 84, NIGHT, r=12)
        c.circle(x + 4, y, 30, SLATE)
        c.rect(x - 36, y - 68, 60, 28, NIGHT, r=6)
