"""The colours every illustration shares, and the arithmetic that mixes them."""

NIGHT = "#0d1a2d"
INK = "#172c48"
NAVY = "#24446a"
SLATE = "#4d667c"
TEAL_D = "#14505c"
TEAL = "#22757d"
SEA = "#559e98"
SKY = "#a8c8c8"
MIST = "#d3deda"
SLACK = "#93b297"
MOSS = "#5e8168"
FOREST = "#2f5549"
SAND = "#e6d2aa"
SAND_D = "#c8a878"
UMBER = "#7a5638"
BRICK = "#b9573c"
RUST = "#8b3a2c"
MAROON = "#58262a"
OCHRE = "#dc9a38"
GOLD = "#f3c870"
CREAM = "#f7f0e2"
WHITE = "#fffaf0"
PINK = "#e0aea0"
ROSE = "#c68078"
PLUM = "#6b4a63"

SKINS = ("#f0c9a8", "#dba67c", "#b97b52", "#8a5638", "#5e3926", "#e7b792")
HAIRS = ("#1d1a22", "#3b2620", "#6d4328", "#a8672f", "#d8ab5e", "#b9b4ad")
COATS = (INK, BRICK, TEAL, OCHRE, MOSS, PLUM, ROSE, SLATE, RUST, NAVY)


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def mix(first: str, second: str, share: float) -> str:
    """The colour ``share`` (0 to 1) of the way from ``first`` to ``second``."""
    pairs = zip(_channels(first), _channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def fade(colour: str, alpha: float) -> str:
    """``colour`` with an alpha channel."""
    return f"{colour[:7]}{round(alpha * 255):02x}"


def dark(colour: str, share: float = 0.25) -> str:
    """``colour`` in shadow: shadows lean towards ink blue, never black."""
    return mix(colour, NIGHT, share)


def light(colour: str, share: float = 0.25) -> str:
    """``colour`` in light: lights lean towards warm white."""
    return mix(colour, WHITE, share)
