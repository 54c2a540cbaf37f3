"""The editor's form: filled from the newest revision, and turned into a working state."""

import json
from datetime import datetime
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.editor import BodyField
from articles.field_rights import frozen, refusals
from articles.models import Article, Byline, Section, WorkingCopy
from articles.models.tag import MAX_TAGS, tag_key
from articles.permissions import Actor
from articles.picture_words import upload_settings
from articles.schedule import moments
from articles.schedule.moments import MomentField
from articles.state import PLAIN_FIELDS, RELATION_FIELDS, TIME_FIELDS, Credit, WorkingState
from articles.tag_names import meant
from pagecache.admin import is_id, know
from people.models import Author

MAX_TAG_LENGTH = 80


class TagsField(forms.CharField):
    """Names between commas; the same tag twice, in whatever spelling or by another name, counts once."""

    def clean(self, value: Any) -> list[str]:
        """The names, tidied, other names replaced by the tag's own; refuses too many and too long ones."""
        names = [" ".join(name.split()) for name in (super().clean(value) or "").split(",")]
        chosen = list({tag_key(name): name for name in reversed(names) if name}.values())[::-1]
        self._refuse(chosen)
        return meant(chosen)

    def _refuse(self, chosen: list[str]) -> None:
        if len(chosen) > MAX_TAGS:
            raise forms.ValidationError(
                _("%(count)d tags are too many; an article carries %(most)d at most.")
                % {"count": len(chosen), "most": MAX_TAGS}
            )
        for name in chosen:
            if max(len(name), len(tag_key(name))) > MAX_TAG_LENGTH:
                raise forms.ValidationError(_("“%(name)s…” is too long for a tag.") % {"name": name[:30]})

    def prepare_value(self, value: Any) -> Any:
        """A list becomes the text that is typed."""
        return ", ".join(value) if isinstance(value, list | tuple) else value


class TagsWidget(forms.TextInput):
    """A text field that ``static/desk/tags.js`` turns into chips with suggestions."""

    class Media:
        css = {"all": ["desk/tags.css"]}

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add where suggestions come from, and the module's words."""
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"] |= {
            "data-tags": reverse("admin:articles_tag_suggest"),
            "data-found": _("Tags that begin like this"),
            "data-added": _("%name was added."),
            "data-remove": _("Remove %name"),
            "data-proposals": reverse("admin:articles_tag_suggest_from_text"),
            "data-propose": _("Suggest from the story"),
            "data-proposed": _("Suggested tags"),
            "data-counted": _("Suggested tags: %count"),
            "data-none": _("The story names no further tag of the archive yet."),
            "data-failed": _("No answer. Try again in a moment."),
        }
        return context


class BaseField(forms.IntegerField):
    """The number of the revision that the form was filled from; whatever is no such number is 0, which is none."""

    def clean(self, value: Any) -> int:
        """The number: it decides nothing but whether somebody saved since."""
        text = str(value or "")
        return int(text) if is_id(text) else 0


class ArticleForm(forms.ModelForm[Article]):
    """Edits the working state; the model instance stays as readers see it."""

    body = BodyField(label=gettext_lazy("story"), required=False)
    tags = TagsField(
        label=gettext_lazy("tags"),
        required=False,
        max_length=3000,
        help_text=gettext_lazy("Three to six topics between commas. New ones are made when the article goes out."),
        widget=TagsWidget(attrs={"class": "vLargeTextField", "autocomplete": "off"}),
    )
    source_url = forms.URLField(
        label=gettext_lazy("original address"),
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=gettext_lazy("Where the agency published it."),
    )
    actor: Actor = None
    """Who fills it in; the admin makes a class of it for each request."""
    base_revision = BaseField(required=False, widget=forms.HiddenInput)
    unsaved: WorkingCopy | None = None
    """Words the writer typed and did not save: what the form is filled from instead."""

    class Meta:
        model = Article
        fields = (*PLAIN_FIELDS, *RELATION_FIELDS, *TIME_FIELDS)
        field_classes = dict.fromkeys(TIME_FIELDS, MomentField)
        widgets = {
            "headline": forms.Textarea(attrs={"rows": 1, "class": "headline-input", "data-count": "90"}),
            "standfirst": forms.Textarea(attrs={"rows": 3, "class": "standfirst-input", "data-count": "200"}),
            "search_description": forms.Textarea(attrs={"rows": 2, "data-count": "160"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        article = self.instance
        if article.pk:
            number = article.latest.number if article.latest else None
            given = self.initial_of(WorkingState.of(article)) | {"base_revision": number}
            self.initial = {**self.initial, **given, **kwargs.get("initial", {})}
        if self.unsaved is not None:
            self.initial = {**self.initial, **self._typed(self.unsaved)}
        if "kind" in self.fields and not article.pk:
            self.fields["kind"].required = False
        for name in TIME_FIELDS:
            self._name_halves(name)
            if name in self.fields and isinstance(self.initial.get(name), datetime):
                self.fields[name].help_text = moments.note(self.initial[name])
        self._offer_upload()
        if article.pk:
            self._freeze(frozen(self.actor, article, WorkingState.of(article)))

    def _offer_upload(self) -> None:
        """Whoever may add pictures puts one in from here; ``static/desk/images/lead-upload.js`` does it."""
        field = self.fields.get("lead_picture")
        wrapper: Any = field.widget if field is not None else None
        if getattr(wrapper, "can_add_related", False):
            wrapper.widget.attrs["data-upload"] = json.dumps(upload_settings(), ensure_ascii=False)

    def _freeze(self, closed: dict[str, str]) -> None:
        """Fields that are not this person's to change say why, and keep what they hold."""
        for name, why in closed.items():
            if name in self.fields:
                self.fields[name].disabled = True
                self.fields[name].help_text = why

    def _name_halves(self, name: str) -> None:
        """A date and a time are two inputs below one label: each gets a name of its own."""
        field = self.fields.get(name)
        for half, word in zip(getattr(field and field.widget, "widgets", ()), (_("date"), _("time")), strict=False):
            half.attrs["aria-label"] = f"{field.label}, {word}" if field else word

    def _typed(self, copy: WorkingCopy) -> dict[str, Any]:
        """The copy's words as they were typed, whatever they are; the form judges them when they are sent."""
        typed = {
            name: field.widget.value_from_datadict(copy.fields, {}, self.add_prefix(name))
            for name, field in self.fields.items()
            if not field.widget.value_omitted_from_data(copy.fields, {}, self.add_prefix(name))
        }
        return typed | {"base_revision": copy.base}

    @staticmethod
    def initial_of(state: WorkingState) -> dict[str, Any]:
        """The form's fields for a state."""
        values: dict[str, Any] = {
            name: getattr(state, name) for name in (*PLAIN_FIELDS, *RELATION_FIELDS, *TIME_FIELDS)
        }
        return values | {"tags": list(state.tags)}

    def _post_clean(self) -> None:
        """Leave the instance alone: it is what readers see, and this form does not write it."""

    def clean_headline(self) -> str:
        """One line, however it was typed or pasted."""
        return " ".join(self.cleaned_data["headline"].split())

    def clean(self) -> dict[str, Any]:
        """Times in order."""
        cleaned = super().clean() or {}
        publish_at, expire_at = cleaned.get("publish_at"), cleaned.get("expire_at")
        if publish_at and expire_at and expire_at <= publish_at:
            self.add_error("expire_at", _("It would expire before it is published."))
        self._refuse_foreign_section(cleaned.get("section"))
        return cleaned

    def _refuse_foreign_section(self, chosen: Section | None) -> None:
        if not self.instance.pk or self.instance.latest is None:
            return
        before = WorkingState.of(self.instance)
        refused = refusals(self.actor, self.instance, before, before.with_(section=chosen.pk if chosen else None))
        if "section" in refused:
            self.add_error("section", refused["section"])

    def state(self, bylines: list[Credit]) -> WorkingState:
        """What was typed, as a working state. Only on a valid form."""
        cleaned = self.cleaned_data
        values = {name: cleaned.get(name, getattr(WorkingState, name, "")) for name in (*PLAIN_FIELDS, *TIME_FIELDS)}
        for name in RELATION_FIELDS:
            chosen = cleaned.get(name)
            values[name] = chosen.pk if chosen else None
        values["kind"] = values["kind"] or WorkingState.kind
        return WorkingState(**values, tags=tuple(cleaned["tags"]), bylines=tuple(bylines))


class BylineFormSet(BaseInlineFormSet[Byline, Article, forms.ModelForm[Byline]]):
    """Bylines of the working state: every row is a new one, nothing is read from or written to the table."""

    def __init__(self, data: Any = None, *args: Any, **kwargs: Any) -> None:
        article: Article | None = kwargs.get("instance")
        kwargs["queryset"] = Byline.objects.none()
        if data is None and "initial" not in kwargs and article is not None and article.pk:
            kwargs["initial"] = [
                {"position": place, "author": credit.author, "role": credit.role}
                for place, credit in enumerate(WorkingState.of(article).bylines, 1)
            ]
        super().__init__(data, *args, **kwargs)

    @cached_property
    def forms(self) -> list[Any]:
        """Each told who stands in it: one query."""
        made = super().forms
        standing = {form: author for form in made if isinstance(author := form.initial.get("author"), int)}
        authors = Author.objects.in_bulk(standing.values()) if standing else {}
        for form, author in standing.items():
            know(form, "author", authors.get(author))
        return made

    def total_form_count(self) -> int:
        """As many rows as there are bylines, and one to fill in when there is none."""
        if self.is_bound:
            return super().total_form_count()
        return max(len(self.initial_extra or ()), 1)

    def credits(self) -> list[Credit]:
        """What was typed, in the order of the places, without the rows that were removed."""
        rows = [form.cleaned_data for form in self.forms if form not in self.deleted_forms and form.has_changed()]
        rows.sort(key=lambda row: row.get("position", 0))
        return [Credit(row["author"].pk, row["role"]) for row in rows if row.get("author")]

    def save(self, commit: bool = True) -> list[Byline]:
        """Nothing: ``credits()`` goes into the revision."""
        self.new_objects: list[Byline] = []
        self.changed_objects: list[Any] = []
        self.deleted_objects: list[Byline] = []
        return []
