"""The desk's rules for wires, and a rehearsal before any of them is saved."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from articles.models import Section
from pagecache.admin import KeyedAdmin, is_id, row_or_404
from syndication.models import WireRule
from syndication.wires.items import line
from syndication.wires.mapping import names_in
from syndication.wires.rehearsal import rehearse

SHOWN = 60
"""Items of a rehearsal that are listed; the others are counted."""


class WireRuleForm(forms.ModelForm[WireRule]):
    """One rule."""

    class Meta:
        model = WireRule
        fields = ("position", "feed", "part", "words", "section", "tags", "action", "is_on")
        widgets = {"words": forms.TextInput(attrs={"size": 60}), "tags": forms.TextInput(attrs={"size": 60})}

    def clean(self) -> dict[str, Any]:
        """It looks for something, and does something."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "words" in cleaned and not names_in(cleaned["words"]):
            self.add_error("words", _("Name at least one word or code."))
        if not self.errors and not (cleaned.get("section") or names_in(cleaned["tags"]) or cleaned.get("action")):
            raise forms.ValidationError(_("Name a section, tags, or something to be done: else the rule does nothing."))
        return cleaned


class WireRuleAdmin(KeyedAdmin):
    """In the order in which they are asked."""

    form = WireRuleForm
    change_form_template = "admin/syndication/rule_form.html"
    list_display = ("position", "__str__", "feed", "section", "tags", "action", "is_on")
    list_display_links = ("__str__",)
    list_select_related = ("feed", "section")
    list_filter = ("is_on",)
    search_fields = ("words", "tags")
    fieldsets = (
        (None, {"fields": ("part", "words", "feed")}),
        (gettext_lazy("What becomes of what it meets"), {"fields": ("section", "tags", "action")}),
        (gettext_lazy("Among the others"), {"fields": ("position", "is_on")}),
    )

    class Media:
        css = {"all": ("desk/wires.css",)}

    def get_urls(self) -> list[URLPattern]:
        """With the rehearsal."""
        view = self.admin_site.admin_view(require_POST(self.rehearsal_view))
        return [path("rehearsal/", view, name="syndication_wirerule_rehearsal"), *super().get_urls()]

    def rehearsal_view(self, request: HttpRequest) -> HttpResponse:
        """POST the form's fields, and ``rule`` for one that is there: what it would have done. Writes nothing."""
        rule = self._rule(request)
        if not (self.has_change_permission(request) if rule else self.has_add_permission(request)):
            raise PermissionDenied
        form = WireRuleForm(request.POST, instance=WireRule(pk=rule.pk) if rule else None)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "media": self.media,
            "title": _("Rehearsal of a rule"),
            "form": form,
            "rule": rule,
            "save_url": _save_url(rule),
        }
        if form.is_valid():
            context |= _rehearsed(form, rule)
        return TemplateResponse(
            request, "admin/syndication/rehearsal.html", context, status=200 if form.is_valid() else 422
        )

    def _rule(self, request: HttpRequest) -> WireRule | None:
        number = request.POST.get("rule", "")
        return row_or_404(WireRule.objects.all(), int(number)) if is_id(number) else None


def _rehearsed(form: WireRuleForm, rule: WireRule | None) -> dict[str, Any]:
    found = rehearse(form.instance, instead_of=rule)
    names = {pk: line(name) for pk, name in Section.objects.values_list("pk", "name")}
    rows = [
        {"met": met, "was": names.get(met.before.section or 0, ""), "would": names.get(met.after.section or 0, "")}
        for met in found.changed[:SHOWN]
    ]
    return {"found": found, "rows": rows, "more": max(len(found.changed) - SHOWN, 0)}


def _save_url(rule: WireRule | None) -> str:
    if rule is None:
        return reverse("admin:syndication_wirerule_add")
    return reverse("admin:syndication_wirerule_change", args=[rule.pk])
