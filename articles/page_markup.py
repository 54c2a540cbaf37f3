"""What stands on a page many times, written without a template for each: a moment, a story's kicker, its card.

A front page has forty cards; the templates of one took longer than all else about it.
"""

from datetime import datetime, tzinfo
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple, Self

from django.core.signals import setting_changed
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from articles.models import Article, Byline, Kind
from articles.models.byline import BylineRole
from images.markup import image_markup
from images.models import Image

WITHOUT_PICTURE = ("text", "voice")
"""Variants of a card that never show one."""

CARD_RATIO, CARD_SIZES = "3:2", "(min-width: 48rem) 24rem, 100vw"
"""The picture of a card for which nothing else is said."""


def time_markup(when: datetime | None, *, clock: bool = False, fixed: bool = False) -> SafeString:
    """``<time>`` in the site's zone: the day, with ``clock`` the minute too.

    Unless it is ``fixed``, a reader's browser may say how long ago that was.
    """
    if when is None:
        return SafeString()
    minute = f", {moment_text(when, 'H:i')}" if clock else ""
    return mark_safe(  # noqa: S308 - what a date is formatted to is escaped
        f'<time datetime="{timezone.localtime(when).isoformat(timespec="seconds")}"{"" if fixed else " data-relative"}>'
        f"{escape(moment_text(when, 'DATE_FORMAT'))}{escape(minute)}</time>"
    )


def moment_text(when: datetime, form: str) -> str:
    """The moment in the site's zone and the reader's language, in one of Django's formats or under its name."""
    return _moment_text(timezone.localtime(when), form, get_language())


class Moments(NamedTuple):
    """The same for many moments in one format: zone and language are asked for once."""

    form: str
    zone: tzinfo
    language: str | None

    @classmethod
    def present(cls, form: str) -> Self:
        """In the zone and the language of the page being made."""
        return cls(form, timezone.get_current_timezone(), get_language())

    def local(self, when: datetime) -> datetime:
        """The moment in the site's zone."""
        return when.astimezone(self.zone)

    def text(self, local: datetime) -> str:
        """A moment that ``local()`` gave, in words."""
        return _moment_text(local, self.form, self.language)


@lru_cache(maxsize=20_000)
def _moment_text(when: datetime, form: str, _language: str | None) -> str:
    return date_format(when, form)


def kicker_markup(article: Article, without_section: bool | int | None = None) -> SafeString:
    """Section and kind above a headline. ``without_section``: ``True``, or the id of the section whose page this is."""
    live = " kicker--live" if article.kind == Kind.LIVE else ""
    if without_section is True or without_section == article.section_id:
        inside = "" if article.kind == Kind.NEWS else _kind(article.kind)
    else:
        plain = article.kind in {Kind.NEWS, Kind.OPINION}
        inside = f"{_section(article)} {'' if plain else _kind(article.kind)}"
    return mark_safe(f'<p class="kicker{live}">{inside}</p>') if inside else SafeString()  # noqa: S308 - escaped


def _section(article: Article) -> str:
    section = article.section
    address, name = (section.get_absolute_url(), section.name) if section else ("", "")
    return f'<a class="kicker__section" href="{escape(address)}">{escape(name)}</a>'


def _kind(kind: str) -> str:
    return f'<span class="kicker__kind">{escape(capfirst(str(Kind(kind).label)))}</span>'


def card_markup(  # noqa: PLR0913 - what the places for cards differ in
    article: Article,
    *,
    variant: str = "feature",
    level: int = 3,
    headline: str = "",
    snippet: str = "",
    standfirst: bool = False,
    bylines: bool = False,
    without_section: bool | int | None = None,
    ratio: str = CARD_RATIO,
    sizes: str = CARD_SIZES,
    eager: bool = False,
) -> SafeString:
    """A story in a list, made of what ``cards()`` reads; nothing in it is trusted but what is marked safe.

    ``variant`` is its look: lead, opener, feature, tile, row, river, text or
    voice; ``level`` that of its heading. ``headline`` and ``snippet``, which may
    hold marks, stand in place of the story's own words. ``eager`` is for the
    one picture that a reader sees first.
    """
    picture = article.picture
    plain = "" if picture else " card--plain"
    kicker = "" if variant == "voice" else kicker_markup(article, without_section)
    words = snippet or (article.standfirst if standfirst else "")
    found = " card__snippet" if snippet else ""
    about = f'<p class="card__standfirst{found}">{conditional_escape(words)}</p>\n' if words else ""
    return mark_safe(  # noqa: S308 - every part is escaped
        f'<article class="card card--{escape(variant)}{plain}">\n<div class="card__words">\n{kicker}\n'
        f'<h{level} class="card__headline"><a class="card__link" href="{escape(article.get_absolute_url())}">'
        f"{conditional_escape(headline or article.headline)}</a></h{level}>\n{about}"
        f'<p class="card__meta">{_mark(article)}{_names(article) if bylines else ""}'
        f"{time_markup(article.publish_at)}</p>\n</div>\n"
        f"{'' if variant in WITHOUT_PICTURE else _picture(picture, ratio, sizes, eager)}</article>"
    )


def _mark(article: Article) -> str:
    mark = article.mark
    return f'<span class="card__mark">{escape(str(mark))}</span>' if mark else ""


def _names(article: Article) -> str:
    bylines = article.bylines.all()
    if not bylines:
        return ""
    names = "".join(_name(byline) for byline in bylines if byline.role == BylineRole.WORDS)
    return f'<span class="names"><span class="visually-hidden">{escape(_("By"))} </span>{names}</span>\n'


def _name(byline: Byline) -> str:
    author = byline.author
    return f'<a class="names__name" href="{escape(author.get_absolute_url())}" rel="author">{escape(author.name)}</a> '


def _picture(picture: Image | None, ratio: str, sizes: str, eager: bool) -> str:
    if picture is None:
        return ""
    return f'<div class="card__picture">{image_markup(picture, ratio=ratio, sizes=sizes, eager=eager)}</div>\n'


def _forget(**_kwargs: Any) -> None:
    _moment_text.cache_clear()


setting_changed.connect(_forget, dispatch_uid="articles.page_markup")
