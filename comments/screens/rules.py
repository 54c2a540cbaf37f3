"""Rules: the list, and a rehearsal before any of them changes."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import rehearsal, rules
from comments.models import Rule
from comments.pipeline.rules import in_force
from comments.plain_text import encodable
from comments.screens.bars import draw
from comments.screens.base import READ, WRITE, ScreenAdmin, page_asked, staff, tell
from comments.screens.marking import marked
from pagecache.admin import row_or_404

PER_PAGE = 20
WEEKS_SHOWN = 26

LIST = "admin:comments_rule_changelist"


class RuleForm(forms.Form):
    """A rule as somebody asks for it. What it may hold is judged by ``comments.rules.checked``."""

    kind = forms.ChoiceField(
        label=gettext_lazy("Look for"), choices=Rule.Kind.choices, widget=forms.RadioSelect, initial=Rule.Kind.WORD
    )
    pattern = forms.CharField(
        label=gettext_lazy("Word or phrase"),
        required=False,
        help_text=Rule._meta.get_field("pattern").help_text,
        widget=forms.TextInput(attrs={"size": 40, "spellcheck": "false", "autocomplete": "off"}),
    )
    limit = forms.IntegerField(label=gettext_lazy("Number"), required=False)
    action = forms.ChoiceField(
        label=gettext_lazy("Then"),
        choices=[
            (Rule.Action.HOLD, gettext_lazy("hold it for a moderator")),
            (Rule.Action.SPAM, gettext_lazy("put it with the spam, without a word to its writer")),
            (Rule.Action.REFUSE, gettext_lazy("do not take it, and tell its writer why")),
        ],
        initial=Rule.Action.HOLD,
    )
    note = forms.CharField(
        label=gettext_lazy("Why this rule is there"),
        required=False,
        help_text=gettext_lazy("For other moderators, beside every comment it finds. Readers never see it."),
        widget=forms.TextInput(attrs={"size": 60}),
    )

    def wanted(self, instead_of: Rule | None = None) -> rules.Wanted | None:
        """The rule asked for; ``None`` when something in the form has to change first."""
        if not self.is_valid():
            return None
        try:
            return rules.checked(rules.Wanted(**self.cleaned_data), instead_of=instead_of)
        except ValidationError as error:
            tell(self, error)
            return None


class RuleAdmin(ScreenAdmin):
    """The rules in force, and those that rest."""

    permission = rules.PERMISSION

    def addresses(self) -> list[URLPattern]:
        """List, new, change, switch, remove."""
        name = "comments_rule_{}".format
        return [
            path("", self.door(self.list_view, *READ), name=name("changelist")),
            path("add/", self.door(self.add, *READ, *WRITE), name=name("add")),
            path("<int:pk>/change/", self.door(self.change, *READ, *WRITE), name=name("change")),
            path("<int:pk>/force/", self.door(self.force, *WRITE), name=name("force")),
            path("<int:pk>/removal/", self.door(self.removal, *READ, *WRITE), name=name("removal")),
        ]

    def list_view(self, request: HttpRequest) -> HttpResponse:
        """Every rule."""
        rows = Rule.objects.select_related("by")
        return self.screen(request, "rules", title=_("Rules"), tab="rules", rules=rows)

    def add(self, request: HttpRequest) -> HttpResponse:
        """GET: the form, and with its fields in the address the rehearsal. POST: save."""
        if request.method == "POST":
            return self._save(request, None)
        return self._rehearsed(request, None)

    def change(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The same for a rule that is there."""
        rule = row_or_404(Rule.objects.all(), pk)
        if request.method == "POST":
            return self._save(request, rule)
        return self._rehearsed(request, rule)

    def force(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST ``on``: 1 or 0."""
        rule, on = row_or_404(Rule.objects.all(), pk), request.POST.get("on") == "1"
        if rules.switch(rule, on, actor=staff(request)):
            said = _("The rule is in force.") if on else _("The rule rests until somebody switches it on.")
            messages.success(request, said)
        return redirect(LIST)

    def removal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: what would be missed without it. POST: remove."""
        rule = row_or_404(Rule.objects.all(), pk)
        if request.method == "POST":
            return self._remove(request, rule)
        found = rehearsal.rehearse(None, instead_of=_sought(rule), staying=_staying(rule))
        context = {"title": _("Remove a rule"), "rule": rule, **_shown(request, found, found.no_longer)}
        return self.screen(request, "rule_removal", tab="rules", seen=_stamp(rule), **context)

    def _rehearsed(self, request: HttpRequest, rule: Rule | None) -> HttpResponse:
        asked = "kind" in request.GET
        form = RuleForm(_typed(request.GET)) if asked else RuleForm(initial=_fields(rule))
        wanted = form.wanted(rule) if asked else None
        context: dict[str, Any] = {"form": form, "rule": rule, "seen": request.GET.get("seen") or _stamp(rule)}
        if wanted is not None:
            old = _sought(rule) if rule else None
            found = rehearsal.rehearse(wanted.sought(), instead_of=old, staying=_staying(rule))
            context |= {"wanted": wanted, **_shown(request, found, found.approved)}
        status = 422 if asked and wanted is None else 200
        return self.screen(request, "rule_form", status=status, title=_title(rule), tab="rules", **context)

    def _save(self, request: HttpRequest, rule: Rule | None) -> HttpResponse:
        form = RuleForm(_typed(request.POST))
        wanted = form.wanted(rule)
        if wanted is not None:
            try:
                _put(rule, wanted, request)
            except (ValidationError, rules.OvertakenError) as error:
                form.add_error(None, error.messages if isinstance(error, ValidationError) else str(error))
            else:
                messages.success(request, _("The rule is saved."))
                return redirect(LIST)
        context: dict[str, Any] = {"form": form, "rule": rule, "seen": _stamp(rule)}
        return self.screen(request, "rule_form", status=422, title=_title(rule), tab="rules", **context)

    def _remove(self, request: HttpRequest, rule: Rule) -> HttpResponse:
        try:
            rules.remove(_as_seen(rule, request), actor=staff(request))
        except rules.OvertakenError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("The rule is gone. What it did stays as it is."))
        return redirect(LIST)


def _put(rule: Rule | None, wanted: rules.Wanted, request: HttpRequest) -> None:
    if rule is None:
        rules.add(wanted, actor=staff(request))
    else:
        rules.change(_as_seen(rule, request), wanted, actor=staff(request))


def _shown(request: HttpRequest, found: rehearsal.Rehearsal, listed: list[rehearsal.Hits]) -> dict[str, Any]:
    """The rehearsal with a page of the comments to be listed, their matched words marked."""
    page = page_asked(request)
    start = (page - 1) * PER_PAGE
    rows = rehearsal.comments_of(listed[start : start + PER_PAGE])
    query = request.GET.copy()
    query.pop("p", None)
    return {
        "found": found,
        "comments": [comment for comment, _hit in rows],
        "hits": [{"comment": comment, "hit": hit, "text": marked(comment.text, hit.span)} for comment, hit in rows],
        "chart": draw([(week.begins, week.hits, week.approved) for week in found.weeks[-WEEKS_SHOWN:]]),
        "page": page,
        "has_next": len(listed) > start + PER_PAGE,
        "query": query.urlencode(),
    }


def _typed(data: Mapping[str, str]) -> dict[str, str]:
    """What was typed, as it can be shown and stored again."""
    return {name: encodable(data.get(name, "")) for name in RuleForm.base_fields}


def _fields(rule: Rule | None) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in RuleForm.base_fields} if rule else {}


def _sought(rule: Rule) -> Any:
    return rules.Wanted(rule.kind, rule.pattern, rule.limit, rule.action, rule.note).sought(rule.pk)


def _staying(rule: Rule | None) -> list[Any]:
    return [row for row in in_force() if rule is None or row.number != rule.pk]


def _stamp(rule: Rule | None) -> str:
    """What tells a later version of the rule from the one that was shown."""
    return rule.at.isoformat() if rule else ""


def _as_seen(rule: Rule, request: HttpRequest) -> Rule:
    """The rule as it stood on the screen; with another stamp the verb finds it changed."""
    if request.POST.get("seen") != _stamp(rule):
        rule.at = rule.at.min.replace(tzinfo=rule.at.tzinfo)
    return rule


def _title(rule: Rule | None) -> str:
    return _("Change a rule") if rule else _("New rule")
