"""Where a site's categories and writers go: by a file that somebody wrote, else by a rule.

The rule: a category of the first level is a section, one below it is a tag in
the section above; of several categories the one chosen as the main one
counts, else the first, and the others become tags.
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.text import slugify
from django.utils.translation import gettext as _

from articles import redirects
from articles.models import Section, tag_key
from articles.models.section import RESERVED_SLUGS
from articles.models.tag import MAX_TAGS
from people.models import Author
from syndication.text import shortened
from syndication.wordpress.outline import Outline, Term
from syndication.wordpress.words import plain

NO_CATEGORY = frozenset(
    {"uncategorized", "uncategorised", "allgemein", "non-classe", "sin-categoria", "senza-categoria", "geen-categorie"}
)
"""What WordPress calls the category of posts that have none, in several languages."""

PARTS: dict[str, type[Any]] = {"sections": dict, "tags": dict, "authors": dict, "drop": list, "section": str}
MAX_LEVELS = 20


class MapError(ValueError):
    """The mapping file cannot be used; the message says why."""


@dataclass
class Wanted:
    """What a mapping file says; all of it may be empty."""

    sections: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    authors: dict[str, str] = field(default_factory=dict)
    drop: list[str] = field(default_factory=list)
    section: str = "news"


def read_map(path: Path) -> Wanted:
    """Read a TOML file of ``[sections]``, ``[tags]``, ``[authors]``, ``drop`` and ``section``. Raises ``MapError``."""
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise MapError(f"{path}: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise MapError(f"{path}: {error}") from None
    for name, value in told.items():
        if not (name in PARTS and isinstance(value, PARTS[name]) and _all_words(value)):
            raise MapError(_("%(file)s: “%(name)s” is not understood.") % {"file": path, "name": name})
    wanted = Wanted(**told)
    for slug in (*wanted.sections.values(), wanted.section):
        if slugify(slug) != slug or not slug or len(slug) > 60 or slug in RESERVED_SLUGS:  # noqa: PLR2004
            raise MapError(_("%(file)s: “%(slug)s” cannot be the address of a section.") % {"file": path, "slug": slug})
    return wanted


def _all_words(value: Any) -> bool:
    values = value.values() if isinstance(value, dict) else value
    return isinstance(value, str) or all(isinstance(one, str) for one in values)


@dataclass
class Places:
    """Finds or makes the sections and authors that posts need."""

    outline: Outline
    wanted: Wanted
    made: dict[str, set[str]] = field(default_factory=lambda: {"sections": set(), "authors": set()})

    def __post_init__(self) -> None:
        self.load()

    def load(self) -> None:
        """Read what exists; to be called again when what was made was taken back."""
        self.sections = dict(Section.objects.values_list("slug", "pk"))
        self.authors = dict(Author.objects.values_list("slug", "pk"))
        self.by_category: dict[str, str] = {}
        shown = (self._term(slug, "") for slug in self.outline.published_categories)
        self.public_tops = {self._first_level(term).slug for term in shown}

    def place(self, slugs: Iterable[tuple[str, str]], primary: str, *, public: bool) -> tuple[int | None, list[str]]:
        """The section for a post of these categories (address part and name), and the tags the others become.

        A section has a page that readers find. None is made for a post that is
        not ``public``, unless published ones have its category too; then there is no section.
        """
        terms = [self._term(slug, name) for slug, name in dict.fromkeys(slugs) if slug not in self.wanted.drop]
        homes = [term for term in terms if term.slug not in self.wanted.tags and term.slug not in NO_CATEGORY]
        chosen = next((term for term in homes if primary and primary == term.number), homes[0] if homes else None)
        if chosen is None:
            chosen = next((term for term in terms if term.slug in self.wanted.sections), None)
        section = self._section(chosen) if public or self._is_known(chosen) else None
        tags = [self.wanted.tags.get(term.slug, term.name) for term in terms if term.slug not in NO_CATEGORY]
        if chosen is not None and chosen.name in tags and self._is_section(chosen):
            tags.remove(chosen.name)
        return section, tags

    def author(self, login: str, name: str) -> int | None:
        """The author of this login; ``None`` without a name."""
        slug = self.wanted.authors.get(login, "")
        shown = shortened(plain(name), 120)
        slug = slug or slugify(shown)[:80].strip("-") or slugify(login)[:80].strip("-")
        if not slug and not shown:
            return None
        slug = slug or "author"
        if slug not in self.authors:
            author = Author(name=shown or login[:120], slug=slug)
            author.save()
            self.authors[slug] = author.pk
            self.made["authors"].add(author.name)
        return self.authors[slug]

    def _term(self, slug: str, name: str) -> Term:
        return self.outline.categories.get(slug) or Term(name or slug, slug)

    def _is_section(self, term: Term) -> bool:
        return term.slug in self.wanted.sections or self._first_level(term) is term

    def _first_level(self, term: Term) -> Term:
        for _level in range(MAX_LEVELS):
            above = self.outline.categories.get(term.parent) if term.parent else None
            if above is None or above is term:
                return term
            term = above
        return term

    def _is_known(self, term: Term | None) -> bool:
        """Whether published posts have this category or one that comes into the same section, or nobody chose one."""
        if term is None or term.slug in self.wanted.sections:
            return True
        top = self._first_level(term)
        return top.slug in self.wanted.sections or not self.public_tops.isdisjoint((top.slug, term.slug))

    def _section(self, term: Term | None) -> int:
        if term is None:
            return self._made(self.wanted.section, "")
        if term.slug in self.wanted.sections:
            return self._made(self.wanted.sections[term.slug], term.name)
        top = self._first_level(term)
        if top.slug in self.wanted.sections:
            return self._made(self.wanted.sections[top.slug], top.name)
        if top.slug not in self.by_category:
            self.by_category[top.slug] = _free(slugify(top.slug) or slugify(top.name), self.sections)
        return self._made(self.by_category[top.slug], top.name)

    def _made(self, slug: str, name: str) -> int:
        if slug not in self.sections:
            shown = shortened(plain(name), 60) or slug.replace("-", " ").capitalize()
            section = Section(name=shown, slug=slug, position=min(len(self.sections), 32_000))
            section.save()
            self.sections[slug] = section.pk
            self.made["sections"].add(shown)
        return self.sections[slug]


def fit_tags(names: Iterable[str]) -> tuple[list[str], list[str]]:
    """Names as tags, each once, and those that are too long or too many."""
    fit: dict[str, str] = {}
    left: list[str] = []
    for name in (plain(one).replace(",", " ") for one in names):
        key = tag_key(name)
        if key in fit or not key:
            continue
        if len(key) > 80 or len(name) > 80 or len(fit) == MAX_TAGS:  # noqa: PLR2004
            left.append(name)
        else:
            fit[key] = name
    return list(fit.values()), left


def _free(slug: str, known: dict[str, int]) -> str:
    """An address for a section that nothing else has."""
    slug = slug[:50].strip("-") or "section"
    taken = slug in RESERVED_SLUGS or any(ask(f"/{slug}/") for ask in redirects.answered_by)
    return slug if slug in known or not taken else f"{slug}-{_('stories')}"
