"""Old addresses of the site that lead on: written here, asked only where nothing else answers."""

import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from articles.known import known_to
from articles.models import Article, Redirect
from articles.permissions import Actor, require
from outbox import audit
from outbox.new_rows import store
from pagecache.models import Key
from pagecache.writing import bump, writing
from people.models import User

MAX_PATH = 500
LOCK = "redirects"
"""The key whose row is held while a redirect is written."""
OURS = frozenset({"admin", "api", "comments", "feeds", "go", "health", "media", "metrics", "related", "static"})
"""First parts of addresses that never lead elsewhere: machines and forms live there."""

_STORY = re.compile(r"/[-\w]+/[-\w]*-([0-9]{1,18})/")
_CONTROL = re.compile(r"[\x00-\x20\x7f\\?#]")

answered_by: list[Callable[[str], bool]] = []
"""Each says whether a page of its room answers at a path now; rooms with pages register in ``ready()``."""


def lead(path: str, *, to: Article | str | None, actor: Actor) -> Redirect:
    """Have ``path`` lead to an article, to another path of the site, or nowhere (``None``: it is gone, 410).

    A path that has led somewhere leads to the new place. Chains are collapsed:
    what led to ``path`` leads where it leads now. Raises ``PermissionDenied``,
    or ``ValidationError`` in words for a path that is none of ours, that
    answers today, that leads to a story ``actor`` may not know of, or that
    would lead to itself.
    """
    require(_may(actor, "add"), _("lead old addresses elsewhere"))
    path = checked(path)
    if _answers(path):
        raise ValidationError(
            _("“%(path)s” is a page today. Only addresses that lead nowhere can lead elsewhere.") % {"path": path}
        )
    with writing():
        _hold()
        article, to_path = _target(path, to, actor)
        row = Redirect.objects.select_for_update().filter(path=path).first() or Redirect(path=path)
        _check_known(row, actor)
        return _write(row, article, to_path, actor)


def lead_many(paths: Mapping[str, Article], *, actor: Actor) -> dict[str, str]:
    """Have each path lead to its article, whose transaction this is; returns why some cannot, by path.

    What leads elsewhere already goes on leading there. Raises ``PermissionDenied``.
    """
    require(_may(actor, "add"), _("lead old addresses elsewhere"))
    refused: dict[str, str] = {}
    fit: dict[str, Article] = {}
    for path, article in paths.items():
        try:
            fit.setdefault(checked(path), article)
        except ValidationError as refusal:
            refused[path] = " ".join(refusal.messages)
    with writing():
        _hold()
        taken = set(Redirect.objects.filter(path__in=fit).values_list("path", flat=True))
        made_by = actor if isinstance(actor, User) else None
        rows = []
        for path, article in fit.items():
            if path in taken or _answers(path):
                refused[path] = _("“%(path)s” leads elsewhere, or is a page today.") % {"path": path}
            else:
                rows.append(Redirect(path=path, article=article, made_by=made_by))
        store(rows)
        bump(key for row in rows for key in row.page_keys())
        audit.record_all(actor, "led elsewhere", ((row, {"to": str(row.article_id)}) for row in rows))
    return refused


def page_moved(old: str, new: str, *, actor: Actor) -> None:
    """A page left the path ``old`` for ``new``: to be told in the transaction of the verb that moved it.

    Whoever may move the page may lead its readers on. What led away from
    ``new`` is forgotten: a page stands there.
    """
    old, new = checked(old), checked(new)
    if old == new:
        return
    with writing():
        _hold()
        page_came(new)
        row = Redirect.objects.select_for_update().filter(path=old).first() or Redirect(path=old)
        _write(row, None, new, actor)


def page_came(path: str) -> None:
    """A page stands at ``path`` (again), and nothing leads away from it."""
    for row in Redirect.objects.select_for_update().filter(path=checked(path)):
        row.delete()


def listed_for(actor: Actor) -> QuerySet[Redirect]:
    """The redirects ``actor`` may know of, each with its article as they may know it: by what it is called to them."""
    known = known_to(actor)
    rows = Redirect.objects.filter(Q(article=None) | Exists(known.filter(pk=OuterRef("article"))))
    return rows.select_related("made_by").prefetch_related(Prefetch("article", known))


def find(path: str) -> Redirect | None:
    """The redirect of this path, if there is one: one query."""
    if len(path) > MAX_PATH or "\0" in path:
        return None
    return Redirect.objects.filter(path=path).first()


def destination(redirect: Redirect) -> str | None:
    """Where it leads now: an address of ours, empty where its page is gone, ``None`` for what no reader may know of.

    An article that readers cannot see is gone when they once saw it; else it leads nowhere at all.
    """
    if redirect.to_path or redirect.article_id is None:
        return redirect.to_path
    story = Article.objects.public().select_related("section").filter(pk=redirect.article_id).first()
    if story is not None:
        return story.get_absolute_url()
    hidden = Article.objects.filter(pk=redirect.article_id).first()
    return "" if hidden is not None and hidden.once_public() else None


def forget(redirect: Redirect, *, actor: Actor) -> None:
    """The old address leads nowhere any more: it is unknown. Raises as ``lead`` does for what is hidden."""
    require(_may(actor, "delete"), _("delete redirects"))
    with writing():
        _check_known(redirect, actor)
        audit.record(actor, "deleted", redirect)
        redirect.delete()


def address_changed(old: str, new: str, actor: object) -> None:
    """A page moved, and its editor wants the old address to lead to the new one."""
    page_moved(old, new, actor=actor if isinstance(actor, User) else None)


def checked(path: str) -> str:
    """A path as requests carry it; raises ``ValidationError`` in words for anything that is no path of this site."""
    path = unquote(path.strip())
    parts = urlsplit(path) if "//" not in path[:2] else None
    if parts is None or parts.scheme or parts.netloc or not path.startswith("/"):
        raise ValidationError(_("Write an address of this site from its first slash on, such as /old/story/."))
    if _CONTROL.search(path):
        raise ValidationError(_("An address holds no blanks, backslashes, question marks or number signs."))
    if len(path) > MAX_PATH:
        raise ValidationError(_("The address is longer than %(most)d characters.") % {"most": MAX_PATH})
    if path == "/" or path.split("/")[1].casefold() in OURS:
        raise ValidationError(_("“%(path)s” is an address the site itself uses.") % {"path": path})
    return path


def _hold() -> None:
    """One redirect is written after the other: two at once could lead to each other."""
    Key.objects.bulk_create([Key(name=LOCK)], ignore_conflicts=True)
    Key.objects.select_for_update().get(name=LOCK)


def _write(row: Redirect, article: Article | None, to_path: str, actor: Actor) -> Redirect:
    """Keep where ``row`` leads, and have whatever led to its path lead there too."""
    row.article, row.to_path = article, to_path
    row.made_by = actor if isinstance(actor, User) else None
    row.save()
    for former in Redirect.objects.select_for_update().filter(to_path=row.path).order_by("path"):
        former.article, former.to_path = article, to_path
        former.save()
    audit.record(actor, "led elsewhere", row, to=str(article.pk if article else to_path))
    return row


def _target(path: str, to: Article | str | None, actor: Actor) -> tuple[Article | None, str]:
    """The article or path that ``to`` means, the end of a chain instead of its middle."""
    if to is None:
        return None, ""
    if isinstance(to, Article):
        return _known(to.pk, actor), ""
    to = "/" if to.strip() == "/" else checked(to)
    story = _STORY.fullmatch(to)
    if story:
        return _known(int(story[1]), actor), ""
    onward = find(to)
    if onward is not None and _answers(to):
        onward.delete()  # a page stands there again
    elif onward is not None:
        if onward.article_id is not None:
            return onward.article, ""
        to = onward.to_path
    if to == path:
        raise ValidationError(_("“%(path)s” would lead to itself.") % {"path": path})
    return None, to


def _check_known(redirect: Redirect, actor: Actor) -> None:
    if redirect.article_id is not None and not known_to(actor).filter(pk=redirect.article_id).exists():
        raise ValidationError(_("That address leads to a story of another desk. Ask its editors."))


def _known(pk: int, actor: Actor) -> Article:
    article = known_to(actor).filter(pk=pk).first()
    if article is None:
        raise ValidationError(_("There is no such story."))
    return article


def _answers(path: str) -> bool:
    return any(ask(path) for ask in answered_by)


def _may(actor: Actor, action: str) -> bool:
    return actor is None or actor.has_perm(f"articles.{action}_redirect")
