"""Why a comment is not taken, in words for its writer. Whoever raises one has stored nothing, and the text is kept."""

from datetime import timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments.crowding import PAUSE
from comments.forms import CommentForm


class RefusedError(Exception):
    """A comment that was not taken. ``str()`` says why, to its writer; ``status`` is the HTTP status."""

    status = 403
    words = gettext_lazy("Your comment could not be taken.")
    retry_after: int | None = None
    """Seconds after which the same comment would be taken; ``None`` where waiting does not help."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words or str(self.words))


class ClosedError(RefusedError):
    """The article is not open for comments."""

    words = gettext_lazy("Comments on this article are closed.")


class ForeignOriginError(RefusedError):
    """The form was on somebody else's page."""

    words = gettext_lazy(
        "This comment was sent from another website, so we did not take it. Your text is still here: "
        "check it, and send it from this page."
    )


class InvalidError(RefusedError):
    """Something has to be changed first; ``form`` says what."""

    status = 422
    words = gettext_lazy("Please look at the marked fields. Your text is still here.")

    def __init__(self, form: CommentForm) -> None:
        super().__init__(" ".join(str(error) for error in form.non_field_errors()))
        self.form = form


class TooManyError(RefusedError):
    """Too many comments of one kind; ``what`` says which, ``wait`` how long it takes until there is room again."""

    status = 429

    def __init__(self, what: str, wait: timedelta) -> None:
        self.retry_after = max(1, -(-wait // timedelta(seconds=1)))
        minutes = -(-self.retry_after // 60)
        when = ngettext(
            "Your text is still here: please send it in %d minute.",
            "Your text is still here: please send it in %d minutes.",
            minutes,
        )
        super().__init__(_("%(what)s %(when)s") % {"what": what, "when": when % minutes})


class BusyError(RefusedError):
    """Too many others were waiting; nobody looked at it."""

    status = 503
    retry_after = PAUSE
    words = gettext_lazy(
        "Very many comments arrive just now, and yours could not be taken. "
        "Your text is still here: please send it again in a few seconds."
    )


class RepeatError(RefusedError):
    """The very same words came from the same writer, under the same article, a short time ago."""

    status = 409
    words = gettext_lazy(
        "You sent this already: the very same words reached us under this article, and there is nothing more to do. "
        "If you want to say something else, change your text; it is still here."
    )


class TokenError(RefusedError):
    """The token is spent or forged; the two are not told apart."""

    status = 409
    words = gettext_lazy(
        "This form was already sent once. If you pressed the button twice, your comment has arrived and there is "
        "nothing to do. If you want to send this as well, here it is again."
    )
