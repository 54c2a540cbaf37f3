"""Which section and tags an item gets, and what else the desk's rules say of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from articles.folding import words
from articles.models.tag import MAX_TAGS, tag_key
from syndication.models import Feed, WireRule
from syndication.models.wire_rule import Part, RuleAction
from syndication.wires.items import Item

MAX_TAG = 80


@dataclass(frozen=True)
class Mapped:
    """What becomes of an item: ids and names, and an action of ``RuleAction``."""

    section: int | None = None
    tags: tuple[str, ...] = ()
    action: str = RuleAction.NONE.value


def rules_in_force() -> list[WireRule]:
    """In the order in which they are asked."""
    return list(WireRule.objects.filter(is_on=True))


def mapped(item: Item, feed: Feed, rules: Iterable[WireRule]) -> Mapped:
    """What ``rules`` say of the item, and the feed's own section and tags where they say nothing."""
    section, action, tags = None, RuleAction.NONE.value, names_in(feed.tags)
    text = _Words(item)
    for rule in rules:
        if (rule.feed_id is None or rule.feed_id == feed.pk) and text.meets(rule):
            section = section or rule.section_id
            action = action or rule.action
            tags += names_in(rule.tags)
    return Mapped(section or feed.section_id, _once(tags), action)


def names_in(text: str) -> list[str]:
    """Names parted by commas."""
    return [name for part in text.split(",") if (name := " ".join(part.split())[:MAX_TAG])]


def _once(tags: Sequence[str]) -> tuple[str, ...]:
    by_key: dict[str, str] = {}
    for name in tags:
        by_key.setdefault(tag_key(name), name)
    return tuple(by_key.values())[:MAX_TAGS]


class _Words:
    """An item's words, folded once for all rules."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.folded: dict[str, str] = {}

    def meets(self, rule: WireRule) -> bool:
        """Whether any of the rule's words is there, as whole words."""
        wanted = [_run(part) for part in rule.words.split(",")]
        if rule.part == Part.SUBJECT:
            subjects = {_run(subject) for subject in self.item.subjects}
            return any(one in subjects for one in wanted if one.strip())
        text = self._of(rule.part)
        return any(one in text for one in wanted if one.strip())

    def _of(self, part: str) -> str:
        if part not in self.folded:
            item = self.item
            told = {
                Part.HEADLINE: item.headline,
                Part.PROVIDER: f"{item.provider} | {item.credit} | {item.byline}",
                Part.TEXT: f"{item.headline} | {item.standfirst} | {item.text}",
            }[Part(part)]
            self.folded[part] = _run(told)
        return self.folded[part]


def _run(text: str) -> str:
    """Folded words, each between blanks, so that whole words are found."""
    return f" {' '.join(words(text))} "
