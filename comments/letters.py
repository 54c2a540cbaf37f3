"""The words of each mail to a reader. Names, texts and headlines stand in the body only, inert."""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.models import Article
from comments.mails import Letter, absolute, link, one_line, quoted
from comments.models import Appeal, Comment, ModerationEntry, State, Subscription

SHOWN_AT_ONCE = 10
"""Comments shown in one mail; the page has the rest."""


def asking(row: Subscription, article: Article, asked_with: int | None = None) -> Letter:
    """Asks the owner of an address for their word; the link names the comment with which it was asked for."""
    place = link("subscription", row.secret) + (f"?with={asked_with}" if asked_with else "")
    wanted = {
        Subscription.Scope.MINE: _("what becomes of a comment under this article, and replies to it:"),
        Subscription.Scope.THREAD: _("every new comment on this article:"),
    }[Subscription.Scope(row.scope)]
    return Letter(
        _("Do you want mail about comments?"),
        (
            _("Somebody, we hope you, gave this address and asked %(site)s for mail about %(what)s")
            % {"site": settings.SITE_NAME, "what": wanted},
            _about(article),
            _("If that was you, open this page and press the button there:"),
            place,
            _("If it was not you, do nothing: you will hear no more of it, and the address is forgotten in a week."),
        ),
    )


def decided(comment: Comment, entry: ModerationEntry, article: Article, row: Subscription, place: str) -> Letter:
    """Tells a writer what was decided about their comment; ``place`` is where it stands under the article."""
    appealed = Appeal.objects.filter(comment=comment.pk, judged_at__isnull=False).exists()
    own = link("receipt", comment.receipt)
    if entry.after == State.APPROVED:
        told = [_("Your comment was published under this article:"), _about(article), absolute(place)]
        more = _("Your private page for it, to change it or take it back:")
    else:
        told = [_("A moderator read your comment on this article and decided not to publish it."), _about(article)]
        told += [_("You had asked us to look again: we did, and the decision stands.")] if appealed else []
        told += _why(entry)
        more = _("Your private page for it, where you can ask once that we look again:")
        if appealed:
            more = _("Your private page for it:")
    subject = _("Your comment was published") if entry.after == State.APPROVED else _("Your comment was not published")
    return Letter(subject, (*told, quoted(comment.text), f"{more}\n{own}"), _stop(row))


def answered(comment: Comment, article: Article, row: Subscription, place: str) -> Letter:
    """Tells a writer of a reply to their comment."""
    name = one_line(comment.name)
    return Letter(
        _("A reply to your comment"),
        (
            _("%(name)s replied to your comment on this article:") % {"name": name},
            _about(article),
            quoted(comment.text),
            f"{_('Read and answer it here:')}\n{absolute(place)}",
        ),
        _stop(row),
    )


def appeared(comments: Sequence[tuple[Comment, str]], article: Article, row: Subscription, number: int) -> Letter:
    """Tells a follower of ``number`` new comments, of which ``comments`` are shown with their places."""
    words = ngettext("%d new comment", "%d new comments", number) % number
    shown = [f"{one_line(comment.name)}:\n{quoted(comment.text)}\n{absolute(place)}" for comment, place in comments]
    rest = number - len(comments)
    if rest > 0:
        more = ngettext("%d more is on the page:", "%d more are on the page:", rest) % rest
        shown.append(f"{more}\n{absolute(article.get_absolute_url())}#comments")
    return Letter(words, (_("%(number)s on this article:") % {"number": words}, _about(article), *shown), _stop(row))


def own(secret: str) -> Letter:
    """The link to all that belongs to an address."""
    return Letter(
        _("Your comments: the link you asked for"),
        (
            _("Somebody, we hope you, asked %(site)s for all comments written with this address.")
            % {"site": settings.SITE_NAME},
            _("For 24 hours this page shows all that we keep of it. There you can save it or erase it:"),
            link("own", secret),
            _("If it was not you, do nothing: nobody but you has this link."),
        ),
    )


def _about(article: Article) -> str:
    return f"{one_line(article.headline)}\n{absolute(article.get_absolute_url())}"


def _why(entry: ModerationEntry) -> list[str]:
    reasons = [entry.get_code_display() if entry.code else "", one_line(entry.reason)]
    given = [reason for reason in reasons if reason]
    words = [_("The reason:") + "\n" + "\n".join(given)] if given else []
    if entry.warning:
        words.append(_("This is a warning: if it happens again, we may stop taking your comments."))
    return words


def _stop(row: Subscription) -> str:
    return reverse("comments:stop", args=[row.secret])
