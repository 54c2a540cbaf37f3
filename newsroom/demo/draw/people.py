"""Figures: stylised, faceless at a distance, told apart by posture and coat."""

from dataclasses import dataclass
from random import Random

from .canvas import Canvas, Point
from .palette import COATS, HAIRS, INK, NIGHT, SKINS, dark, fade, light


@dataclass(frozen=True)
class Look:
    """What somebody wears and looks like."""

    coat: str = INK
    trousers: str = NIGHT
    skin: str = SKINS[1]
    hair: str = HAIRS[1]
    style: str = "short"


def some_look(rng: Random, coats: tuple[str, ...] = COATS) -> Look:
    """A look drawn by lot."""
    style = rng.choice(("short", "short", "bob", "bun", "long", "hat"))
    return Look(rng.choice(coats), rng.choice((NIGHT, INK, "#3a3540")), rng.choice(SKINS), rng.choice(HAIRS), style)


def head(c: Canvas, x: float, y: float, r: float, look: Look, back: bool = False) -> None:
    """A head with hair; from behind, mostly hair."""
    hair, skin = look.hair, look.skin
    if look.style == "long":
        c.path(f"M{x - r * 1.1} {y}Q{x - r * 1.3} {y + r * 2.2} {x - r * .6} {y + r * 2.3}H{x + r * .6}"
               f"Q{x + r * 1.3} {y + r * 2.2} {x + r * 1.1} {y}Z", hair)  # fmt: skip
    if not (back and look.style == "long"):
        c.rect(x - r * 0.4, y + r * 0.4, r * 0.8, r * 1.1, dark(skin, 0.22), r=r * 0.3)
    c.ellipse(x, y, r * 0.9, r * 1.05, hair if back and look.style != "bald" else skin)
    if look.style == "bun":
        c.circle(x, y - r * 1.25, r * 0.5, hair)
    if look.style == "bob" and back:
        c.rect(x - r * 1.1, y - r * 0.6, r * 2.2, r * 1.6, hair, r=r * 0.5)
    elif look.style == "bob":
        c.path(f"M{x - r * 1.1} {y + r * .7}V{y - r * .1}A{r * 1.1} {r * 1.15} 0 0 1 {x + r * 1.1} {y - r * .1}"
               f"V{y + r * .7}L{x + r * .7} {y + r * .8}L{x + r * .65} {y - r * .1}L{x - r * .65} {y - r * .2}"
               f"L{x - r * .7} {y + r * .8}Z", hair)  # fmt: skip
    if look.style == "hat":
        c.path(f"M{x - r} {y - r * 0.15}A{r} {r * 1.2} 0 0 1 {x + r} {y - r * 0.15}Z", look.coat)
        c.rect(x - r * 1.1, y - r * 0.35, r * 2.2, r * 0.4, light(look.coat, 0.25), r=r * 0.2)
    elif look.style != "bald":
        c.path(f"M{x - r * .97} {y + r * .1}A{r * .97} {r * 1.15} 0 0 1 {x + r * .97} {y + r * .1}"
               f"Q{x + r * .7} {y - r * .5} {x} {y - r * .45}Q{x - r * .7} {y - r * .5}"
f" {x - r * .97} {y + r * .1}Z", hair)  # fmt: skip


def _legs(c: Canvas, look: Look, stride: float) -> None:
    shoe = dark(look.trousers, 0.5)
    c.limb([(-3, -46), (-4 - stride * 0.5, -24), (-5 - stride * 1.2, -3)], dark(look.trousers, 0.3), 8.5)
    c.limb([(3, -46), (4 + stride * 0.8, -24), (5 + stride, -3)], look.trousers, 8.5)
    c.ellipse(-3 - stride * 1.2, -1.5, 6, 3, shoe)
    c.ellipse(7 + stride, -1.5, 6, 3, shoe)


def person(
    c: Canvas, x: float, y: float, h: float, look: Look, stride: float = 0, back: bool = False, flip: bool = False,
    arm: tuple[Point, ...] | None = None, lit: bool = True, shade: float = 0.3,
) -> None:  # fmt: skip
    """Somebody standing or walking (``stride``) with their feet at ``y``, ``h`` tall."""
    c.shadow(x, y, h * 0.2, h * 0.03, shade)
    with c.at(x, y, h / 100, flip=flip):
        _legs(c, look, stride)
        c.limb([(-11, -72), (-15, -57), (-14 - stride * 0.4, -44)], dark(look.coat, 0.35), 7)
        c.circle(-14 - stride * 0.4, -42, 3.4, look.skin)
        coat = "M-5 -80Q-14 -78 -15 -70L-14 -50L-16 -34Q0 -30 16 -34L14 -50L15 -70Q14 -78 5 -80Z"
        c.path(coat, look.coat)
        if lit:
            c.path("M-5 -80Q-14 -78 -15 -70L-14 -50L-16 -34Q-8 -32 -2 -31.5L-3 -80Z", dark(look.coat, 0.28), op=0.75)
        points = arm or ((12, -72), (16, -57), (14 + stride * 0.4, -44))
        c.limb(points, light(look.coat, 0.1), 7)
        c.circle(points[-1][0], points[-1][1] + 1, 3.4, look.skin)
        head(c, 0, -90, 7.6, look, back)


def umbrella(c: Canvas, x: float, y: float, h: float, colour: str) -> None:
    """An open umbrella above a person of height ``h`` whose feet are at ``y``."""
    with c.at(x, y, h / 100):
        c.line((6, -118), (12, -56), NIGHT, 1.6)
        c.path(
            "M-34 -96Q-30 -128 6 -130Q42 -128 46 -96Q36 -102 26 -96Q16 -102 6 -96Q-4 -102 -14 -96Q-24 -102 -34 -96Z",
            colour,
        )
        c.path("M6 -130Q42 -128 46 -96Q36 -102 26 -96Q24 -118 6 -130Z", light(colour, 0.2))
        c.path("M6 -130Q-30 -128 -34 -96Q-24 -102 -14 -96Q-14 -118 6 -130Z", dark(colour, 0.25))


def runner(c: Canvas, x: float, y: float, h: float, look: Look, bib: str) -> None:
    """A runner in mid-stride, going right."""
    c.shadow(x, y, h * 0.28, h * 0.03, 0.3)
    with c.at(x, y, h / 100):
        dim = dark(look.skin, 0.25)
        c.limb([(5, -74), (-9, -64), (-16, -72)], dim, 5.5)
        c.limb([(-2, -48), (-9, -28), (-30, -20)], dim, 8)
        c.limb([(-30, -20), (-35, -24)], bib, 6)
        c.path("M-2 -80Q8 -84 14 -78L9 -46H-8Z", look.coat)
        c.path("M-9 -50H10L14 -36L2 -37L-8 -34Z", look.trousers)
        c.limb([(3, -44), (20, -30), (17, -5)], look.skin, 8)
        c.limb([(17, -4), (25, -3)], bib, 6)
        c.rect(-1, -72, 10, 9, "#fffaf0", r=1, transform="rotate(12)")
        c.limb([(10, -75), (14, -60), (27, -64)], look.skin, 5.5)
        head(c, 13, -90, 7.4, look)


def cyclist(c: Canvas, x: float, y: float, h: float, look: Look, frame: str, cape: bool = False) -> None:
    """A cyclist riding right, wheels on ``y``."""
    c.shadow(x, y, h * 0.5, h * 0.035, 0.3)
    with c.at(x, y, h / 100):
        for wx in (-27.0, 27.0):
            c.circle(wx, -17, 16, fade(NIGHT, 0.08), stroke=NIGHT, sw=2.2)
            for a in (-11.0, 0.0, 11.0):
                c.line((wx + a, -17 - (16 - abs(a)) * 0.9), (wx - a, -17 + (16 - abs(a)) * 0.9), fade(NIGHT, 0.4), 0.5)
        c.limb([(-2, -46), (12, -30), (2, -13)], dark(look.trousers, 0.4), 7)
        c.limb([(-27, -17), (-8, -40), (18, -40), (0, -16), (-27, -17)], frame, 2.4)
        c.limb([(0, -16), (-8, -40), (-9, -45)], frame, 2.4)
        c.limb([(27, -17), (17, -44), (22, -50)], frame, 2.4)
        c.limb([(-16, -46), (-4, -46)], NIGHT, 3.6)
        c.limb([(-8, -48), (10, -36), (3, -9)], look.trousers, 7.5)
        c.limb([(3, -8), (10, -8)], NIGHT, 4.5)
        if cape:
            c.path("M-2 -84Q-18 -64 -20 -42Q2 -36 26 -48Q16 -72 6 -84Z", look.coat)
            c.path("M-2 -84Q-18 -64 -20 -42Q-10 -39 -4 -39Q-6 -66 0 -84Z", dark(look.coat, 0.25))
        else:
            c.path("M-1 -82Q-13 -66 -15 -45Q-4 -42 3 -46L11 -76Q8 -84 -1 -82Z", look.coat)
            c.limb([(6, -76), (12, -60), (22, -52)], light(look.coat, 0.14), 6)
            c.circle(22.5, -51.5, 3, look.skin)
        head(c, 8, -92, 7.4, look)


def seated(c: Canvas, x: float, y: float, h: float, look: Look, back: bool = False) -> None:
    """The upper half of somebody sitting: ``y`` is the table's edge, ``h`` the bust's height."""
    with c.at(x, y, h / 50):
        c.path("M-6 -31Q-20 -29 -22 -16L-24 2H24L22 -16Q20 -29 6 -31Z", look.coat)
        c.path("M-6 -31Q-20 -29 -22 -16L-24 2H-4L-3 -31Z", dark(look.coat, 0.3), op=0.6)
        head(c, 0, -41, 8.2, look, back)


def crowd(
    c: Canvas, y: float, size: float, gap: float, coats: tuple[str, ...], shade: float = 0, back: bool = True
) -> None:
    """A row of heads and shoulders across the picture."""
    x = -gap * c.rng.random()
    while x < c.w + gap:
        look = some_look(c.rng, coats)
        look = Look(dark(look.coat, shade), look.trousers, dark(look.skin, shade), dark(look.hair, shade), look.style)
        seated(c, x, y + c.rng.uniform(-0.1, 0.1) * size, size * c.rng.uniform(0.9, 1.1), look, back)
        x += gap * c.rng.uniform(0.85, 1.2)
