"""Lines about links: where they lead, and whether their words say so."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from django.template.defaultfilters import date as format_date
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext as _

from articles.body.links import article_ids_in
from articles.models.article import LIVE_STATUSES
from articles.readiness.facts import Facts, clipped, digest_of, first_of, path_of
from articles.readiness.story import Link
from articles.registries import PUBLISHERS, Finding

_BARE = re.compile(r"^(?:https?://|www\.)\S+$", re.IGNORECASE)
_EMPTY_WORDS = frozenset(
    ("here", "click here", "click", "this", "this link", "link", "more", "read more", "see here", "learn more", "page")
)


def inside(facts: Facts) -> list[Finding]:
    """Links to our own pages: the database knows for certain."""
    own = (href for href in facts.hrefs if href.startswith("/"))
    return first_of(finding for href in own if (finding := _own(facts, href)))


def outside(facts: Facts) -> list[Finding]:
    """Links to other sites, by what they answered when last asked."""
    return first_of(_outside(facts))


def words(facts: Facts) -> list[Finding]:
    """A link's words say where it leads, also to those who hear nothing but links."""
    return first_of(_words(facts.story.links))


def _own(facts: Facts, href: str) -> Finding | None:
    named = next(iter(article_ids_in([href])), None)
    if path_of(href) in facts.redirects:
        return _moved(href)
    if named is None:
        return None if _answers(path_of(href)) else _dead(facts, href, _("leads nowhere on this site"))
    target = facts.linked.get(named)
    if named == facts.article.pk or (target is not None and target.is_public()):
        is_there = target is None or named == facts.article.pk or path_of(href) == target.get_absolute_url()
        return None if is_there else _moved(href)
    if target is not None and target.once_public():
        return _dead(facts, href, _("leads to a story that is gone"))
    return _dead(facts, href, _("leads to no story that readers can see"))


def _answers(path: str) -> bool:
    """Whether some page of ours may answer there; sections, tags and people are not looked up."""
    try:
        resolve(unquote(path))
    except Resolver404:
        return False
    return True


def _moved(href: str) -> Finding:
    message = _("The link %(link)s leads to an old address; readers are sent on. Choose the story again.")
    return Finding(message % {"link": clipped(href)}, field="body", code=_code("link-moved", href))


def _dead(facts: Facts, href: str, where: str) -> Finding:
    """Required of a new link; one that readers have already holds no correction up."""
    told = _("The link %(link)s %(where)s.") % {"link": clipped(href), "where": where}
    old = facts.article.status in LIVE_STATUSES and href in facts.article.body
    code = _code("link-dead", href)
    return Finding(told, required=not old, field="body", code=code, waivable_by="" if old else PUBLISHERS)


def _outside(facts: Facts) -> Iterator[Finding]:
    for href, answer in facts.answers.items():
        if answer.status is not None and answer.status < 400:  # noqa: PLR2004 - from 400 on they are errors
            continue
        when = format_date(timezone.localtime(answer.asked_at), "l j F, H:i")
        if answer.status is not None:
            message = _("%(link)s answered %(status)d on %(when)s.")
            told = message % {"link": clipped(href), "status": answer.status, "when": when}
        else:
            message = _("%(link)s %(trouble)s on %(when)s.")
            told = message % {"link": clipped(href), "trouble": answer.get_trouble_display(), "when": when}
        yield Finding(told, field="body", code=_code("link-answer", href))


def _words(links: list[Link]) -> Iterator[Finding]:
    seen: set[tuple[str, str]] = set()
    for link in links:
        name, told = _about(link)
        if name and (name, link.href) not in seen:
            seen.add((name, link.href))
            required = name == "link-empty"
            waivable = PUBLISHERS if required else ""
            code = _code(name, link.href)
            yield Finding(told, required=required, field="body", code=code, waivable_by=waivable)


def _about(link: Link) -> tuple[str, str]:
    """What is amiss with the words of a link, if anything: a code and a sentence."""
    text = link.text.casefold().strip(" .,:;!?»›>→…")
    if not link.text.strip():
        message = _("A link to %(link)s has no words: nobody can see it, and screen readers read its address.")
        return "link-empty", message % {"link": clipped(link.href)}
    if text in _EMPTY_WORDS:
        message = _("The words “%(words)s” do not say where the link leads: link those that do.")
        return "link-words", message % {"words": clipped(link.text)}
    if _BARE.match(link.text):
        message = _("The link %(link)s shows its address; words that say where it leads read better.")
        return "link-bare", message % {"link": clipped(link.text)}
    return "", ""


def _code(name: str, href: str) -> str:
    return f"{name}:{digest_of(href)[:16]}"
