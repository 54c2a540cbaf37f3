"""Addresses of topic pages and series that were given up: whoever asks for one is led to where it went."""

from urllib.parse import unquote

from articles.models import Redirect
from articles.permissions import Actor
from pagecache.writing import writing
from people.models import User


def lead(old: str, new: str, *, actor: Actor) -> None:
    """Lead readers of the path ``old`` to ``new``, in the present transaction; none is ever led twice or in a circle.

    What led to ``old`` leads to ``new`` at once, and what led away from ``new``
    is forgotten. Paths are kept as readers see them, not as addresses encode them.
    """
    old, new = unquote(old), unquote(new)
    if old == new:
        return
    made_by = actor if isinstance(actor, User) else None
    with writing():
        for row in Redirect.objects.filter(path=new):
            row.delete()
        for row in Redirect.objects.filter(to_path=old):
            row.to_path = new
            row.save(update_fields=["to_path"])
        row = Redirect.objects.filter(path=old).first() or Redirect(path=old)
        row.article, row.to_path, row.made_by = None, new, made_by
        row.save()


def forget(old: str) -> None:
    """Lead nobody away from ``old`` any more."""
    for row in Redirect.objects.filter(path=unquote(old)):
        row.delete()
