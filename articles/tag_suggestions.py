"""Tags offered while an editor types one."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, JsonResponse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from articles.models import Tag, tag_key

MOST = 10
LONGEST_QUERY = 100


@require_GET
def suggest(request: HttpRequest) -> JsonResponse:
    """``{"tags": [{"name", "count", "uses"}]}`` for ``?q=``: tags that begin with it, the most used first."""
    if not any(request.user.has_perm(f"articles.{verb}_article") for verb in ("add", "change")):
        raise PermissionDenied
    key = tag_key(request.GET.get("q", "")[:LONGEST_QUERY].replace("\0", ""))
    if not key:
        return JsonResponse({"tags": []})
    found = Tag.objects.filter(key__startswith=key).annotate(count=Count("tagged")).order_by("-count", "name")
    rows = [
        {"name": name, "count": count, "uses": ngettext("%d article", "%d articles", count) % count}
        for name, count in found.values_list("name", "count")[:MOST]
    ]
    return JsonResponse({"tags": rows})
