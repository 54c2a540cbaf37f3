"""``python -m newsroom.demo.draw [key …]`` redraws all pictures, or those named."""

import sys
from pathlib import Path

from . import scenes
from .raster import render
from .registry import SCENES

PICTURES = Path(__file__).resolve().parent.parent / "pictures"


def main(arguments: list[str]) -> int:
    """Redraw the pictures named, or all of them; returns the exit status."""
    scenes.load()
    unknown = [key for key in arguments if key not in SCENES]
    if unknown:
        print("No such picture: " + ", ".join(unknown), file=sys.stderr)
        return 2
    PICTURES.mkdir(exist_ok=True)
    total = 0
    for key, size in render(arguments or sorted(SCENES), PICTURES):
        total += size
        print(f"{key:28} {size / 1000:6.0f} kB")
    print(f"{'in all':28} {total / 1000:6.0f} kB")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
