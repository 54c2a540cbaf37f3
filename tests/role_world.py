"""The people and the rows that the role matrix asks about: one of everything the desk has an address for."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.auth.models import AnonymousUser, Group
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from articles import notes
from articles.models import Article, Correction, DeskRole, Redirect, Series, Status, Tag, WorkingCopy
from articles.previews import links
from articles.together import copies
from comments.models import Ban, Comment, Rule, WriterNote
from curation.models import Campaign, Exclusion, KeptApart, Pick
from outbox.models import AuditEntry
from pages.models import MenuItem, StaticPage
from people import invitations, roles, tokens
from people.models import User
from products.models import Delivery, SeenHow
from syndication.models import Newsletter, WireItem, WireRule
from tests.conftest import PASSWORD, make_cast
from tests.factories import (
    make_article,
    make_author,
    make_comment,
    make_image,
    make_merchant,
    make_product,
    make_section,
    make_source,
)
from tests.test_article_roles import article_in, member
from tests.wire_files import make_feed
from wastebin.bin import put

WINDOW = UUID("9b2f6a3e-54f7-4a0f-9d27-2f5d7c1a0001")
OWN = "own"
"""The contributor, asking for articles they began themselves."""


def make_people() -> dict[str, Any]:
    """By the words of the table; *City* is the desk of every article in it."""
    cast, edits = make_cast(), DeskRole.EDITOR
    people: dict[str, Any] = {
        "anonymous": AnonymousUser(),
        "moderator": cast.moderator,
        "contributor": cast.contributor,
        "seated": member("seated", roles.CONTRIBUTOR, ("City", edits)),
        "desk": member("desk", roles.EDITOR, ("City", edits)),
        "elsewhere": member("elsewhere", roles.EDITOR, ("Sport", edits)),
        "editor": cast.editor,
        "chief": cast.chief,
        "administrator": cast.administrator,
    }
    for person in people.values():
        if isinstance(person, User):
            person.set_password(PASSWORD)
            person.save(update_fields=["password"])
    return people


def make_rows(people: dict[str, Any]) -> dict[str, Any]:
    """One row for each kind of address, by the beginning of the address."""
    story = make_article("A public story")
    return {
        **_of_people(people),
        **_of_articles(people),
        **_of_comments(make_comment(story)),
        **_of_curation(story),
        **_of_products(),
        **_of_wires(),
        "images/image": make_image().pk,
        "outbox/auditentry": AuditEntry.objects.order_by("pk").values_list("pk", flat=True).first(),
        "pages/menuitem": MenuItem.objects.create(label="About", url="/about/").pk,
        "pages/staticpage": StaticPage.objects.create(title="About", slug="about", body="<p>We.</p>").pk,
        "wastebin/binned": put(make_author("Gone Author"), actor=people["chief"]).pk,
    }


def _of_people(people: dict[str, Any]) -> dict[str, Any]:
    editors = Group.objects.get(name=roles.EDITOR)
    invited = invitations.invite("new@example.org", "Nina New", [editors], actor=people["administrator"])
    return {
        "account/sessions": 1,
        "account/factors": 1,
        "account/tokens": tokens.make("Script", ["desk:read"], 7, actor=people["contributor"])[0].pk,
        "auth/group": editors.pk,
        "people/author": make_author().pk,
        "people/invitation": invited.pk,
        "people/user": member("other", roles.CONTRIBUTOR).pk,
    }


def _of_articles(people: dict[str, Any]) -> dict[str, Any]:
    copies.keep(None, [("headline", "Mine")], actor=people["contributor"], window=WINDOW)
    return {
        "articles/article": make_article("Beside").pk,
        "articles/article/unsaved": WorkingCopy.objects.get().pk,
        "articles/redirect": Redirect.objects.create(path="/old/", to_path="/new/").pk,
        "articles/section": make_section("Weather").pk,
        "articles/series": Series.objects.create(title="The harbour", slug="the-harbour").pk,
        "articles/source": make_source().pk,
        "articles/tag": Tag.objects.create(name="trams", slug="trams").pk,
    }


def _of_comments(comment: Comment) -> dict[str, Any]:
    return {
        "comments/ban": Ban.objects.create(kind=Ban.Kind.NAME, value="plug").pk,
        "comments/comment": comment.pk,
        "comments/rule": Rule.objects.create(kind=Rule.Kind.WORD, pattern="plug").pk,
        "comments/secondlook": comment.pk,
        "comments/writernote/note": WriterNote.objects.create(email=comment.email, text="Knows trams.").pk,
        "comments/writernote": comment.pk,
    }


def _of_curation(story: Article) -> dict[str, Any]:
    soon = timezone.now() + timedelta(days=1)
    return {
        "curation/campaign": Campaign.objects.create(target=story, slot=1, ends=soon).pk,
        "curation/exclusion": Exclusion.objects.create(target=story, reason="Wrong").pk,
        "curation/keptapart": KeptApart.objects.create(reason="A party to the case").pk,
        "curation/pick/section": make_section("City").pk,
        "curation/pick": Pick.objects.create(article=story, target=make_article("Another")).pk,
    }


def _of_products() -> dict[str, Any]:
    product = make_product()
    offer = product.offers.get()
    delivered = Delivery.objects.create(
        merchant=offer.merchant, how=SeenHow.FILE, name="list.csv", content=b"sku,price\n"
    )
    return {
        "products/merchant": make_merchant().pk,
        "products/product": product.pk,
        "products/product/import": delivered.pk,
        "products/product/prices": offer.pk,
    }


def _of_wires() -> dict[str, Any]:
    feed = make_feed(source=make_source("Southline"))
    return {
        "syndication/feed": feed.pk,
        "syndication/newsletter": Newsletter.objects.create(name="Mornings", slug="mornings").pk,
        "syndication/wireitem": WireItem.objects.create(feed=feed, key="1", headline="Arrived").pk,
        "syndication/wirerule": WireRule.objects.create(words="sport", tags="Sport").pk,
    }


def make_articles(people: dict[str, Any]) -> dict[tuple[Status, str], dict[str, Any]]:
    """One in every state, begun by somebody, and by the contributor: what their addresses are made of."""
    made = {(status, ""): article_in(status, member(f"writer {status}", roles.CONTRIBUTOR)) for status in Status}
    made |= {(status, OWN): article_in(status, people["contributor"]) for status in Status}
    return {key: _parts(article) for key, article in made.items()}


def _parts(article: Article) -> dict[str, Any]:
    correction = Correction.objects.create(article=article, text="The name was wrong.")
    shared = article.status not in links.CLOSED
    return {
        "pk": article.pk,
        "object_id": article.pk,
        "content_type_id": ContentType.objects.get_for_model(Article).pk,
        "number": 1,
        "note": notes.write_note(article, actor=None, text="Who says so?").pk,
        "correction": correction.pk,
        "link": links.make(article, actor=None, reader="A lawyer", days=2)[0].pk if shared else 1,
    }
