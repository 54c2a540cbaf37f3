"""Reading the demo's files: the world, the stories, the pictures' words."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
PICTURES = HERE / "pictures"


@dataclass(frozen=True)
class Story:
    """One story file: its key, the TOML head, and the body as HTML with keys for ids."""

    key: str
    head: dict[str, Any]
    body: str


def world() -> dict[str, Any]:
    """Sections, authors, sources, merchants, products, pages."""
    return tomllib.loads((HERE / "world.toml").read_text(encoding="utf-8"))


def wire_world() -> dict[str, Any]:
    """Feeds, rules and what the agencies sent."""
    return tomllib.loads((HERE / "wires.toml").read_text(encoding="utf-8"))


def picture_words() -> dict[str, dict[str, str]]:
    """Alternative text and credit by picture key."""
    return tomllib.loads((PICTURES / "alt.toml").read_text(encoding="utf-8"))


def stories() -> list[Story]:
    """Every story, oldest first, so that newer ones have the higher ids."""
    found = [_story(path) for path in sorted((HERE / "stories").glob("*.html"))]
    return sorted(found, key=lambda story: (-float(story.head["days_ago"]), story.key))


def _story(path: Path) -> Story:
    _before, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    return Story(path.stem, tomllib.loads(head), body.strip())


def with_ids(body: str, pictures: dict[str, int], addresses: dict[str, str]) -> str:
    """The body with picture keys replaced by ids and ``story:`` links by addresses; unknown ones fall away."""

    def picture(match: re.Match[str]) -> str:
        return f'data-image="{pictures[match[1]]}"' if match[1] in pictures else match[0]

    def link(match: re.Match[str]) -> str:
        return f'href="{addresses[match[1]]}"' if match[1] in addresses else 'href="/archive/"'

    return re.sub(r'href="story:([\w-]+)"', link, re.sub(r'data-image="([\w-]+)"', picture, body))
