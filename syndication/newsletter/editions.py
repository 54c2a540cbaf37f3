"""What an edition of a newsletter tells, and making one: by hand, or at its time.

An edition's mails are sent by workers, however many, each subscriber once: an
edition is cut into stretches of subscribers, each stretch asks for the next in
the transaction that asks for its mails, so that work cut off anywhere goes on
where it was.
"""

from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article, Section
from articles.permissions import Actor, require
from curation.places import FRONT
from curation.slots import slot_order
from outbox import audit, effects
from outbox.periodic import every
from pagecache.writing import writing
from people.models import User
from syndication.models import Edition, EditionStory, Newsletter, Subscriber

STRETCH = "syndication.edition_stretch"
MAIL = "syndication.edition_mail"

AT_ONCE = 500
"""Subscribers of one stretch."""

LATE = timedelta(hours=3)
"""What could not be made so long after its time is left out: yesterday's news at noon helps nobody."""


def may_send(actor: Actor) -> bool:
    """Whether ``actor`` may send a newsletter."""
    return actor is None or actor.has_perm("syndication.send_newsletter")


def stories_for(newsletter: Newsletter) -> list[Article]:
    """The cards an edition made now would tell: picks, then the fills of the page, then what else is new.

    Public stories of the last ``hours``, none that this newsletter told
    before, ``most`` at most. Four queries beside those of the page's own order.
    """
    since = timezone.now() - timedelta(hours=newsletter.hours)
    told = EditionStory.objects.filter(edition__newsletter=newsletter).values("article")
    fresh = Article.objects.public().filter(publish_at__gt=since).exclude(pk__in=told)
    if newsletter.section_id:
        fresh = fresh.filter(section=newsletter.section_id)
    newest = list(fresh.newest_first().values_list("pk", flat=True)[: newsletter.most])
    place: Any = Section.objects.get(pk=newsletter.section_id) if newsletter.section_id else FRONT
    placed = [entry.target for entry in slot_order(place)]
    among = set(fresh.filter(pk__in=placed).values_list("pk", flat=True))
    order = list(dict.fromkeys([*(pk for pk in placed if pk in among), *newest]))
    return cards_of(order[: newsletter.most])


def cards_of(ids: list[int]) -> list[Article]:
    """Those of the articles that readers may see now, in this order, each with what its card shows. One query."""
    found = {article.pk: article for article in Article.objects.public().cards().filter(pk__in=ids)}
    return [found[pk] for pk in ids if pk in found]


def send_now(newsletter: Newsletter, *, actor: Actor) -> Edition:
    """Make an edition and have it mailed. Raises ``PermissionDenied``, or ``ValidationError`` where nothing is new."""
    require(may_send(actor), _("send newsletters"))
    with writing():
        held = Newsletter.objects.select_for_update().get(pk=newsletter.pk)
        edition = _make(held, actor)
        if not edition.told.exists():
            raise ValidationError(_("Nothing new was published since the last edition: there is nothing to send."))
    return edition


@every(timedelta(minutes=1))
def make_due_ones() -> None:
    """Make the editions whose minute has come; safe in any number of workers."""
    for newsletter in Newsletter.objects.filter(at__isnull=False):
        planned = last_planned(newsletter, timezone.now())
        made = Edition.objects.filter(newsletter=newsletter, planned_for=planned)
        if planned is not None and timezone.now() - planned < LATE and not made.exists():
            _make_planned(newsletter, planned)


def last_planned(newsletter: Newsletter, now: datetime) -> datetime | None:
    """The newest minute of its plan that is not ahead of ``now``; ``None`` where there was none in the last week.

    In the site's zone. A time that a change of clocks leaves out is as much
    later; of one that comes twice it is the first.
    """
    today = timezone.localtime(now).date()
    for back in range(8):
        day = today - timedelta(days=back)
        if newsletter.at is None or str(day.weekday()) not in newsletter.days:
            continue
        local = datetime.combine(day, newsletter.at, timezone.get_current_timezone())
        moment = datetime.fromtimestamp(local.timestamp(), timezone.get_default_timezone())
        if moment <= now:
            return moment
    return None


@effects.handler(STRETCH)
def ask_for_mails(payload: dict[str, int], _key: str) -> None:
    """A stretch of subscribers: a mail for each, and the next stretch."""
    edition = Edition.objects.filter(pk=payload["edition"]).first()
    if edition is None:
        return
    wanting = Subscriber.objects.filter(newsletter=edition.newsletter_id, confirmed_at__isnull=False)
    ids = list(wanting.filter(pk__gt=payload["after"]).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    mails = [effects.Wanted({"edition": edition.pk, "subscriber": pk}, f"{MAIL}:{edition.pk}:{pk}") for pk in ids]
    effects.enqueue_all(MAIL, mails)
    if len(ids) == AT_ONCE:
        _stretch(edition, after=ids[-1])


def _make_planned(newsletter: Newsletter, planned: datetime) -> None:
    try:
        with transaction.atomic(), writing():
            _make(newsletter, None, planned)
    except IntegrityError:
        pass  # another worker made it


def _make(newsletter: Newsletter, actor: Actor, planned: datetime | None = None) -> Edition:
    by = actor if isinstance(actor, User) else None
    edition = Edition.objects.create(newsletter=newsletter, made_by=by, planned_for=planned)
    stories = stories_for(newsletter)
    EditionStory.objects.bulk_create(
        EditionStory(edition=edition, article=story, position=place) for place, story in enumerate(stories)
    )
    if stories:
        _stretch(edition, after=0)
        audit.record(actor, "sent a newsletter", newsletter, edition=edition.pk, stories=len(stories))
    return edition


def _stretch(edition: Edition, *, after: int) -> None:
    effects.enqueue(STRETCH, {"edition": edition.pk, "after": after}, key=f"{STRETCH}:{edition.pk}:{after}")
