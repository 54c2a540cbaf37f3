"""Forms on a reader's private pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from comments.forms import CommentEmailField, TextField
from comments.models import Complaint, Subscription

MAX_APPEAL = 1000
MAX_REPORT = 500

FOLLOW_CHOICES = [
    ("", _("No mail")),
    (Subscription.Scope.MINE, _("What becomes of my comment, and replies to it")),
    (Subscription.Scope.THREAD, _("Every new comment on this article")),
]


class AppealText(TextField):
    """What a writer says to the moderator who looks again."""

    limit = MAX_APPEAL


class ReportText(TextField):
    """What a reader adds to a report; may be empty."""

    limit = MAX_REPORT

    def clean(self, value: Any) -> str:
        """The text, or nothing where nothing can be seen."""
        return super().clean(value) if str(value or "").strip() else ""


class WordsForm(forms.Form):
    """New words for a comment."""

    text = TextField(
        label=_("Your comment"),
        error_messages={"required": _("Please write a comment. To remove it, take it back below.")},
        widget=forms.Textarea(attrs={"rows": 7}),
    )


class AppealForm(forms.Form):
    """Why a refusal was wrong."""

    text = AppealText(
        label=_("Why should we look again?"),
        error_messages={"required": _("Please say in a sentence why we should look again.")},
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class ReportForm(forms.Form):
    """What is wrong with a comment."""

    complaint = forms.ChoiceField(
        label=_("What is wrong with it?"),
        choices=Complaint.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Please choose what is wrong with it."),
            "invalid_choice": _("Please choose what is wrong with it."),
        },
    )
    text = ReportText(
        label=_("Anything a moderator should know (optional)"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class OwnForm(forms.Form):
    """The address whose comments somebody asks for."""

    email = CommentEmailField(
        label=_("Email"),
        error_messages={
            "required": _("Please write the email address that you commented with."),
            "invalid": _("This is not an email address such as name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
