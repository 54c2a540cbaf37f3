"""What waits for whoever works on articles: one query a list, whatever waits."""

from typing import Any

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from articles.desks import belongs_to, is_limited, places_of
from articles.known import of_concern
from articles.models import Article, EditorialNote, Handover, Status
from articles.models.article import ArticleQuerySet
from articles.publishing.steps import CHANGES_ASKED, SUBMITTED
from newsroom.wire_list import from_wires
from newsroom.worklists import SHOWN, Row, Worklist, all_of, when
from people.models import User

SAID_LENGTH = 160
"""Characters of a colleague's words in a list; the article has the rest."""


def work(user: User) -> list[Worklist]:
    """What somebody has to do something about, the most urgent first; empty lists stay where their words teach."""
    lists = [
        _asked(user),
        _sent_back(user),
        _review(user),
        _approved(user),
        _notes(user),
        from_wires(user),
        _drafts(user),
        _changes(user),
    ]
    return [one for one in lists if one.rows or one.empty]


def outlook(user: User, *, writes: bool) -> list[Worklist]:
    """What goes out by itself, and what went out."""
    recent = Worklist(
        "published",
        _("Recently published"),
        _rows(_for_list().public().newest_first(), "public"),
        all_of("status__exact=published"),
        _("Nothing is published yet."),
    )
    if not writes:
        return [recent]
    appears_at = Greatest("publish_at", Coalesce("embargo_until", "publish_at"))
    coming = _for_list().filter(of_concern(user)).coming().annotate(moment=appears_at).order_by("moment", "id")
    scheduled = Worklist(
        "scheduled",
        _("Scheduled"),
        _rows(coming, "appears"),
        all_of("status__exact=scheduled"),
        _("Nothing is scheduled. Give an article a time under “When” and publish it: it appears by itself."),
    )
    return [scheduled, recent]


def _asked(user: User) -> Worklist:
    rows = _handed(user).filter(status=Status.IN_REVIEW, step_verb=SUBMITTED, step_to=user.pk).order_by("step_at", "id")
    return Worklist("asked", _("Asked of you"), _rows(rows, "handed"), all_of("status__exact=in_review"), "")


def _sent_back(user: User) -> Worklist:
    mine = Q(step_to=user.pk) | Q(step_to=None, created_by=user.pk)
    rows = _handed(user).filter(mine, status=Status.DRAFT, step_verb=CHANGES_ASKED).order_by("step_at", "id")
    return Worklist("back", _("Changes asked of you"), _rows(rows, "handed"), all_of("status__exact=draft"), "")


def _review(user: User) -> Worklist:
    rows = _handed(user).filter(_to_judge(user), status=Status.IN_REVIEW)
    others = Q(step_to=None) | ~Q(step_to=user.pk)
    rows = rows.filter(others).order_by("latest__made_at", "id")
    return Worklist(
        "review",
        _("Waiting for review"),
        _rows(rows, "saved"),
        all_of("status__exact=in_review"),
        _("Nothing waits for review."),
    )


def _approved(user: User) -> Worklist:
    rows = _for_list().filter(_to_judge(user), status=Status.APPROVED).order_by("latest__made_at", "id")
    return Worklist("approved", _("Approved, not out yet"), _rows(rows, "saved"), all_of("status__exact=approved"), "")


def _notes(user: User) -> Worklist:
    concerned = Q(made_by=user.pk) | Q(article__created_by=user.pk)
    known = Article.objects.filter(of_concern(user))
    notes = EditorialNote.objects.filter(concerned, answers=None, resolved_at=None, article__in=known)
    notes = notes.select_related("made_by", "article__latest").order_by("made_at", "id")
    notes = notes.only("text", "made_at", "article__headline", "article__latest__headline", *_NAMES)
    rows = [_note_row(note) for note in notes[: SHOWN + 1]]
    return Worklist("notes", _("Open notes"), rows, all_of("missing=settling"), "")


def _drafts(user: User) -> Worklist:
    others = Q(step_verb=None) | ~Q(step_verb=CHANGES_ASKED)  # those stand in a list of their own
    rows = _handed(user).filter(others, status=Status.DRAFT, created_by=user.pk).order_by("-latest__made_at", "-id")
    return Worklist(
        "drafts",
        _("Your drafts"),
        _rows(rows, "saved"),
        all_of("status__exact=draft&whose=mine"),
        _("You have no drafts. A new article starts here as soon as you save it."),
    )


def _changes(user: User) -> Worklist:
    rows = _for_list().filter(of_concern(user)).with_changes().order_by("-latest__made_at", "-id")
    return Worklist(
        "changes",
        _("Changes readers do not see yet"),
        _rows(rows, "saved"),
        all_of("missing=changes"),
        _("Readers see the newest version of everything."),
    )


_NAMES = ("made_by__name", "made_by__email")


def _to_judge(user: User) -> Q:
    """What ``user`` reviews, and their own that others review."""
    if not is_limited(user):
        return of_concern(user)
    return Q(created_by=user.pk) | belongs_to(places_of(user).edits)


def _for_list() -> ArticleQuerySet:
    """Articles with just what a row prints."""
    return (
        Article.objects.for_desk()
        .select_related("section")
        .only(
            *("headline", "slug", "status", "publish_at", "embargo_until", "section__name"),
            *("latest__headline", "latest__made_at", "latest__section__name"),
            *("latest__made_by__name", "latest__made_by__email"),
        )
    )


def _handed(user: User) -> Any:
    """The same, with their last step: those whose newest words ``user`` may read."""
    last = Handover.objects.filter(article=OuterRef("pk")).order_by("-made_at", "-id")
    names = {"verb": "verb", "to": "to", "at": "made_at", "note": "note", "by": "made_by__name"}
    steps: dict[str, Any] = {f"step_{name}": Subquery(last.values(column)[:1]) for name, column in names.items()}
    return _for_list().filter(of_concern(user)).annotate(**steps)


def _rows(articles: ArticleQuerySet, what: str) -> list[Row]:
    return [_ROWS[what](article) for article in articles[: SHOWN + 1]]


def _saved(article: Any) -> Row:
    latest = article.latest
    about = [latest.section, latest.made_by] if latest else [article.section]
    return _row(article, str(article), latest.made_at if latest else None, about)


def _public(article: Any) -> Row:
    return _row(article, article.headline, article.publish_at, [article.section])


def _coming(article: Any) -> Row:
    about = [article.latest.section if article.latest else article.section]
    about += [_("under embargo")] if article.embargo_until and article.embargo_until > timezone.now() else []
    return _row(article, str(article), article.moment, about)


def _handed_on(article: Any) -> Row:
    about = [article.latest.section if article.latest else article.section, article.step_by]
    return _row(article, str(article), article.step_at, about, said=article.step_note or "")


_ROWS = {"saved": _saved, "public": _public, "appears": _coming, "handed": _handed_on}


def _note_row(note: EditorialNote) -> Row:
    row = _row(note.article, str(note.article), note.made_at, [note.made_by], said=note.text)
    address = reverse("admin:articles_article_notes", args=[note.article.pk])
    return Row(row.headline, f"{address}#note-{note.pk}", row.moment, row.when, row.about, row.said)


def _row(article: Article, headline: str, moment: Any, about: list[Any], said: str = "") -> Row:
    url = reverse("admin:articles_article_change", args=[article.pk])
    told = Truncator(" ".join(said.split())).chars(SAID_LENGTH)
    return Row(headline, url, moment, when(moment), tuple(str(part) for part in about if part), told)
