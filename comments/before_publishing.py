"""What this room says before a story goes out: whether readers may answer it, and who looks first."""

from typing import Any

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.models import Article
from articles.permissions import Actor
from articles.registries import Finding, Standing
from articles.state import WorkingState
from comments.openness import closes_at, settings_of


def open_to_a_sensitive_story(article: Article, state: dict[str, Any]) -> list[Finding]:
    """Advice to think about the comments of a sensitive story."""
    if not state.get("sensitive") or settings_of(article).closed:
        return []
    message = _("A sensitive story that takes comments: each waits for a moderator. Should they be closed?")
    return [Finding(message, field="comments", code="comments-sensitive")]


def how_readers_answer(article: Article, state: WorkingState, actor: Actor) -> list[Standing]:
    """Open, held or closed, and until when."""
    special = settings_of(article)
    if special.closed:
        return [Standing(_("It takes no comments."))]
    held = special.hold_until is not None and special.hold_until > timezone.now()
    waits = state.sensitive or special.premoderated or held
    said = _("Readers can comment; every comment waits for a moderator.") if waits else _("Readers can comment.")
    appears = state.publish_at or (article.publish_at if article.once_public() else None) or timezone.now()
    end = closes_at(Article(publish_at=appears))
    if end is not None:
        said += " " + _("Comments close on %(when)s.") % {"when": format_date(timezone.localtime(end), "l j F Y")}
    return [Standing(said)]
