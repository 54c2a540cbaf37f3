"""The demo newsroom behind its own server, as ``make demo`` serves it: for checks of every page, and for pictures."""

import fcntl
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests import migrated
from tests.ports import free_port

ROOT = Path(__file__).resolve().parent.parent.parent
STOPPING = 30
"""Seconds until a site that was asked to stop has stopped."""

LOADED = "DEMO_LOADED"
"""The environment variable that names a directory where one part of a run leaves the demo to the next."""
SECRET_KEY = "only-for-this-newsroom-and-long-enough-for-every-check-of-django"

NAMES = {"SITE_NAME": "The Brackwater Courier", "SITE_TAGLINE": "Independent news from the estuary"}

TELL = """
import json
from articles.models import Article, Status
from articles.publishing import take_down
from comments.models import Comment
from images.models import Image
from newsroom.demo.load import PASSWORD
from products.models import Merchant, Product
from syndication.models import Feed, Newsletter, Subscriber, WireItem, WireRule

stories = Article.objects.public().select_related("section")
story = stories.get(slug="tram-line-4-late")
gone = stories.get(slug="night-bus-petition")
take_down(gone, actor=None)
pending = Comment.objects.pending().first()
print(json.dumps({
    "password": PASSWORD,
    "article": story.get_absolute_url(),
    "article_id": story.pk,
    "comment_form": f"/comments/{story.pk}/",
    "illustrated": stories.filter(body__contains="data-image").first().get_absolute_url(),
    "agency": stories.exclude(source=None).first().get_absolute_url(),
    "gone": gone.get_absolute_url(),
    "hidden": Article.objects.filter(status=Status.SCHEDULED).first().get_absolute_url(),
    "receipt": f"/comments/receipt/{pending.receipt}/",
    "comment_id": pending.pk,
    "image_id": Image.objects.get(title="Tram rain").pk,
    "product_id": Product.objects.first().pk,
    "merchant_id": Merchant.objects.first().pk,
    "boxed_id": stories.get(slug="weekday-rye-loaf").pk,
    "mailed_id": Newsletter.objects.get(slug="mornings").editions.first().told.first().article_id,
    "newsletter_id": Newsletter.objects.get(slug="mornings").pk,
    "subscription": f"/newsletters/{Subscriber.objects.first().secret}/",
    "wire_waiting_id": WireItem.objects.filter(state="waiting", is_urgent=True).first().pk,
    "wire_version_id": WireItem.objects.filter(offer="update").first().pk,
    "wire_killed_id": WireItem.objects.filter(offer="killed").first().pk,
    "feed_id": Feed.objects.first().pk,
    "rule_id": WireRule.objects.first().pk,
    "revised_id": Article.objects.get(slug="rents-six-years").pk,
    "checked_id": Article.objects.filter(latest__headline__startswith="TK Radio").first().pk,
}))
"""
"""Run in the demo: takes one story down, and says where things are."""


@dataclass(frozen=True)
class DemoSite:
    """A running demo: its address, and where things are in it."""

    url: str
    places: dict[str, str | int]

    def place(self, name: str) -> str:
        """An address or an id, as text."""
        return str(self.places[name])


def lay(own: Path, shared: Path) -> dict[str, str | int]:
    """A copy of the demo in the new directory ``own``; says where things are.

    It is loaded into ``shared``, or where an earlier part of the run looked for it, by whoever comes first.
    """
    shared = Path(os.environ.get(LOADED) or shared)
    shared.mkdir(exist_ok=True)
    with (shared / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        told = shared / "places.json"
        if not told.exists():
            made = install(shared / "site")
            told.write_text(json.dumps(made))
    shutil.copytree(shared / "site", own)
    places: dict[str, str | int] = json.loads(told.read_text())
    return places


def install(directory: Path) -> dict[str, str | int]:
    """Load the demo into ``directory``; with one story taken down, whose address is gone. Says where things are."""
    environment = _environment(directory, 8000)
    directory.mkdir(exist_ok=True)
    migrated.lay_file(directory / "newsroom.sqlite3")
    _manage(environment, "migrate", "--verbosity", "0")
    _manage(environment, "collectstatic", "--no-input", "--verbosity", "0")
    _manage(environment, "load_demo")
    told = _manage(environment, "shell", "--verbosity", "0", "-c", TELL)
    places: dict[str, str | int] = json.loads(told.strip().splitlines()[-1])
    return places


@contextmanager
def serving(directory: Path, places: dict[str, str | int], port: int | None = None) -> Iterator[DemoSite]:
    """Serve what ``install()`` made, until the block ends."""
    number = port or free_port()
    command = [sys.executable, "manage.py", "serve", "--port", str(number)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=_environment(directory, number),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            if not any("is up" in line for line in process.stdout):
                raise RuntimeError("the demo did not come up")
            yield DemoSite(f"http://127.0.0.1:{number}", places)
        finally:
            process.terminate()
            process.wait(STOPPING)


def _environment(directory: Path, port: int) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "RUN_DIR": str(directory),
        "SECRET_KEY": SECRET_KEY,
        "BASE_URL": f"http://127.0.0.1:{port}",
        "PYTHONUNBUFFERED": "1",
        **NAMES,
    }


def _manage(environment: dict[str, str], *arguments: str) -> str:
    command = [sys.executable, "manage.py", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True)
    return done.stdout
