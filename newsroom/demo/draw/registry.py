"""Which function draws which picture."""

from collections.abc import Callable

from .canvas import Canvas

Draw = Callable[[Canvas], None]
Scene = Callable[[], str]

SCENES: dict[str, Scene] = {}


def scene(key: str, width: int = 1600, height: int = 1067) -> Callable[[Draw], Scene]:
    """Register a drawing under its picture key; the registered scene takes nothing and returns SVG."""

    def register(draw: Draw) -> Scene:
        def drawn() -> str:
            canvas = Canvas(key, width, height)
            draw(canvas)
            return canvas.svg()

        drawn.__doc__ = draw.__doc__
        SCENES[key] = drawn
        return drawn

    return register
