"""The demo's newsletters: one every morning, one about the weekend; some readers, and the last mornings' editions."""

from datetime import time, timedelta

from django.conf import settings
from django.urls import reverse

from articles.models import Article
from newsroom.demo.made import Demo
from pages.models import Menu, MenuItem
from syndication.models import Edition, EditionStory, Newsletter, Subscriber
from syndication.newsletter.editions import last_planned

READERS = ("nora", "tomas", "wilhelmina")
MORNINGS = 2


def make(demo: Demo) -> None:
    """Make them, and lead readers there from the foot of every page."""
    morning = Newsletter.objects.create(
        name="Brackwater Mornings",
        slug="mornings",
        description="What happened since yesterday, before the first ferry leaves.",
        at=time(6, 30),
    )
    Newsletter.objects.create(
        name="Weekend at the Theatre",
        slug="weekend",
        description="Plays, concerts and exhibitions, every Friday at noon.",
        section=demo.sections["culture"],
        hours=7 * 24,
        at=time(12, 0),
        days="4",
    )
    Subscriber.objects.bulk_create(
        Subscriber(newsletter=morning, email=f"{name}@example.org", asked_at=demo.at(9), confirmed_at=demo.at(8))
        for name in READERS
    )
    for back in reversed(range(MORNINGS)):
        _make_edition(demo, morning, back)
    address = settings.BASE_URL + reverse("syndication:newsletters")
    MenuItem(menu=Menu.FOOTER, label="Newsletters", url=address, position=MenuItem.objects.count()).save()


def _make_edition(demo: Demo, newsletter: Newsletter, back: int) -> None:
    """As the plan made it, ``back`` mornings before the newest; every reader has their copy."""
    planned = last_planned(newsletter, demo.now - timedelta(days=back))
    if planned is None:
        return
    edition = Edition.objects.create(newsletter=newsletter, made_at=planned, planned_for=planned, mailed=len(READERS))
    since = planned - timedelta(hours=newsletter.hours)
    fresh = Article.objects.public().filter(publish_at__gt=since, publish_at__lte=planned).newest_first()
    EditionStory.objects.bulk_create(
        EditionStory(edition=edition, article=story, position=place)
        for place, story in enumerate(fresh[: newsletter.most])
    )
    newsletter.subscribers.update(last_edition=edition.pk)
