"""Where the desk says where readers of a story go that is no longer there: beside *Take down*, and later on."""

import re
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import ModelAdmin
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import departure
from articles.models import Article, Section
from pagecache.admin import Chooser, is_id

Desk = ModelAdmin[Article]

_NUMBER = re.compile(r"(?:^|-)([0-9]{1,18})/?(?:[?#].*)?\s*$")
"""At the end of a story's address, or alone."""

NOWHERE, STORY, SECTION = "nowhere", "story", "section"


class StoryField(forms.ModelChoiceField[Article]):
    """A public story, chosen by its headline, or typed as its number or the address of its page."""

    def __init__(self, **kwargs: Any) -> None:
        chooser = Chooser(Article._meta.get_field("moved_to"), admin.site, attrs={"data-placeholder": ""})
        super().__init__(Article.objects.none(), widget=chooser, required=False, **kwargs)

    def to_python(self, value: Any) -> Article | None:
        """The story of this number, if readers can see it."""
        if value in self.empty_values:
            return None
        found = Article.objects.public().filter(pk=int(value)).first() if is_id(str(value)) else None
        if found is None:
            raise forms.ValidationError(_("Readers cannot see that story now, so they cannot be sent there."))
        return found


class OnwardForm(forms.Form):
    """Where readers go."""

    onward = forms.ChoiceField(
        label=gettext_lazy("Send readers"),
        choices=[
            (NOWHERE, gettext_lazy("nowhere: the address says that the story is gone")),
            (STORY, gettext_lazy("to another story")),
            (SECTION, gettext_lazy("to the page of a section")),
        ],
        widget=forms.RadioSelect,
        initial=NOWHERE,
        required=False,
    )
    story = StoryField(label=gettext_lazy("Which story"))
    address = forms.CharField(label=gettext_lazy("or paste its address, or its number"), required=False, max_length=500)
    section = forms.ModelChoiceField(Section.objects.all(), label=gettext_lazy("Which section"), required=False)
    with_picks = forms.BooleanField(
        label=gettext_lazy("Lists that picked this story show the other one in its place"), required=False
    )

    def __init__(self, article: Article, data: Any = None) -> None:
        super().__init__(data, initial=_standing(article), label_suffix="")
        self.fields["story"].queryset = Article.objects.filter(pk=article.moved_to_id or 0)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whatever was chosen is also named."""
        cleaned = super().clean() or {}
        chosen = cleaned.get("onward") or NOWHERE
        if chosen == STORY and not cleaned.get("story") and "story" not in self.errors:
            self._take_address(cleaned)
        if chosen == SECTION and not cleaned.get("section") and "section" not in self.errors:
            self.add_error("section", _("Choose the section readers are sent to."))
        return cleaned

    def _take_address(self, cleaned: dict[str, Any]) -> None:
        """The story whose address or number was typed: the way without script."""
        typed = _NUMBER.search(cleaned.get("address") or "")
        found = Article.objects.public().filter(pk=int(typed[1])).first() if typed else None
        if found is None:
            self.add_error("story", _("Choose the story readers are sent to; it must be public."))
        cleaned["story"] = found

    @property
    def to(self) -> departure.Onward:
        """What was chosen. Only on a valid form."""
        chosen: departure.Onward = self.cleaned_data.get(self.cleaned_data.get("onward") or NOWHERE)
        return chosen


def departure_urls(desk: Desk) -> list[URLPattern]:
    """The page of one article, behind the admin's own door."""

    def view(request: HttpRequest, pk: int) -> HttpResponse:
        return onward_view(request, pk, desk)

    return [path("<int:pk>/onward/", desk.admin_site.admin_view(view), name="articles_article_onward")]


def onward_view(request: HttpRequest, pk: int, desk: Desk) -> HttpResponse:
    """GET: where readers go once the article is gone. POST: say so."""
    article: Article | None = desk.get_object(request, str(pk))
    if article is None or not desk.has_view_permission(request, article):
        raise Http404
    if not departure.may_lead(request.user, article):
        raise PermissionDenied
    form = OnwardForm(article, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid() and _sent(request, article, form):
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
    context = {
        **desk.admin_site.each_context(request),
        "opts": desk.opts,
        "media": desk.media + form.media + LOOK,
        "title": _("Where do readers go once this story is gone?"),
        "article": article,
        "form": form,
    }
    status = 400 if form.errors else 200
    return TemplateResponse(request, "admin/articles/article/onward.html", context, status=status)


LOOK = forms.Media(css={"all": ["desk/after.css"]})


def _sent(request: HttpRequest, article: Article, form: OnwardForm) -> bool:
    """Whether the verb took it; else the form says why not."""
    try:
        moved = departure.send_readers(
            article, form.to, actor=request.user, with_picks=bool(form.cleaned_data["with_picks"])
        )
    except ValidationError as refused:
        form.add_error("onward", refused)
        return False
    messages.success(request, sent_words(form.to, moved))
    return True


def sent_words(to: departure.Onward, moved: int) -> str:
    """What happened, for whoever did it."""
    if to is None:
        return _("Its address says that the story is gone.")
    words = _("Readers who come to its address are sent to “%(place)s”.") % {"place": to}
    return f"{words} {_('Lists that show the other story now: %(count)d.') % {'count': moved}}" if moved else words


def _standing(article: Article) -> dict[str, Any]:
    """What is said at present."""
    chosen = STORY if article.moved_to_id else SECTION if article.moved_to_section_id else NOWHERE
    return {"onward": chosen, "story": article.moved_to_id, "section": article.moved_to_section_id}
