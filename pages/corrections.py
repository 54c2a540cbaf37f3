"""Every correction, clarification and update on one page, newest first."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from articles.boundaries import next_change
from articles.corrections import KEY
from articles.listing import is_public
from articles.models import Article, Correction
from pagecache.reading import depends_on, reader_page
from pages.keyset import Cursor

PER_PAGE = 30


@dataclass(frozen=True)
class Notes:
    """One page of them, and the query strings that lead to its neighbours; empty where there is none."""

    notes: list[Correction]
    newer: str = ""
    older: str = ""


@require_safe
@reader_page("before", "after")
def corrections(request: HttpRequest) -> HttpResponse:
    """What the paper got wrong and put right, on stories readers may see; 404 for a cursor that is none."""
    noted = Article.objects.filter(pk__in=Correction.objects.values("article"))
    depends_on(KEY, until=next_change(noted))
    page = _page(request, Correction.objects.filter(is_public("article")))
    for note in page.notes:
        depends_on(f"article:{note.article_id}", f"section:{note.article.section_id}")
    return render(request, "pages/corrections.html", {"page": page})


def _page(request: HttpRequest, found: QuerySet[Correction]) -> Notes:
    found = found.select_related("article__section").only(
        "kind", "text", "made_at", "article__headline", "article__slug", "article__section__slug"
    )
    before, after = request.GET.get("before"), request.GET.get("after")
    if before is not None:
        rows = _newest_first(found.filter(_beyond(Cursor.parse(before), "lt")))
        return _of(rows[:PER_PAGE], newer=bool(rows), older=len(rows) > PER_PAGE)
    if after is not None:
        rows = list(found.filter(_beyond(Cursor.parse(after), "gt")).order_by("made_at", "id")[: PER_PAGE + 1])
        if len(rows) > PER_PAGE:
            return _of(rows[PER_PAGE - 1 :: -1], newer=True, older=True)
    rows = _newest_first(found)
    return _of(rows[:PER_PAGE], newer=False, older=len(rows) > PER_PAGE)


def _newest_first(found: QuerySet[Correction]) -> list[Correction]:
    return list(found.order_by("-made_at", "-id")[: PER_PAGE + 1])


def _beyond(cursor: Cursor, side: str) -> Q:
    return Q(**{f"made_at__{side}": cursor.at}) | Q(made_at=cursor.at, **{f"pk__{side}": cursor.pk})


def _of(notes: list[Correction], *, newer: bool, older: bool) -> Notes:
    return Notes(
        notes,
        newer=_query("after", notes[0]) if newer and notes else "",
        older=_query("before", notes[-1]) if older and notes else "",
    )


def _query(name: str, note: Correction) -> str:
    return "?" + urlencode({name: str(Cursor(note.made_at, note.pk))})
