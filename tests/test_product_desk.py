"""Products, prices and placements on the desk: who may, and what is refused."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from articles import revisions
from articles.models import Article, Status, Tag
from articles.readiness import check
from articles.registries import revision_parts, where_used
from articles.state import WorkingState
from outbox.models import AuditEntry
from pagecache.models import Key
from products import placing, pricing
from products.filters import MerchantFilter
from products.models import Merchant, Offer, Placement, Product, web_address
from tests.conftest import Cast
from tests.factories import make_article, make_merchant, make_product, make_section
from tests.test_picks_change import rows_of

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
BAD_LINKS = [
    "javascript:alert(1)",
    "JavaScript:alert(1)//https://x.example",
    "data:text/html,<script>alert(1)</script>",
    "ftp://shop.example/",
    "https://name:secret@shop.example/",
    "https://",
    "shop",
]


def order(article: Article) -> list[str]:
    return [row.product.name for row in Placement.objects.filter(article=article).select_related("product")]


@pytest.fixture
def article(db: None) -> Article:
    return make_article("Here")


def add_form(**changes: Any) -> dict[str, Any]:
    """What the form for a new product sends, with one offer."""
    data: dict[str, Any] = {"name": "Pot", "slug": "pot", "brand": "", "description": "", "picture": ""}
    for prefix, total in (("offers", 1), ("placements", 0)):
        data |= {f"{prefix}-TOTAL_FORMS": total, f"{prefix}-INITIAL_FORMS": 0}
    offer = {"merchant": make_merchant().pk, "url": "https://shop.example/pot", "price": "12.50", "currency": "eur"}
    offer |= {"available": "on", "seen_at_0": "2026-03-01", "seen_at_1": "09:00:00"}
    return data | {f"offers-0-{name}": value for name, value in offer.items()} | changes


# Placing


def test_placing_is_live_audited_and_in_the_editors_order(article: Article, cast: Cast) -> None:
    first, second = make_product("First"), make_product("Second")
    for product in (first, second, second):
        placing.place(product, article, actor=cast.editor)
    placing.arrange(article, [second.pk], actor=cast.editor)
    assert order(article) == ["Second", "First"]
    placing.withdraw(second, article, actor=cast.editor)
    assert order(article) == ["First"]
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["placed product", "placed product", "reordered products", "withdrew product"]


@pytest.mark.parametrize(("who", "allowed"), [("contributor", False), ("moderator", False), ("editor", True)])
def test_only_editors_place_products(article: Article, cast: Cast, who: str, allowed: bool) -> None:
    actor, product = getattr(cast, who), make_product()
    for where in (article, make_section(), Tag.objects.create(name="kitchen", slug="kitchen")):
        if allowed:
            placing.place(product, where, actor=actor)
            placing.arrange(where, [product.pk], actor=actor)
            placing.withdraw(product, where, actor=actor)
            continue
        placing.place(product, where, actor=None)
        for act in (
            lambda where=where: placing.place(make_product("Other"), where, actor=actor),
            lambda where=where: placing.arrange(where, [product.pk], actor=actor),
            lambda where=where: placing.withdraw(product, where, actor=actor),
        ):
            with pytest.raises(PermissionDenied):
                act()
    assert Placement.objects.count() == (0 if allowed else 3)


def test_too_many_products_beside_one_article_are_refused_in_words(article: Article) -> None:
    for number in range(placing.MAX_PLACED):
        placing.place(make_product(f"P{number}"), article, actor=None)
    with pytest.raises(ValidationError, match="12 products at most"):
        placing.place(make_product(), article, actor=None)


def test_a_revision_keeps_a_copy_of_the_placements(article: Article) -> None:
    first, second = make_product("First"), make_product("Second")
    for product in (second, first):
        placing.place(product, article, actor=None)
    copy = revision_parts["placements"].dump(article)
    placing.withdraw(second, article, actor=None)
    placing.place(make_product("Later"), article, actor=None)
    revision_parts["placements"].restore(article, [*copy, {"product": 999}], actor=None)
    assert order(article) == ["Second", "First"]


def test_the_checklist_says_that_a_sensitive_story_shows_no_products(article: Article) -> None:
    said = "marked sensitive"
    state = WorkingState.of(article).with_(sensitive=True)
    assert not any(said in str(finding.message) for finding in check(article, state))
    placing.place(make_product(), make_section(), actor=None)
    found = [finding for finding in check(article, state) if said in str(finding.message)]
    assert [finding.required for finding in found] == [False]
    assert not any(said in str(finding.message) for finding in check(article, state.with_(sensitive=False)))


def test_where_used_names_every_place_of_a_product(article: Article) -> None:
    product = make_product()
    placing.place(product, article, actor=None)
    placing.place(product, make_section(), actor=None)
    labels = {str(use.label) for find in where_used for use in find(product)}
    assert labels == {"Beside “Here”", "Beside every story in City"}
    assert [str(use.label) for find in where_used for use in find(make_merchant())] == ["Product “Cast-iron pot”"]


# Prices


def test_a_changed_price_was_seen_now_by_who_changed_it(cast: Cast) -> None:
    with time_machine.travel(NOON - timedelta(days=60), tick=False):
        offer = make_product().offers.get()
    with time_machine.travel(NOON, tick=False):
        offer.available = False
        pricing.note_offer(offer, actor=cast.editor)
        offer.refresh_from_db()
        assert (offer.seen_at, offer.seen_by) == (NOON - timedelta(days=60), None)
        offer.price = Decimal("70.00")
        pricing.note_offer(offer, actor=cast.editor)
    offer.refresh_from_db()
    assert (offer.seen_at, offer.seen_by) == (NOON, cast.editor)
    entry = AuditEntry.objects.get(verb="noted price")
    assert (entry.details["before"], entry.details["after"]) == ("74.90 EUR", "70.00 EUR")


def test_prices_are_changed_only_by_who_may(cast: Cast) -> None:
    offer = make_product().offers.get()
    offer.price = Decimal("1.00")
    for actor in (cast.contributor, cast.moderator):
        with pytest.raises(PermissionDenied):
            pricing.note_offer(offer, actor=actor)
        with pytest.raises(PermissionDenied):
            pricing.drop_offer(offer, actor=actor)
    offer.refresh_from_db()
    assert offer.price == Decimal("74.90")


@pytest.mark.parametrize("url", BAD_LINKS)
def test_links_that_are_not_plain_web_addresses_are_refused(url: str, cast: Cast, client: Any) -> None:
    with pytest.raises(ValidationError):
        web_address(url)
    client.force_login(cast.editor)
    answer = client.post(reverse("admin:products_product_add"), add_form(**{"offers-0-url": url}))
    assert answer.status_code == 200
    assert not Product.objects.exists()


@pytest.mark.django_db
def test_the_database_itself_refuses_script_links() -> None:
    merchant, product = make_merchant(), make_product(price=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(product=product, merchant=merchant, price="1.00", url="javascript:alert(1)")
    with pytest.raises(IntegrityError), transaction.atomic():
        Merchant.objects.create(name="Bad", slug="bad", url="javascript:alert(1)")


@pytest.mark.parametrize(
    ("field", "value"), [("price", "-1"), ("price", "12345678901"), ("currency", "E1"), ("currency", "EURO")]
)
def test_absurd_prices_are_refused_in_words(field: str, value: str, cast: Cast, client: Any) -> None:
    client.force_login(cast.editor)
    answer = client.post(reverse("admin:products_product_add"), add_form(**{f"offers-0-{field}": value}))
    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.content.decode()
    assert not Offer.objects.exists()


# The admin


def test_a_new_product_gets_its_price_date_and_place_through_the_verbs(cast: Cast, client: Any) -> None:
    client.force_login(cast.editor)
    section = make_section()
    rule = {"placements-TOTAL_FORMS": 1, "placements-0-section": section.pk, "placements-0-position": "3"}
    answer = client.post(reverse("admin:products_product_add"), add_form(**rule))
    assert answer.status_code == 302
    offer = Offer.objects.get()
    assert (offer.currency, offer.seen_by) == ("EUR", cast.editor)
    assert offer.seen_at == datetime(2026, 3, 1, 9, tzinfo=UTC)
    placement = Placement.objects.get()
    assert (placement.section, placement.position) == (section, 3)
    assert Key.objects.get(name=f"products-section:{section.pk}").version == 1
    assert set(AuditEntry.objects.values_list("verb", flat=True)) == {"noted price", "placed product"}


def test_a_rule_needs_a_section_or_a_tag_and_not_both(cast: Cast, client: Any) -> None:
    client.force_login(cast.editor)
    answer = client.post(
        reverse("admin:products_product_add"), add_form(**{"placements-TOTAL_FORMS": 1, "placements-0-position": "3"})
    )
    assert answer.status_code == 200
    assert "Choose either a section or a tag." in answer.content.decode()


def test_a_rule_is_moved_and_removed(cast: Cast, client: Any) -> None:
    client.force_login(cast.editor)
    product, sport = make_product(), make_section("Sport")
    placing.place(product, make_section(), actor=None)
    url = reverse("admin:products_product_change", args=[product.pk])
    data = product_rows(client, url)
    assert client.post(url, data | {"placements-0-section": sport.pk, "placements-0-position": 7}).status_code == 302
    placement = Placement.objects.get()
    assert (placement.section, placement.position) == (sport, 7)
    data = product_rows(client, url)
    assert client.post(url, data | {"placements-0-DELETE": "on"}).status_code == 302
    assert not Placement.objects.exists()


def product_rows(client: Any, url: str) -> dict[str, Any]:
    page = client.get(url)
    data: dict[str, Any] = {}
    for form in (page.context["adminform"].form, *(made.formset for made in page.context["inline_admin_formsets"])):
        for member in [form] if not hasattr(form, "forms") else [form.management_form, *form.forms]:
            for bound in member:
                value = bound.value()
                if isinstance(value, datetime):
                    data |= {f"{bound.html_name}_0": f"{value:%Y-%m-%d}", f"{bound.html_name}_1": f"{value:%H:%M:%S}"}
                elif value is not False:
                    data[bound.html_name] = "" if value is None else value
    return data


@pytest.mark.parametrize(
    ("who", "products", "merchants"),
    [
        ("contributor", 403, 403),
        ("moderator", 403, 403),
        ("editor", 200, 403),
        ("chief", 200, 200),
        ("administrator", 200, 200),
    ],
)
def test_each_role_sees_only_the_forms_it_may_use(
    who: str, products: int, merchants: int, cast: Cast, client: Any
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(reverse("admin:products_product_add")).status_code == products
    assert client.get(reverse("admin:products_merchant_add")).status_code == merchants


def test_the_list_answers_what_the_desk_asks(cast: Cast, client: Any) -> None:
    client.force_login(cast.editor)
    with time_machine.travel(NOON - timedelta(days=31)):
        placing.place(make_product("Old price"), make_section(), actor=None)
    with time_machine.travel(NOON):
        make_product("Fresh")
        make_product("Unsold", price=None)

        def listed(query: str) -> set[str]:
            page = client.get(reverse("admin:products_product_changelist") + query)
            assert page.status_code == 200
            return {product.name for product in page.context["cl"].result_list}

        assert listed("") == {"Old price", "Fresh", "Unsold"}
        assert listed("?price=old") == {"Old price"}
        assert listed("?price=none") == {"Unsold"}
        assert listed("?placed=nowhere") == {"Fresh", "Unsold"}
        assert listed("?placed=section") == {"Old price"}


def test_every_shop_has_a_way_to_its_products(cast: Cast, client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MerchantFilter, "MOST", 1)
    client.force_login(cast.editor)
    first, last = (make_merchant(name, url=f"https://{name}.example/") for name in ("Aa", "Zz"))
    make_product("Pot", merchant=first)
    make_product("Pan", merchant=last)
    address = f"{reverse('admin:products_product_changelist')}?merchant={last.pk}"
    assert f'<a href="{address}">1</a>' in client.get(reverse("admin:products_merchant_changelist")).content.decode()
    page = client.get(address)
    assert [product.name for product in page.context["cl"].result_list] == ["Pan"]
    named = [lookup for spec in page.context["cl"].filter_specs for lookup in getattr(spec, "lookup_choices", ())]
    assert {(str(first.pk), "Aa"), (str(last.pk), "Zz")} <= set(named)


def test_a_shop_is_found_by_part_of_its_name_in_choosers(cast: Cast, client: Any) -> None:
    client.force_login(cast.editor)
    for name in ("Quay Books", "Harbour Books", "Elsewhere"):
        make_merchant(name, url=f"https://{name.split()[0]}.example/")
    asked = {"app_label": "products", "model_name": "offer", "field_name": "merchant", "term": "book"}
    answer = client.get(reverse("admin:autocomplete"), asked).json()
    assert [found["text"] for found in answer["results"]] == ["Harbour Books", "Quay Books"]


def test_a_merchant_with_offers_is_not_deleted(cast: Cast, client: Any) -> None:
    client.force_login(cast.chief)
    merchant = make_product().offers.get().merchant
    assert (
        client.post(reverse("admin:products_merchant_delete", args=[merchant.pk]), {"post": "yes"}).status_code == 403
    )


def test_hostile_words_stay_words_on_the_desk(cast: Cast, client: Any) -> None:
    client.force_login(cast.chief)
    hostile = "<script>alert(1)</script>"
    product = make_product(
        hostile, brand=hostile, merchant=make_merchant(hostile, slug="bad", url="https://x.example/")
    )
    for url in (
        reverse("admin:products_product_changelist"),
        reverse("admin:products_product_change", args=[product.pk]),
        reverse("admin:products_merchant_changelist"),
    ):
        assert hostile not in client.get(url).content.decode()


def test_the_articles_form_writes_placements_through_the_verbs(cast: Cast, client: Any) -> None:
    state = WorkingState(headline="At work", section=make_section().pk, body="<p>Words.</p>")
    draft = revisions.create(state, actor=cast.editor)
    first, second = make_product("First"), make_product("Second")
    placing.place(first, draft, actor=cast.editor)
    client.force_login(cast.editor)
    data = rows_of(client, draft) | {"placements-1-product": second.pk, "placements-1-position": "0"}
    assert client.post(reverse("admin:articles_article_change", args=[draft.pk]), data).status_code == 302
    assert order(draft) == ["Second", "First"]
    draft.refresh_from_db()
    assert draft.latest is not None
    assert draft.latest.parts["placements"] == [{"product": second.pk}, {"product": first.pk}]


def test_a_contributor_may_not_place_products_from_the_articles_form(cast: Cast, client: Any) -> None:
    state = WorkingState(headline="Mine", section=make_section().pk, body="<p>Words.</p>")
    mine = revisions.create(state, actor=cast.contributor)
    assert mine.status == Status.DRAFT
    client.force_login(cast.contributor)
    forged = {"placements-TOTAL_FORMS": 1, "placements-INITIAL_FORMS": 0, "placements-0-product": make_product().pk}
    client.post(reverse("admin:articles_article_change", args=[mine.pk]), rows_of(client, mine) | forged)
    assert not Placement.objects.exists()
