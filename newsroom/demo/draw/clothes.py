"""What the authors wear in their portraits."""

from collections.abc import Callable

from .canvas import Canvas
from .palette import (
    BRICK,
    NIGHT,
    OCHRE,
    SKY,
    SLATE,
    TEAL,
    TEAL_D,
    dark,
    fade,
    light,
)  # fmt: skip


def _blazer(c: Canvas, coat: str, shirt: str) -> None:
    shade = dark(coat, 0.3)
    c.path("M256 416L300 600L344 416Q300 456 256 416Z", shirt)
    c.path("M256 412L214 444L236 500L222 512L300 620L266 460ZM344 412L386 444L364 500L378 512L300 620L334 460Z", shade)


def _tie(c: Canvas, coat: str, shirt: str) -> None:
    _blazer(c, coat, shirt)
    c.path("M284 452H316L310 482L324 610H276L290 482Z", BRICK)


def _knit(c: Canvas, coat: str, shirt: str) -> None:
    c.path("M246 400Q300 442 354 400L362 436Q300 478 238 436Z", light(coat, 0.12))
    for k in range(3):
        c.path(
            f"M{74 - k * 4} {520 + k * 34}Q300 {560 + k * 34} {526 + k * 4} {520 + k * 34}",
            stroke=fade(shirt, 0.55),
            sw=9,
        )


def _scarf(c: Canvas, coat: str, _shirt: str) -> None:
    c.path("M246 400Q300 442 354 400L362 436Q300 478 238 436Z", light(coat, 0.12))
    c.path(
        "M228 398Q300 446 372 398Q396 436 366 462Q300 496 234 462Q204 436 228 398Z",
        c.lin(light(OCHRE, 0.1), dark(OCHRE, 0.2)),
    )
    c.path("M330 470L400 620H322L300 480Z", dark(OCHRE, 0.12))


def _rain(c: Canvas, coat: str, shirt: str) -> None:
    shade = dark(coat, 0.3)
    c.path(
        "M206 392Q190 452 262 480L300 500L338 480Q410 452 394 392Q360 440 300 444Q240 440 206 392Z",
        light(coat, 0.2),
    )
    c.line((300, 496), (300, 620), shade, 7)
    for y in (530, 576):
        c.circle(318, y, 7, shirt)


def _hood(c: Canvas, coat: str, shirt: str) -> None:
    shade = dark(coat, 0.3)
    c.path(
        "M206 392Q190 452 262 480L300 500L338 480Q410 452 394 392Q360 440 300 444Q240 440 206 392Z",
        shirt,
    )
    c.line((300, 496), (300, 620), shade, 7)
    for y in (530, 576):
        c.circle(318, y, 7, shirt)


def _wrap(c: Canvas, coat: str, _shirt: str) -> None:
    c.path("M190 438L262 414L380 620H250Z", dark(coat, 0.14))
    c.path("M410 438L338 414L262 540L300 620H420Z", light(coat, 0.16))
    for k in range(9):
        c.circle(120 + (k * 97) % 370, 510 + (k * 41) % 80, 12, fade(TEAL, 0.7))
    for k in range(7):
        c.circle(246 + k * 18, 436 + 18 - abs(k - 3) * 6, 9, BRICK)


def _apron(c: Canvas, _coat: str, shirt: str) -> None:
    c.path("M222 620L238 500H362L378 620Z", shirt)
    c.limb([(238, 504), (226, 430)], shirt, 18)
    c.limb([(362, 504), (374, 430)], shirt, 18)


def _strap(c: Canvas, _coat: str, shirt: str) -> None:
    c.path("M246 404L300 470L354 404L376 430L300 510L224 430Z", shirt)
    c.path("M196 440L396 620", stroke=NIGHT, sw=22)
    c.rect(330, 528, 130, 90, NIGHT, r=12)
    c.circle(396, 574, 34, SLATE)
    c.circle(396, 574, 20, c.lin(SKY, TEAL_D))


_CLOTHES: dict[str, Callable[[Canvas, str, str], None]] = {
    "blazer": _blazer,
    "tie": _tie,
    "knit": _knit,
    "scarf": _scarf,
    "rain": _rain,
    "hood": _hood,
    "wrap": _wrap,
    "apron": _apron,
    "strap": _strap,
}


def dress(c: Canvas, kind: str, coat: str, shirt: str) -> None:
    """Shoulders in ``coat``, and the ``kind`` of clothes that covers them."""
    body = "M60 620Q64 470 190 438L262 414Q300 452 338 414L410 438Q536 470 540 620Z"
    c.path(body, c.lin(light(coat, 0.12), coat, dark(coat, 0.28), to=(1, 0.4)))
    _CLOTHES[kind](c, coat, shirt)
