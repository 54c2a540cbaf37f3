"""Real files, broken and hostile ones among them: refused in words or taken in, always cheap, never a crash."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from images import reading
from tests.picture_files import content, drawn

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT.parent / "shared" / "data" / "images"
MOST_SECONDS = 5
MOST_MEGABYTES = 300

needs_corpus = pytest.mark.skipif(
    not CORPUS.is_dir(), reason="the collection of broken and hostile pictures is not here"
)


def uploaded(paths: list[Path]) -> list[dict[str, Any]]:
    """What became of each file, uploaded one after the other in a process of its own."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.picture_reader"],
        input="\n".join(map(str, paths)),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, f"the process died: {run.stderr[-2000:]}"
    return [json.loads(line) for line in run.stdout.splitlines()]


def collection() -> dict[str, str]:
    """Pillow's own verdict by file."""
    rows = (CORPUS / "pillow-outcome.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return {row.split("\t")[0]: row.split("\t", 1)[1] for row in rows}


@needs_corpus
def test_every_file_of_the_collection_is_taken_or_refused_in_words() -> None:
    verdicts = collection()
    said = uploaded([CORPUS / name for name in verdicts])
    assert len(said) == len(verdicts), "every file got an answer"
    for one in said:
        name = str(Path(one["file"]).relative_to(CORPUS))
        fits = verdicts[name].split("\t")[0] == "OK" and verdicts[name].split("\t")[1].split()[0] in reading.FORMATS
        if one["outcome"] == "refused":
            assert not fits, f"{name} is a good picture, yet: {one['words']}"
            assert len(one["words"]) > 20
        if one["outcome"] == "accepted":
            assert fits, f"{name} was taken in"
            assert 1 <= one["renditions"] <= 6
            assert one["clean"], f"{name}: what it smuggled came through"
        assert one["seconds"] < MOST_SECONDS, one
        assert one["megabytes"] < MOST_MEGABYTES, one


@needs_corpus
def test_the_collection_holds_what_must_not_come_through() -> None:
    """The control of the test above."""
    smugglers = [
        path for path in CORPUS.rglob("*.*") if path.suffix in {".jpg", ".png"} and b"<?php" in path.read_bytes()
    ]
    assert len(smugglers) >= 2


LARGEST: dict[str, tuple[str, str, tuple[int, int], dict[str, Any]]] = {
    "png-rgba": ("PNG", "RGBA", (8_000, 5_000), {"compress_level": 1}),
    "png-tall": ("PNG", "RGBA", (1_600, 25_000), {"compress_level": 1}),
    "jpeg-progressive": ("JPEG", "RGB", (8_000, 5_000), {"progressive": True, "subsampling": 0}),
    "jpeg-cmyk-progressive": ("JPEG", "CMYK", (6_000, 5_000), {"progressive": True, "subsampling": 0}),
    "webp": ("WEBP", "RGBA", (4_375, 3_200), {"method": 0}),
    "avif": ("AVIF", "RGBA", (4_375, 3_200), {"speed": 10, "subsampling": "4:4:4"}),
}


@pytest.mark.parametrize(
    "kind", [*list(LARGEST)[:1], *(pytest.param(k, marks=pytest.mark.soak) for k in list(LARGEST)[1:])]
)
def test_the_largest_picture_of_a_format_stays_within_its_limits(kind: str, tmp_path: Path) -> None:
    form, mode, size, options = LARGEST[kind]
    noise = Pillow.effect_noise((400, 250), 60).resize(size).convert("RGB").convert(mode)
    path = tmp_path / "largest"
    path.write_bytes(content(noise, form, **options))
    (said,) = uploaded([path])
    assert said["outcome"] == "accepted", said
    assert said["megabytes"] < MOST_MEGABYTES, said
    assert said["seconds"] < MOST_SECONDS, said


def test_a_bomb_costs_next_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(content(drawn((13_300, 13_300), "1"), "PNG"))
    (said,) = uploaded([path])
    assert said["outcome"] == "refused"
    assert said["megabytes"] < 20
