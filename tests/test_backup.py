"""Backups: what they hold, that they are whole or are none, and that they come back as they were."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tarfile
from contextlib import closing
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection

from articles import headline_index, search
from articles.models import Article
from newsroom.backups import containers, database_in, naming
from newsroom.backups.containers import BackupError
from outbox import audit
from pagecache.models import Key
from pagecache.writing import bump
from tests.factories import give_tags, make_article, make_comment, make_image, make_product

pytestmark = pytest.mark.django_db(transaction=True)

HOSTILE = "back\\slash\ttab\nline \\N \"quoted\" 'single' 東京 \u2028"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    """Storage on the disk, as in production."""
    for alias in ("default", "private"):
        where = {"location": tmp_path / alias, "base_url": "/media/"}
        settings.STORAGES = {
            **settings.STORAGES,
            alias: {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": where},
        }


def make_world() -> Article:
    article = make_article(HOSTILE, standfirst="")
    give_tags(article, "Trams")
    make_comment(article, text=HOSTILE)
    make_product("Bell")
    search.index(article)
    audit.record(None, "tested", article, odd=[1, 2.5, None, HOSTILE])
    storages["private"].save("deep/er/original.jpg", ContentFile(os.urandom(50_000)))
    storages["default"].save("ab/shown.jpg", ContentFile(b"shown"))
    bump([f"article:{article.pk}"])
    return article


def fingerprint() -> dict[str, tuple[int, str]]:
    """Rows and a sum of each table, as the database itself writes them; but for page versions, which rise."""
    found = {}
    with connection.cursor() as cursor:
        for name in sorted(connection.introspection.table_names(cursor)):
            other = name.startswith(("articles_searchindex_", "pagecache_key", "outbox_heartbeat"))
            if not other or name == headline_index.TABLE:
                cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
                rows = sorted(map(repr, cursor.fetchall()))
                found[name] = (len(rows), "\n".join(rows))
    return found


def content(alias: str, name: str) -> bytes:
    with storages[alias].open(name) as file:
        return bytes(file.read())


def back_up(target: Path, *options: str) -> Path:
    out = StringIO()
    call_command("backup", str(target), *options, stdout=out)
    return Path(out.getvalue().splitlines()[2])


def restore(path: Path, *options: str) -> str:
    out = StringIO()
    call_command("restore", str(path), *options, stdout=out)
    return out.getvalue()


@pytest.fixture
def in_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite under test: the file is filled anew rather than replaced, since the whole run has it open."""

    def replace(fresh: Path) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(fresh)) as source:
            raw: Any = connection.connection
            source.backup(raw)

    monkeypatch.setattr(database_in, "_exchange", lambda fresh, *_more: replace(fresh))


@pytest.mark.parametrize("options", [[], ["--tar"]])
def test_it_comes_back_as_it_was(tmp_path: Path, in_place: None, options: list[str]) -> None:
    article = make_world()
    before, version = fingerprint(), Key.objects.get(name=f"article:{article.pk}").version
    picture = content("private", "deep/er/original.jpg")
    path = back_up(tmp_path / "backups", *options)
    Article.objects.all().delete()
    make_article("Another one")
    storages["private"].delete("deep/er/original.jpg")
    with storages["default"].open("ab/shown.jpg", "wb") as file:
        file.write(b"damaged")
    with pytest.raises(CommandError, match="--overwrite"):
        restore(path)
    assert Article.objects.get().headline == "Another one"
    restore(path, "--overwrite")
    assert fingerprint() == before
    assert content("private", "deep/er/original.jpg") == picture
    assert content("default", "ab/shown.jpg") == b"shown"
    assert Key.objects.get(name=f"article:{article.pk}").version > version + 2**20, "no stored page fits by chance"
    assert make_article("Next").pk > article.pk, "no id is given twice"
    assert "0 files written" in restore(path, "--media-only")


def test_a_backup_is_whole_or_it_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_world()

    def fail(*_args: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("newsroom.backups.pictures.write", fail)
    for target in (tmp_path / "all", tmp_path / "one.tar"):
        with pytest.raises(CommandError, match="No space left"):
            back_up(target)
    assert naming.backups_in(tmp_path / "all") == []
    assert not (tmp_path / "one.tar").exists()
    assert naming.age_of_newest(tmp_path / "all") is None
    killed = tmp_path / "newsroom-2026-05-04T120000Z.partial"
    killed.mkdir()
    assert naming.backups_in(tmp_path) == []
    with pytest.raises(CommandError, match="never finished"):
        restore(killed)


def test_a_backup_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "there.tar").write_bytes(b"precious")
    with pytest.raises(CommandError, match="there already"):
        back_up(tmp_path / "there.tar")
    assert (tmp_path / "there.tar").read_bytes() == b"precious"
    sink = containers.new(tmp_path / "late")
    (tmp_path / "late").mkdir()
    with pytest.raises(BackupError, match="came while"):
        sink.finish()


def test_a_damaged_backup_is_named_and_nothing_is_restored(tmp_path: Path) -> None:
    make_world()
    whole = back_up(tmp_path / "backups")
    before = fingerprint()
    for harm in (flip, cut, lose, exchange, scribble, age):
        path = tmp_path / harm.__name__
        shutil.copytree(whole, path)
        harm(path, max((path / "database").iterdir(), key=lambda one: one.stat().st_size))
        with pytest.raises(CommandError, match=r"damaged|cannot be read|lacks"):
            restore(path, "--overwrite")
        assert fingerprint() == before, harm


def flip(path: Path, database: Path) -> None:
    content = database.read_bytes()
    database.write_bytes(content[:-10] + bytes([content[-10] ^ 1]) + content[-9:])


def cut(path: Path, database: Path) -> None:
    database.write_bytes(database.read_bytes()[:-20])


def lose(path: Path, database: Path) -> None:
    database.unlink()


def exchange(path: Path, database: Path) -> None:
    (path / "media/private/deep/er/original.jpg").write_bytes(b"another")


def scribble(path: Path, database: Path) -> None:
    (path / "manifest.json").write_text("{")


def age(path: Path, database: Path) -> None:
    told = json.loads((path / "manifest.json").read_text())
    later = [*told["migrations"], ["articles", "9999_later"]]
    (path / "manifest.json").write_text(json.dumps({**told, "migrations": later}))


def test_a_tar_that_was_cut_is_named(tmp_path: Path) -> None:
    make_world()
    path = back_up(tmp_path / "one.tar")
    with tarfile.open(path) as tar:
        assert tar.getnames()[-1] == "manifest.json", "what was cut lacks it"
    path.write_bytes(path.read_bytes()[:-20_000])
    with pytest.raises(CommandError, match=r"missing|damaged|read"):
        restore(path, "--check")


def test_nothing_in_a_backup_leads_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("x")
    (tmp_path / "backup").mkdir()
    with pytest.raises(BackupError, match="not inside"):
        containers.existing(tmp_path / "backup").open("../secret")


def test_a_backup_of_the_other_database_is_refused_in_words(tmp_path: Path) -> None:
    path = back_up(tmp_path / "backups")
    told = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps({**told, "vendor": "another"}))
    with pytest.raises(CommandError, match="copy_database"):
        restore(path)


def test_pictures_may_be_left_where_they_are_and_are_looked_at_all_the_same(tmp_path: Path) -> None:
    make_world()
    path = back_up(tmp_path / "backups", "--without-media")
    assert not (path / "media").exists()
    assert "done" in restore(path, "--media-only")
    storages["private"].delete("deep/er/original.jpg")
    with pytest.raises(CommandError, match=r"deep/er/original\.jpg"):
        restore(path, "--media-only")


def test_only_the_newest_are_kept(tmp_path: Path) -> None:
    for day in range(1, 5):
        old = tmp_path / f"newsroom-2026-05-0{day}T000000Z"
        old.mkdir()
        (old / "manifest.json").write_text("{}")
    (tmp_path / "newsroom-notes").mkdir()
    (tmp_path / "newsroom-2026-05-09T000000Z.tar.partial").touch()
    newest = back_up(tmp_path, "--keep", "2", "--without-media")
    assert naming.backups_in(tmp_path) == [newest, tmp_path / "newsroom-2026-05-04T000000Z"]
    assert (tmp_path / "newsroom-notes").exists()
    assert naming.age_of_newest(tmp_path) < 60  # type: ignore[operator]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="PostgreSQL is restored in place: the tests above")
def test_a_fresh_machine_gets_its_sqlite_back_with_one_command(tmp_path: Path) -> None:
    article = make_world()
    image = make_image()
    path = back_up(tmp_path / "one.tar")
    fresh = tmp_path / "fresh" / "newsroom.sqlite3"
    environment = {
        **os.environ,
        "RUN_DIR": str(tmp_path / "fresh"),
        "DATABASE_URL": f"sqlite:///{fresh}",
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "SECRET_KEY": "x" * 60,
    }
    command = [sys.executable, "manage.py", "restore", str(path)]
    root = Path(__file__).resolve().parent.parent
    subprocess.run(command, env=environment, cwd=root, check=True, capture_output=True)
    with closing(sqlite3.connect(fresh)) as database:
        assert database.execute("SELECT headline FROM articles_article").fetchall() == [(article.headline,)]
        assert database.execute("SELECT id FROM images_image").fetchall() == [(image.pk,)]
    assert (tmp_path / "fresh/private/deep/er/original.jpg").stat().st_size == 50_000
    again = subprocess.run(command, env=environment, cwd=root, check=False, capture_output=True, text=True)
    assert again.returncode == 1
    assert "--overwrite" in again.stderr
    forced = subprocess.run([*command, "--overwrite"], env=environment, cwd=root, check=True, capture_output=True)
    assert b"The former database is now" in forced.stdout
    assert len(list(fresh.parent.glob("newsroom.sqlite3.before-*"))) >= 1


@pytest.mark.postgres
def test_it_is_one_instant_whatever_is_written_meanwhile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control is in the numbers: an article and its comments are written between two tables of the backup."""
    from newsroom.backups import database_out  # noqa: PLC0415
    from tests.concurrency import at_once  # noqa: PLC0415

    copied = database_out._copied

    def slowly(cursor: Any, name: str, columns: list[str]) -> Any:
        if name == "articles_article":
            assert at_once([lambda: make_comment(make_article("Meanwhile"), text="Meanwhile")]) == []
        yield from copied(cursor, name, columns)

    monkeypatch.setattr(database_out, "_copied", slowly)
    make_world()
    path = back_up(tmp_path / "backups", "--without-media")
    assert Article.objects.filter(headline="Meanwhile").exists()
    for name in ("articles_article", "comments_comment"):
        assert "Meanwhile" not in (path / f"database/{name}.copy").read_text()
    restore(path, "--overwrite")
    assert not Article.objects.filter(headline="Meanwhile").exists()
