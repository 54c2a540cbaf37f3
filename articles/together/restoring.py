"""The article's form, filled from words that were typed and not saved."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse

from articles.models import Article, WorkingCopy
from articles.together.copies import formset_rows
from articles.together.posting import BYLINES
from articles.together.strip import RESTORING, restoring
from articles.together.windows import posted_window
from pagecache.admin import is_id

MOST_ROWS = 100
"""Rows of one formset that are filled again."""

SETTLED = "settled"
"""In the address: the window whose words were saved or thrown away, so that the browser forgets them too."""


class Restoring:
    """For the admin's screen of articles."""

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form's class, which knows the copy that the address names."""
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        form.unsaved = restoring(request, obj)
        return form

    def get_formsets_with_inlines(self, request: HttpRequest, obj: Article | None = None) -> Iterator[Any]:
        """Each with room for the rows that were added and not saved."""
        for formset, inline in super().get_formsets_with_inlines(request, obj):  # type: ignore[misc]
            added = _added(restoring(request, obj), formset, formset.get_default_prefix())
            formset.extra = max(formset.extra, len(added))
            yield formset, inline

    def get_formset_kwargs(self, request: HttpRequest, obj: Article, inline: Any, prefix: str) -> dict[str, Any]:
        """Bylines as they were typed, and rows that were added to live ones."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)  # type: ignore[misc]
        copy = restoring(request, obj if obj.pk else None)
        if copy is not None and prefix == BYLINES and f"{BYLINES}-TOTAL_FORMS" in copy.fields:
            kwargs["initial"] = formset_rows(copy.fields, BYLINES, ("position", "author", "role"))
        elif copy is not None and (added := _added(copy, inline.get_formset(request, obj), prefix)):
            kwargs["initial"] = added
        return kwargs


def _added(copy: WorkingCopy | None, formset: Any, prefix: str) -> list[dict[str, Any]]:
    """The rows of a formset in ``copy`` that no saved row stands behind, as their widgets read them."""
    if copy is None or prefix == BYLINES:
        return []
    rows = range(_number(copy, f"{prefix}-INITIAL_FORMS"), _number(copy, f"{prefix}-TOTAL_FORMS"))
    kept = [row for row in rows if not copy.fields.get(f"{prefix}-{row}-DELETE")]
    return [
        {
            name: field.widget.value_from_datadict(copy.fields, {}, f"{prefix}-{row}-{name}")
            for name, field in formset.form.base_fields.items()
        }
        for row in kept
    ]


def _number(copy: WorkingCopy, name: str) -> int:
    text = copy.fields.get(name, "")
    return min(int(text), MOST_ROWS) if is_id(text) else 0


def naming_window(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell the browser, in the address it is sent to, which window's words are saved and need no keeping."""
    window = posted_window(request)
    if window is not None and response.status_code == 302 and getattr(request, "words_saved", False):  # noqa: PLR2004
        address, _mark, query = response.headers["Location"].partition("?")
        kept = [(name, value) for name, value in parse_qsl(query) if name not in {SETTLED, RESTORING}]
        response.headers["Location"] = f"{address}?{urlencode([*kept, (SETTLED, str(window))])}"
    return response
