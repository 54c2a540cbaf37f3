"""The authors: twelve flat portraits built from the same few shapes."""

from collections.abc import Callable
from dataclasses import dataclass

from ..canvas import Canvas
from ..clothes import dress
from ..motifs import motif
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
    SEA,
    SKINS,
    SKY,
    SLACK,
    SLATE,
    TEAL,
    TEAL_D,
    WHITE,
    dark,
    fade,
    light,
    mix,
)  # fmt: skip
from ..registry import scene


@dataclass(frozen=True)
class Sitter:
    """How one author is drawn."""

    ground: str
    disc: str
    skin: str
    hair: str
    style: str
    coat: str
    shirt: str
    dress: str
    motif: str
    extras: tuple[str, ...] = ()


SITTERS = {
    "ines-maren": Sitter(TEAL, SEA, SKINS[1], "#2b1c1c", "bob", BRICK, CREAM, "blazer", "roofs", ("earrings",)),
    "tobias-rell": Sitter(SAND, OCHRE, SKINS[0], "#8a6238", "side", INK, WHITE, "tie", "columns", ("glasses", "beard")),
    "oyelaran-ade": Sitter(OCHRE, GOLD, SKINS[4], "#17151c", "fade", TEAL_D, CREAM, "blazer", "boxes"),
    "hanne-vik": Sitter(SLATE, SKY, SKINS[0], "#d8ab5e", "braid", OCHRE, INK, "rain", "waves"),
    "leonid-sartor": Sitter(
        SLACK, CREAM, SKINS[5], "#b9b4ad", "bald", NAVY, SKY, "knit", "cells", ("glasses", "beard")
    ),
    "marguerite-osei": Sitter(PLUM, ROSE, SKINS[3], "#1d1a22", "afro", OCHRE, CREAM, "wrap", "curtain", ("earrings",)),
    "dov-halloran": Sitter(MOSS, SLACK, SKINS[5], "#a5532f", "curls", CREAM, BRICK, "hood", "pitch", ("beard",)),
    "pilar-quennell": Sitter(PINK, CREAM, SKINS[2], "#3b2620", "bun", TEAL, WHITE, "apron", "leaves", ("earrings",)),
    "samir-holt": Sitter(NAVY, TEAL, SKINS[2], "#1d1a22", "quiff", ROSE, CREAM, "knit", "bars", ("glasses",)),
    "wenna-pryce": Sitter(
        BRICK, PINK, SKINS[0], "#d9d4ca", "short", INK, CREAM, "scarf", "lines", ("glasses", "earrings")
    ),
    "jonas-ferrant": Sitter(INK, SEA, SKINS[1], "#4a3020", "cap", MOSS, SAND, "strap", "sun", ("beard",)),
    "aiko-lindqvist": Sitter(NIGHT, NAVY, SKINS[5], "#15131a", "long", SEA, CREAM, "knit", "moon"),
}


def _hair_back(c: Canvas, s: Sitter) -> None:
    h = c.lin(light(s.hair, 0.12), dark(s.hair, 0.25), to=(1, 0.5))
    if s.style == "long":
        c.path("M178 260Q170 130 300 126Q430 130 422 260L440 500Q300 540 160 500Z", h)
    elif s.style == "bob":
        c.path("M176 370Q160 130 300 124Q440 130 424 370Q410 392 380 386H220Q190 392 176 370Z", h)
    elif s.style == "afro":
        for x, y, r in (
            (300, 200, 136),
            (206, 236, 84),
            (394, 236, 84),
            (230, 156, 84),
            (372, 156, 84),
            (190, 300, 58),
            (410, 300, 58),
        ):
            c.circle(x, y, r, s.hair)
    elif s.style == "bun":
        c.circle(300, 104, 56, h)
        c.path("M286 56Q330 64 330 110", stroke=fade(WHITE, 0.2), sw=8, cap="round")
    elif s.style == "braid":
        c.path("M190 280Q180 130 300 126Q420 130 412 280L404 320H196Z", h)
        for k in range(5):
            c.ellipse(416 - k * 3, 330 + k * 42, 26 - k * 1.6, 28, (s.hair, dark(s.hair, 0.15))[k % 2])
        c.rect(386, 520, 34, 14, BRICK, r=6)


def _hair_front(c: Canvas, s: Sitter) -> None:
    h = c.lin(light(s.hair, 0.14), s.hair, dark(s.hair, 0.2), to=(1, 0.6))
    shapes = {
        "bob": "M194 262Q190 138 304 138Q412 142 408 262Q396 206 366 186Q290 226 216 206Q200 226 194 262Z",
        "long": "M196 272Q186 136 300 134Q414 136 404 272Q400 216 392 212H208Q200 216 196 272Z",
        "side": "M198 262Q184 140 290 128Q420 116 406 262Q398 214 380 196Q300 204 252 168Q214 198 198 262Z",
        "fade": "M200 236Q200 136 300 132Q400 136 400 236Q392 190 370 176H230Q208 190 200 236Z",
        "braid": "M194 266Q186 140 300 136Q414 140 406 266Q392 196 300 168Q208 196 194 266Z",
        "afro": "M204 236Q214 166 300 162Q386 166 396 236Q360 186 300 186Q240 186 204 236Z",
        "bun": "M196 258Q192 136 300 134Q408 136 404 258Q384 190 300 176Q216 190 196 258Z",
        "quiff": "M200 248Q190 176 224 150Q240 96 330 98Q404 104 404 160Q412 200 400 248Q392 204"
        " 372 188Q300 178 236 190Q208 206 200 248Z",
        "short": "M194 276Q176 150 262 122Q370 96 404 176Q418 216 406 276Q398 224 372 200Q300 214"
        " 250 176Q214 206 194 276Z",
        "cap": "M198 262V236H402V262Q396 244 380 240H220Q204 244 198 262Z",
    }
    if s.style in shapes:
        c.path(shapes[s.style], h)
    elif s.style == "curls":
        for x, y, r in (
            (222, 196, 38),
            (256, 156, 42),
            (306, 142, 44),
            (354, 158, 40),
            (386, 196, 36),
            (206, 236, 26),
            (398, 236, 26),
            (290, 176, 36),
            (336, 180, 34),
        ):
            c.circle(x, y, r, h)
    elif s.style == "bald":
        for x in (199, 401):
            c.ellipse(x, 262, 13, 36, s.hair)
    if s.style == "cap":
        c.path("M192 228Q192 128 300 124Q408 128 408 228Z", c.lin(light(BRICK, 0.15), RUST))
        c.path("M186 226H420Q478 232 492 256Q400 238 186 244Z", dark(RUST, 0.15))
        c.circle(300, 124, 9, dark(RUST, 0.2))


def _face(c: Canvas, s: Sitter) -> None:
    """Neck, head and the few lines of a friendly face."""
    c.path("M254 340H346V430Q300 476 254 430Z", dark(s.skin, 0.2))
    for x in (197, 403):
        c.ellipse(x, 280, 18, 26, dark(s.skin, 0.1))
    head = "M200 250Q200 150 300 148Q400 150 400 250Q402 330 370 368Q338 404 300 404Q262 404 230 368Q198 330 200 250Z"
    c.path(head, c.lin(light(s.skin, 0.1), s.skin, dark(s.skin, 0.08), to=(1, 0.5)))
    with c.clip(head):
        c.path("M320 140Q392 260 330 410H420V140Z", fade(dark(s.skin, 0.6), 0.13))
        if "beard" in s.extras:
            c.path("M196 284Q214 316 240 322Q300 300 360 322Q386 316 404 284V420H196Z", mix(s.hair, s.skin, 0.12))
            c.path("M262 344Q300 332 338 344Q322 366 300 366Q278 366 262 344Z", dark(s.skin, 0.2))
    ink = dark(s.skin, 0.75)
    mouth = mix(ROSE, s.skin, 0.35) if s.skin == SKINS[4] else mix(RUST, ink, 0.35)
    brow = mix(s.hair, ink, 0.4)
    for side in (-1, 1):
        c.ellipse(300 + side * 44, 270, 6.5, 8.5, ink)
        c.path(f"M{300 + side * 26} 243Q{300 + side * 46} 231 {300 + side * 66} 243", stroke=brow, sw=6.5, cap="round")
        c.ellipse(300 + side * 62, 312, 20, 13, fade(BRICK, 0.22))
    c.path("M302 264Q318 304 294 308", stroke=dark(s.skin, 0.32), sw=5.5, cap="round")
    c.path("M268 340Q300 368 332 340", stroke=mouth, sw=6.5, cap="round")
    if "glasses" in s.extras:
        for side in (-1, 1):
            c.circle(300 + side * 46, 270, 33, fade(WHITE, 0.18), stroke=INK, sw=6.5)
        c.path("M287 268Q300 260 313 268", stroke=INK, sw=6.5)
    if "earrings" in s.extras:
        for x in (194, 406):
            c.circle(x, 318, 11, GOLD if s.coat != OCHRE else TEAL)


def _portrait(sitter: Sitter) -> Callable[[Canvas], None]:
    """The drawing of one sitter."""

    def draw(c: Canvas) -> None:
        c.vignette = 0.22
        c.rect(0, 0, 600, 600, c.lin(light(sitter.ground, 0.08), dark(sitter.ground, 0.16)))
        motif(c, sitter.motif, mix(sitter.disc, sitter.ground, 0.35))
        c.circle(300, 300, 226, c.lin(light(sitter.disc, 0.15), sitter.disc), op=0.82)
        _hair_back(c, sitter)
        _face(c, sitter)
        dress(c, sitter.dress, sitter.coat, sitter.shirt)
        _hair_front(c, sitter)

    return draw


for _slug, _sitter in SITTERS.items():
    scene(f"portrait-{_slug}", 600, 600)(_portrait(_sitter))
