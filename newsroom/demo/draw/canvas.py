"""A small SVG canvas: shapes, gradients, groups, blurs and the finishing grain."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from .palette import NIGHT, WHITE, fade

Point = tuple[float, float]
Attr = str | float

_SHORT = {"sw": "stroke-width", "op": "opacity", "cap": "stroke-linecap", "join": "stroke-linejoin"}


def _number(value: Attr) -> str:
    return value if isinstance(value, str) else f"{value:.2f}".rstrip("0").rstrip(".")


def smooth(points: Sequence[Point], closed: bool = False, tension: float = 0.5) -> str:
    """Path data of a soft curve through ``points`` (Catmull-Rom as cubic Béziers)."""
    pts = list(points)
    count = len(pts)
    data = [f"M{pts[0][0]:.1f} {pts[0][1]:.1f}"]
    k = tension / 3
    for i in range(count if closed else count - 1):
        p0 = pts[(i - 1) % count] if closed or i else pts[0]
        p1, p2 = pts[i], pts[(i + 1) % count]
        p3 = pts[(i + 2) % count] if closed or i + 2 < count else p2
        ax, ay = p1[0] + (p2[0] - p0[0]) * k, p1[1] + (p2[1] - p0[1]) * k
        bx, by = p2[0] - (p3[0] - p1[0]) * k, p2[1] - (p3[1] - p1[1]) * k
        data.append(f"C{ax:.1f} {ay:.1f} {bx:.1f} {by:.1f} {p2[0]:.1f} {p2[1]:.1f}")
    return " ".join(data) + ("Z" if closed else "")


def between(a: Point, b: Point, share: float) -> Point:
    """The point ``share`` of the way from ``a`` to ``b``."""
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


class Canvas:
    """Collects SVG elements in painting order; every helper paints on top of what is there."""

    def __init__(self, key: str, width: int = 1600, height: int = 1067) -> None:
        self.key, self.w, self.h = key, width, height
        self.rng = random.Random(key)
        self.grain = 0.2
        self.vignette = 0.3
        self._defs: list[str] = []
        self._body: list[str] = []
        self._ids = 0

    def _new_id(self, prefix: str) -> str:
        self._ids += 1
        return f"{prefix}{self._ids}"

    def add(self, tag: str, **attrs: Attr) -> None:
        """Append one element; underscores become hyphens, ``sw`` and ``op`` are short names."""
        pairs = ((_SHORT.get(name, name.replace("_", "-")), value) for name, value in attrs.items())
        self._body.append(f"<{tag} " + " ".join(f'{name}="{_number(value)}"' for name, value in pairs) + "/>")

    def rect(self, x: float, y: float, w: float, h: float, fill: str, r: float = 0, **attrs: Attr) -> None:
        """A rectangle, rounded by ``r``."""
        self.add("rect", x=x, y=y, width=w, height=h, rx=r, fill=fill, **attrs)

    def circle(self, x: float, y: float, r: float, fill: str, **attrs: Attr) -> None:
        """A circle."""
        self.add("circle", cx=x, cy=y, r=r, fill=fill, **attrs)

    def ellipse(self, x: float, y: float, rx: float, ry: float, fill: str, **attrs: Attr) -> None:
        """An ellipse."""
        self.add("ellipse", cx=x, cy=y, rx=rx, ry=ry, fill=fill, **attrs)

    def path(self, d: str, fill: str = "none", **attrs: Attr) -> None:
        """A path from SVG path data."""
        self.add("path", d=d, fill=fill, **attrs)

    def poly(self, points: Sequence[Point], fill: str, **attrs: Attr) -> None:
        """A polygon with straight sides."""
        self.add("polygon", points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points), fill=fill, **attrs)

    def blob(self, points: Sequence[Point], fill: str, tension: float = 0.5, **attrs: Attr) -> None:
        """A closed soft shape through ``points``."""
        self.path(smooth(points, closed=True, tension=tension), fill, **attrs)

    def line(self, a: Point, b: Point, colour: str, width: float, **attrs: Attr) -> None:
        """A straight line with round ends."""
        attrs.setdefault("cap", "round")
        self.add("line", x1=a[0], y1=a[1], x2=b[0], y2=b[1], stroke=colour, sw=width, **attrs)

    def limb(self, points: Sequence[Point], colour: str, width: float, **attrs: Attr) -> None:
        """A thick line with round joints: arms, legs, pipes."""
        data = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
        self.path(data, "none", stroke=colour, sw=width, cap="round", join="round", **attrs)

    def curve(self, points: Sequence[Point], colour: str, width: float, **attrs: Attr) -> None:
        """An open soft line through ``points``."""
        self.path(smooth(points), "none", stroke=colour, sw=width, cap="round", **attrs)

    def text(self, x: float, y: float, size: float, words: str, colour: str, serif: bool = False) -> None:
        """Centred lettering, for the few signs that need some."""
        family = "Liberation Serif" if serif else "Liberation Sans"
        self._body.append(
            f'<text x="{x}" y="{y}" font-size="{size}" font-family="{family}" font-weight="700" '
            f'text-anchor="middle" fill="{colour}">{words}</text>'
        )

    def _gradient(self, tag: str, where: str, colours: Sequence[str]) -> str:
        name = self._new_id("g")
        last = max(len(colours) - 1, 1)
        stops = "".join(f'<stop offset="{i / last:.3f}" stop-color="{c}"/>' for i, c in enumerate(colours))
        self._defs.append(f'<{tag} id="{name}" {where}>{stops}</{tag}>')
        return f"url(#{name})"

    def lin(self, *colours: str, to: Point = (0, 1)) -> str:
        """A linear gradient fill over the shape's box, downwards unless ``to`` says otherwise."""
        return self._gradient("linearGradient", f'x1="0" y1="0" x2="{to[0]}" y2="{to[1]}"', colours)

    def rad(self, *colours: str, at: Point = (0.5, 0.5), r: float = 0.5) -> str:
        """A radial gradient fill over the shape's box."""
        return self._gradient("radialGradient", f'cx="{at[0]}" cy="{at[1]}" r="{r}"', colours)

    def blur(self, amount: float) -> str:
        """A reference to a blur filter."""
        name = self._new_id("b")
        box = 'x="-50%" y="-50%" width="200%" height="200%"'
        self._defs.append(f'<filter id="{name}" {box}><feGaussianBlur stdDeviation="{amount}"/></filter>')
        return f"url(#{name})"

    def ripple(self, amount: float = 18, stretch: float = 0.05) -> str:
        """A reference to a filter that breaks shapes up as moving water does."""
        name = self._new_id("r")
        self._defs.append(
            f'<filter id="{name}" x="-5%" y="-5%" width="110%" height="110%"><feTurbulence type="fractalNoise" '
            f'baseFrequency="0.004 {stretch}" numOctaves="2" seed="{self.rng.randrange(99)}"/><feDisplacementMap '
            f'in="SourceGraphic" scale="{amount}" xChannelSelector="R" yChannelSelector="G"/></filter>'
        )
        return f"url(#{name})"

    @contextmanager
    def group(self, **attrs: Attr) -> Iterator[str]:
        """A group with shared attributes; yields its id, so that ``use`` can repeat it."""
        name = self._new_id("n")
        pairs = "".join(f' {_SHORT.get(k, k.replace("_", "-"))}="{_number(v)}"' for k, v in attrs.items())
        self._body.append(f'<g id="{name}"{pairs}>')
        yield name
        self._body.append("</g>")

    @contextmanager
    def at(self, x: float, y: float, scale: float = 1, turn: float = 0, flip: bool = False) -> Iterator[str]:
        """A group moved to a place, scaled, turned (degrees) and mirrored."""
        sx = -scale if flip else scale
        with self.group(transform=f"translate({x:.2f} {y:.2f}) rotate({turn:.2f}) scale({sx:.4f} {scale:.4f})") as name:
            yield name

    @contextmanager
    def clip(self, d: str) -> Iterator[None]:
        """A group clipped to path data."""
        name = self._new_id("c")
        self._defs.append(f'<clipPath id="{name}"><path d="{d}"/></clipPath>')
        with self.group(clip_path=f"url(#{name})"):
            yield

    def reflect(self, name: str, line: float, op: float = 0.4, squash: float = 1.0, wobble: float = 22) -> None:
        """Mirror the group ``name`` in water whose edge is at ``line``."""
        with self.clip(f"M0 {line}H{self.w}V{self.h}H0Z"), self.group(filter=self.ripple(wobble), op=op):
            flip = f"translate(0 {line * (1 + squash):.1f}) scale(1 {-squash})"
            self._body.append(f'<use href="#{name}" transform="{flip}"/>')

    def glow(self, x: float, y: float, r: float, colour: str, op: float = 0.6) -> None:
        """A soft round light."""
        fill = self.rad(fade(colour, op), fade(colour, op * 0.35), fade(colour, op * 0.08), fade(colour, 0))
        self.circle(x, y, r, fill)

    def shadow(self, x: float, y: float, rx: float, ry: float, op: float = 0.35) -> None:
        """A soft shadow on the ground."""
        self.ellipse(x, y, rx, ry, self.rad(fade(NIGHT, op), fade(NIGHT, op * 0.7), fade(NIGHT, 0)))

    def _finish(self) -> str:
        edge = self.rad(fade(NIGHT, 0), fade(NIGHT, 0), fade(NIGHT, self.vignette), at=(0.46, 0.42), r=0.8)
        warm = self.rad(fade(WHITE, 0.16), fade(WHITE, 0), at=(0.3, 0.1), r=0.75)
        seed = self.rng.randrange(999)
        self._defs.append(
            f'<filter id="grain" x="0" y="0" width="100%" height="100%"><feTurbulence type="fractalNoise" '
            f'baseFrequency="0.55" numOctaves="2" seed="{seed}"/><feColorMatrix type="saturate" values="0"/>'
            '<feComponentTransfer><feFuncA type="linear" slope="0" intercept="1"/></feComponentTransfer></filter>'
        )
        full = f'width="{self.w}" height="{self.h}"'
        return (
            f'<rect {full} fill="{warm}" style="mix-blend-mode:soft-light"/>'
            f'<rect {full} fill="{edge}" style="mix-blend-mode:multiply"/>'
            f'<rect {full} filter="url(#grain)" opacity="{self.grain}" style="mix-blend-mode:soft-light"/>'
        )

    def svg(self) -> str:
        """The whole picture as an SVG document, with light, vignette and grain on top."""
        finish = self._finish()
        size = f'width="{self.w}" height="{self.h}" viewBox="0 0 {self.w} {self.h}"'
        body = "".join(self._body)
        return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><defs>{"".join(self._defs)}</defs>{body}{finish}</svg>'
