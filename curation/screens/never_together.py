"""Articles that never stand together: every group in one place, with its reason and whoever to ask."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AutocompleteSelectMultiple
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.known import known_to
from articles.models import Article
from articles.permissions import Actor
from curation import exclusions
from curation.models import KeptApart, KeptApartMember
from curation.screens.addresses import desk_of
from curation.screens.base import CurationAdmin, row_button
from curation.screens.moments import moment
from curation.screens.naming import LONGEST, articles_named
from pagecache.admin import SeveralField, is_id
from people.models import User

MOST_NAMED = 6
"""Articles of a group named in the list; its form names all."""

MOST_TOGETHER = 50
"""Articles in one group: more is a subject, which a tag says better."""


class Several(AutocompleteSelectMultiple):
    """Django's chooser of several; what is no row's number is refused, not looked for."""

    def optgroups(self, name: str, value: Any, attr: dict[str, Any] | None = None) -> list[Any]:
        """The chosen rows."""
        return super().optgroups(name, [chosen for chosen in value if is_id(str(chosen))], attr)


class GroupForm(forms.ModelForm[KeptApart]):
    """A group, why it is one, and whoever answers for it. ``actor`` is whoever fills it in."""

    actor: Actor = AnonymousUser()

    chosen: Any = SeveralField(
        label=gettext_lazy("Articles"),
        queryset=Article.objects.none(),
        required=False,
        help_text=gettext_lazy("Two at least. No page ever shows two of them, whether an editor or the engine chose."),
    )

    pasted = forms.CharField(
        label=gettext_lazy("Or more of them by address, number or headline"),
        required=False,
        max_length=MOST_TOGETHER * LONGEST,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 60}),
        help_text=gettext_lazy("One a line: the pasted address of its page, its number, or words of its headline."),
    )

    class Meta:
        model = KeptApart
        fields = ("reason", "owner")
        widgets = {"reason": forms.Textarea(attrs={"rows": 2, "cols": 60})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None:
            self.initial["chosen"] = list(self.instance.members.values_list("article_id", flat=True))
        owner: Any = self.fields.get("owner")
        if owner is not None:
            owner.empty_label = _("me")

    def clean(self) -> dict[str, Any]:
        """Those chosen and those named: enough of them, and not too many."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not {"chosen", "pasted"} & self.errors.keys():
            try:
                named = articles_named(cleaned["pasted"], self.actor, MOST_TOGETHER)
            except ValidationError as error:
                self.add_error("pasted", error)
                return cleaned
            together = {article.pk: article for article in [*cleaned["chosen"], *named]}
            cleaned["chosen"] = list(together.values())
            self._check_number(len(together), "pasted" if named else "chosen")
        return cleaned

    def _check_number(self, number: int, field: str) -> None:
        if number < exclusions.FEWEST_TOGETHER:
            self.add_error(field, _("Name at least two articles to keep apart."))
        if number > MOST_TOGETHER:
            self.add_error(field, _("A group holds %(most)d articles at most.") % {"most": MOST_TOGETHER})

    def _save_m2m(self) -> None:
        """Members are written by the verb."""


class KeptApartAdmin(CurationAdmin):
    """Never these together."""

    form = GroupForm
    change_list_template = "admin/curation/exclusion_group_list.html"
    add_form_template = change_form_template = "admin/curation/exclusion_group_form.html"
    fields = ("chosen", "pasted", "reason", "owner")
    list_display = ("reason", "who_is_in", "asks")
    search_fields = ("reason", "articles__headline", "articles__latest__headline", "=articles__id")
    search_help_text = gettext_lazy("Words of the reason or of a headline, or the number in an article's address.")
    actions = ("let_selected",)
    readonly_fields = ("who_is_in",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[KeptApart]:
        """The groups with their articles at hand."""
        members = KeptApartMember.objects.select_related("article__latest").order_by("pk")
        return super().get_queryset(request).select_related("owner").prefetch_related(Prefetch("members", members))

    @admin.display(description=gettext_lazy("never together"))
    def who_is_in(self, row: KeptApart) -> str:
        """The articles, the first ones named."""
        members = list(row.members.all())
        named = format_html_join("", '<li><a href="{}">{}</a></li>', _linked(members[:MOST_NAMED]))
        left = len(members) - MOST_NAMED
        more = format_html("<li>{}</li>", _("and %(count)d more") % {"count": left}) if left > 0 else ""
        return format_html('<ul class="named">{}{}</ul>', named, more)

    @admin.display(description=gettext_lazy("ask"))
    def asks(self, row: KeptApart) -> str:
        """Who answers for it, since when."""
        return format_html('{} <span class="cell-note">{}</span>', row.owner or _("nobody"), moment(row.made_at))

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        """With the button that dissolves a group, for those who may."""

        @admin.display(description=_("Dissolve"))
        def together_again(row: KeptApart) -> str:
            return row_button("dissolve", row, _("Let together again"))

        may = exclusions.may_exclude(request.user, "delete")
        return (*self.list_display, together_again) if may else self.list_display

    def has_let_permission(self, request: HttpRequest) -> bool:
        """For the list's action."""
        return self.has_view_permission(request) and exclusions.may_exclude(request.user, "delete")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list; a row's button is answered here, as it stands in the list's form."""
        if request.method == "POST" and "dissolve" in request.POST and self.has_view_permission(request):
            pk = request.POST["dissolve"]
            self.let_selected(request, self.get_queryset(request).filter(pk=int(pk) if is_id(pk) else 0))
            return self.answered(request)
        return super().changelist_view(request, extra_context)

    @admin.action(description=gettext_lazy("Let together again"), permissions=["let"])
    def let_selected(self, request: HttpRequest, queryset: QuerySet[KeptApart]) -> None:
        """Dissolve each group."""
        done = 0
        for row in queryset:
            exclusions.let_together(row, actor=request.user)
            done += 1
        words = ngettext("%d group is dissolved.", "%d groups are dissolved.", done)
        (messages.success if done else messages.warning)(request, words % done if done else _("Nothing was changed."))

    def get_fields(self, request: HttpRequest, obj: KeptApart | None = None) -> Any:
        """Whoever may only look reads the group as the list tells it."""
        may = self.has_change_permission(request, obj) if obj else self.has_add_permission(request)
        return self.fields if may else ("who_is_in", "reason", "owner")

    def get_form(self, request: HttpRequest, obj: KeptApart | None = None, change: bool = False, **kwargs: Any) -> Any:
        """Offers only articles this person may know of, and colleagues at the desk."""
        form: Any = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user
        articles = form.base_fields.get("chosen")
        if articles is not None:
            articles.queryset = known_to(request.user)
            articles.widget = Several(KeptApartMember._meta.get_field("article"), self.admin_site)
            articles.widget.choices = articles.choices
        if "owner" in form.base_fields:
            form.base_fields["owner"].queryset = User.objects.filter(is_staff=True, is_active=True).order_by("name")
        return form

    def save_model(self, request: HttpRequest, obj: KeptApart, form: Any, change: bool) -> None:
        """Through the verb."""
        said = form.cleaned_data
        group = obj if change else None
        told = {"reason": said["reason"], "owner": said["owner"], "group": group}
        try:
            obj.pk = exclusions.keep_apart(said["chosen"], actor=request.user, **told).pk
        except KeptApart.DoesNotExist:
            raise ValidationError(_("This group was dissolved in the meantime.")) from None

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Groups are dissolved, not deleted."""
        return super().render_change_form(request, context | {"show_delete": False}, *args, **kwargs)


def _linked(members: list[KeptApartMember]) -> list[tuple[str, str]]:
    return [(desk_of(member.article_id), str(member.article)) for member in members]
