"""The further pages of a section, and the lasting address of each comment."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.page_plan import PagePlan
from comments.models import Comment
from comments.outline import Order
from comments.thread_pages import Threads, threads_of
from pagecache.reading import depends_on, reader_page

LONGEST_NUMBER = 6
"""Digits of a page's number; nobody turns a millionth page."""


@require_safe
@reader_page("order", "page")
def thread(request: HttpRequest, article_id: int) -> HttpResponse:
    """One page of an article's comments in one order."""
    article = _public(article_id)
    order = request.GET.get("order", Order.OLDEST)
    if order not in Order.values:
        raise Http404
    talk = threads_of(article, Order(order))
    number = _number(request.GET.get("page", "1"), talk)
    plan = PagePlan(article=article, comment_count=talk.count, kept={"comments": talk})
    context = {"article": article, "plan": plan, "thread_page": number}
    return render(request, "comments/thread.html", context)


@require_safe
@reader_page()
def permalink(request: HttpRequest, comment_id: int) -> HttpResponse:
    """To the page on which a comment stands now."""
    comment = Comment.objects.approved().filter(pk=comment_id).first() if comment_id < 2**63 else None
    if comment is None:
        raise Http404
    talk = threads_of(_public(comment.article_id))
    depends_on(f"comments:{comment.article_id}")
    page, _hash, _anchor = talk.address(talk.number_of(comment.pk) or 1).partition("#")
    return redirect(f"{page}#comment-{comment.pk}")


def _public(article_id: int) -> Article:
    found = Article.objects.public().select_related("section", "comment_settings")
    article = found.filter(pk=article_id).first() if article_id < 2**63 else None
    if article is None:
        raise Http404
    depends_on(f"article:{article.pk}", until=article.expire_at)
    return article


def _number(raw: str, talk: Threads) -> int:
    """The page asked for; there is always a first one."""
    if not (raw.isascii() and raw.isdecimal() and len(raw) <= LONGEST_NUMBER):
        raise Http404
    number = int(raw)
    if not 1 <= number <= max(talk.last, 1):
        raise Http404
    return number
