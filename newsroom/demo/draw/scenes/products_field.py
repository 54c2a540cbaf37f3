"""Products on a plain soft ground: tools, rain, river and marsh."""

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
from .products import ground


@scene("product-torch", 1000, 1000)
def torch(c: Canvas) -> None:
    """A wind-up torch with a radio dial and a folding crank."""
    ground(c, mix(SKY, CREAM, 0.25), 672, 410)
    c.poly([(780, 400), (1010, 240), (1010, 780), (780, 620)], c.lin(fade(GOLD, 0.75), fade(GOLD, 0.05), to=(1, 0)))
    c.limb([(330, 380), (330, 250), (440, 250)], SLATE, 22)
    c.circle(450, 250, 34, INK)
    c.limb([(230, 390), (150, 210)], light(SLATE, 0.3), 9)
    c.circle(150, 206, 13, SLATE)
    c.rect(160, 380, 500, 260, c.lin(light(OCHRE, 0.25), OCHRE, dark(OCHRE, 0.3)), r=64)
    c.path("M640 400L740 356H790V664H740L640 620Z", c.lin(SLATE, INK, NIGHT))
    c.rect(782, 346, 38, 328, c.lin(CREAM, SLATE), r=14)
    c.ellipse(822, 510, 20, 148, mix(GOLD, WHITE, 0.5))
    c.circle(300, 510, 86, INK)
    for r in (70, 52, 34, 16):
        c.circle(300, 510, r, "none", stroke=fade(SLATE, 0.9), sw=7, stroke_dasharray="7 9")
    c.rect(420, 446, 200, 66, CREAM, r=12)
    for k in range(9):
        c.line((436 + k * 21, 458), (436 + k * 21, 476 if k % 2 else 486), INK, 3)
    c.line((520, 450), (520, 508), BRICK, 5)
    c.circle(452, 568, 30, BRICK)
    c.rect(500, 552, 120, 32, INK, r=16)
    c.rect(210, 398, 390, 16, fade(WHITE, 0.5), r=8)
    c.circle(330, 382, 28, SLATE)


@scene("product-cape", 1000, 1000)
def cape(c: Canvas) -> None:
    """A yellow rain cape on a hook, drops running off it."""
    r: float
    y: float
    ground(c, mix(SLATE, CREAM, 0.55), 930, 290)
    c.path("M500 130Q500 70 540 70Q576 74 566 112", stroke=INK, sw=13, cap="round")
    c.path("M340 214L500 136L660 214", stroke=UMBER, sw=20, cap="round", join="round")
    c.path(
        "M390 230Q360 120 500 116Q640 120 610 230Q560 280 500 280Q440 280 390 230Z",
        c.lin(dark(OCHRE, 0.3), dark(OCHRE, 0.1)),
    )
    c.path(
        "M388 222Q440 268 500 268Q560 268 612 222Q740 280 860 800Q700 880 500 880Q300 880 140 800Q260 280 388 222Z",
        c.lin(light(OCHRE, 0.3), OCHRE, dark(OCHRE, 0.25), to=(1, 0.4)),
    )
    for x0, x1 in ((430, 290), (570, 710), (470, 420), (640, 800), (400, 210)):
        c.path(
            f"M{x0} 290Q{(x0 + x1) / 2 + 10} 560 {x1} {780 if x1 < 800 and x1 > 220 else 740}",
            stroke=fade(dark(OCHRE, 0.5), 0.25),
            sw=10,
            cap="round",
        )
    c.line((500, 274), (500, 876), dark(OCHRE, 0.3), 6)
    for y in (340, 460, 580, 700):
        c.circle(522, y, 12, CREAM)
    c.path("M152 762Q320 836 500 836T848 762L856 796Q700 872 500 872T144 796Z", fade(WHITE, 0.75))
    c.path("M392 232Q440 280 500 280Q560 280 608 232", stroke=INK, sw=12, cap="round")
    for _ in range(26):
        y, r = c.rng.uniform(330, 780), c.rng.uniform(6, 12)
        x = 500 + c.rng.uniform(-0.9, 0.9) * (90 + (y - 230) * 0.36)
        c.path(
            f"M{x} {y - r * 1.9}Q{x + r * 1.4} {y} {x} {y + r}Q{x - r * 1.4} {y} {x} {y - r * 1.9}Z", fade(WHITE, 0.75)
        )


@scene("product-toolkit", 1000, 1000)
def toolkit(c: Canvas) -> None:
    """An open tin of household tools."""
    ground(c, mix(PINK, SAND, 0.5), 830, 420)
    c.path("M170 480L214 230H786L830 480Z", c.lin(light(TEAL, 0.12), TEAL_D))
    c.path("M196 466L234 254H766L804 466Z", dark(TEAL_D, 0.3))
    c.text(500, 330, 46, "FENDAL", fade(CREAM, 0.6), True)
    with c.at(300, 440, 1, -8):
        c.rect(-16, -150, 32, 340, c.lin(OCHRE, UMBER, to=(1, 0)), r=12)
        c.path("M-78 -200H70Q98 -200 104 -166L60 -142H-78Z", c.lin(light(SLATE, 0.3), INK))
    with c.at(440, 420, 1, 5):
        c.rect(-24, -190, 48, 170, c.lin(light(BRICK, 0.25), RUST, to=(1, 0)), r=20)
        c.rect(-8, -24, 16, 200, SLATE)
    with c.at(550, 420, 1, -4):
        c.path("M-50 -220Q-54 -150 0 -136Q54 -150 50 -220L22 -236V-190H-22V-236Z", c.lin(CREAM, SLATE, to=(1, 0)))
        c.rect(-17, -146, 34, 300, c.lin(CREAM, SLATE, to=(1, 0)))
    with c.at(690, 440, 1, 10):
        for s in (-1, 1):
            c.path(f"M{s * 4} -60Q{s * 60} 20 {s * 44} 170", stroke=BRICK, sw=32, cap="round")
            c.path(f"M0 -50L{s * 34} -90L{s * 10} -190L0 -186Z", SLATE)
        c.circle(0, -60, 22, INK)
    c.path(
        "M150 480H850L832 800Q830 830 800 830H200Q170 830 168 800Z", c.lin(light(TEAL, 0.25), TEAL, TEAL_D, to=(1, 0.4))
    )
    c.rect(136, 466, 728, 36, c.lin(light(TEAL, 0.4), TEAL, to=(1, 0)), r=12)
    c.rect(190, 520, 16, 270, fade(WHITE, 0.3), r=8)
    for x in (300, 700):
        c.rect(x - 30, 486, 60, 70, c.lin(CREAM, SLATE, to=(1, 0)), r=8)
    c.rect(350, 600, 300, 130, CREAM, r=14)
    c.text(500, 660, 56, "41", BRICK, True)
    c.text(500, 704, 30, "PIECES", INK)


@scene("product-gloves", 1000, 1000)
def gloves(c: Canvas) -> None:
    """A pair of rowing gloves, palms and backs."""
    ground(c, mix(SLACK, SKY, 0.4), 880, 340)
    tone = TEAL
    for x, flip, turn in ((350, False, -9), (650, True, 9)):
        with c.at(x, 540, 1, turn, flip):
            c.path(
                "M-110 290V80L-190 -30Q-210 -76 -168 -92Q-136 -96 -112 -50L-104 -20V-210Q-100"
                " -244 -74 -244Q-48 -244 -46 -210V-110H-34V-262Q-30 -298 -4 -298Q22 -298 24 -262"
                "V-110H36V-244Q40 -278 64 -278Q88 -278 90 -244V-96H102V-190Q106 -220 128 -220"
                "Q150 -218 150 -186V100L112 290Z",
                fade(NIGHT, 0.25),
                transform="translate(16 18)",
            )
            c.path(
                "M-110 290V80L-190 -30Q-210 -76 -168 -92Q-136 -96 -112 -50L-104 -20V-210Q-100"
                " -244 -74 -244Q-48 -244 -46 -210V-110H-34V-262Q-30 -298 -4 -298Q22 -298 24 -262"
                "V-110H36V-244Q40 -278 64 -278Q88 -278 90 -244V-96H102V-190Q106 -220 128 -220"
                "Q150 -218 150 -186V100L112 290Z",
                c.lin(light(tone, 0.18), tone, TEAL_D, to=(1, 0.5)),
            )
            c.path("M-84 60Q-90 -70 -40 -84H110Q130 -20 118 80Q100 170 20 176Q-70 170 -84 60Z", c.lin(INK, NAVY))
            for k in range(5):
                c.path(
                    f"M{-66 + k * 4} {-40 + k * 40}Q20 {-60 + k * 40} {112 - k * 5} {-40 + k * 40}",
                    stroke=fade(SEA, 0.55),
                    sw=5,
                )
            for fx, fy in ((-75, -190), (-5, -240), (63, -222), (127, -166)):
                c.rect(fx - 18, fy - 24, 36, 16, OCHRE, r=8)
            c.path("M-112 200H116L112 300H-110Z", c.lin(OCHRE, dark(OCHRE, 0.25), to=(1, 0)))
            c.rect(-30, 222, 130, 50, INK, r=12)


@scene("product-basket", 1000, 1000)
def basket(c: Canvas) -> None:
    """A round proving basket with dough under a linen cloth."""
    ground(c, mix(CREAM, SAND, 0.5), 790, 430)
    c.path("M220 440Q260 270 500 262Q740 270 780 440Z", c.lin(WHITE, mix(CREAM, SAND, 0.6)))
    c.path("M330 370Q400 300 500 296", stroke=WHITE, sw=16, cap="round")
    bowl = "M150 440H850Q830 690 700 780Q600 812 500 812Q400 812 300 780Q170 690 150 440Z"
    c.path(bowl, c.lin(light(OCHRE, 0.35), mix(OCHRE, UMBER, 0.2), dark(UMBER, 0.1), to=(1, 0.4)))
    with c.clip(bowl):
        for k in range(9):
            y = 466 + k * 44
            c.path(f"M130 {y}Q500 {y + 70} 870 {y}", stroke=fade(UMBER, 0.5), sw=8)
            c.path(f"M130 {y + 12}Q500 {y + 82} 870 {y + 12}", stroke=fade(CREAM, 0.3), sw=9)
        for k in range(15):
            c.line((140 + k * 52, 430), (260 + k * 35, 830), fade(UMBER, 0.25), 5)
    c.ellipse(500, 440, 352, 60, "none", stroke=light(OCHRE, 0.3), sw=30)
    c.path(
        "M430 400Q640 340 850 430Q900 560 870 700Q830 760 800 720Q770 600 700 530Q560 470 430 400Z",
        c.lin(WHITE, mix(SKY, CREAM, 0.4), to=(1, 1)),
    )
    for k in range(3):
        c.path(
            f"M{540 + k * 60} {400 - k * 4}Q{740 + k * 36} {450 - k * 6} {812 + k * 22} {700 - k * 10}",
            stroke=fade(TEAL, 0.65),
            sw=9,
        )
    c.path("M560 440Q700 500 760 610", stroke=fade(SLATE, 0.25), sw=8, cap="round")
    for _ in range(40):
        c.circle(c.rng.gauss(400, 70), c.rng.gauss(350, 34), c.rng.uniform(1.5, 4), fade(SAND_D, 0.7))


@scene("product-binoculars", 1000, 1000)
def binoculars(c: Canvas) -> None:
    """Field glasses with their strap, an estuary in the lenses."""
    ground(c, mix(SLACK, CREAM, 0.4), 850, 380)
    c.path("M290 290C90 40 640 20 712 290", stroke=RUST, sw=24, cap="round")
    c.path("M290 290C90 40 640 20 712 290", stroke=fade(GOLD, 0.5), sw=4, stroke_dasharray="12 12")
    c.rect(436, 360, 128, 190, c.lin(SLATE, INK), r=20)
    c.rect(456, 310, 88, 70, c.lin(SLATE, CREAM, SLATE, to=(1, 0)), r=12)
    for k in range(7):
        c.line((466 + k * 11, 318), (466 + k * 11, 372), fade(NIGHT, 0.5), 4)
    for s in (-1, 1):
        with c.at(500 + s * 160, 0, 1, 0):
            c.rect(-66, 230, 132, 90, c.lin(NIGHT, SLATE, NIGHT, to=(1, 0)), r=24)
            c.path("M-84 310H84L132 640H-132Z", c.lin(light(MOSS, 0.15), MOSS, dark(MOSS, 0.55), to=(1, 0)))
            for k in range(5):
                c.path(
                    f"M{-92 - k * 7} {370 + k * 44}Q0 {390 + k * 44} {92 + k * 7} {370 + k * 44}",
                    stroke=fade(NIGHT, 0.25),
                    sw=6,
                )
            c.rect(-144, 626, 288, 60, c.lin(SLATE, INK, NIGHT, to=(1, 0)), r=18)
            c.circle(0, 720, 142, c.lin(INK, NIGHT))
            c.circle(0, 720, 116, SLATE)
            lens = "M-108 720A108 108 0 0 1 108 720A108 108 0 0 1 -108 720Z"
            c.path(lens, c.lin(mix(SKY, PINK, 0.3), mix(GOLD, CREAM, 0.4)))
            with c.clip(lens):
                c.rect(-110, 730, 220, 110, c.lin(SEA, TEAL_D))
                c.path("M-110 734Q-40 700 20 730T110 726V740H-110Z", MOSS)
                c.circle(36 * s, 690, 18, GOLD)
                for k in range(5):
                    c.rect(-80 + (k * 47) % 110, 756 + k * 14, 56, 5, fade(WHITE, 0.6), r=2)
                c.poly([(-110, 640), (-20, 600), (-70, 840), (-120, 840)], fade(WHITE, 0.25))
    c.circle(500, 462, 26, BRICK)
    c.circle(500, 462, 12, fade(ROSE, 0.8))
