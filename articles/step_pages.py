"""Steps that ask before they are taken: for a colleague, a note, a reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy

from articles import publishing
from articles.asking import reviewers_of, writers_of
from articles.known import known_to, knows_newest
from articles.models import Article, Status
from articles.permissions import Actor, may_edit, may_kill, may_publish
from articles.publishing.steps import NOTE_LENGTH
from articles.registries import take_down_notes
from pagecache.admin import row_or_404
from people.models import User

Desk = ModelAdmin[Article]


@dataclass(frozen=True)
class StepPage:
    """One of them: its last part of the address, its words, and the verb it leads to."""

    name: str
    verb: Callable[..., Any]
    allowed: Callable[[Actor, Article], bool]
    title: Any
    lead: Any
    button: Any
    done: Any
    note: Any
    argument: str = "note"
    """What the verb calls the note."""

    needed: Any = ""
    """What to say where the note is missing; empty: it may be."""

    people: Callable[[Article], QuerySet[User]] | None = None
    whom: Any = ""
    nobody: Any = ""
    grave: bool = False
    """It hides the story from readers: the page names where they meet it."""


def may_reopen(actor: Actor, article: Article) -> bool:
    """Whether ``actor`` may bring an archived or killed article back to the desk."""
    if article.status == Status.KILLED:
        return may_kill(actor, article)
    return may_publish(actor, article)


PAGES = {
    page.name: page
    for page in (
        StepPage(
            "submission",
            publishing.submit_for_review,
            may_edit,
            gettext_lazy("Submit for review"),
            gettext_lazy(
                "Whoever is asked gets a mail and finds it on their start page. Until it comes back, it is theirs."
            ),
            gettext_lazy("Submit"),
            gettext_lazy("“{article}” waits for review."),
            gettext_lazy("Note for whoever reads it (optional)"),
            people=reviewers_of,
            whom=gettext_lazy("Who should read it"),
            nobody=gettext_lazy("Whoever edits on this desk"),
        ),
        StepPage(
            "changes",
            publishing.ask_for_changes,
            may_publish,
            gettext_lazy("Ask for changes"),
            gettext_lazy(
                "It becomes a draft again. Its writer gets your note by mail and finds it on their start page."
            ),
            gettext_lazy("Ask for changes"),
            gettext_lazy("“{article}” is a draft again, with your note."),
            gettext_lazy("What should change"),
            needed=gettext_lazy("Say what should change."),
            people=writers_of,
            whom=gettext_lazy("Who should change it"),
            nobody=gettext_lazy("Whoever began it"),
        ),
        StepPage(
            "kill",
            publishing.kill,
            may_kill,
            gettext_lazy("Kill this article?"),
            gettext_lazy(
                "For what must not stand anywhere: a court order, a danger to somebody. It is gone at once, from every "
                "page, list, search and preview. Its address says so and leads nowhere else. Nobody can edit or delete "
                "it. The reason stays inside: it goes by mail to whoever began the story or is named above it, to its "
                "desk’s editors, and to all who took a step with it, were asked to, or left a note."
            ),
            gettext_lazy("Kill it"),
            gettext_lazy("“{article}” is killed: nothing of it is left anywhere readers look."),
            gettext_lazy("Reason, kept inside"),
            argument="reason",
            needed=gettext_lazy("Say why; the reason stays inside."),
            grave=True,
        ),
        StepPage(
            "reopening",
            publishing.reopen,
            may_reopen,
            gettext_lazy("Reopen this article?"),
            gettext_lazy("It becomes a draft. Readers see nothing of it until it is published again."),
            gettext_lazy("Reopen as draft"),
            gettext_lazy("“{article}” is a draft again."),
            gettext_lazy("Note for colleagues (optional)"),
        ),
    )
}


class StepForm(forms.Form):
    """A note, and a colleague where one can be named."""

    to = forms.ModelChoiceField(User.objects.none(), required=False)
    note = forms.CharField(required=False, max_length=NOTE_LENGTH, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, page: StepPage, article: Article, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        note = self.fields["note"]
        note.label, note.required = page.note, bool(page.needed)
        note.error_messages["required"] = page.needed
        if page.people is None:
            del self.fields["to"]
        else:
            to: Any = self.fields["to"]
            to.queryset, to.label, to.empty_label = page.people(article), page.whom, page.nobody

    def asked(self, page: StepPage) -> Mapping[str, Any]:
        """The verb's arguments. Only on a valid form."""
        named = {"to": self.cleaned_data["to"]} if "to" in self.fields else {}
        return {page.argument: self.cleaned_data["note"], **named}


def step_urls(desk: Desk) -> list[URLPattern]:
    """Their addresses, behind the admin's own door."""
    return [_address(desk, page) for page in PAGES.values()]


def _address(desk: Desk, page: StepPage) -> URLPattern:
    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return step_view(request, pk, desk, page)

    return path(f"<int:pk>/{page.name}/", desk.admin_site.admin_view(view), name=f"articles_article_{page.name}")


def step_view(request: HttpRequest, pk: int, desk: Desk, page: StepPage) -> HttpResponse:
    """GET: what the step means, and what it asks for. POST: take it."""
    article = row_or_404(known_to(request.user), pk)
    if not page.allowed(request.user, article):
        raise PermissionDenied
    form = StepForm(page, article, request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _ask(request, article, desk, page, form)
    if form.is_valid():
        try:
            page.verb(article, actor=request.user, **form.asked(page))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, format_html(page.done, article=article))
            return HttpResponseRedirect(_onward(request.user, article))
    return _ask(request, article, desk, page, form)


def _ask(request: HttpRequest, article: Article, desk: Desk, page: StepPage, form: StepForm) -> HttpResponse:
    notes = take_down_notes if page.grave else []
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "media": desk.media,
        "title": page.title,
        "article": article,
        "page": page,
        "form": form,
        "standings": [one for note in notes for one in note.of_one(article, request.user)],
    }
    return TemplateResponse(request, "admin/articles/article/step.html", context, status=400 if form.errors else 200)


def _onward(actor: Actor, article: Article) -> str:
    """To the article, while it is still theirs to see; else to the list."""
    if knows_newest(actor, article):
        return reverse("admin:articles_article_change", args=[article.pk])
    return reverse("admin:articles_article_changelist")
