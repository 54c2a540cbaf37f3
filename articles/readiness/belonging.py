"""Lines about where the article belongs and whose it is: section, tags, bylines, agency, times."""

from collections.abc import Iterator
from datetime import timedelta

from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import tag_key
from articles.models.source import CanonicalRule
from articles.readiness.facts import Facts, first_of
from articles.registries import CHIEFS, Finding
from articles.search.spelling import FAR, distance

MANY_TAGS = 8
"""From here on tags say less and less of what a story is about."""

SHORT_NAME = 5
"""Letters up to which a tag resembles another with one letter different; longer ones with two."""

SHORT_LIFE = timedelta(days=1)
LONG_PAST = timedelta(days=1)


def section(facts: Facts) -> Iterator[Finding]:
    """It has one that exists."""
    if facts.section is None:
        message = _("Choose the section it belongs to.")
        yield Finding(message, required=True, field="section", code="section-missing")


def people(facts: Facts) -> Iterator[Finding]:
    """Somebody is named, and still exists."""
    if not facts.state.bylines and not facts.state.source:
        yield Finding(_("The article has neither a byline nor a source."), field="bylines", code="byline-missing")
    if any(credit.author not in facts.authors for credit in facts.state.bylines):
        message = _("Somebody in the bylines no longer exists. Choose again.")
        yield Finding(message, required=True, field="bylines", code="byline-gone")


def tags(facts: Facts) -> Iterator[Finding]:
    """A few, and no new one that is an old one misspelt."""
    names = facts.state.tags
    if not names:
        message = _("Without tags the article is harder to find and to relate.")
        yield Finding(message, field="tags", code="tags-missing")
    if len(names) > MANY_TAGS:
        message = ngettext("It has %(count)d tag.", "It has %(count)d tags: three to six say more.", len(names))
        yield Finding(message % {"count": len(names)}, field="tags", code="tags-many")
    yield from first_of(_misspelt(facts))


def agency(facts: Facts) -> Iterator[Finding]:
    """What another house wrote says so, and leads there where its contract asks for that."""
    source, address = facts.source, facts.state.source_url
    if facts.state.source is not None and source is None:
        message = _("The source no longer exists. Choose again.")
        yield Finding(message, required=True, field="source", code="source-gone")
    if source is None and address:
        message = _("There is an original address, but no source: who wrote it?")
        yield Finding(message, field="source", code="source-missing")
    if source is not None and not source.credit.strip():
        message = _("%(source)s has no credit line: agency copy goes out with its credit.") % {"source": source}
        url = reverse("admin:articles_source_change", args=[source.pk])
        yield Finding(message, required=True, field="source", code="source-credit", waivable_by=CHIEFS, url=url)
    if source is not None and not address and source.canonical == CanonicalRule.AGENCY:
        message = _("%(source)s asks that search engines be sent to its own page: add the original address.")
        told = message % {"source": source}
        yield Finding(told, required=True, field="source_url", code="source-address", waivable_by=CHIEFS)


def times(facts: Facts) -> Iterator[Finding]:
    """It can be read for a while, from when its editors think."""
    state = facts.state
    if state.expire_at and state.expire_at <= facts.starts:
        message = _("It would expire before anybody could read it.")
        yield Finding(message, required=True, field="expire_at", code="expires-early")
    elif state.expire_at and state.expire_at - facts.starts < SHORT_LIFE:
        message = _("Readers have it for less than a day: it expires on %(when)s.")
        yield Finding(message % {"when": _told(state.expire_at)}, field="expire_at", code="expires-soon")
    if state.embargo_until and state.publish_at and state.embargo_until > state.publish_at:
        message = _("The embargo outlasts its time of publication: readers see it on %(when)s.")
        yield Finding(message % {"when": _told(state.embargo_until)}, field="embargo_until", code="embargo-later")
    if state.publish_at and state.publish_at < facts.now - LONG_PAST and not facts.article.once_public():
        message = _("It will be dated %(when)s, and stand among the stories of that day.")
        yield Finding(message % {"when": _told(state.publish_at)}, field="publish_at", code="published-past")


def _misspelt(facts: Facts) -> Iterator[Finding]:
    for name in facts.state.tags:
        key = tag_key(name)
        if key and key not in facts.tags and (like := _resembled(key, facts.tags)):
            message = _("“%(name)s” is a new tag that looks like “%(like)s”.")
            yield Finding(message % {"name": name, "like": like}, field="tags", code=f"tag-like:{key[:40]}")


def _resembled(key: str, known: dict[str, str]) -> str:
    most = 1 if len(key) <= SHORT_NAME else 2
    return next((name for other, name in known.items() if distance(key, other, most) != FAR), "")


def _told(moment: object) -> str:
    return format_date(timezone.localtime(moment), "l j F Y, H:i")  # type: ignore[arg-type]
