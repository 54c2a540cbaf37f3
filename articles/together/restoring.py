"""The article's form, filled from words that were typed and not saved."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse

from articles.models import Article
from articles.together.copies import formset_rows
from articles.together.posting import BYLINES
from articles.together.strip import RESTORING, restoring
from articles.together.windows import posted_window

SETTLED = "settled"
"""In the address: the window whose words were saved or thrown away, so that the browser forgets them too."""


class Restoring:
    """For the admin's screen of articles."""

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form's class, which knows the copy that the address names."""
        form = super().get_form(request, obj, change, **kwargs)  # type: ignore[misc]
        form.unsaved = restoring(request, obj)
        return form

    def get_formset_kwargs(self, request: HttpRequest, obj: Article, inline: Any, prefix: str) -> dict[str, Any]:
        """Bylines as they were typed."""
        kwargs: dict[str, Any] = super().get_formset_kwargs(request, obj, inline, prefix)  # type: ignore[misc]
        copy = restoring(request, obj if obj.pk else None)
        if copy is not None and prefix == BYLINES and f"{BYLINES}-TOTAL_FORMS" in copy.fields:
            kwargs["initial"] = formset_rows(copy.fields, BYLINES, ("position", "author", "role"))
        return kwargs


def naming_window(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Tell the browser, in the address it is sent to, which window's words are saved and need no keeping."""
    window = posted_window(request)
    if window is not None and response.status_code == 302 and getattr(request, "words_saved", False):  # noqa: PLR2004
        address, _mark, query = response.headers["Location"].partition("?")
        kept = [(name, value) for name, value in parse_qsl(query) if name not in {SETTLED, RESTORING}]
        response.headers["Location"] = f"{address}?{urlencode([*kept, (SETTLED, str(window))])}"
    return response
