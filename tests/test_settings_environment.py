"""Settings from environment variables: typed, and mistakes kept for `check` instead of raised."""

import ipaddress
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsroom.environment import Environment
from tests.variables import VARIABLES

ROOT = Path(__file__).resolve().parent.parent
Read = Callable[[Environment], object]


@pytest.mark.parametrize(
    ("raw", "read", "value"),
    [
        ("true", lambda env: env.flag("X", False), True),
        ("OFF", lambda env: env.flag("X", True), False),
        ("12", lambda env: env.number("X", 5), 12),
        ("json", lambda env: env.choice("X", "text", ["text", "json"]), "json"),
        (" a, b ,,c ", lambda env: env.words("X"), ["a", "b", "c"]),
        ("", lambda env: env.words("X", ["a"]), []),
        ("https://news.example.org/", lambda env: env.base_url("X", ""), "https://news.example.org"),
        ("http://[::1]:8000", lambda env: env.base_url("X", ""), "http://[::1]:8000"),
        ("10.0.0.0/8", lambda env: env.networks("X"), [ipaddress.ip_network("10.0.0.0/8")]),
        ("Europe/Vienna", lambda env: env.time_zone("X", "UTC"), "Europe/Vienna"),
    ],
)
def test_a_right_value_is_read_as_its_type(
    monkeypatch: pytest.MonkeyPatch, raw: str, read: Read, value: object
) -> None:
    monkeypatch.setenv("X", raw)
    env = Environment()
    assert read(env) == value
    assert env.problems == []


@pytest.mark.parametrize(
    ("raw", "read", "default"),
    [
        ("maybe", lambda env: env.flag("X", True), True),
        ("many", lambda env: env.number("X", 5), 5),
        ("-1", lambda env: env.number("X", 5), 5),
        ("99", lambda env: env.number("X", 5, most=10), 5),
        ("9" * 5000, lambda env: env.number("X", 5), 5),
        ("xml", lambda env: env.choice("X", "text", ["text", "json"]), "text"),
        ("news.example.org", lambda env: env.base_url("X", "http://a"), "http://a"),
        ("https://news.example.org/blog", lambda env: env.base_url("X", "http://a"), "http://a"),
        ("https://me:secret@news.example.org", lambda env: env.base_url("X", "http://a"), "http://a"),
        ("https://news.example.org:99999", lambda env: env.base_url("X", "http://a"), "http://a"),
        ("https://[::1", lambda env: env.base_url("X", "http://a"), "http://a"),
        ("10.0.0.1/8,all", lambda env: env.networks("X"), []),
        ("Middle/Earth", lambda env: env.time_zone("X", "UTC"), "UTC"),
        ("../../etc/passwd", lambda env: env.time_zone("X", "UTC"), "UTC"),
    ],
)
def test_a_wrong_value_gives_the_default_and_one_problem_with_a_hint(
    monkeypatch: pytest.MonkeyPatch, raw: str, read: Read, default: object
) -> None:
    monkeypatch.setenv("X", raw)
    env = Environment()
    assert read(env) == default
    (problem,) = env.problems
    assert problem.name == "X"
    assert problem.message
    assert problem.hint


@pytest.mark.parametrize("raw", ["", None])
def test_an_unset_or_empty_variable_gives_the_default(monkeypatch: pytest.MonkeyPatch, raw: str | None) -> None:
    if raw is None:
        monkeypatch.delenv("X", raising=False)
    else:
        monkeypatch.setenv("X", raw)
    env = Environment()
    assert env.text("X", "Newsroom") == "Newsroom"
    assert env.number("X", 5) == 5
    assert env.problems == []


@pytest.mark.parametrize("raw", ["mysql://a@b/c", "nonsense", "://", "postgres://user:pa[ss@host/x"])
def test_a_database_that_is_neither_of_ours_is_a_problem_that_tells_no_password(
    monkeypatch: pytest.MonkeyPatch, raw: str
) -> None:
    monkeypatch.setenv("X", raw)
    env = Environment()
    assert env.database("X", "sqlite:///x.sqlite3")["ENGINE"] == "django.db.backends.sqlite3"
    (problem,) = env.problems
    assert "pa[ss" not in problem.message


def test_options_in_the_database_address_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", "postgres://u:p@db.example/news?sslmode=require")
    assert Environment().database("X", "sqlite:///x")["OPTIONS"] == {"sslmode": "require"}


def test_a_missing_directory_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("X", str(tmp_path / "a" / "b"))
    assert Environment().directory("X", tmp_path).is_dir()


def test_a_directory_that_cannot_be_made_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("X", str(tmp_path / "file" / "b"))
    env = Environment()
    env.directory("X", tmp_path)
    assert [problem.name for problem in env.problems] == ["X"]


def check(tmp_path: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """``manage.py check`` in an environment of nothing but ``variables``."""
    environment = {"PATH": os.environ["PATH"], "RUN_DIR": str(tmp_path), **variables}
    command = [sys.executable, "manage.py", "check", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_every_wrong_variable_is_named_at_once_by_check_and_none_is_a_traceback(tmp_path: Path) -> None:
    result = check(tmp_path, BASE_URL="news", RELATED_SLOTS="many", TRUSTED_PROXIES="all", DATABASE_URL="mysql://x/y")
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    for name in ("BASE_URL", "RELATED_SLOTS", "TRUSTED_PROXIES", "DATABASE_URL"):
        assert re.search(rf"newsroom.E001\) {name}: .*\n\tHINT: ", result.stderr), name


def test_a_sound_production_environment_passes_the_deployment_checks_without_a_warning(tmp_path: Path) -> None:
    key = "kQ3nq0mJ5x8ZrT2vW7yB4cD9fG1hL6pS_aE-uIoXwMzNbVdRjK"
    deploy = ("--deploy", "--fail-level", "WARNING")
    sound = {"SECRET_KEY": key, "BASE_URL": "https://news.example.org", "SMTP_HOST": "smtp.example.org"}
    result = check(tmp_path, *deploy, **sound)
    assert result.returncode == 0, result.stderr
    assert check(tmp_path, *deploy).returncode == 1, "the control: the development key and http are refused"


def test_every_variable_the_settings_read_is_described_for_operators() -> None:
    described = (ROOT / "docs" / "operators.md").read_text(encoding="utf-8")
    assert len(VARIABLES) > 30
    assert {name for name in VARIABLES if f"| `{name}` |" not in described} == set()
