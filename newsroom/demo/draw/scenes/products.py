"""Products on a plain soft ground: kitchen, house and books."""

import math

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
from ..shore import wader


def ground(c: Canvas, tone: str, y: float = 800, rx: float = 330) -> None:
    """The soft plain ground and the shadow every product stands on."""
    c.vignette = 0.14
    c.grain = 0.14
    c.rect(0, 0, c.w, c.h, c.rad(light(tone, 0.5), light(tone, 0.2), tone, at=(0.4, 0.35), r=0.85))
    c.ellipse(530, y, rx, rx * 0.13, c.rad(fade(NIGHT, 0.42), fade(NIGHT, 0.26), fade(NIGHT, 0)))


def _steel(c: Canvas) -> str:
    return c.lin(SLATE, CREAM, WHITE, SLATE, to=(1, 0))


@scene("product-pot", 1000, 1000)
def pot(c: Canvas) -> None:
    """A brick-red cast-iron pot with its lid."""
    ground(c, mix(SAND, CREAM, 0.3), 770, 420)
    enamel = c.lin(light(BRICK, 0.2), BRICK, RUST, dark(RUST, 0.45), to=(1, 0.3))
    for s in (-1, 1):
        c.path(
            f"M{500 + s * 300} 490H{500 + s * 380}Q{500 + s * 404} 490 {500 + s * 400} 520"
            f"Q{500 + s * 392} 560 {500 + s * 300} 556",
            stroke=(BRICK, dark(RUST, 0.3))[s > 0],
            sw=34,
            join="round",
        )
    c.path("M184 440H816L796 700Q784 780 700 780H300Q216 780 204 700Z", enamel)
    c.path("M232 470Q230 640 262 730", stroke=fade(WHITE, 0.35), sw=26, cap="round")
    c.rect(170, 424, 660, 34, c.lin(light(BRICK, 0.3), RUST, to=(1, 0)), r=14)
    c.path("M190 426Q220 316 500 310Q780 316 810 426Z", enamel)
    c.path("M270 384Q340 342 470 336", stroke=fade(WHITE, 0.4), sw=15, cap="round")
    c.rect(474, 278, 52, 36, _steel(c))
    c.ellipse(500, 270, 62, 24, _steel(c))
    c.text(500, 640, 40, "FENDAL", fade(CREAM, 0.7), True)


@scene("product-dehumidifier", 1000, 1000)
def dehumidifier(c: Canvas) -> None:
    """A small white dehumidifier, drops in its tank."""
    ground(c, mix(SKY, CREAM, 0.3), 850, 300)
    c.rect(300, 180, 400, 664, c.lin(WHITE, CREAM, mix(CREAM, SLATE, 0.4), to=(1, 0.15)), r=80)
    c.rect(380, 214, 240, 22, mix(SLATE, CREAM, 0.35), r=11)
    for k in range(8):
        c.rect(362, 282 + k * 28, 276, 12, c.lin(SLATE, INK), r=6)
    c.circle(500, 550, 34, TEAL_D)
    c.circle(500, 550, 25, c.lin(SEA, TEAL))
    c.circle(560, 550, 7, MOSS)
    c.rect(336, 622, 328, 190, fade(TEAL_D, 0.25), r=34)
    c.path("M340 712Q420 694 500 712T660 708V780Q660 808 630 808H370Q340 808 340 780Z", c.lin(mix(SKY, SEA, 0.3), TEAL))
    c.rect(352, 640, 20, 150, fade(WHITE, 0.5), r=10)
    for x, y, r in ((420, 666, 13), (500, 652, 16), (584, 670, 12)):
        c.path(f"M{x} {y - r * 1.8}Q{x + r * 1.5} {y} {x} {y + r}Q{x - r * 1.5} {y} {x} {y - r * 1.8}Z", SEA)
    c.path("M326 300V720", stroke=fade(WHITE, 0.8), sw=12, cap="round")


@scene("product-almanac", 1000, 1000)
def almanac(c: Canvas) -> None:
    """A clothbound almanac with a wading bird and a moon on the cover."""
    ground(c, mix(SLACK, CREAM, 0.45), 860, 350)
    with c.at(500, 500, 1, -5):
        c.rect(-246, -340, 520, 700, fade(NIGHT, 0.3), r=10, filter=c.blur(12))
        c.rect(-236, -336, 510, 684, c.lin(CREAM, SAND), r=8)
        for k in range(6):
            c.line((266 - k * 0.6, -326), (266, 340), fade(UMBER, 0.3), 1.5)
        c.rect(-262, -350, 520, 700, c.lin(light(TEAL, 0.1), TEAL_D, to=(1, 1)), r=12)
        c.rect(-262, -350, 46, 700, dark(TEAL_D, 0.3), r=10)
        c.rect(-196, -326, 430, 652, "none", stroke=fade(GOLD, 0.8), sw=5, r=6)
        c.text(18, -236, 48, "THE ESTUARY", GOLD, True)
        c.text(18, -172, 66, "ALMANAC", GOLD, True)
        c.circle(90, -20, 84, mix(GOLD, CREAM, 0.4))
        for k in range(4):
            c.path(
                f"M-180 {150 + k * 40}Q-120 {122 + k * 40} -60 {150 + k * 40}T60 {150 + k * 40}T220 {150 + k * 40}",
                stroke=(SLACK, SEA, SKY, SEA)[k],
                sw=12,
                cap="round",
            )
        wader(c, -20, 180, 230, CREAM)
    c.path("M560 852L600 960L620 930L650 950L620 846Z", BRICK)


@scene("product-seeds", 1000, 1000)
def seeds(c: Canvas) -> None:
    """An open wooden box of seed packets."""
    ground(c, mix(SAND, SLACK, 0.3), 810, 420)
    c.path("M190 500L250 330H750L810 500Z", c.lin(UMBER, dark(UMBER, 0.4)))
    tones = (BRICK, OCHRE, TEAL, MOSS, ROSE, SEA, CREAM, INK, SLACK)
    for row in range(3):
        for k in range(3):
            i = row * 3 + k
            x, y = 236 + k * 178 + row * 4, 210 + row * 74
            with c.at(x + 80, y + 150, 1, (-4, 2, 5)[(k + row) % 3]):
                c.rect(-82, -150, 164, 330, fade(NIGHT, 0.2), r=5, transform="translate(7 6)")
                c.rect(-82, -150, 164, 330, c.lin(WHITE, CREAM), r=5)
                c.rect(-82, -150, 164, 34, tones[i])
                for j in range(5):
                    a = (j - 2) * 0.5
                    c.path(
                        f"M0 10Q{40 * math.sin(a)} -40 {64 * math.sin(a)} {-20 - 60 * math.cos(a)}",
                        stroke=(MOSS, dark(MOSS, 0.3))[j % 2],
                        sw=9,
                        cap="round",
                    )
                c.circle(0, 14, 24, tones[i] if tones[i] != CREAM else GOLD)
    c.path(
        "M170 500H830L812 800Q810 816 794 816H206Q190 816 188 800Z",
        c.lin(light(OCHRE, 0.35), mix(OCHRE, UMBER, 0.35), to=(1, 0.5)),
    )
    c.rect(160, 486, 680, 34, light(OCHRE, 0.4), r=8)
    for y in (600, 700):
        c.path(f"M184 {y}Q400 {y - 10} 560 {y + 4}T818 {y}", stroke=fade(UMBER, 0.35), sw=4)
    c.rect(360, 590, 280, 130, CREAM, r=10)
    c.text(500, 648, 34, "POLDER", INK, True)
    c.text(500, 692, 30, "&amp; DAUGHTER", BRICK, True)


@scene("product-lamp", 1000, 1000)
def reading_lamp(c: Canvas) -> None:
    """A clamp reading lamp on the edge of a board."""
    ground(c, mix(PINK, CREAM, 0.35), 960, 10)
    c.poly([(190, 368), (500, 506), (580, 1000), (-160, 1000)], c.lin(fade(GOLD, 0.5), fade(GOLD, 0)))
    c.rect(420, 792, 600, 48, c.lin(light(UMBER, 0.3), UMBER))
    c.rect(420, 838, 600, 14, fade(NIGHT, 0.25))
    c.limb([(676, 772), (676, 900), (760, 900)], INK, 34)
    c.limb([(640, 776), (760, 776)], INK, 34)
    c.rect(738, 850, 26, 66, _steel(c))
    c.ellipse(751, 920, 42, 13, SLATE)
    c.limb([(690, 764), (790, 470), (470, 250)], SLATE, 26)
    c.limb([(680, 760), (780, 468), (462, 246)], light(SLATE, 0.35), 6)
    for x, y in ((690, 764), (790, 470), (470, 250)):
        c.circle(x, y, 32, BRICK)
        c.circle(x - 5, y - 5, 14, light(BRICK, 0.35))
    with c.at(400, 310, 1.15, 24):
        c.rect(-34, -90, 68, 60, INK, r=12)
        c.path("M-46 -40H46Q120 20 150 120H-150Q-120 20 -46 -40Z", c.lin(light(TEAL, 0.25), TEAL, TEAL_D, to=(1, 0.3)))
        c.ellipse(0, 120, 150, 24, mix(GOLD, WHITE, 0.5))
        c.circle(0, 122, 40, WHITE)
        c.path("M-66 0Q-104 44 -116 92", stroke=fade(WHITE, 0.4), sw=13, cap="round")
    c.glow(345, 450, 300, GOLD, 0.7)


@scene("product-book", 1000, 1000)
def council_book(c: Canvas) -> None:
    """A book on city government with hands and a hall on its cover, seen from the side."""
    ground(c, mix(SKY, SLACK, 0.3), 850, 380)
    c.poly([(240, 190), (300, 160), (300, 800), (240, 850)], c.lin(RUST, dark(RUST, 0.4), to=(1, 0)))
    c.poly(
        [(300, 160), (770, 196), (770, 850), (300, 806)],
        c.lin(light(BRICK, 0.14), BRICK, dark(BRICK, 0.2), to=(1, 0.6)),
    )
    c.poly([(240, 850), (300, 806), (770, 850), (716, 900)], c.lin(CREAM, SAND_D))
    for k in range(5):
        c.line((250 + k * 10, 846 - k * 7), (722 + k * 10, 894 - k * 8), fade(UMBER, 0.35), 2)
    with c.group(transform="translate(300 160) skewY(4.4)"):
        c.text(236, 106, 62, "HOW A CITY", CREAM, True)
        c.text(236, 174, 62, "DECIDES", GOLD, True)
        c.rect(60, 206, 350, 6, CREAM)
        c.path("M60 440L236 330L412 440Z", CREAM)
        for k in range(5):
            c.rect(80 + k * 68, 450, 40, 110, CREAM)
        c.rect(60, 564, 352, 24, CREAM)
        c.circle(236, 402, 20, BRICK)
        for k, tone in enumerate((OCHRE, SEA, PINK, SAND, TEAL)):
            x = 72 + k * 74
            c.rect(x, 500 - (k % 2) * 26, 42, 112, tone, r=20)
            c.path(
                f"M{x} {510 - (k % 2) * 26}V{470 - (k % 2) * 26}M{x + 14} {510 - (k % 2) * 26}"
                f"V{450 - (k % 2) * 26}M{x + 28} {510 - (k % 2) * 26}V{454 - (k % 2) * 26}"
                f"M{x + 41} {510 - (k % 2) * 26}V{474 - (k % 2) * 26}",
                stroke=tone,
                sw=12,
                cap="round",
            )
        c.rect(0, 596, 470, 50, dark(BRICK, 0.14))
        c.text(236, 630, 24, "QUARRY HILL BOOKS", CREAM)
    c.line((312, 170), (312, 800), fade(NIGHT, 0.25), 6)
    c.line((300, 162), (768, 198), fade(NAVY, 0.2), 3)
