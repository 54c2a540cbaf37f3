"""What may not stand in any file of the repository."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Each pattern has a bracket inside, so that it does not find itself.
REGISTRIES = re.compile(
    r"pyp[i]\.org|files\.pythonh[o]sted|regis[t]ry\.(?:npmjs|yarnpkg)|(?:deb|archive)\.(?:debi[a]n|ubun[t]u)\."
    r"|https?://[^\s\"'<>]*(?:/simpl[e]\b|[./]regis[t]ry\b)"
)
MACHINE_PATHS = re.compile(r"(?<![\w.~/-])/(?:work|root|farm|opt/pypi|home/[a-z]+|Users/[A-Za-z]+)/")


def tracked() -> list[Path]:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listing.returncode:
        pytest.skip("needs git and a clone: the list of tracked files")
    names = listing.stdout.decode().split("\0")
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("unwanted", [REGISTRIES, MACHINE_PATHS], ids=["registry hosts", "machine paths"])
def test_no_file_names_where_one_machine_keeps_things(unwanted: re.Pattern[str]) -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in unwanted.finditer(text)]
    assert found == []


@pytest.mark.parametrize("parts", [("https://pypi", ".org/x"), ("https://registry", ".npmjs.org/x")])
def test_control_a_registry_is_recognised(parts: tuple[str, ...]) -> None:
    assert REGISTRIES.search("".join(parts))


@pytest.mark.parametrize("folder", ["root", "work"])
def test_control_a_machine_path_is_recognised(folder: str) -> None:
    assert MACHINE_PATHS.search(f"look in /{folder}/x")
    assert not MACHINE_PATHS.search(f"https://example.org/{folder}/ and ~/{folder}/x")
