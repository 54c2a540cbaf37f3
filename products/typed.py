"""Addresses and currencies as somebody types them into a form."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class TypedAddress:
    """For forms with a field ``url``: half an address is refused, not completed by a guess."""

    def clean_url(self) -> Any:
        """``//shop.example/`` is no address."""
        form: Any = self
        typed = str(form.data.get(form.add_prefix("url")) or "").strip()
        if typed.startswith(("/", "\\")):
            raise ValidationError(_("Enter an address that begins with https:// or http://."), code="web_address")
        return form.cleaned_data["url"]


class TypedCurrency:
    """For forms with a field ``currency``."""

    def clean_currency(self) -> str:
        """Typed in small letters it is the same currency."""
        form: Any = self
        return str(form.cleaned_data["currency"]).upper()
