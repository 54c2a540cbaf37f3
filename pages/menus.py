"""The menus every page carries."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, F, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _

from articles.models import Section
from articles.templatetags.link_words import link_rel
from pagecache.addresses import address
from pagecache.prepared import Prepared
from pagecache.reading import depends_on
from pages.models import Menu, MenuItem, StaticPage

_SECTIONS = "sections"
_PAGES = "pages"
_COLUMNS = ("link_menu", "link_position", "link_tie", "link_text", "link_slug", "link_url")

Row = tuple[str, int, int, str, str, str]


class Link(NamedTuple):
    """One link of a menu."""

    text: str
    href: str
    rel: str = ""
    """What the link says about itself; empty for one of our own."""


@dataclass(frozen=True)
class Menus:
    """The links of each menu, in order."""

    main: tuple[Link, ...]
    footer: tuple[Link, ...]


def menus() -> Menus:
    """What the editors arranged; without that every section above and every static page below. One query."""
    depends_on("menus", "sections")
    links: dict[str, list[Link]] = {}
    for menu, _position, _tie, text, slug, url in sorted(_ROWS.rows(), key=lambda row: row[1:4]):
        links.setdefault(menu, []).append(_link(text, slug, url))
    return Menus(
        main=tuple(links.get(Menu.MAIN) or links.get(_SECTIONS) or ()),
        footer=tuple(links.get(Menu.FOOTER) or links.get(_PAGES) or ()),
    )


def _link(text: str, slug: str, url: str) -> Link:
    if slug:
        return Link(text, address("pages:first_level", slug))
    rel = link_rel(url)
    return Link(_("%(link)s (affiliate link)") % {"link": text} if "sponsored" in rel.split() else text, url, rel)


def _rows() -> QuerySet[Any, Any]:
    """Arranged and default links together: the union keeps every page at one query for its menus."""
    arranged = _columns(
        MenuItem.objects.filter(Q(page__isnull=True) | Q(page__published=True)).order_by(),
        menu=F("menu"),
        position=F("position"),
        tie=F("pk"),
        text=Coalesce(NullIf("label", Value("")), "section__name", "page__title", output_field=CharField()),
        slug=Coalesce("section__slug", "page__slug", Value(""), output_field=CharField()),
        url=F("url"),
    )
    sections = _default(Section.objects.order_by(), _SECTIONS, "name", F("position"))
    pages = _default(StaticPage.objects.filter(published=True).order_by(), _PAGES, "title", _number(0))
    return arranged.union(sections, pages, all=True).order_by()


def _default(rows: QuerySet[Any], menu: str, text: str, position: Any) -> QuerySet[Any, Any]:
    return _columns(
        rows, menu=_word(menu), position=position, tie=_number(0), text=F(text), slug=F("slug"), url=_word("")
    )


def _columns(rows: QuerySet[Any], **columns: Any) -> QuerySet[Any, Any]:
    named: QuerySet[Any, Any] = rows.annotate(**{f"link_{name}": value for name, value in columns.items()})
    return named.values_list(*_COLUMNS)


def _word(text: str) -> Value:
    return Value(text, output_field=CharField())


def _number(value: int) -> Value:
    return Value(value, output_field=IntegerField())


_ROWS: Prepared[Row] = Prepared(_rows)
