"""The form under an article. Lengths are checked before anything else looks at a value."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments.plain_text import has_substance, is_storable, is_web_address

MAX_NAME = 80
MAX_EMAIL = 254
MAX_WEBSITE = 200
MAX_TEXT = 8000
"""About 1,300 words: longer than nearly every letter to an editor."""

TRAP = "subject"
"""A field that people do not see. Programs like to fill it in; browsers' autofill does not know it."""


class _Capped(forms.CharField):
    """Refuses over-long and unstorable values before they are parsed, and never cuts them.

    It has no ``maxlength`` attribute: with one, browsers cut what is pasted.
    """

    limit = 0

    def clean(self, value: Any) -> Any:
        """The cleaned value, or a message that says what to change."""
        text = str(value or "").replace("\r\n", "\n").replace("\r", "\n")
        if len(text) > self.limit:
            raise ValidationError(
                _("This is %(length)s characters long; at most %(limit)s fit. Nothing was cut."),
                params={"length": len(text), "limit": self.limit},
            )
        if not is_storable(text):
            raise ValidationError(_("This holds characters that cannot be stored (a NUL or half a character)."))
        return super().clean(text)


class NameField(_Capped):
    """The name a comment is signed with, on one line."""

    limit = MAX_NAME

    def clean(self, value: Any) -> str:
        """The name with its blanks collapsed."""
        name = " ".join(super().clean(value).split())
        if not has_substance(name):
            raise ValidationError(_("Please write a name that can be seen."))
        return name


class CommentEmailField(_Capped, forms.EmailField):
    """An e-mail address, in lower case, so that one writer counts once."""

    limit = MAX_EMAIL

    def clean(self, value: Any) -> str:
        """The address in lower case."""
        address: str = super().clean(value)
        return address.lower()


class WebsiteField(_Capped, forms.URLField):
    """An optional http or https address without user name."""

    limit = MAX_WEBSITE

    def clean(self, value: Any) -> str:
        """The address with its scheme."""
        address: str = super().clean(value)
        if address and (not is_web_address(address) or len(address) > MAX_WEBSITE):
            raise ValidationError(_("Write a web address that starts with https:// or http://."))
        return address


class TextField(_Capped):
    """The comment itself: plain text."""

    limit = MAX_TEXT
    widget = forms.Textarea

    def clean(self, value: Any) -> str:
        """The text without blank ends."""
        text: str = super().clean(value)
        if not has_substance(text):
            raise ValidationError(_("Please write a comment."), code="required")
        return text


class CommentForm(forms.Form):
    """What a reader fills in. ``parent`` and the trap are looked at by ``submission``, not here."""

    text = TextField(
        label=_("Comment"),
        error_messages={"required": _("Please write a comment.")},
        widget=forms.Textarea(attrs={"rows": 7}),
    )
    name = NameField(
        label=_("Name"),
        error_messages={"required": _("Please write the name to show with your comment.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = CommentEmailField(
        label=_("Email"),
        error_messages={
            "required": _("Please write your email address; it is never shown."),
            "invalid": _("This is not an email address such as name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = WebsiteField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        error_messages={"invalid": _("Write a web address that starts with https:// or http://.")},
        widget=forms.TextInput(attrs={"autocomplete": "url", "inputmode": "url"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("auto_id", "respond-%s")
        super().__init__(*args, **kwargs)


class ReplyForm(forms.Form):
    """A colleague's answer, on the moderators' desk."""

    text = TextField(label=_("Your reply"), widget=forms.Textarea(attrs={"rows": 4}))
