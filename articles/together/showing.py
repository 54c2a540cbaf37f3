"""A merge in words: each place with its label and both texts, the names behind numbers fetched all at once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from articles import body
from articles.body.policy import stored_form
from articles.history.aligning import shape_name
from articles.history.blocks import Block, blocks_of
from articles.history.fields import PICTURES, label_of, shown
from articles.history.named import Named
from articles.history.words import Change, Work, difference
from articles.together.merge import FieldMerge, Merge, region_options
from articles.together.regions import Region, Side

MOSTLY = 0.6
"""Part of a text that may be marked; more helps nobody to see what changed."""


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
    work: Work = field(default_factory=Work)

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
            return ", ".join(self._named.credits(value))
        if name == "tags":
            return ", ".join(value)
        return self._named.picture(value) if name in PICTURES else shown(name, value, self._named)

    @cached_property
    def _named(self) -> Named:
        states = self.merge.states
        return Named.of(states, {pk for state in states for pk in body.image_ids_in(state.body)})

    # The story

    def _region(self, number: int, region: Region) -> Place:
        label = _("Story")
        if region.changed_by is not Side.BOTH:
            sides = {Side.THEIRS: region.theirs, Side.MINE: region.mine}
            blocks = sides.get(region.changed_by, region.mine)
            return Place(label, region.changed_by, blocks=tuple(self._block(block) for block in blocks))
        name = f"body-{number}"
        chosen = self.choices.get(name)
        texts = [self._text(side) for side in (region.base, region.mine, region.theirs)]
        same_words = texts[1] == texts[2]
        marked = [self._whole(region.mine), self._whole(region.theirs)] if same_words else self._marked(*texts)
        options = tuple(Option(side, html, chosen == side) for side, html in zip(_SIDES, marked, strict=True))
        allowed = region_options(region)
        both = Option(Side.BOTH, SafeString(), chosen == Side.BOTH) if Side.BOTH in allowed else None
        return Place(label, Side.BOTH, options, name, self.complain and chosen not in allowed, both=both)

    def _marked(self, base: str, mine: str, theirs: str) -> list[SafeString]:
        before = (theirs, mine) if self.beside else (base, base)
        return [_against(was, text, self.work) for was, text in zip(before, (mine, theirs), strict=True)]

    def _whole(self, blocks: Iterable[str]) -> SafeString:
        return format_html_join("", "{}", ((self._block(block),) for block in blocks))

    def _block(self, block: str) -> SafeString:
        """A block as it will read; figures, which hold references only, are named."""
        if block.startswith("<figure"):
            return format_html('<p class="join__figure">{}</p>', self._text([block]))
        return mark_safe(stored_form.clean(block))  # noqa: S308 - sanitised in this very call

    def _text(self, blocks: Iterable[str]) -> str:
        """The words of blocks, a paragraph each; figures by their names."""
        return "\n".join(self._words_of(each) for block in blocks for each in blocks_of(block))

    def _words_of(self, block: Block) -> str:
        if not (block.images or block.url):
            return block.text
        pictures = ", ".join(f"“{self._named.picture(pk)}”" for pk in block.images)
        told = (f"{capfirst(shape_name(block.shape))} {pictures or block.url}", block.text, block.detail)
        return " · ".join(filter(None, told))


_SIDES = (Side.MINE, Side.THEIRS)


def _label(name: str) -> str:
    special = {"bylines": _("Bylines"), "tags": _("Tags")}
    return special.get(name) or label_of(name)


def _against(base: str, text: str, work: Work) -> SafeString:
    """``text`` with the words marked that ``base`` does not have; without marks where most of it is new."""
    runs = [run for run in difference(base, text, work) if run.change is not Change.GONE]
    new = sum(len(run.text) for run in runs if run.change is Change.NEW)
    if not base or new > len(text) * MOSTLY:
        return format_html("{}", text)
    return format_html_join("", "{}", ((_mark(run.text) if run.change is Change.NEW else run.text,) for run in runs))


def _mark(words: str) -> SafeString:
    """Words that are new, without the space around them."""
    bare = words.strip()
    before, _bare, after = words.partition(bare)
    return format_html("{}<mark>{}</mark>{}", before, bare, after)
