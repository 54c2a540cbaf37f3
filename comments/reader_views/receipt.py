"""A comment's private page, for whoever holds its link."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from articles.models import Article
from comments import figures, receipts, subscriptions
from comments.models import Comment, State
from comments.plain_text import encodable
from comments.reader_views.door import admit, client, fresh_token, guarded, private, see_other
from comments.refusals import RefusedError
from comments.standing import standing
from comments.submission import hashed_block
from comments.writer_forms import FOLLOW_CHOICES, AppealForm, WordsForm

PAGE = "comments:receipt"

SAID = {
    "changed": _("Your new words are stored."),
    "withdrawn": _("Your comment was taken back."),
    "returned": _("Your comment is back."),
    "appealed": _("Thank you. A moderator looks at your comment again, and this page tells you what becomes of it."),
    "follows": _("Your choice is stored."),
    "asked": _("Please open the link that we mail to your address: only then do we send anything more."),
}


@private
@require_safe
def receipt(request: HttpRequest, receipt: str) -> HttpResponse:
    """How a comment stands, and what its writer may do about it."""
    comment = _rows(receipt).first()
    if comment is None:
        raise Http404
    return _page(request, comment)


@guarded("text", "seen", "action", back=PAGE)
def words(request: HttpRequest, receipt: str) -> HttpResponse:
    """New words: to look at first, to go on writing, or to store."""
    comment = admit(request, _rows(receipt))
    text, seen = request.POST.get("text", ""), request.POST.get("seen", "")
    action = request.POST.get("action", "")
    try:
        if action == "write":
            return _page(request, comment, text=text, seen=seen)
        if action == "preview":
            return _preview(request, comment, receipts.check_words(comment, text), seen)
        receipts.edit(comment, text, seen=seen, token=request.POST["token"], address=client(request))
    except RefusedError as refusal:
        return _page(request, comment, refusal=refusal, text=text, seen=seen)
    return see_other(PAGE, receipt, said="changed")


@guarded("sure", "action", back=PAGE)
def withdrawal(request: HttpRequest, receipt: str) -> HttpResponse:
    """Asks whether the writer is sure, takes the comment back, or brings it back."""
    comment = admit(request, _rows(receipt))
    token = request.POST["token"]
    try:
        if request.POST.get("action") == "undo":
            receipts.give_back(comment, token=token)
            return see_other(PAGE, receipt, said="returned")
        if not request.POST.get("sure"):
            return _ask_if_sure(request, comment)
        receipts.withdraw(comment, token=token)
    except RefusedError as refusal:
        return _page(request, comment, refusal=refusal)
    return see_other(PAGE, receipt, said="withdrawn")


@guarded("text", back=PAGE)
def appeal(request: HttpRequest, receipt: str) -> HttpResponse:
    """Asks that a refusal be looked at again."""
    comment = admit(request, _rows(receipt))
    text = request.POST.get("text", "")
    try:
        receipts.appeal(comment, text, token=request.POST["token"])
    except RefusedError as refusal:
        return _page(request, comment, refusal=refusal, appealing=text)
    return see_other(PAGE, receipt, said="appealed")


@guarded("follow", back=PAGE)
def follow(request: HttpRequest, receipt: str) -> HttpResponse:
    """What mail the writer wants."""
    comment = admit(request, _rows(receipt))
    scope = subscriptions.scope_of(request.POST.get("follow", ""))
    subscriptions.follow(comment, scope, token=request.POST["token"], source=hashed_block(client(request)))
    row = subscriptions.of_comment(comment)
    is_done = scope is None or (row and row.confirmed_at)
    return see_other(PAGE, receipt, said="follows" if is_done else "asked")


def _rows(receipt: str) -> QuerySet[Comment]:
    return Comment.objects.filter(receipt=receipt)


def _article(comment: Comment) -> Article | None:
    return Article.objects.public().select_related("section").filter(pk=comment.article_id).first()


def _page(
    request: HttpRequest,
    comment: Comment,
    *,
    refusal: RefusedError | None = None,
    text: str | None = None,
    seen: str = "",
    appealing: str | None = None,
) -> HttpResponse:
    """The page as things stand now, with what was typed and why it was not taken."""
    if refusal is not None:
        comment.refresh_from_db()
    stands, follows = standing(comment), subscriptions.of_comment(comment)
    newer = isinstance(refusal, receipts.OtherWordsError) or not seen
    context = {
        "comment": comment,
        "article": _article(comment),
        "standing": stands,
        "promise": figures.in_words(figures.promise()) if stands.state == State.PENDING else "",
        "said": SAID.get(request.GET.get("said", ""), ""),
        "refusal": refusal,
        "words_form": _form(WordsForm, comment.text if text is None else text, refusal, "text"),
        "typed": text,
        "seen": receipts.fingerprint(comment.text) if newer else encodable(seen),
        "appeal_form": _form(AppealForm, appealing or "", refusal, "appeal"),
        "appealing": appealing is not None,
        "follows": follows,
        "scope": subscriptions.wish(comment, follows),
        "choices": FOLLOW_CHOICES,
        "token": fresh_token(),
    }
    return render(request, "comments/own/receipt.html", context, status=refusal.status if refusal else 200)


def _form(kind: type[WordsForm] | type[AppealForm], text: str, refusal: RefusedError | None, prefix: str) -> Any:
    """The form as it was refused, or as it was typed."""
    form = refusal.form if isinstance(refusal, receipts.UnfitError) and isinstance(refusal.form, kind) else None
    if form is None:
        return kind(initial={"text": encodable(text)}, auto_id=f"{prefix}-%s")
    form.auto_id = f"{prefix}-%s"
    form.data = {"text": encodable(text)}
    return form


def _preview(request: HttpRequest, comment: Comment, text: str, seen: str) -> HttpResponse:
    context = {"comment": comment, "article": _article(comment), "text": text, "seen": seen, "token": fresh_token()}
    return render(request, "comments/own/preview.html", context)


def _ask_if_sure(request: HttpRequest, comment: Comment) -> HttpResponse:
    context = {"comment": comment, "article": _article(comment), "token": fresh_token()}
    return render(request, "comments/own/withdraw.html", context)
