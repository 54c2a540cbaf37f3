"""Every word the editor shows, in the language of whoever works in it."""

from django.utils.translation import gettext as _


def editor_words() -> dict[str, str]:
    """By the names the modules in ``static/desk/editor/`` use."""
    return _of_tools() | _of_dialogs() | _of_figures()


def _of_tools() -> dict[str, str]:
    """Toolbar, foot and messages."""
    return {
        "story": _("Story"),
        "tools": _("Text tools"),
        "tableTools": _("Table tools"),
        "kind": _("Kind of text"),
        "text": _("Text"),
        "heading2": _("Heading"),
        "heading3": _("Small heading"),
        "heading4": _("Smallest heading"),
        "bold": _("Bold"),
        "italic": _("Italic"),
        "strike": _("Struck through"),
        "subscript": _("Lowered"),
        "superscript": _("Raised"),
        "code": _("Code"),
        "link": _("Link"),
        "bulletList": _("List"),
        "orderedList": _("Numbered list"),
        "blockquote": _("Quote"),
        "horizontalRule": _("Dividing line"),
        "undo": _("Undo"),
        "redo": _("Redo"),
        "picture": _("Picture"),
        "gallery": _("Gallery"),
        "embed": _("Embed from another site"),
        "table": _("Table"),
        "rowAbove": _("Add row above"),
        "rowBelow": _("Add row below"),
        "rowDelete": _("Delete row"),
        "columnBefore": _("Add column before"),
        "columnAfter": _("Add column after"),
        "columnDelete": _("Delete column"),
        "headerRow": _("Header row"),
        "headerColumn": _("Header column"),
        "mergeCells": _("Merge or split cells"),
        "tableDelete": _("Delete table"),
        "placeholder": _("Write the story here…"),
        "wordsOne": _("1 word"),
        "wordsMany": _("{count} words"),
        "minutes": _("{count} min read"),
        "hint": _("Alt+F10: tools. Ctrl+K: link."),
        "tooLong": _("The story is too long to be saved. Split it into parts."),
        "pasteFailed": _("The server did not answer, so only the plain text was pasted."),
        "inserted": _("Inserted: {what}"),
        "removed": _("Removed: {what}"),
        "imagesOnly": _("Pictures come from the library: upload yours there, then choose it."),
    }


def _of_dialogs() -> dict[str, str]:
    """Links, pictures and embeds are chosen in dialogs."""
    return {
        "cancel": _("Cancel"),
        "close": _("Close"),
        "set": _("Set link"),
        "removeLink": _("Remove link"),
        "linkTitle": _("Link"),
        "linkLabel": _("Address, or words of one of our headlines"),
        "linkHelp": _("https://…, /section/story-1/, mailto:… or tel:…"),
        "linkBad": _("That is not an address a story can link to. Start with https:// or choose one of our articles."),
        "ourArticles": _("Our articles"),
        "nothingFound": _("Nothing found."),
        "loading": _("Loading…"),
        "failed": _("The server did not answer. Try again."),
        "pictureTitle": _("Choose a picture"),
        "galleryTitle": _("Choose pictures for a gallery"),
        "search": _("Search the library"),
        "searchHelp": _("Words of its title, caption, alternative text or credit"),
        "uploadNew": _("Upload a new picture"),
        "more": _("Show more"),
        "choose": _("Choose"),
        "chosen": _("{count} chosen"),
        "insertGallery": _("Insert gallery"),
        "noAlt": _("no alternative text yet"),
        "expired": _("licence has ended"),
        "embedTitle": _("Embed from another site"),
        "embedLabel": _("Address of the page with the video, sound or post"),
        "embedName": _("Title"),
        "embedNameHelp": _("What readers see on the card, before they choose to load anything."),
        "embedBad": _("Give the full address, starting with https://"),
        "insert": _("Insert"),
    }


def _of_figures() -> dict[str, str]:
    """Pictures, galleries and cards as they stand in the text."""
    return {
        "caption": _("Caption"),
        "captionLibrary": _("Caption (empty: the library’s)"),
        "credit": _("Credit"),
        "creditLibrary": _("Credit (empty: the library’s)"),
        "wide": _("Wide"),
        "normalWidth": _("Normal width"),
        "replace": _("Choose another picture"),
        "remove": _("Remove"),
        "missing": _("This picture is no longer in the library. Readers see nothing here."),
        "earlier": _("Move earlier"),
        "later": _("Move later"),
        "addPictures": _("Add pictures"),
        "galleryCaption": _("Caption of the gallery"),
        "cardTitle": _("Title on the card"),
        "openPage": _("Open the page"),
    }
