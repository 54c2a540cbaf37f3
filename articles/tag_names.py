"""Tags by what people call them: their own name, in whatever spelling, or another name of theirs."""

from collections.abc import Iterable, Mapping
from contextlib import suppress

from django.db import IntegrityError, connection

from articles.models import Tag, TagSynonym, tag_key
from articles.models.tag import first_word
from pagecache.writing import writing

_TRIES = 4
"""How often a tag may vanish into another while we reach for it."""


def tags_by_key(keys: Iterable[str]) -> dict[str, Tag]:
    """The tags that these keys mean, by the key that was asked for: two queries."""
    wanted = set(keys)
    found = {tag.key: tag for tag in Tag.objects.filter(key__in=wanted)}
    missing = wanted - found.keys()
    if missing:
        synonyms = TagSynonym.objects.filter(key__in=missing).select_related("tag")
        found |= {synonym.key: synonym.tag for synonym in synonyms}
    return found


def tag_ids(names: Iterable[str]) -> list[int]:
    """The ids of the tags that these names mean, each once; of names that no tag has, none."""
    return sorted({tag.pk for tag in tags_by_key(map(tag_key, names)).values()})


def meant(names: Iterable[str]) -> list[str]:
    """The names with every other name of a tag replaced by the tag's own, each tag once: one query."""
    chosen = {tag_key(name): name for name in reversed([name for name in names if tag_key(name)])}
    synonyms = TagSynonym.objects.filter(key__in=chosen).values_list("key", "tag__name")
    own = dict(synonyms)
    return list({tag_key(own.get(key, name)): own.get(key, name) for key, name in chosen.items()}.values())[::-1]


def tags_named(names: Iterable[str]) -> list[Tag]:
    """The tags of these names, made where they do not exist; two names of one tag are one tag.

    They are held until the transaction ends, so that nobody merges them away
    before they stand on an article. Holders do not wait for each other.
    """
    by_key = {tag_key(name): " ".join(name.split()) for name in names if tag_key(name)}
    found = _held(by_key)
    found |= _made({key: name for key, name in by_key.items() if key not in found})
    return list({found[key].pk: found[key] for key in by_key}.values())


def _made(names: Mapping[str, str]) -> dict[str, Tag]:
    """A new tag for each name, by its key; several of them in one statement."""
    made = {key: Tag(name=name, key=key, first_word=first_word(name)) for key, name in names.items()}
    if len(made) > 1:
        _make_at_once(made.values())
    for tag in made.values():
        if tag._state.adding:
            tag.slug = ""
            tag.save()
    return made


def _make_at_once(tags: Iterable[Tag]) -> None:
    """Store those that have an address nobody else has or wants; none where somebody is quicker with one of them."""
    by_address: dict[str, list[Tag]] = {}
    for tag in tags:
        tag.slug = tag.slugify(tag.name)
        by_address.setdefault(tag.slug, []).append(tag)
    taken = set(Tag.objects.filter(slug__in=by_address).values_list("slug", flat=True))
    alone = [same[0] for address, same in by_address.items() if len(same) == 1 and address not in taken]
    with suppress(IntegrityError), writing():
        Tag.objects.bulk_create(alone)


def _held(keys: Iterable[str]) -> dict[str, Tag]:
    """``tags_by_key``, each tag under a shared lock; one that was merged this very moment is looked for once more."""
    wanted = set(keys)
    found = tags_by_key(wanted)
    for _again in range(_TRIES):
        if not found or _hold({tag.pk for tag in found.values()}):
            break
        found = tags_by_key(wanted)
    return found


def _hold(tag_ids: set[int]) -> bool:
    """Whether all of them are there, and stay until the transaction ends.

    The lock is the one a new row that refers to the tag takes; SQLite, which
    has one writer at a time, needs none.
    """
    if connection.vendor != "postgresql":
        return True
    marks = ", ".join(["%s"] * len(tag_ids))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT id FROM articles_tag WHERE id IN ({marks}) ORDER BY id FOR KEY SHARE", sorted(tag_ids))  # noqa: S608
        return {row[0] for row in cursor.fetchall()} == tag_ids
