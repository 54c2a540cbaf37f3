"""The products on the article's form."""

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from articles.chosen_rows import ChosenFormSet, ChosenInline
from products import placing
from products.models import Placement, Product


class PlacementFormSet(ChosenFormSet):
    """Writes through ``products.placing``."""

    chosen = "product"

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
    formset = PlacementFormSet
    fields = ("position", "product")
    autocomplete_fields = ("product",)
    max_num = placing.MAX_PLACED
    template = "products/placement_inline.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Placement]:
        """The placements with the names their rows print."""
        return Placement.objects.select_related("product")
