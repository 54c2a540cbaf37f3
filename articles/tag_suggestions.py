"""Tags offered while an editor types one, and those that a story's own words speak of."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from articles.known import known_to, knows_newest
from articles.models import Article, Tag, TagSynonym, tag_key
from articles.tag_text import BODY, HEADLINE, STANDFIRST, plain, tags_for
from pagecache.admin import is_id

MOST = 10
LONGEST_QUERY = 100


@require_GET
def suggest(request: HttpRequest) -> JsonResponse:
    """``{"tags": [{"name", "count", "uses"}]}`` for ``?q=``: tags with a name that begins with it, most used first.

    One found by another name of it says so in ``other``.
    """
    _require_writer(request)
    key = tag_key(request.GET.get("q", "")[:LONGEST_QUERY].replace("\0", ""))
    if not key:
        return JsonResponse({"tags": []})
    others: dict[int, str] = dict(TagSynonym.objects.filter(key__startswith=key).values_list("tag", "name")[:MOST])
    own = Tag.objects.filter(key__startswith=key)
    found = (own | Tag.objects.filter(pk__in=others)).annotate(count=Count("tagged")).order_by("-count", "name")
    return _answer(
        (name, count, others.get(pk, "") if not tag_key(name).startswith(key) else "")
        for pk, name, count in found.values_list("pk", "name", "count")[:MOST]
    )


@require_POST
def suggest_from_text(request: HttpRequest) -> JsonResponse:
    """The same for a story: ``headline``, ``standfirst``, ``body`` (its source) and, where it has one, its number."""
    _require_writer(request)
    headline, standfirst, body = (request.POST.get(name, "") for name in ("headline", "standfirst", "body"))
    parts = [(headline, HEADLINE), (standfirst, STANDFIRST), (plain(body), BODY)]
    found = tags_for(parts, _article(request), MOST)
    return _answer((one.tag.name, one.count, "") for one in found)


def _require_writer(request: HttpRequest) -> None:
    if not any(request.user.has_perm(f"articles.{verb}_article") for verb in ("add", "change")):
        raise PermissionDenied


def _article(request: HttpRequest) -> Article | None:
    """The story itself, if they may read its newest words: its neighbours tell of them."""
    pk = request.POST.get("article", "")
    article = known_to(request.user).filter(pk=int(pk)).first() if is_id(pk) else None
    return article if article is not None and knows_newest(request.user, article) else None


def _answer(rows: Iterable[tuple[str, int, str]]) -> JsonResponse:
    told = [
        {
            "name": name,
            "count": count,
            "uses": ngettext("%d article", "%d articles", count) % count,
            "other": _("also %(name)s") % {"name": other} if other else "",
        }
        for name, count, other in rows
    ]
    return JsonResponse({"tags": told})
