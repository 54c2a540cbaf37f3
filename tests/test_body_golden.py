"""One file for each kind of node: what an editor wrote, what is stored, what readers get, what the search reads.

To see what a change of the pipeline does, change the file and read the diff.
"""

from pathlib import Path

import pytest

from articles import body
from articles.body.names import names
from images.models import Image

GOLDEN = Path(__file__).parent / "golden" / "body"
PARTS = ("written", "stored", "reader", "text")


def parts_of(path: Path) -> dict[str, str]:
    """The parts of a golden file, each under its heading ``=== name``."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("=== "):
            lines = found.setdefault(line.removeprefix("=== "), [])
        else:
            lines.append(line)
    return {name: "\n".join(content).strip() for name, content in found.items()}


@pytest.fixture
def library(db: None) -> None:
    """Pictures 1 and 2 with all they can have, and picture 3 with nothing but itself."""
    for number, words in ((1, ("The harbour at dawn", "Ines Marau")), (2, ("Nets on the quay", "")), (3, ("", ""))):
        Image.objects.create(
            pk=number,
            title=f"Picture {number}",
            alt=f"Alternative text {number}",
            caption=words[0],
            credit=words[1],
            width=1600,
            height=1000,
            bytes=1,
            checksum=f"{number:064}",
            renditions=[
                {
                    "name": f"p{number}/{ratio[0]}{width}.jpg",
                    "width": width,
                    "height": width * 5 // 8,
                    "ratio": ratio,
                    "format": "jpeg",
                    "bytes": 1,
                }
                for ratio, width in (("full", 480), ("full", 1600), ("3:2", 640))
            ],
        )


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.html")), ids=lambda path: path.stem)
def test_each_node_is_stored_and_shown_as_its_file_says(path: Path, library: None) -> None:
    parts = parts_of(path)
    stored = body.clean(parts["written"])
    rendered = body.render(stored)
    assert stored == parts["stored"]
    assert rendered.html.strip() == parts["reader"]
    assert rendered.text == parts["text"]
    assert body.clean(stored) == stored


def test_there_is_a_file_for_every_node() -> None:
    nodes = names("paragraph heading list quote link marks rule table picture gallery embed")
    assert {path.stem for path in GOLDEN.glob("*.html")} >= nodes
