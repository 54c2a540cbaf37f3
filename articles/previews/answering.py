"""What people outside say of a story they were shown: approved, or changes asked for, in their words."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _

from articles.models import PreviewAnswer, PreviewLink, Revision, Verdict
from articles.previews import links
from articles.previews.links import NAME_LENGTH
from outbox import audit
from pagecache.writing import writing

TEXT_LENGTH = 4000
LONGEST_TOKEN = 200
AN_HOUR, MOST_AN_HOUR = timedelta(hours=1), 6
MOST_IN_ALL = 40
"""Answers through one link: a conversation belongs elsewhere."""

_signer = signing.Signer(salt="articles.previews.form")

after_answer: list[Callable[[PreviewAnswer], None]] = []
"""Each is told, in the transaction that stores it, of an answer; for letters to whoever made the link."""


class FormRefusedError(Exception):
    """The form is not ours, not of this link, or of a revision that is no more."""


class ChangedMeanwhileError(Exception):
    """The story has other words now than those that were read: nobody approves what they have not seen."""


class TooManyAnswersError(Exception):
    """More answers than one link takes, in an hour or in all."""


@dataclass(frozen=True)
class Said:
    """What somebody filled in."""

    name: str = ""
    verdict: str = ""
    text: str = ""


def form_token(link: PreviewLink, revision: Revision) -> str:
    """For one form: it says which words were read, and is taken once."""
    return _signer.sign(f"{link.pk}.{revision.pk}.{get_random_string(16)}")


def answer(link: PreviewLink, said: Said, *, token: str) -> PreviewAnswer:
    """Store what was said of the words the form was shown with; the same form twice is one answer.

    Raises ``ValidationError`` by field, ``FormRefusedError``,
    ``ChangedMeanwhileError`` for an approval of words that are not shown any
    more, ``TooManyAnswersError``, and ``PreviewLink.DoesNotExist`` where the
    link ended this very moment; then nothing was written.
    """
    read = _revision_of(link, token)
    said = _tidied(said)
    key = hashlib.sha256(token.encode()).hexdigest()
    with writing():
        held = PreviewLink.objects.filter(links.good()).select_for_update(of=("self",)).get(pk=link.pk)
        known = PreviewAnswer.objects.filter(form_key=key).first()
        if known is not None:
            return known
        _refuse_too_many(held)
        now_shown = links.shown_by(held)
        if said.verdict == Verdict.APPROVED and (now_shown is None or now_shown.digest != read.digest):
            raise ChangedMeanwhileError
        given = PreviewAnswer.objects.create(
            link=held,
            revision=read,
            digest=read.digest,
            name=said.name,
            verdict=said.verdict,
            text=said.text,
            form_key=key,
        )
        told = {"name": said.name, "verdict": said.verdict, "revision": read.number, "link": link.pk}
        audit.record(None, "answered preview", held.article, **told)
        for tell in after_answer:
            tell(given)
    return given


def answers_of(link: PreviewLink) -> list[PreviewAnswer]:
    """What was said through it, the newest first."""
    return list(link.answers.select_related("revision")[:MOST_IN_ALL])


def _revision_of(link: PreviewLink, token: str) -> Revision:
    """The revision that the form was shown with."""
    try:
        about, number, _random = _signer.unsign(token[:LONGEST_TOKEN]).split(".")
    except (signing.BadSignature, ValueError) as error:
        raise FormRefusedError from error
    found = Revision.objects.filter(pk=int(number), article=link.article_id).first()
    if about != str(link.pk) or found is None or not link.may_answer:
        raise FormRefusedError
    return found


def _tidied(said: Said) -> Said:
    name, text = " ".join(said.name.split()), said.text.replace("\r\n", "\n").strip()
    problems = {}
    if not name or len(name) > NAME_LENGTH or "\0" in name:
        problems["name"] = _("Please give your name, in up to %d characters.") % NAME_LENGTH
    if said.verdict not in Verdict.values:
        problems["verdict"] = _("Please choose whether you approve or ask for changes.")
    if len(text) > TEXT_LENGTH or "\0" in text:
        problems["text"] = (
            _("Your words are longer than %d characters, or hold one that cannot be stored.") % TEXT_LENGTH
        )
    elif said.verdict == Verdict.CHANGES and not text:
        problems["text"] = _("Please say what should change.")
    if problems:
        raise ValidationError(problems)
    return Said(name, said.verdict, text)


def _refuse_too_many(link: PreviewLink) -> None:
    lately = link.answers.filter(made_at__gt=timezone.now() - AN_HOUR).count()
    if lately >= MOST_AN_HOUR or link.answers.count() >= MOST_IN_ALL:
        raise TooManyAnswersError
