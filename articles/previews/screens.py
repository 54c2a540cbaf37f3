"""Previews on the desk: the reader's page in a frame, on its own, and the links for people outside."""

from typing import Any
from urllib.parse import urljoin

from django import forms
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles.history.access import Desk, desk_article, numbered
from articles.models import Article, PreviewAnswer, PreviewLink, Revision
from articles.previews import links
from articles.previews.rendering import preview_response
from pagecache.admin import row_or_404

ANSWERS_SHOWN = 50

USUAL_DAYS = 7


class LinkForm(forms.Form):
    """What a new link is to be."""

    reader = forms.CharField(
        label=gettext_lazy("For whom"),
        max_length=links.NAME_LENGTH,
        help_text=gettext_lazy("A name you will know again: it stands on the page, and beside the answer."),
    )
    days = forms.IntegerField(
        label=gettext_lazy("Good for how many days"), min_value=1, max_value=links.MOST_DAYS, initial=USUAL_DAYS
    )
    shows = forms.ChoiceField(label=gettext_lazy("Shows"), widget=forms.RadioSelect, initial="newest")
    may_answer = forms.BooleanField(label=gettext_lazy("Ask for approval or changes"), required=False, initial=True)

    def __init__(self, data: Any, newest: Revision | None) -> None:
        super().__init__(data, label_suffix="")
        number = newest.number if newest else 0
        self.fields["shows"].choices = [  # type: ignore[attr-defined]
            ("newest", _("always the newest words")),
            (str(number), _("only revision %d, as it stands now") % number),
        ]


def preview_urls(desk: Desk) -> list[URLPattern]:
    """The desk's previews and links, behind the admin's own door."""
    screens = {
        "preview/": ("preview_newest", newest_view),
        "preview/<int:number>/": ("preview", frame_view),
        "preview/<int:number>/page/": ("preview_page", page_view),
        "outside/": ("outside", outside_view),
        "outside/<int:link>/revocation/": ("outside_revoke", revoke_view),
    }
    return [
        path(f"<int:pk>/{address}", desk.admin_site.admin_view(_of(view, desk)), name=f"articles_article_{name}")
        for address, (name, view) in screens.items()
    ]


@require_safe
def newest_view(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """On to the newest revision's preview."""
    article = desk_article(request, desk, pk)
    if article.latest is None:
        raise Http404
    return redirect("admin:articles_article_preview", pk, article.latest.number)


@require_safe
def frame_view(request: HttpRequest, desk: Desk, pk: int, number: int) -> HttpResponse:
    """The reader's page in a frame as wide as a phone or a desk."""
    article, revision = _revision(request, desk, pk, number)
    context = {
        **_context(request, desk, article),
        "title": _("Preview of revision %(number)d") % {"number": number},
        "revision": revision,
        "may_share": links.may_share(request.user, article),
        "is_nav_sidebar_enabled": False,
    }
    return _answer(request, "preview", context)


@xframe_options_sameorigin
@require_safe
def page_view(request: HttpRequest, desk: Desk, pk: int, number: int) -> HttpResponse:
    """The reader's page itself."""
    article, revision = _revision(request, desk, pk, number)
    return preview_response(request, article, revision)


@require_http_methods(["GET", "HEAD", "POST"])
def outside_view(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """The article's links and what was answered; POST makes a link, whose address is shown this once."""
    article = desk_article(request, desk, pk)
    if not links.may_share(request.user, article):
        raise PermissionDenied
    form = LinkForm(request.POST if request.method == "POST" else None, article.latest)
    address = _make(request, article, form) if form.is_bound and form.is_valid() else ""
    context = {
        **_context(request, desk, article),
        "title": _("Links for people outside"),
        "form": form if not address else LinkForm(None, article.latest),
        "address": address,
        "links": links.good_links(article),
        "answers": answers_to(article)[:ANSWERS_SHOWN],
    }
    status = 400 if form.errors else 200
    return _answer(request, "outside", context, status)


@require_POST
def revoke_view(request: HttpRequest, desk: Desk, pk: int, link: int) -> HttpResponse:
    """End a link."""
    article = desk_article(request, desk, pk)
    row = row_or_404(PreviewLink.objects.filter(article=article).select_related("article"), link)
    links.revoke(row, actor=request.user)
    return HttpResponseRedirect(reverse("admin:articles_article_outside", args=[pk]))


def answers_to(article: Article) -> Any:
    """What people outside said of it, the newest first."""
    return PreviewAnswer.objects.filter(link__article=article).select_related("link", "revision")


def _make(request: HttpRequest, article: Article, form: LinkForm) -> str:
    """The new link's address; empty where it was refused, with the reason in the form."""
    wanted = form.cleaned_data
    fixed = None if wanted["shows"] == "newest" else numbered(article, wanted["shows"])
    try:
        _link, token = links.make(
            article,
            actor=request.user,
            reader=wanted["reader"],
            days=wanted["days"],
            revision=fixed,
            may_answer=wanted["may_answer"],
        )
    except ValidationError as error:
        form.add_error(None, error)
        return ""
    return urljoin(settings.BASE_URL, reverse("previews:page", args=[token]))


def _revision(request: HttpRequest, desk: Desk, pk: int, number: int) -> tuple[Article, Revision]:
    article = desk_article(request, desk, pk)
    revision = numbered(article, str(number))
    if revision is None:
        raise Http404
    return article, revision


def _answer(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A screen of the desk, kept by nobody. Its forms need to say where they come from: referrers stay."""
    response = TemplateResponse(request, f"admin/articles/article/{name}.html", context, status=status)
    add_never_cache_headers(response)
    return response


def _context(request: HttpRequest, desk: Desk, article: Article) -> dict[str, Any]:
    return {**desk.admin_site.each_context(request), "opts": desk.opts, "article": article}


def _of(view: Any, desk: Desk) -> Any:
    """The view as the desk answers it; how it may be framed stays as the view said."""

    def answered(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        response: HttpResponse = view(request, desk, **kwargs)
        return response

    return answered
