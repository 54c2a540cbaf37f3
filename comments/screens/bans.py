"""Bans: who is banned, until when, and a form for one more."""

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments import bans, moderation, rules
from comments.desk.answers import with_undo
from comments.models import Ban, Comment, State
from comments.plain_text import encodable, neutral
from comments.screens.base import READ, WRITE, ScreenAdmin, row_asked, staff, tell
from pagecache.admin import row_or_404

LIST = "admin:comments_ban_changelist"

MOST_SHOWN = 500

FOR_GOOD = "open"

LENGTHS = [
    ("1", gettext_lazy("for a day")),
    ("7", gettext_lazy("for a week")),
    ("30", gettext_lazy("for 30 days")),
    ("90", gettext_lazy("for 90 days")),
    ("365", gettext_lazy("for a year")),
    (FOR_GOOD, gettext_lazy("until somebody lifts it")),
]


class BanForm(forms.Form):
    """Who, how long, why. What may be banned is judged by ``comments.bans``."""

    kind = forms.ChoiceField(label=gettext_lazy("Ban"), choices=Ban.Kind.choices, widget=forms.RadioSelect)
    value = forms.CharField(
        label=gettext_lazy("Name or e-mail address"),
        required=False,
        widget=forms.TextInput(attrs={"size": 40, "spellcheck": "false", "autocomplete": "off"}),
    )
    length = forms.ChoiceField(label=gettext_lazy("How long"), choices=LENGTHS, initial="30")
    until = forms.DateField(
        label=gettext_lazy("or to the end of this day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"),
        required=False,
        help_text=gettext_lazy("For other moderators. The writer reads only until when the ban lasts."),
        widget=forms.TextInput(attrs={"size": 60}),
    )
    clean_up = forms.ChoiceField(
        label=gettext_lazy("What waits from them"),
        required=False,
        choices=[
            ("", gettext_lazy("leave it in the queue")),
            (State.REJECTED, gettext_lazy("refuse all of it")),
            (State.SPAM, gettext_lazy("mark all of it as spam")),
        ],
    )

    def ends(self) -> datetime | None:
        """The end asked for; ``None``: open."""
        day = self.cleaned_data["until"]
        if day is not None:
            return timezone.make_aware(datetime.combine(day, time(23, 59, 59)))
        length = self.cleaned_data["length"]
        return None if length == FOR_GOOD else timezone.now() + timedelta(days=int(length))


class BanAdmin(ScreenAdmin):
    """The bans in force."""

    permission = rules.PERMISSION

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """For those who may also see e-mail addresses."""
        return super().has_view_permission(request, obj) and moderation.may_moderate(staff(request))

    def addresses(self) -> list[URLPattern]:
        """List, new, lift."""
        return [
            path("", self.door(self.list_view, *READ), name="comments_ban_changelist"),
            path("add/", self.door(self.add, *READ, *WRITE), name="comments_ban_add"),
            path("<int:pk>/lift/", self.door(self.lift, *WRITE), name="comments_ban_lift"),
        ]

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """The newest first; one whose end has come is shown no more, though the worker may not have removed it yet."""
        rows = Ban.objects.exclude(until__lte=timezone.now()).select_related("by")
        shown = list(rows[: MOST_SHOWN + 1])
        context: dict[str, Any] = {"bans": shown[:MOST_SHOWN], "is_more": len(shown) > MOST_SHOWN}
        return self.screen(request, "bans", title=_("Bans"), tab="bans", **context)

    def add(self, request: HttpRequest) -> HttpResponse:
        """GET: the form, about the writer of ``comment`` where it is named. POST: ban."""
        comment = _comment(request)
        if request.method == "POST":
            return self._ban(request, comment)
        kind = Ban.Kind.EMAIL if comment else Ban.Kind.NAME
        return self._form(request, BanForm(initial={"kind": kind}), comment)

    def lift(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: take comments from them again."""
        row = row_or_404(Ban.objects.all(), pk)
        if bans.lift(row, actor=staff(request)):
            messages.success(request, _("The ban on %(who)s is lifted.") % {"who": neutral(str(row))})
        return redirect(LIST)

    def _ban(self, request: HttpRequest, comment: Comment | None) -> HttpResponse:
        form = BanForm({name: encodable(request.POST.get(name, "")) for name in BanForm.base_fields})
        shared = _shared_name(form, request) if form.is_valid() and comment is None else None
        if shared is not None:
            words = _("Others write under this name too. Tick below to ban all of them, or ban an e-mail address.")
            form.add_error("value", words)
        elif form.is_valid():
            try:
                row, entries = _put(form, comment, request)
            except ValidationError as error:
                tell(form, error)
            else:
                messages.success(request, _said(row, entries))
                return redirect(LIST)
        return self._form(request, form, comment, status=422, shared=shared)

    def _form(
        self, request: HttpRequest, form: BanForm, comment: Comment | None, status: int = 200, **context: Any
    ) -> HttpResponse:
        context |= {"form": form, "comment": comment}
        if comment is not None:
            context["effects"] = bans.effects_on(comment)
        return self.screen(request, "ban_form", title=_("Ban somebody"), tab="bans", status=status, **context)


def _shared_name(form: BanForm, request: HttpRequest) -> bans.Effect | None:
    """Whom a ban on a typed name would hit, where they are several and nobody has said that all are meant."""
    name = form.cleaned_data["value"]
    if form.cleaned_data["kind"] != Ban.Kind.NAME or not name or request.POST.get("sure") == name:
        return None
    effect = bans.effect_of_name(name)
    return effect if effect.writers > 1 else None


def _put(form: BanForm, comment: Comment | None, request: HttpRequest) -> Any:
    data = form.cleaned_data
    clean_up = State(data["clean_up"]) if data["clean_up"] else None
    terms = {"until": form.ends(), "reason": data["reason"], "clean_up": clean_up, "actor": staff(request)}
    if comment is not None:
        return bans.ban_writer_of(comment, data["kind"], **terms)
    if data["kind"] == Ban.Kind.ADDRESS:
        raise ValidationError({"kind": _("A network is banned from the page of a writer who used it.")})
    return bans.ban(data["kind"], data["value"], **terms)


def _said(row: Ban, entries: list[Any]) -> str:
    """What was done, with a button that takes back what was decided; it stands in the list's own form."""
    words = _("Comments from %(who)s are not taken any more.") % {"who": neutral(str(row))}
    if not entries:
        return words
    decided = ngettext("%d waiting comment was decided.", "%d waiting comments were decided.", len(entries))
    return with_undo(f"{words} {decided % len(entries)}", entries[0].batch, form="batch-undo")


def _comment(request: HttpRequest) -> Comment | None:
    raw = request.GET.get("comment", "")
    if not raw:
        return None
    return row_or_404(Comment.objects.filter(staff__isnull=True), row_asked(raw))
