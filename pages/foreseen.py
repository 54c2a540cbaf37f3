"""Where a story would stand if it were published now, and what it would push out."""

from bisect import insort
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.listing import of_section
from articles.models import Article, Section, Tag, tag_key
from articles.outcomes import appears_at
from articles.permissions import Actor
from articles.registries import Standing, Use
from articles.state import WorkingState
from curation import most_read
from curation.places import FRONT
from curation.slots import slot_picks
from pages import fronts
from pages.fronts import Candidate, Places
from pages.keyset import PER_PAGE
from people.models import Author


def where_it_will_stand(article: Article, state: WorkingState, actor: Actor) -> list[Standing]:
    """On the front page, in its section, on the pages of its topics and authors: as those stand at this moment."""
    section = Section.objects.filter(pk=state.section).first() if state.section else None
    if section is None:
        return []
    return [
        *_on_the_front(article, state, section),
        *_in_the_section(article, state, section),
        *_topics(state),
        *_authors(state),
        *_search_engines(state),
    ]


def _on_the_front(article: Article, state: WorkingState, section: Section) -> Iterator[Standing]:
    picks, popular, newest = slot_picks(FRONT), most_read.ranked(), fronts.candidates()
    before, _chosen = fronts.arranged(newest, picks, popular)
    after, _chosen = fronts.arranged(_with(article, state, section, newest), picks, popular)
    was, will = _part(before, article.pk), _part(after, article.pk)
    if not will:
        yield Standing(_("It does not reach the front page as that stands now."))
    elif was == will:
        yield Standing(_("On the front page it stays where it is: %(part)s.") % {"part": will})
    else:
        yield Standing(_("On the front page: %(part)s.") % {"part": will})
    yield from _pushed_out(article, before, after)


def _with(article: Article, state: WorkingState, section: Section, newest: Sequence[Candidate]) -> list[Candidate]:
    """The candidates as they would be, newest first, with the story among them."""
    rows = [row for row in newest if row.pk != article.pk]
    moment = appears_at(article, state)
    own = Candidate(article.pk, section.pk, state.kind, state.lead_picture is not None, section.position, moment)
    insort(rows, own, key=lambda row: (-row.publish_at.timestamp(), -row.pk))
    return rows[: fronts.NEWEST]


def _part(places: Places, pk: int) -> str:
    """Where on the front page the story stands, in words; empty where it stands nowhere."""
    parts = (
        (places.lead, _("the lead")),
        (places.second, _("beside the lead")),
        (places.third, _("in the row below the lead")),
        (places.latest, _("under the latest")),
        (places.opinions, _("among the opinions")),
        ([pk for ids in places.strips for pk in ids], _("in the part of its section")),
    )
    return next((words for ids, words in parts if pk in ids), "")


def _pushed_out(article: Article, before: Places, after: Places) -> Iterator[Standing]:
    gone = [pk for pk in before.ids() if pk not in after.ids() and pk != article.pk]
    lead = before.lead if before.lead != after.lead and article.pk in after.lead else []
    names = _named([*gone, *lead])
    for pk in lead:
        if pk in names and pk not in gone:
            yield Standing(_("Until now the lead:"), (names[pk],))
    if places := tuple(names[pk] for pk in gone if pk in names):
        message = ngettext("It pushes one off the front page:", "It pushes %(count)d off the front page:", len(places))
        yield Standing(message % {"count": len(places)}, places)


def _named(ids: Sequence[int]) -> dict[int, Use]:
    rows = Article.objects.public().select_related("section").filter(pk__in=ids)
    return {row.pk: Use(row.headline, row.get_absolute_url()) for row in rows}


def _in_the_section(article: Article, state: WorkingState, section: Section) -> Iterator[Standing]:
    """Its place among the newest there, and whom it pushes to the second page."""
    listed = of_section(section).found.public().newest_first()
    moment = appears_at(article, state)
    first = list(listed.exclude(pk=article.pk).only("headline", "publish_at", "slug", "section")[:PER_PAGE])
    place = 1 + sum(1 for row in first if row.publish_at and row.publish_at > moment)
    link = (Use(section.name, section.get_absolute_url()),)
    if place > PER_PAGE:
        yield Standing(_("In its section it stands beyond the first page."), link)
        return
    yield Standing(_("In its section: place %(place)d of the newest.") % {"place": place}, link)
    entered = not article.is_public() or article.section_id != section.pk
    if entered and len(first) == PER_PAGE:
        last = Use(first[-1].headline, first[-1].get_absolute_url())
        yield Standing(_("It pushes to the section’s second page:"), (last,))


def _topics(state: WorkingState) -> Iterator[Standing]:
    if not state.tags:
        return
    names = {tag_key(name): name for name in state.tags}
    known = {tag.key: tag for tag in Tag.objects.filter(key__in=names)}
    places = tuple(
        Use(known[key].name, known[key].get_absolute_url()) if key in known else Use(_("%s (new)") % name, "")
        for key, name in names.items()
    )
    yield Standing(_("On the pages of these topics:"), places)


def _authors(state: WorkingState) -> Iterator[Standing]:
    people = Author.objects.filter(pk__in={credit.author for credit in state.bylines}) if state.bylines else ()
    if places := tuple(Use(person.name, person.get_absolute_url()) for person in people):
        yield Standing(_("On the pages of its authors:"), places)


def _search_engines(state: WorkingState) -> Iterator[Standing]:
    if state.noindex:
        yield Standing(_("Our own search finds it; search engines are asked to leave it out."))
