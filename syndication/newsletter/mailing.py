"""One subscriber's copy of an edition: as text and as HTML, telling only what readers may see when it is sent."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from articles.models import Article
from images.renditions import best, public_address
from outbox import effects
from outbox.letters import Letter, one_line, send
from people.models import User
from syndication.addresses import absolute
from syndication.models import Edition, Newsletter, Subscriber
from syndication.newsletter.editions import MAIL, cards_of

PICTURE_WIDTH = 1200
"""Pixels: twice the width of the column, for fine screens."""


@effects.handler(MAIL, outside=True)
def mail(payload: dict[str, int], key: str) -> None:
    """Send one copy, unless it was sent, stopped, or nothing of it is public any more."""
    edition = Edition.objects.select_related("newsletter").filter(pk=payload["edition"]).first()
    rows = Subscriber.objects.filter(pk=payload["subscriber"], confirmed_at__isnull=False)
    row = rows.filter(last_edition__lt=payload["edition"]).first()
    if edition is None or row is None:
        return
    stories = cards_of(list(edition.told.values_list("article", flat=True)))
    if stories:
        stop = reverse("syndication:newsletter_stop", args=[row.secret])
        send(
            row.email, letter(edition.newsletter, stories, stop), key=key, html=html(edition.newsletter, stories, stop)
        )
    if rows.filter(last_edition__lt=edition.pk).update(last_edition=edition.pk) and stories:
        Edition.objects.filter(pk=edition.pk).update(mailed=F("mailed") + 1)


def send_specimen(newsletter: Newsletter, stories: Sequence[Article], *, to: User, key: str) -> None:
    """The next edition as it would be now, for a colleague alone; its stop link leads to the public page."""
    stop = reverse("syndication:newsletters")
    told = letter(newsletter, stories, stop)
    specimen = Letter(_("[Specimen] %(subject)s") % {"subject": told.subject}, told.paragraphs, told.stop)
    send(to.email, specimen, key=key, html=html(newsletter, stories, stop))


def letter(newsletter: Newsletter, stories: Sequence[Article], stop: str) -> Letter:
    """The text; its subject names the first story."""
    subject = f"{one_line(newsletter.name)}: {one_line(stories[0].headline)}"
    return Letter(subject[:200], tuple(_told(story) for story in stories), stop)


def html(newsletter: Newsletter, stories: Sequence[Article], stop: str) -> str:
    """The same with its style in each element, as mail programs want it."""
    context = {
        "newsletter": newsletter,
        "lead": stories[0],
        "picture": _picture(stories[0]),
        "stories": stories[1:],
        "site_name": settings.SITE_NAME,
        "base_url": settings.BASE_URL,
        "stop": absolute(stop),
    }
    return render_to_string("syndication/mail/digest.html", context)


def _told(story: Article) -> str:
    lines = (one_line(story.headline), one_line(story.standfirst), absolute(story.get_absolute_url()))
    return "\n".join(filter(None, lines))


def _picture(story: Article) -> str:
    """The address of the story's picture, where readers have it."""
    image = story.picture
    made = best(image, "3:2", PICTURE_WIDTH)
    return absolute(public_address(image, made)) if image and made else ""
