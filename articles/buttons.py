"""What stands on the bar below the article's form: which steps are offered, and what the pressed one does."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.defaultfilters import date as format_date
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles import publishing
from articles.models import Article, Status
from articles.models.article import LIVE_STATUSES
from articles.permissions import Actor, is_own, may_kill, may_publish, works_everywhere
from articles.publishing.approval import is_approved

ASKING = {
    "_submit": "articles_article_submission",
    "_changes": "articles_article_changes",
    "_later": "articles_article_later",
    "_take_down": "articles_article_take_down",
    "_kill": "articles_article_kill",
}
"""Buttons that lead to a page which asks first."""

BUTTONS: dict[str, tuple[Any, Any]] = {
    "_publish": (publishing.publish, gettext_lazy("“{article}” is published.")),
    "_approve": (publishing.approve, gettext_lazy("“{article}” is approved.")),
    "_send_back": (publishing.send_back, gettext_lazy("“{article}” is a draft again.")),
    "_reopen": (publishing.reopen, gettext_lazy("“{article}” is a draft again.")),
}
"""Buttons that act at once."""


def offered(actor: Actor, article: Article | None) -> dict[str, bool]:
    """Which buttons ``actor`` finds; the verbs ask again."""
    if article is None:
        return {"may_publish": may_publish(actor), "may_submit": True}
    publisher = may_publish(actor, article)
    status = article.status
    checked = status in LIVE_STATUSES and settings.REVIEW_REQUIRED and not works_everywhere(actor)
    reviews = publisher and (status == Status.IN_REVIEW or checked)
    back = publisher and status in {Status.IN_REVIEW, Status.APPROVED}
    seen = article.first_published_at is not None
    waits = publisher and _waits_for_approval(actor, article)
    return {
        "may_publish": publisher and not waits,
        "waits_for_approval": waits,
        "may_submit": status == Status.DRAFT or checked,
        "may_approve": reviews,
        "may_ask_for_changes": back and not is_own(actor, article),
        "may_send_back": back and is_own(actor, article),
        "may_take_down": publisher and status in LIVE_STATUSES,
        "may_kill": may_kill(actor, article) and status != Status.KILLED and (status != Status.DRAFT or seen),
        "may_reopen": publisher and status == Status.ARCHIVED,
        "may_revive": may_kill(actor, article) and status == Status.KILLED,
    }


def go_on(request: HttpRequest, article: Article) -> HttpResponse | None:
    """Go on with what the pressed button said; the text is saved already, whatever comes of it."""
    for button, address in ASKING.items():
        if button in request.POST:
            return HttpResponseRedirect(reverse(f"admin:{address}", args=[article.pk]))
    for button, (verb, words) in BUTTONS.items():
        if button in request.POST:
            _run(request, article, verb, words)
            return HttpResponseRedirect(reverse("admin:articles_article_change", args=[article.pk]))
    return None


def _run(request: HttpRequest, article: Article, verb: Any, words: Any) -> None:
    try:
        verb(article, actor=request.user)
    except publishing.NotReadyError as error:
        for finding in error.findings:
            messages.error(request, finding.message)
        messages.warning(request, _("Saved, but not published: see above."))
    except (ValidationError, PermissionDenied) as error:
        messages.error(request, " ".join(getattr(error, "messages", [str(error)])))
    else:
        messages.success(request, _done(article, words))


def _done(article: Article, words: Any) -> str:
    if article.status == Status.SCHEDULED and article.publish_at:
        when = timezone.localtime(max(filter(None, (article.publish_at, article.embargo_until))))
        told = {"article": article, "when": format_date(when, "l j F Y, H:i")}
        return _("“%(article)s” is scheduled for %(when)s.") % told
    text = format_html(words, article=article)
    if article.is_public():
        return format_html('{} <a href="{}">{}</a>', text, article.get_absolute_url(), _("See it on the site"))
    return text


def _waits_for_approval(actor: Actor, article: Article) -> bool:
    return settings.REVIEW_REQUIRED and not works_everywhere(actor) and not is_approved(article)
