"""The desk's list of old addresses that lead on."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import redirects
from articles.known import known_to
from articles.models import Article, Redirect
from articles.permissions import Actor
from pagecache.admin import KeyedAdmin

STORY, ADDRESS, GONE = "story", "address", "gone"


class RedirectForm(forms.ModelForm[Redirect]):
    """An old address, and exactly one place it leads to."""

    actor: Actor = None

    leads = forms.ChoiceField(
        label=gettext_lazy("It leads"),
        choices=[
            (STORY, gettext_lazy("to a story, wherever that moves")),
            (ADDRESS, gettext_lazy("to another address of this site")),
            (GONE, gettext_lazy("nowhere: it says that the page is gone")),
        ],
        widget=forms.RadioSelect,
        initial=STORY,
    )

    class Meta:
        model = Redirect
        fields = ("path", "article", "to_path")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        row = self.instance
        if row.pk:
            self.initial.setdefault("leads", STORY if row.article_id else ADDRESS if row.to_path else GONE)
        self.to: Article | str | None = None

    def clean(self) -> dict[str, Any]:
        """What was chosen is named, and the old address can lead there."""
        cleaned = super().clean() or {}
        chosen = cleaned.get("leads")
        self.to = {STORY: cleaned.get("article"), ADDRESS: cleaned.get("to_path") or None}.get(chosen or GONE)
        if self.to is None and chosen in {STORY, ADDRESS}:
            name = "article" if chosen == STORY else "to_path"
            self.add_error(name, _("Say where the old address leads."))
        return cleaned

    def _post_clean(self) -> None:
        """Let the verb write it: what it refuses stands beside the field, and nothing was written."""
        if self.errors:
            return
        path = self.instance.path if self.instance.pk else self.cleaned_data["path"]
        try:
            self.instance = redirects.lead(path, to=self.to, actor=self.actor)
        except ValidationError as refused:
            self.add_error("path" if "path" in self.fields else "leads", refused)


@admin.register(Redirect)
class RedirectAdmin(KeyedAdmin):
    """Old addresses: asked only where no page answers."""

    form = RedirectForm
    list_display = ("path", "leads_to", "made_at", "made_by")
    search_fields = ("path", "to_path")
    autocomplete_fields = ("article",)
    fields = ("path", "leads", "article", "to_path")
    list_per_page = 50

    class Media:
        css = {"all": ["desk/after.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Redirect]:
        """Those that lead to what is hidden from somebody are hidden from them as well."""
        return redirects.listed_for(request.user)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Only stories they may know of, by the name they know."""
        if db_field.name == "article":
            kwargs["queryset"] = known_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Redirect | None = None) -> tuple[str, ...]:
        """The old address of a redirect is what it is; another one is another redirect."""
        return ("path",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Redirect, form: Any, change: bool) -> None:
        """By the verb: done already when the form was judged."""

    def get_form(self, request: HttpRequest, obj: Redirect | None = None, change: bool = False, **kwargs: Any) -> Any:
        """The form, which asks the verb as the person who fills it in."""
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("RedirectForm", (form,), {"actor": request.user})

    def delete_model(self, request: HttpRequest, obj: Redirect) -> None:
        """By the verb."""
        redirects.forget(obj, actor=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        """By the verb, one by one."""
        for row in queryset:
            redirects.forget(row, actor=request.user)

    @admin.display(description=gettext_lazy("leads to"))
    def leads_to(self, row: Redirect) -> str:
        """The story or address, or that it is gone."""
        return str(row.article) if row.article_id else row.to_path or _("gone")
