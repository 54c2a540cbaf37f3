"""Merging one tag into another, and taking that back.

A merge is one transaction whatever the number of articles: a handful of
statements moves 10,000 of them in well under a second. What may follow later,
such as search, is in effects of a hundred articles each, and every one of
those runs once. So a merge is whole or did not happen.

Locks: both tags, the lower number first. Publishing an article holds its tags
before it puts them on (``tag_names.tags_named``), and waits here, or we for
it. Merges change no article's row and wait for none.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from articles import redirects
from articles.models import Tag, TaggedArticle, TagSynonym, tag_key
from articles.permissions import Actor, require
from articles.registries import tag_followers
from articles.tag_renaming import may_merge
from images.models import Image
from outbox import audit
from outbox.models import AuditEntry
from pagecache.writing import writing

MERGED = "merged tag"
TAKEN_BACK = "took merge of tag back"

MOST_REMEMBERED = 50_000
"""Articles whose move is kept in the audit row, some 400 kB; a larger merge cannot be taken back."""


def merge(gone: Tag, kept: Tag, *, actor: Actor) -> Tag:
    """Have everything that carries ``gone`` carry ``kept``, once; returns ``kept`` as it stands then.

    The name of ``gone`` and its other names become other names of ``kept``,
    its page leads to the other's, and its description and picture are taken
    over where ``kept`` has none. Raises ``PermissionDenied``, and
    ``ValidationError`` for a tag that is merged into itself or is gone.
    """
    require(may_merge(actor), _("merge tags"))
    if gone.pk == kept.pk:
        raise ValidationError(_("A tag cannot be merged into itself."))
    with writing() as keys:
        gone, kept = _locked(gone, kept)
        told: dict[str, Any] = _told(gone)
        told |= _move_articles(gone, kept)
        told["took"] = _take_over(gone, kept)
        for room in tag_followers:
            room.move(gone, kept, actor)
        _take_names(gone, kept)
        keys |= {f"tag-list:{gone.pk}", f"tag-list:{kept.pk}", *gone.page_keys(), *kept.page_keys(), "archive"}
        gone.delete()
        TagSynonym(tag=kept, name=told["name"]).save()  # and has every carrier found by its names
        redirects.page_moved(gone.get_absolute_url(), kept.get_absolute_url(), actor=actor)
        audit.record(actor, MERGED, kept, **told)
    return kept


def merges_into(tag: Tag) -> list[AuditEntry]:
    """What was merged into the tag and still can be taken back, the newest first."""
    rows = AuditEntry.objects.filter(object_type=tag._meta.label_lower, object_id=str(tag.pk), verb=MERGED)
    names = set(TagSynonym.objects.filter(tag=tag).values_list("key", flat=True))
    newest = {tag_key(row.details.get("name", "")): row for row in rows.order_by("at", "id")}
    return [row for key, row in reversed(newest.items()) if key in names and "moved" in row.details]


def take_back(entry: AuditEntry, *, actor: Actor) -> Tag:
    """Make the tag that was merged away anew, as it was, on the articles that carried it and still carry the other.

    Products and campaigns that followed stay where they are. Raises
    ``PermissionDenied``, and ``ValidationError`` when that was done already or
    can no longer be.
    """
    require(may_merge(actor), _("merge tags"))
    with writing() as keys:
        kept = Tag.objects.select_for_update(of=("self",)).filter(pk=int(entry.object_id)).first()
        told: dict[str, Any] = entry.details
        if kept is None or entry.verb != MERGED or "moved" not in told or not _names_again(kept, told):
            raise ValidationError(_("This cannot be taken back: it was before, or the names mean something else now."))
        made = _made_again(kept, told)
        _give_names_back(kept, made, told)
        _give_articles_back(kept, made, told)
        keys |= {f"tag-list:{kept.pk}", f"tag-list:{made.pk}", *kept.page_keys(), *made.page_keys(), "archive"}
        audit.record(actor, TAKEN_BACK, kept, entry=entry.pk, tag=made.pk, name=made.name)
    return made


def _locked(gone: Tag, kept: Tag) -> tuple[Tag, Tag]:
    rows = Tag.objects.select_for_update(of=("self",)).filter(pk__in=[gone.pk, kept.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    if found.keys() != {gone.pk, kept.pk}:
        raise ValidationError(_("One of these tags is gone: a colleague may have merged or deleted it just now."))
    return found[gone.pk], found[kept.pk]


def _told(gone: Tag) -> dict[str, Any]:
    names = list(gone.synonyms.values_list("name", flat=True))
    told = {"gone": gone.pk, "name": gone.name, "slug": gone.slug, "names": names}
    return told | {"description": gone.description, "picture": gone.picture_id}


def _move_articles(gone: Tag, kept: Tag) -> dict[str, Any]:
    """Put ``kept`` in the place of ``gone``; returns what is needed to take that back."""
    rows = TaggedArticle.objects.filter(tag=gone)
    carrying = TaggedArticle.objects.filter(tag=kept).values("content_object")
    both = list(rows.filter(content_object__in=carrying).values_list("content_object", flat=True))
    moved = rows.exclude(content_object__in=carrying)
    moved_ids = list(moved.values_list("content_object", flat=True)[: MOST_REMEMBERED + 1])
    count = moved.update(tag=kept)
    rows.delete()
    told: dict[str, Any] = {"articles": count + len(both)}
    return told | {"moved": moved_ids, "both": both} if len(moved_ids) + len(both) <= MOST_REMEMBERED else told


def _take_over(gone: Tag, kept: Tag) -> list[str]:
    """Description and picture, where ``kept`` has none; returns what was taken."""
    taken = [name for name in ("description", "picture_id") if getattr(gone, name) and not getattr(kept, name)]
    for name in taken:
        setattr(kept, name, getattr(gone, name))
    if taken:
        kept.save(update_fields=taken)
    return taken


def _take_names(gone: Tag, kept: Tag) -> None:
    TagSynonym.objects.filter(tag=gone).update(tag=kept)


def _names_again(kept: Tag, told: dict[str, Any]) -> bool:
    """Free the name of the tag that was merged away; whether it was still another name of ``kept``."""
    synonym = TagSynonym.objects.filter(tag=kept, key=tag_key(told["name"])).first()
    if synonym is None:
        return False
    synonym.delete()
    return True


def _give_names_back(kept: Tag, made: Tag, told: dict[str, Any]) -> None:
    keys = [tag_key(name) for name in told["names"]]
    TagSynonym.objects.filter(tag=kept, key__in=keys).update(tag=made)


def _give_articles_back(kept: Tag, made: Tag, told: dict[str, Any]) -> None:
    """Those that still carry ``kept``; articles that were given it since are none of them."""
    carrying = TaggedArticle.objects.filter(tag=kept)
    both = carrying.filter(content_object__in=told["both"]).values_list("content_object", flat=True)
    TaggedArticle.objects.bulk_create([TaggedArticle(tag=made, content_object_id=pk) for pk in both])
    carrying.filter(content_object__in=told["moved"]).update(tag=made)


def _made_again(kept: Tag, told: dict[str, Any]) -> Tag:
    slug = told["slug"] if not Tag.objects.filter(slug=told["slug"]).exists() else ""
    picture = Image.objects.filter(pk=told["picture"]).first() if told["picture"] else None
    for name in told["took"]:
        if getattr(kept, name) == told[name.removesuffix("_id")]:
            setattr(kept, name, None if name == "picture_id" else "")
    kept.save()
    made = Tag(name=told["name"], slug=slug, description=told["description"], picture=picture)
    made.save()
    redirects.page_came(made.get_absolute_url())
    return made
