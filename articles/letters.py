"""Mail to colleagues: plain text, one for each of them and step, and only to whoever may still know of the article."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.template.loader import render_to_string

from articles.desks import WRITES
from articles.known import knows_newest
from articles.models import Article, Status
from outbox import effects
from outbox.letters import Letter, one_line, send
from people.models import User

LETTER = "articles.letter"

SUBJECT_LENGTH = 150


def tell_staff(
    user_ids: Iterable[int],
    subject: str,
    template: str,
    context: Mapping[str, Any],
    key: str,
    *,
    of_killed: bool = False,
) -> None:
    """Mail colleagues when the present transaction commits; each gets one for ``key``, however often it is asked.

    ``template`` is a text whose paragraphs are parted by empty lines, rendered
    with ``context``; what others typed must come into it as ``quoted`` or
    ``one_line`` gave it. Whoever switched such mail off gets none. Where
    ``context["article"]`` is an article, neither does whoever may no longer
    work on it when the mail goes out, and nobody does once it was deleted, or
    killed: but for a mail ``of_killed`` ones.
    """
    article = context.get("article")
    payload = {
        "subject": one_line(subject)[:SUBJECT_LENGTH],
        "text": render_to_string(template, dict(context)),
        "article": article.pk if isinstance(article, Article) else None,
        "of_killed": of_killed,
    }
    wanted = [effects.Wanted({**payload, "user": pk}, f"{key}:{pk}") for pk in sorted(set(user_ids))]
    effects.enqueue_all(LETTER, wanted)


@effects.handler(LETTER, outside=True)
def _send(payload: dict[str, Any], key: str) -> None:
    person = User.objects.filter(pk=payload["user"], is_active=True, desk_mail=True).first()
    if person is None or not _may_still_know(person, payload):
        return
    paragraphs = tuple(part.strip("\n") for part in payload["text"].split("\n\n") if part.strip())
    send(person.email, Letter(payload["subject"], paragraphs), key=key)


def _may_still_know(person: User, payload: Mapping[str, Any]) -> bool:
    if payload["article"] is None:
        return True
    article = Article.objects.select_related("latest").filter(pk=payload["article"]).first()
    if article is None or (article.status == Status.KILLED and not payload.get("of_killed")):
        return False
    return person.has_perm(WRITES) and knows_newest(person, article)
