"""Mail to the desk about what an agency sent after a story was taken."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from articles.asking import able_to, desk_editors_of, reviewers_of
from articles.letters import tell_staff
from articles.models import Article
from outbox.letters import absolute, one_line, quoted
from people.models import User
from syndication.models import Feed, WireItem
from syndication.wires.items import Item

MOST_TOLD = 20
"""Colleagues who get a mail where no desk is asked."""


def offered(row: WireItem, feed: Feed, article: Article) -> None:
    """A new version or correction of a story that somebody works on, or that readers see."""
    subject = _("%(feed)s sent a %(what)s of “%(article)s”")
    words = subject % {"feed": one_line(str(feed)), "what": row.get_offer_display(), "article": one_line(str(article))}
    _tell(_desk_of(article), words, row, article)


def taken_back(row: WireItem, feed: Feed, article: Article) -> None:
    """A story was killed or withheld; also to chiefs, who answer for it. Nobody is left out because it is away."""
    subject = _("%(feed)s took back “%(article)s”: it is away from readers")
    chiefs = User.objects.filter(is_active=True, pk__in=able_to("articles.kill_article")).values_list("pk", flat=True)
    words = subject % {"feed": one_line(str(feed)), "article": one_line(str(article))}
    _tell({*_desk_of(article), *chiefs[:MOST_TOLD]}, words, row, None)


def _desk_of(article: Article) -> set[int]:
    asked = set(desk_editors_of(article).values_list("pk", flat=True))
    asked = asked or set(reviewers_of(article).values_list("pk", flat=True)[:MOST_TOLD])
    return asked | ({article.created_by_id} if article.created_by_id else set())


def _tell(people: Iterable[int], words: str, row: WireItem, article: Article | None) -> None:
    note = Item.from_json(row.story).note
    context = {
        "article": article,
        "opening": f"{words}.",
        "note": quoted(note) if note else "",
        "url": absolute(reverse("admin:syndication_wireitem_change", args=[row.pk])),
    }
    tell_staff(people, words, "admin/syndication/mail/wire.txt", context, f"wire:{row.pk}:{row.digest[:16]}")
