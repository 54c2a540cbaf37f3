"""Moving in from WordPress in tests, and what the report says of it."""

from pathlib import Path
from typing import Any

from syndication.wordpress.moving import Move, Options
from syndication.wordpress.report import Report


def move(folder: Path, text: str | bytes, name: str = "export.xml", **options: Any) -> Report:
    """Move in what ``text`` holds."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return move_file(path, **options)


def move_file(path: Path, **options: Any) -> Report:
    """Move in from a file."""
    return Move(path, Options(**options)).run(lambda _at: None, lambda _at: None)


def details(report: Report) -> dict[str, dict[str, Any]]:
    """What the report says of single posts, by their number."""
    return {told["source"]: told for told in report.details()}
