"""One product, many articles: taken off every page at once, replaced in all its places, and brought back."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.models import Article, DeskRole, Status
from outbox.models import AuditEntry
from pagecache.models import Key
from people import roles
from products import placing, retiring
from products.boxes import boxes
from products.models import Placement, Product
from tests.conftest import Cast
from tests.factories import give_tags, make_article, make_product, make_section
from tests.test_article_roles import member

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOON, tick=False) as travelled:
        yield travelled


@pytest.fixture
def article() -> Article:
    article = make_article("Here")
    give_tags(article, "kitchen")
    return article


def shown(article: Article) -> list[str]:
    found = boxes(Article.objects.for_page().get(pk=article.pk))
    return [card.product.name for card in (*found.top, *found.bottom)]


def everywhere(product: Product, article: Article) -> None:
    for where in (article, make_section(), article.tagged.get().tag):
        placing.place(product, where, actor=None)


def test_a_retired_product_leaves_every_page_and_stands_again_where_it_stood(article: Article, cast: Cast) -> None:
    pot, pan = make_product("Pot"), make_product("Pan")
    for product in (pot, pan):
        everywhere(product, article)
    before = Key.objects.get(name=f"product:{pot.pk}").version
    retiring.retire(pot, actor=cast.editor)
    assert shown(article) == ["Pan"]
    assert Key.objects.get(name=f"product:{pot.pk}").version > before
    retiring.retire(pot, actor=cast.editor)
    retiring.bring_back(pot, actor=cast.editor)
    retiring.bring_back(pot, actor=cast.editor)
    assert shown(article) == ["Pot", "Pan"]
    told = AuditEntry.objects.exclude(verb="placed product").order_by("id").values_list("verb", flat=True)
    assert list(told) == ["retired product", "brought product back"]


def test_another_product_takes_its_very_places_and_stands_nowhere_twice(article: Article, cast: Cast) -> None:
    old, new, last = make_product("Old"), make_product("New"), make_product("Last")
    for product in (old, last):
        everywhere(product, article)
    placing.place(new, make_section(), actor=None)
    keys = {f"products:{article.pk}", f"products-section:{article.section_id}"}
    before = dict(Key.objects.filter(name__in=keys).values_list("name", "version"))
    retiring.retire(old, instead=new, actor=cast.editor)
    assert shown(article) == ["New", "Last"]
    assert not Placement.objects.filter(product=old).exists()
    assert Placement.objects.filter(product=new).count() == 3
    after = dict(Key.objects.filter(name__in=keys).values_list("name", "version"))
    assert all(after[name] > before[name] for name in keys)
    assert AuditEntry.objects.get(verb="replaced product").details == {"by": new.pk, "name": "New", "places": 2}


@pytest.mark.once
def test_replacing_costs_the_same_beside_few_articles_and_many() -> None:
    def costs(many: int) -> int:
        old, new = make_product("Old"), make_product("New")
        for number in range(many):
            Placement.objects.create(product=old, article=make_article(f"{many}-{number}"))
        with CaptureQueriesContext(connection) as queries:
            retiring.retire(old, instead=new, actor=None)
        return len(queries)

    assert costs(2) == costs(30)


def test_what_cannot_stand_in_is_refused_and_nothing_happens(article: Article, cast: Cast) -> None:
    pot, gone = make_product("Pot"), make_product("Gone")
    everywhere(pot, article)
    retiring.retire(gone, actor=None)
    for instead in (pot, Product.objects.get(pk=gone.pk)):
        with pytest.raises(ValidationError):
            retiring.retire(pot, instead=instead, actor=cast.editor)
    assert shown(article) == ["Pot"]


def test_only_editors_retire_and_only_those_of_every_desk_replace(article: Article, cast: Cast) -> None:
    pot, pan = make_product("Pot"), make_product("Pan")
    for actor in (cast.contributor, cast.moderator):
        for act in (retiring.retire, retiring.bring_back):
            with pytest.raises(PermissionDenied):
                act(pot, actor=actor)
    limited = member("limited", roles.EDITOR, ("City", DeskRole.EDITOR))
    with pytest.raises(PermissionDenied):
        retiring.retire(pot, instead=pan, actor=limited)
    assert Product.objects.get(pk=pot.pk).retired_at is None
    assert retiring.retire(pot, actor=limited).retired_at == NOON


def signed_in(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_the_page_that_asks_tells_what_is_affected_and_leads_back(article: Article, cast: Cast) -> None:
    pot, pan = make_product("<b>Pot</b>"), make_product("Pan")
    everywhere(pot, article)
    placing.place(pot, make_article("Draft", status=Status.DRAFT), actor=None)
    client, address = signed_in(cast.editor), reverse("admin:products_product_retirement", args=[pot.pk])
    page = client.get(address)
    assert page.context["reach"] == (1, 2)
    words = page.content.decode()
    assert ("Beside “Here”" in words, "<b>Pot" in words) == (True, False)
    assert client.post(address, {"instead": pot.pk}).status_code == 400
    assert client.post(address, {"instead": 2**70}).status_code == 400
    assert client.post(address, {"instead": pan.pk}).status_code == 302
    assert shown(article) == ["Pan"]
    assert "Bring it back" in client.get(address).content.decode()
    assert client.post(reverse("admin:products_product_return", args=[pot.pk])).status_code == 302
    assert Product.objects.get(pk=pot.pk).retired_at is None
    for wrong in (pot.pk + 99, 2**70):
        assert client.get(f"/admin/products/product/{wrong}/retirement/").status_code == 404
        assert client.post(f"/admin/products/product/{wrong}/return/").status_code == 404


def test_a_contributor_neither_asks_nor_answers(cast: Cast) -> None:
    client, pot = signed_in(cast.contributor), make_product("Pot")
    for name in ("retirement", "return"):
        assert client.post(reverse(f"admin:products_product_{name}", args=[pot.pk])).status_code == 403
    assert client.get(reverse("admin:products_product_retirement", args=[pot.pk])).status_code == 403


def test_its_links_lead_nowhere_while_it_is_retired() -> None:
    pot = make_product("Pot")
    address = reverse("products:go", args=[pot.offers.get().pk])
    assert Client().get(address).status_code == 302
    retiring.retire(pot, actor=None)
    assert Client().get(address).status_code == 410
    retiring.bring_back(pot, actor=None)
    assert Client().get(address).status_code == 302


def test_choosers_offer_no_retired_products_and_the_list_marks_them(cast: Cast) -> None:
    client, pot = signed_in(cast.editor), make_product("Pot")
    make_product("Potato peeler")
    retiring.retire(pot, actor=None)
    asked = {"app_label": "products", "model_name": "placement", "field_name": "product", "term": "pot"}
    found = client.get(reverse("admin:autocomplete"), asked).json()["results"]
    assert [row["text"] for row in found] == ["Potato peeler"]
    page = client.get(reverse("admin:products_product_changelist") + "?standing=retired")
    assert [row.name for row in page.context["cl"].result_list] == ["Pot"]
    assert "badge--archived" in page.content.decode()
