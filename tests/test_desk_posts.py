"""Buttons whose page opens no transaction of its own: PostgreSQL refuses a lock there, which SQLite never asks for."""

import pytest
from django.test import Client

from articles.models import Article, Status
from tests.conftest import make_cast
from tests.factories import make_article


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_an_article_is_copied_and_taken_down_from_its_own_pages(client: Client) -> None:
    client.force_login(make_cast().editor)
    article = make_article("The tram is late")
    address = f"/admin/articles/article/{article.pk}"
    assert client.post(f"{address}/duplicate/").status_code == 302
    assert client.post(f"{address}/take-down/", {"reason": "Wrong"}).status_code == 302
    article.refresh_from_db()
    assert (article.status, Article.objects.count()) == (Status.ARCHIVED, 2)
