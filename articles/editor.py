"""The story's form field, and the rich-text editor that takes its place where scripts run.

Without script it is a plain text area that holds HTML; either way the text is
cleaned on the server.
"""

import json
from typing import Any

from django import forms
from django.forms.widgets import Script
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language

from articles import body
from articles.editor_words import editor_words
from articles.embeds import NAMES

ADDRESSES = {
    "pictures": "admin:articles_editor_pictures",
    "articles": "admin:articles_editor_articles",
    "clean": "admin:articles_editor_clean",
    "upload": "admin:images_image_add",
}


class BodyWidget(forms.Textarea):
    """A text area that the editor's module finds by its ``data-story-editor`` attribute and replaces."""

    class Media:
        css = {"all": ["desk/editor/editor.css"]}
        js = [Script("desk/editor/newsroom-editor.js", type="module")]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 24, "cols": 80, "spellcheck": "true", **(attrs or {})})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add what the module needs: addresses, words in the editor's language, limits."""
        context = super().get_context(name, value, attrs)
        settings = {
            **{key: reverse(address) for key, address in ADDRESSES.items()},
            "icons": static("desk/editor/icons.svg"),
            "language": get_language() or "en",
            "mostCharacters": body.MAX_LENGTH,
            "embedHosts": sorted(NAMES),
            "words": editor_words(),
        }
        context["widget"]["attrs"]["data-story-editor"] = json.dumps(settings, ensure_ascii=False)
        return context


class BodyField(forms.CharField):
    """A story: whatever is typed or pasted, the value is the clean source that is stored."""

    widget = BodyWidget

    def clean(self, value: Any) -> str:
        """The stored source; a text that cannot be taken gets a message for its writer."""
        text: str = super().clean(value)
        try:
            return body.clean(text)
        except body.BodyRefused as refusal:
            raise forms.ValidationError(str(refusal), code="refused") from refusal

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether the text differs, line ends and the editor's way of writing aside."""
        try:
            return body.clean(initial or "") != body.clean(data or "")
        except body.BodyRefused:
            return True
