"""What may not stand in any file of the repository."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

REGISTRIES = re.compile(
    r"pypi\.org/simple|files\.pythonhosted|registry\.(?:npmjs|yarnpkg)|(?:deb|archive|ports)\.(?:debian|ubuntu)\.(?:org|com)"
    r"|https?://[^\s\"'<>]*(?:/simple\b|[./]registry\b|/packages/[0-9a-f]{2}/)"
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
        if path != Path(__file__).resolve():
            found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in unwanted.finditer(text)]
    assert found == []


@pytest.mark.parametrize("text", ["see https://pypi.org/simple/django/", "see https://registry.npmjs.org/x"])
def test_control_a_registry_is_recognised(text: str) -> None:
    assert REGISTRIES.search(text)


def test_control_a_machine_path_is_recognised() -> None:
    assert MACHINE_PATHS.search("look in /root/x and /work/y")
    assert not MACHINE_PATHS.search("https://example.org/work/ and ~/work/x")
