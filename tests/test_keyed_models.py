"""Which models readers see: each raises the keys of its pages, and a new model must be decided on."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import models
from django.utils import timezone

from articles.models import Article, Correction, Redirect, Section, Series, SeriesEntry, Source, Tag
from comments.models import ArticleComments, Comment, DeskPromise, State
from curation.models import (
    Campaign,
    CuratedList,
    Exclusion,
    KeptApart,
    KeptApartMember,
    MostRead,
    Pick,
    Suggestion,
)
from images.models import Image
from pagecache.keyed import BulkWriteError, Keyed, KeyedQuerySet
from pagecache.models import Key
from pagecache.writing import writing
from pages.models import MenuItem, StaticPage
from people.models import Author
from products.models import ArticleBoxes, Match, Merchant, Offer, Placement, Product
from tests.factories import (
    give_tags,
    make_article,
    make_author,
    make_comment,
    make_image,
    make_merchant,
    make_product,
    make_section,
    make_source,
)

pytestmark = [pytest.mark.django_db, pytest.mark.once]

INVISIBLE = {
    "articles.DeskMembership": "the desk's own",
    "articles.EditSession": "the desk's own",
    "articles.EditorialNote": "the desk's own",
    "articles.Handover": "the desk's own",
    "articles.InvitedPlace": "staff only",
    "articles.LinkAnswer": "the desk's own",
    "articles.PreviewAnswer": "the desk's own",
    "articles.PreviewLink": "opens pages that are never cached",
    "articles.ScheduledChange": "kept until its minute; noting and applying it raises the article's keys",
    "articles.TagsApart": "the desk's own",
    "articles.TagSynonym": "changes what editors may type",
    "articles.Waiver": "the desk's own",
    "articles.WorkingCopy": "nobody's to see but who typed it",
    "people.AccessToken": "staff only",
    "people.Invitation": "staff only",
    "syndication.Feed": "the desk's own",
    "syndication.FeedFile": "the desk's own",
    "syndication.Edition": "its mails are looked up when they are sent",
    "syndication.EditionStory": "the desk's own",
    "syndication.Imported": "remembers where a story came from",
    "syndication.KeptAnswer": "told to the one program that asked",
    "syndication.Newsletter": "shown on a page that is never cached",
    "syndication.Subscriber": "its owner's; shown on pages that are never cached",
    "syndication.WireItem": "the desk's own; readers see the article that is made of it",
    "syndication.WireMark": "finds items that are alike",
    "syndication.WireRule": "the desk's own",
    "wastebin.Binned": "what is no longer there",
    "articles.Revision": "the desk's own; readers see the article that publish() writes from it",
    "articles.SearchEntry": "derived from the article, written in the transaction that raises its keys",
    "articles.SearchWord": "derived from the article",
    "curation.Exposure": "the desk's own figures",
    "curation.Fingerprint": "what the engine knows; readers see the suggestions",
    "curation.Frequency": "what the engine knows",
    "curation.ListRecord": "the desk's own memory of what lists showed",
    "curation.Posting": "what the engine knows",
    "curation.ReadCount": "counted for the desk; readers see the order of MostRead",
    "curation.RelatedCount": "counted for the desk",
    "curation.Tally": "what the engine knows",
    "curation.Uncounted": "what the engine knows",
    "comments.Appeal": "the desk's own",
    "comments.Arrivals": "counts what came in",
    "comments.Ban": "the desk's own",
    "comments.ConfirmedAddress": "nobody's to see",
    "comments.DeskDay": "the desk's own figures",
    "comments.FormerWords": "the desk's own",
    "comments.Judgement": "the desk's own figures",
    "comments.Learner": "what was learnt",
    "comments.Mark": "finds comments that are alike",
    "comments.ModerationEntry": "the desk's own; shown on a receipt, which is never cached",
    "comments.OwnLink": "nobody's to see",
    "comments.Report": "the desk's own",
    "comments.Rule": "the desk's own",
    "comments.SecondLook": "the desk's own",
    "comments.SpentToken": "nobody's to see",
    "comments.Subscription": "its owner's; shown on pages that are never cached",
    "comments.WriterNote": "the desk's own",
    "images.RenditionName": "finds a picture by its file's name; changes with the picture",
    "outbox.AuditEntry": "the desk's own",
    "outbox.Effect": "nobody's to see",
    "outbox.Heartbeat": "the operator's own",
    "pagecache.Key": "the keys themselves",
    "products.ClickCount": "counted for the desk",
    "products.Phrase": "finds what stories call for; readers see the matches",
    "people.User": "staff; readers see authors",
    "products.Delivery": "the desk's own",
    "products.MerchantFeed": "the desk's own",
}
"""Why readers never see them."""

WRITTEN_WITH_THE_ARTICLE = {"articles.Byline", "articles.TaggedArticle", "articles.BodyImage"}
"""Parts of an article that only ``publish()`` writes, under the article's own keys."""

ROOT = Path(__file__).resolve().parent.parent
OURS = {
    "articles",
    "comments",
    "curation",
    "images",
    "newsroom",
    "outbox",
    "pagecache",
    "pages",
    "people",
    "products",
    "syndication",
    "wastebin",
}
KEYED: list[type[Keyed]] = [model for model in apps.get_models() if issubclass(model, Keyed)]


def test_every_model_is_keyed_or_known_to_be_invisible() -> None:
    ours = {model._meta.label for model in apps.get_models() if model._meta.app_label in OURS}
    keyed = {model._meta.label for model in KEYED}
    assert ours - keyed == INVISIBLE.keys() | WRITTEN_WITH_THE_ARTICLE


@pytest.mark.parametrize("model", KEYED, ids=lambda model: model._meta.label)
def test_every_keyed_model_names_its_keys_and_guards_its_managers(model: type[Keyed]) -> None:
    assert model.page_keys is not Keyed.page_keys
    assert isinstance(model._default_manager.all(), KeyedQuerySet)


# Each row, the change of a foreign key (or of what decides the keys) where there is one, and the keys before and after.

Moved = tuple[Keyed, Callable[[], object], set[str], set[str]]


def _staying(row: Keyed, change: Callable[[], object], keys: set[str]) -> Moved:
    return row, change, keys, keys


def _article() -> Moved:
    row = make_article(section=make_section("City"))
    other = make_section("Sport")
    own = {f"article:{row.pk}", "front", "archive"}
    before, after = f"section-list:{row.section_id}", f"section-list:{other.pk}"
    return row, lambda: setattr(row, "section", other), own | {before}, own | {after}


def _article_comments() -> Moved:
    row = ArticleComments.objects.create(article=make_article())
    return _staying(row, lambda: setattr(row, "closed", True), {f"comments:{row.article_id}"})


def _desk_promise() -> Moved:
    return _staying(DeskPromise.objects.create(), lambda: None, {"comments-promise"})


def _correction() -> Moved:
    one, two = make_article("One"), make_article("Two")
    row = Correction.objects.create(article=one, text="It was 30.")
    return (
        row,
        lambda: setattr(row, "article", two),
        {f"article:{one.pk}", "corrections"},
        {f"article:{two.pk}", "corrections"},
    )


def _redirect() -> Moved:
    row = Redirect.objects.create(path="/old/", to_path="/new/")
    return row, lambda: setattr(row, "path", "/older/"), {"redirect:/old/"}, {"redirect:/older/"}


def _series() -> Moved:
    row = Series.objects.create(title="The harbour", slug="the-harbour")
    return _staying(row, lambda: setattr(row, "title", "The port"), {f"series:{row.pk}", "all-series"})


def _series_entry() -> Moved:
    one, two = (Series.objects.create(title=title, slug=title.lower()) for title in ("One", "Two"))
    row = SeriesEntry.objects.create(series=one, article=make_article())
    own = f"article:{row.article_id}"
    before, after = {f"series:{one.pk}", own, "all-series"}, {f"series:{two.pk}", own, "all-series"}
    return row, lambda: setattr(row, "series", two), before, after


def _section() -> Moved:
    row = make_section("City")
    return _staying(row, lambda: setattr(row, "name", "Town"), {f"section:{row.pk}", "sections"})


def _source() -> Moved:
    row = make_source()
    return _staying(row, lambda: setattr(row, "name", "Southline"), {f"source:{row.pk}", "sources"})


def _tag() -> Moved:
    give_tags(make_article(), "trams")
    row = Tag.objects.get()
    return _staying(row, lambda: setattr(row, "name", "tram"), {f"tag:{row.pk}", "tags"})


def _comment() -> Moved:
    row = make_comment(make_article(), state=State.APPROVED)
    return row, lambda: setattr(row, "state", State.SPAM), {f"comments:{row.article_id}"}, set()


def _pick() -> Moved:
    one, two, three = make_article("One"), make_article("Two"), make_article("Three")
    row = Pick.objects.create(article=one, target=three)
    return row, lambda: setattr(row, "article", two), {f"related:{one.pk}"}, {f"related:{two.pk}"}


def _suggestion() -> Moved:
    one, two, three = make_article("One"), make_article("Two"), make_article("Three")
    row = Suggestion.objects.create(article=one, target=three, score=0.5)
    return row, lambda: setattr(row, "article", two), {f"related:{one.pk}"}, {f"related:{two.pk}"}


def _curated_list() -> Moved:
    article = make_article()
    row = CuratedList.objects.create(article=article)
    return _staying(row, lambda: setattr(row, "off", True), {f"related:{article.pk}"})


def _exclusion() -> Moved:
    one, three = make_article("One"), make_article("Three")
    row = Exclusion.objects.create(article=one, target=three)
    return row, lambda: setattr(row, "article", None), {f"related:{one.pk}"}, {f"article:{three.pk}"}


def _kept_apart_member() -> Moved:
    one, two = make_article("One"), make_article("Two")
    row = KeptApartMember.objects.create(group=KeptApart.objects.create(reason="Trial"), article=one)
    before, after = ({f"article:{article.pk}", f"related:{article.pk}"} for article in (one, two))
    return row, lambda: setattr(row, "article", two), before, after


def _kept_apart() -> Moved:
    member = _kept_apart_member()[0]
    assert isinstance(member, KeptApartMember)
    keys = {f"article:{member.article_id}", f"related:{member.article_id}"}
    return _staying(member.group, lambda: setattr(member.group, "reason", "Appeal"), keys)


def _campaign() -> Moved:
    ends = timezone.now() + timedelta(hours=1)
    row = Campaign.objects.create(target=make_article(), ends=ends)
    section = make_section("Sport")
    return row, lambda: setattr(row, "section", section), {"campaigns"}, {f"campaigns:section:{section.pk}"}


def _most_read() -> Moved:
    row, other = MostRead.objects.create(rank=1, article=make_article()), make_article("Two")
    return _staying(row, lambda: setattr(row, "article", other), {"most-read"})


def _image() -> Moved:
    row = make_image()
    return _staying(row, lambda: setattr(row, "alt", "A bus."), {f"image:{row.pk}", "pictures"})


def _static_page() -> Moved:
    row = StaticPage.objects.create(title="About", slug="about", body="<p>Us.</p>")
    return _staying(row, lambda: setattr(row, "title", "Us"), {f"page:{row.pk}", "menus"})


def _menu_item() -> Moved:
    row = MenuItem.objects.create(section=make_section())
    return row, lambda: setattr(row, "label", "Town"), {"menus"}, {"menus"}


def _author() -> Moved:
    row = make_author()
    return _staying(row, lambda: setattr(row, "title", "Editor"), {f"author:{row.pk}", "authors"})


def _merchant() -> Moved:
    row = make_merchant()
    return _staying(row, lambda: setattr(row, "name", "Hearth"), {f"merchant:{row.pk}"})


def _product() -> Moved:
    row = make_product()
    return _staying(row, lambda: setattr(row, "name", "Pan"), {f"product:{row.pk}"})


def _offer() -> Moved:
    row, other = make_product().offers.get(), make_product("Pan", price=None)
    return row, lambda: setattr(row, "product", other), {f"product:{row.product_id}"}, {f"product:{other.pk}"}


def _placement() -> Moved:
    section, article = make_section(), make_article()
    row = Placement.objects.create(product=make_product(), section=section)

    def move() -> None:
        row.section, row.article = None, article

    return row, move, {f"products-section:{section.pk}"}, {f"products:{article.pk}"}


def _match() -> Moved:
    one, two = make_article("One"), make_article("Two")
    row = Match.objects.create(article=one, product=make_product(), rank=1, phrase="pot")
    return row, lambda: setattr(row, "article", two), {f"products:{one.pk}"}, {f"products:{two.pk}"}


def _article_boxes() -> Moved:
    row = ArticleBoxes.objects.create(article=make_article())
    return _staying(row, lambda: setattr(row, "off", False), {f"products:{row.article_id}"})


MOVES: dict[type[Keyed], Callable[[], Moved]] = {
    Article: _article,
    ArticleBoxes: _article_boxes,
    Redirect: _redirect,
    Series: _series,
    SeriesEntry: _series_entry,
    ArticleComments: _article_comments,
    DeskPromise: _desk_promise,
    Campaign: _campaign,
    CuratedList: _curated_list,
    Exclusion: _exclusion,
    KeptApart: _kept_apart,
    KeptApartMember: _kept_apart_member,
    MostRead: _most_read,
    Suggestion: _suggestion,
    Author: _author,
    Comment: _comment,
    Correction: _correction,
    Image: _image,
    MenuItem: _menu_item,
    Match: _match,
    Merchant: _merchant,
    Offer: _offer,
    Pick: _pick,
    Placement: _placement,
    Product: _product,
    Section: _section,
    Source: _source,
    StaticPage: _static_page,
    Tag: _tag,
}


def raised_by(action: Callable[[], object]) -> set[str]:
    """The keys whose version differs after ``action``."""
    before = dict(Key.objects.values_list("name", "version"))
    action()
    return {name for name, now in Key.objects.values_list("name", "version") if now != before.get(name, 0)}


def test_there_is_a_row_to_try_for_every_keyed_model() -> None:
    assert set(MOVES) == set(KEYED)


@pytest.mark.parametrize("model", MOVES, ids=lambda model: model._meta.label)
def test_saving_raises_exactly_the_old_and_the_new_keys(model: type[Keyed]) -> None:
    make_article("A bystander", slug="bystander")
    row, move, before, after = MOVES[model]()
    fresh = model._base_manager.get(pk=row.pk)
    assert fresh.page_keys() == before
    move()
    assert raised_by(row.save) == before | after
    assert model._base_manager.get(pk=row.pk).page_keys() == after


@pytest.mark.parametrize("model", MOVES, ids=lambda model: model._meta.label)
def test_deleting_raises_the_keys_of_the_row(model: type[Keyed]) -> None:
    make_article("A bystander", slug="bystander")
    row, _move, before, _after = MOVES[model]()
    for offer in row.offers.all() if isinstance(row, Merchant) else ():
        offer.delete()
    rows_in_the_way = Article.objects.filter(section=row) if isinstance(row, Section) else Article.objects.none()
    for article in rows_in_the_way:
        article.delete()
    assert raised_by(row.delete) == before


def _is_plain(field: models.Field[Any, Any]) -> bool:
    plain = isinstance(
        field,
        models.CharField
        | models.TextField
        | models.IntegerField
        | models.FloatField
        | models.ForeignKey
        | models.BooleanField,
    )
    return plain and not field.primary_key and not field.unique


@pytest.mark.parametrize("model", KEYED, ids=lambda model: model._meta.label)
def test_a_bulk_update_outside_writing_is_refused_and_changes_nothing(model: type[Keyed]) -> None:
    row = MOVES[model]()[0]
    field = next(field for field in model._meta.concrete_fields if _is_plain(field))
    value = getattr(row, field.attname)
    manager = model._default_manager
    with pytest.raises(BulkWriteError):
        manager.filter(pk=row.pk).update(**{field.attname: value})
    with pytest.raises(BulkWriteError):
        manager.bulk_update([row], [field.attname])
    with writing():  # the control: inside, where the caller names the keys, it is let through
        assert manager.filter(pk=row.pk).update(**{field.attname: value}) == 1


def test_parts_of_an_article_are_made_nowhere_but_in_publishing_and_where_a_merge_of_tags_is_taken_back() -> None:
    made = re.compile(r"\b(?:Byline|TaggedArticle|BodyImage)(?:\.objects\.\w*create)?\((?!ItemBase|models\.Model)")
    makers = {
        str(path.relative_to(ROOT))
        for app in OURS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and made.search(path.read_text(encoding="utf-8"))
    }
    unsaved = {"articles/previews/working_story.py", "articles/schedule/overlay.py"}  # stand-ins for a page being read
    assert (
        makers == {"articles/publishing/row.py", "articles/publishing/arriving.py", "articles/tag_merging.py"} | unsaved
    )
    for path in unsaved:
        assert not re.search(r"\.(?:save|\w*create|update|delete)\(", (ROOT / path).read_text(encoding="utf-8"))
