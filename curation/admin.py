"""The picks on the article's form."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.chosen_rows import ChosenForm, ChosenFormSet, ChosenInline
from articles.known import known_to
from articles.models import Article
from curation import picks
from curation.models import Pick
from curation.related import RelatedItem
from curation.screens.admin import register_screens


class PickForm(ChosenForm):
    """One picked article."""

    def clean_target(self) -> Article:
        """Any article but this one."""
        target: Article = self.cleaned_data["target"]
        if target.pk == self.instance.article_id:
            raise ValidationError(_("An article cannot be picked for its own list."))
        return target


class PickFormSet(ChosenFormSet):
    """Writes through ``curation.picks``."""

    chosen = "target"

    def clean(self) -> None:
        """No more picks than a list can show."""
        super().clean()
        if not any(self.errors) and len(self._wanted()) > picks.MAX_PICKS:
            raise ValidationError(_("A list holds %(most)d picks at most.") % {"most": picks.MAX_PICKS})

    def add(self, thing: Article) -> Pick:
        """Pick it."""
        return picks.pick(self.instance, thing, actor=self.actor)

    def remove(self, thing_id: int) -> None:
        """Unpick it."""
        picks.unpick(self.instance, Article.objects.get(pk=thing_id), actor=self.actor)

    def arrange(self, thing_ids: list[int]) -> None:
        """Order them."""
        picks.reorder(self.instance, thing_ids, actor=self.actor)

    def preview(self) -> list[RelatedItem]:
        """The list as readers will see it."""
        return []


class PickInline(ChosenInline):
    """Articles You May Like: the editor's choice, and what fills the rest."""

    model = Pick
    fk_name = "article"
    form = PickForm
    formset = PickFormSet
    fields = ("position", "target")
    autocomplete_fields = ("target",)
    max_num = picks.MAX_PICKS
    template = "curation/pick_inline.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Pick]:
        """The picks this person may know of; the others stay as they are, whatever the form says."""
        known = known_to(request.user)
        return Pick.objects.filter(target__in=known.values("pk")).prefetch_related(Prefetch("target", known))

    def get_formset(self, request: HttpRequest, obj: Article | None = None, **kwargs: Any) -> Any:
        """Offers only articles this person may know of."""
        formset = super().get_formset(request, obj, **kwargs)
        field = formset.form.base_fields.get("target")
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = known_to(request.user)
        return formset


register_screens(admin.site)
