"""What publishing will do, in words: when, at which address, until when, and whom it tells."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles.models import Article, Section
from articles.permissions import Actor
from articles.publishing import publication_time
from articles.registries import Standing, publish_letters, publish_outcomes
from articles.state import WorkingState


def outcomes(article: Article, state: WorkingState, actor: Actor) -> list[Standing]:
    """Everything that publishing ``state`` now would do, in the order in which it matters."""
    said = [one for say in publish_outcomes for one in say(article, state, actor)]
    return [*_when_and_where(article, state), *said, *_end(article, state), *_letters(article, state)]


def appears_at(article: Article, state: WorkingState) -> datetime:
    """When readers would see it, published now."""
    now = timezone.now()
    return max(filter(None, (publication_time(article, state, now), state.embargo_until)))


def told(moment: datetime) -> str:
    """A moment in the site's zone, which is named, with its weekday."""
    when = format_date(timezone.localtime(moment), "l j F Y, H:i")
    return _("%(when)s (%(zone)s)") % {"when": when, "zone": settings.TIME_ZONE.replace("_", " ")}


def _when_and_where(article: Article, state: WorkingState) -> list[Standing]:
    return [Standing(_appearance(article, state)), *_address(article, state)]


def _appearance(article: Article, state: WorkingState) -> str:
    moment = appears_at(article, state)
    if moment > timezone.now():
        when = told(moment)
        if article.is_public():
            return _("Nothing yet: readers see it now, and its form says %(when)s. Empty that first.") % {"when": when}
        if state.embargo_until == moment:
            return _("Readers see it when the embargo ends: %(when)s.") % {"when": when}
        return _("Readers see it from %(when)s.") % {"when": when}
    dated = format_date(timezone.localtime(publication_time(article, state, timezone.now())), "j F Y")
    if article.is_public():
        return _("Readers see the new words at once; it stays dated %(when)s.") % {"when": dated}
    if moment < timezone.now() - timedelta(days=1):
        return _("Readers see it at once, dated %(when)s.") % {"when": dated}
    return _("Readers see it at once.")


def _address(article: Article, state: WorkingState) -> Iterator[Standing]:
    section = Section.objects.filter(pk=state.section).first() if state.section else None
    if section is None:
        return
    slug = state.slug or slugify(state.headline)[:80].strip("-") or "story"
    path = reverse("pages:article", args=[section.slug, slug, article.pk])
    before = article.get_absolute_url() if article.slug else ""
    if article.once_public() and before and before != path:
        yield Standing(
            _("Its address becomes %(path)s; %(before)s leads there from now on.") % {"path": path, "before": before}
        )
    elif not article.once_public():
        yield Standing(_("Its address: %(path)s") % {"path": path})


def _end(article: Article, state: WorkingState) -> Iterator[Standing]:
    if state.expire_at is None:
        return
    message = _("It expires on %(when)s: its address then says that it is gone.")
    if article.moved_to_id:
        message = _("It expires on %(when)s: its readers are then sent to another story.")
    elif article.moved_to_section_id:
        message = _("It expires on %(when)s: its readers are then sent to a section’s page.")
    yield Standing(message % {"when": told(state.expire_at)})


def _letters(article: Article, state: WorkingState) -> Iterator[Standing]:
    names = list(dict.fromkeys(name for tell in publish_letters for name in tell(article, state)))
    if names:
        yield Standing(_("A mail goes to %(names)s.") % {"names": ", ".join(names)})
    else:
        yield Standing(_("Nobody gets a mail."))
