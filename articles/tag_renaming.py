"""Giving a tag another name or address, without losing who knew it by the old one."""

from django.utils.translation import gettext as _

from articles import redirects
from articles.desks import is_limited
from articles.models import Tag, TagSynonym, tag_key
from articles.permissions import Actor, require
from outbox import audit
from pagecache.writing import writing


def may_merge(actor: Actor) -> bool:
    """Rename and merge tags, and give them other names: it changes what stories of every desk are found by.

    So it takes somebody whose rights do not end at their own desks.
    """
    return actor is None or (actor.has_perm("articles.merge_tag") and not is_limited(actor))


def rename(tag: Tag, *, name: str, slug: str, actor: Actor) -> Tag:
    """Call the tag ``name`` at the address ``slug``; returns its row.

    The old name becomes another name of it, and the old address leads to the
    new one. Raises ``PermissionDenied``, and ``ValidationError`` for a name
    that another tag has.
    """
    require(may_merge(actor), _("rename tags"))
    with writing():
        row = Tag.objects.select_for_update(of=("self",)).get(pk=tag.pk)
        before, old_page = {"name": row.name, "slug": row.slug}, row.get_absolute_url()
        row.name, row.slug = name, slug
        row.clean()
        if before == {"name": name, "slug": slug}:
            return row
        _take_own_name_back(row)
        row.save()
        if tag_key(before["name"]) != row.key:
            TagSynonym(tag=row, name=before["name"]).save()
        redirects.page_moved(old_page, row.get_absolute_url(), actor=actor)
        audit.record(actor, "renamed tag", row, before=before, after={"name": name, "slug": slug})
    return row


def _take_own_name_back(row: Tag) -> None:
    """What was another name of it is its own now."""
    for synonym in TagSynonym.objects.filter(tag=row, key=tag_key(row.name)):
        synonym.delete()
