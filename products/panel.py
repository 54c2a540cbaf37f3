"""The products on the article's form."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.chosen_rows import ChosenForm, ChosenFormSet, ChosenInline
from products import placing
from products.models import Placement, Product
from products.placement_forms import SHOWING, ShowingForm


class PlacementForm(ShowingForm, ChosenForm):
    """One product of this story."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.word()


class PlacementFormSet(ChosenFormSet):
    """Writes through ``products.placing``."""

    chosen = "product"

    def save(self, commit: bool = True) -> list[Any]:
        """Write the differences; then how those stand whose form says so now."""
        super().save(commit)
        said: Iterable[Any] = self._wanted().values()
        for form in said:
            if set(SHOWING) & set(form.changed_data):
                product = form.cleaned_data["product"]
                row = placing.place(product, self.instance, actor=self.actor, showing=form.showing())
                self._note(form, row)
        return self.new_objects

    def _note(self, form: Any, row: Placement) -> None:
        """Tell the admin's own history of it, once."""
        noted = {changed.pk for changed, _fields in self.changed_objects} | {new.pk for new in self.new_objects}
        if row.pk not in noted:
            self.changed_objects.append((row, [name for name in SHOWING if name in form.changed_data]))

    def clean(self) -> None:
        """No more products than the boxes have use for."""
        super().clean()
        if not any(self.errors) and len(self._wanted()) > placing.MAX_PLACED:
            raise ValidationError(_("An article shows %(most)d products at most.") % {"most": placing.MAX_PLACED})

    def add(self, thing: Product) -> Placement:
        """Place it."""
        return placing.place(thing, self.instance, actor=self.actor)

    def remove(self, thing_id: int) -> None:
        """Withdraw it."""
        placing.withdraw(Product.objects.get(pk=thing_id), self.instance, actor=self.actor)

    def arrange(self, thing_ids: list[int]) -> None:
        """Order them."""
        placing.arrange(self.instance, thing_ids, actor=self.actor)


class PlacementInline(ChosenInline):
    """Products You May Like: the editor's choice for this story."""

    model = Placement
    form = PlacementForm
    formset = PlacementFormSet
    fields = ("position", "product", *SHOWING)
    autocomplete_fields = ("product",)
    max_num = placing.MAX_PLACED
    classes = ("chosen", "placed")
    template = "products/placement_inline.html"

    @property
    def media(self) -> forms.Media:
        """With the look of their second line."""
        return super().media + forms.Media(css={"all": ["desk/products/products.css"]})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Placement]:
        """The placements with the names their rows print."""
        return Placement.objects.select_related("product")
