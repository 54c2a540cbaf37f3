"""Who gets a newsletter: asked for on a page, confirmed by a mailed link, stopped with one click.

Whoever asks learns nothing of others: the answer is the same for an address
that subscribed long ago and for one nobody knows.
"""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments import rationing, tokens
from comments.forms import CommentEmailField
from comments.refusals import RefusedError
from comments.submission import hashed_block
from outbox import effects
from outbox.letters import Letter, absolute, one_line, send
from outbox.periodic import every
from pagecache.writing import writing
from syndication.models import Newsletter, Subscriber

ASK = "syndication.ask_subscriber"

ASKED_A_DAY = 3
"""Mails that ask one address for its word, in a day; so that nobody is flooded by strangers."""

ASKING_AN_HOUR = 10
"""Such mails set off from one network in an hour, whatever the addresses."""

UNCONFIRMED_FOR = timedelta(days=7)


class SubscribeForm(forms.Form):
    """An address, and which newsletter it wants."""

    newsletter = forms.ModelChoiceField(
        Newsletter.objects.filter(is_open=True),
        label=gettext_lazy("Newsletter"),
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={
            "required": gettext_lazy("Choose a newsletter."),
            "invalid_choice": gettext_lazy("There is no such newsletter any more. Choose one of these."),
        },
    )
    email = CommentEmailField(
        label=gettext_lazy("Email"),
        error_messages={
            "required": gettext_lazy("Please write the email address that should get it."),
            "invalid": gettext_lazy("This is not an email address such as name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class UnfitSubscriptionError(RefusedError):
    """What was sent is no address, or no newsletter; ``form`` says so."""

    status = 422
    words = gettext_lazy("Please look at the marked field.")

    def __init__(self, form: SubscribeForm) -> None:
        super().__init__()
        self.form = form


class TooManySubscriptionsError(RefusedError):
    """One network asks for many addresses."""

    status = 429
    words = gettext_lazy(
        "Many subscriptions were asked for from your connection within an hour. Please try again later."
    )


def ask(form: SubscribeForm, *, token: str, address: str = "") -> None:
    """Have the address asked whether it wants the newsletter. Raises a ``RefusedError`` or ``TokenRefusedError``.

    ``address`` is the network address of whoever asks.
    """
    if not form.is_valid():
        raise UnfitSubscriptionError(form)
    newsletter, email = form.cleaned_data["newsletter"], form.cleaned_data["email"]
    block = hashed_block(address)
    with writing():
        tokens.use(token)
        if block and not rationing.take("letter-from", block, limit=ASKING_AN_HOUR, window=timedelta(hours=1)):
            raise TooManySubscriptionsError
        row, _made = Subscriber.objects.get_or_create(newsletter=newsletter, email=email)
        is_granted = rationing.take("letter", email, limit=ASKED_A_DAY, window=timedelta(days=1))
        if row.confirmed_at is None and is_granted:
            row.asked_at = timezone.now()
            row.save(update_fields=["asked_at"])
            effects.enqueue(ASK, {"subscriber": row.pk}, key=f"{ASK}:{row.pk}:{row.asked_at.timestamp():.6f}")


def confirm(row: Subscriber, *, token: str) -> None:
    """The owner of the address gave their word; saying so twice changes nothing. Raises ``TokenRefusedError``.

    They get what is sent from now on.
    """
    with writing():
        tokens.use(token)
        newest = row.newsletter.editions.values_list("pk", flat=True).first() or 0
        waiting = Subscriber.objects.filter(pk=row.pk, confirmed_at__isnull=True)
        waiting.update(confirmed_at=timezone.now(), last_edition=newest)


def stop(row: Subscriber) -> None:
    """No more mail, and nothing kept of the address. Stopping twice is no error."""
    Subscriber.objects.filter(pk=row.pk).delete()


@effects.handler(ASK, outside=True)
def mail_question(payload: dict[str, int], key: str) -> None:
    """The one mail an address gets unasked."""
    row = Subscriber.objects.filter(pk=payload["subscriber"], confirmed_at=None).select_related("newsletter").first()
    if row is not None:
        send(row.email, _question(row), key=key)


@every(timedelta(hours=6))
def forget_unconfirmed() -> None:
    """Forget what was asked for and never confirmed."""
    Subscriber.objects.filter(confirmed_at__isnull=True, asked_at__lt=timezone.now() - UNCONFIRMED_FOR).delete()


class NewslettersKept:
    """Subscriptions, for the owner of an address who asks what is kept of it."""

    def kept(self, email: str) -> list[str]:
        """Each newsletter it gets or was asked about."""
        rows = Subscriber.objects.filter(email=email).select_related("newsletter").order_by("pk")
        return [_kept_words(row) % {"newsletter": row.newsletter} for row in rows]

    def forget(self, email: str) -> None:
        """No more mail."""
        Subscriber.objects.filter(email=email).delete()


def _kept_words(row: Subscriber) -> str:
    return _("The newsletter “%(newsletter)s”") if row.confirmed_at else _("“%(newsletter)s”, not confirmed")


def _question(row: Subscriber) -> Letter:
    said = {"newsletter": one_line(row.newsletter.name), "site": settings.SITE_NAME}
    return Letter(
        _("Do you want “%(newsletter)s”?") % said,
        (
            _("Somebody, we hope you, gave this address and asked %(site)s for the newsletter “%(newsletter)s”.")
            % said,
            _("If that was you, open this page and press the button there:"),
            absolute(reverse("syndication:subscription", args=[row.secret])),
            _("If it was not you, do nothing: you will hear no more of it, and the address is forgotten in a week."),
        ),
    )
