"""A merge in words: each place with its label and both texts, the names behind numbers fetched all at once."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property
from html import unescape
from typing import Any

from django.template.defaultfilters import date as format_date
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles.body.policy import stored_form
from articles.models import Article, BylineRole, Kind, Section, Source
from articles.state import RELATION_FIELDS, TIME_FIELDS, Credit
from articles.together.merge import FieldMerge, Merge, region_options
from articles.together.regions import Region, Side
from images.models import Image
from people.models import Author

MOST_WORDS = 1_200
"""Words of one text that are compared one by one; a longer one is shown without marks."""

MOSTLY = 0.6
"""Part of a text that may be marked; more helps nobody to see what changed."""

MODELS: dict[str, Any] = {"section": Section, "source": Source, "lead_picture": Image, "social_picture": Image}
_WORD = re.compile(r"\s+|[^\s]+")
_TAG = re.compile(r"<[^>]*>")
_FIGURE = re.compile(r'data-(image|gallery|embed|caption|title)="([^"]*)"')


@dataclass(frozen=True)
class Option:
    """One text to choose."""

    side: str
    html: SafeString
    chosen: bool = False


@dataclass(frozen=True)
class Place:
    """One field, or one part of the story. ``name`` is what a choice is sent under; empty where none is needed."""

    label: str
    changed_by: str
    options: tuple[Option, ...] = ()
    name: str = ""
    missing: bool = False
    blocks: tuple[SafeString, ...] = ()
    both: Option | None = None


@dataclass
class Shown:
    """The places of ``merge`` for a person who chose ``choices`` so far.

    Words that the common base does not have are marked; ``beside`` marks what one of the two does not have.
    """

    merge: Merge
    choices: dict[str, str] = field(default_factory=dict)
    complain: bool = False
    beside: bool = False

    @cached_property
    def asked(self) -> list[Place]:
        """Fields that both changed."""
        return [self._field(each) for each in self.merge.fields if each.changed_by is Side.BOTH]

    @cached_property
    def taken(self) -> list[Place]:
        """Fields that only one changed, and the tags."""
        changed = [each for each in self.merge.fields if each.changed_by in {Side.MINE, Side.THEIRS}]
        changed += [self.merge.tags] if self.merge.tags.changed_by is not Side.SAME else []
        return [self._field(each) for each in changed]

    @cached_property
    def story(self) -> list[Place]:
        """The story from top to bottom, where anything differs."""
        regions = self.merge.regions
        return [self._region(place, region) for place, region in enumerate(regions)] if self.story_differs else []

    @property
    def story_differs(self) -> bool:
        """Whether anybody changed the story."""
        return any(region.changed_by is not Side.SAME or region.base != region.mine for region in self.merge.regions)

    @property
    def count(self) -> int:
        """How many places wait for a choice."""
        return len(self.merge.places)

    # Fields

    def _field(self, each: FieldMerge) -> Place:
        texts = [self._words(each.name, value) for value in (each.base, each.mine, each.theirs)]
        marked = self._marked(texts[0] if each.known_base else "", texts[1], texts[2])
        chosen = self.choices.get(each.name)
        options = [Option(side, html, chosen == side) for side, html in zip(_SIDES, marked, strict=True)]
        both = Option(Side.BOTH, SafeString(), chosen == Side.BOTH) if Side.BOTH in each.options else None
        asked = each.changed_by is Side.BOTH and each.name != "tags"
        return Place(
            label=_label(each.name),
            changed_by=each.changed_by,
            options=tuple(options),
            name=each.name if asked else "",
            missing=asked and self.complain and chosen not in each.options,
            both=both,
        )

    def _words(self, name: str, value: Any) -> str:
        if value in (None, "", ()):
            return ""
        if name == "bylines":
            return ", ".join(self._credit(credit) for credit in value)
        if name in MODELS:
            return str(self._names[name].get(value, value))
        return _plain(name, value)

    def _credit(self, credit: Credit) -> str:
        role = dict(BylineRole.choices).get(credit.role, credit.role)
        return f"{self._names['author'].get(credit.author, '?')} ({role})"

    @cached_property
    def _names(self) -> dict[str, dict[int, str]]:
        found: dict[str, dict[int, str]] = {}
        for each in self.merge.fields:
            if each.name in RELATION_FIELDS:
                found[each.name] = _named(MODELS[each.name], {each.mine, each.theirs, each.base})
            elif each.name == "bylines":
                credited = (*(each.base or ()), *each.mine, *each.theirs)
                found["author"] = _named(Author, {credit.author for credit in credited})
        return found

    # The story

    def _region(self, number: int, region: Region) -> Place:
        label = _("Story")
        if region.changed_by is not Side.BOTH:
            sides = {Side.THEIRS: region.theirs, Side.MINE: region.mine}
            shown = sides.get(region.changed_by, region.mine)
            return Place(label, region.changed_by, blocks=tuple(_block(block) for block in shown))
        name = f"body-{number}"
        chosen = self.choices.get(name)
        texts = [_text(side) for side in (region.base, region.mine, region.theirs)]
        same_words = texts[1] == texts[2]
        marked = [_shown(region.mine), _shown(region.theirs)] if same_words else self._marked(*texts)
        options = tuple(Option(side, html, chosen == side) for side, html in zip(_SIDES, marked, strict=True))
        allowed = region_options(region)
        both = Option(Side.BOTH, SafeString(), chosen == Side.BOTH) if Side.BOTH in allowed else None
        return Place(label, Side.BOTH, options, name, self.complain and chosen not in allowed, both=both)

    def _marked(self, base: str, mine: str, theirs: str) -> list[SafeString]:
        if self.beside:
            return [_against(theirs, mine), _against(mine, theirs)]
        return [_against(base, mine), _against(base, theirs)]


_SIDES = (Side.MINE, Side.THEIRS)


def _plain(name: str, value: Any) -> str:
    if name in TIME_FIELDS:
        return str(format_date(timezone.localtime(value), "l j F Y, H:i"))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if name == "tags":
        return ", ".join(value)
    return str(dict(Kind.choices).get(value, value)) if name == "kind" else str(value)


def _label(name: str) -> str:
    special = {"bylines": _("bylines"), "tags": _("tags")}
    return capfirst(str(special.get(name) or Article._meta.get_field(name).verbose_name))  # type: ignore[union-attr]


def _named(model: Any, ids: Iterable[Any]) -> dict[int, str]:
    wanted = {pk for pk in ids if isinstance(pk, int)}
    return {row.pk: str(row) for row in model.objects.filter(pk__in=wanted)} if wanted else {}


def _block(block: str) -> SafeString:
    """A block as it will read; figures, which hold references only, are named."""
    figures = dict(_FIGURE.findall(block)) if block.startswith("<figure") else {}
    if figures:
        return format_html('<p class="join__figure">{}</p>', _figure_words(figures))
    return mark_safe(stored_form.clean(block))  # noqa: S308 - sanitised in this very call


def _figure_words(figure: dict[str, str]) -> str:
    words = unescape(figure.get("caption", "") or figure.get("title", ""))
    if "image" in figure:
        kind = _("Picture %(number)s") % {"number": figure["image"]}
    else:
        kind = _("Gallery") if "gallery" in figure else _("Embed")
    return f"{kind}: {words}" if words else kind


def _shown(blocks: Iterable[str]) -> SafeString:
    return format_html_join("", "{}", ((_block(block),) for block in blocks))


def _text(blocks: Iterable[str]) -> str:
    """The words of blocks, a paragraph each; figures by their names."""
    lines = []
    for block in blocks:
        figure = dict(_FIGURE.findall(block)) if block.startswith("<figure") else {}
        spaced = block.replace("</p><p>", "\n").replace("</li><li>", "\n").replace("<br>", "\n")
        lines.append(_figure_words(figure) if figure else unescape(_TAG.sub("", spaced)))
    return "\n".join(lines)


def _against(base: str, text: str) -> SafeString:
    """``text`` with the words marked that ``base`` does not have; without marks where most of it is new."""
    before, now = _WORD.findall(base), _WORD.findall(text)
    if not before or max(len(before), len(now)) > MOST_WORDS:
        return format_html("{}", text)
    pieces, new = [], 0
    for tag, _b0, _b1, start, end in SequenceMatcher(None, before, now).get_opcodes():
        words = "".join(now[start:end])
        marked = tag != "equal" and bool(words.strip())
        new += len(words) if marked else 0
        pieces.append(_mark(words) if marked else format_html("{}", words))
    return format_html("{}", text) if new > len(text) * MOSTLY else format_html_join("", "{}", zip(pieces))


def _mark(words: str) -> SafeString:
    """Words that are new, without the space around them."""
    bare = words.strip()
    before, _bare, after = words.partition(bare)
    return format_html("{}<mark>{}</mark>{}", before, bare, after)
