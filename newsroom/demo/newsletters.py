"""The demo's newsletters: one every morning, one about the weekend, each with some readers."""

from datetime import time

from django.conf import settings
from django.urls import reverse

from newsroom.demo.made import Demo
from pages.models import Menu, MenuItem
from syndication.models import Newsletter, Subscriber

READERS = ("nora", "tomas", "wilhelmina")


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
    address = settings.BASE_URL + reverse("syndication:newsletters")
    MenuItem(menu=Menu.FOOTER, label="Newsletters", url=address, position=MenuItem.objects.count()).save()
