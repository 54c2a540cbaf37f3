"""How urgent a waiting comment is: its place in the queue, as the moment since when it counts as waiting.

The wait that a comment counts as having is its real one, and

- ``REPORT`` more for each open report, up to ``MOST_REPORTS``;
- ``APPEAL`` more for an appeal;
- ``FRESH`` more under an article that appeared within ``FRESH_FOR``: people read it now;
- ``ANSWER`` more for an answer to somebody, who may wait for it;
- up to ``DOUBT`` less, the likelier it is spam (from a score of a half on).

Everything waits at the same speed, so nothing is overtaken for ever.
"""

from datetime import datetime, timedelta

from articles.models import Article
from comments.models import Comment

REPORT = timedelta(hours=6)
MOST_REPORTS = 4
APPEAL = timedelta(hours=4)
FRESH = timedelta(hours=2)
FRESH_FOR = timedelta(hours=24)
ANSWER = timedelta(hours=1)
DOUBT = timedelta(hours=12)


def rank(comment: Comment) -> datetime:
    """What ``rank_at`` holds, by the comment's present state. Reads its article, and asks nothing else."""
    waits = REPORT * min(comment.open_reports, MOST_REPORTS)
    waits += APPEAL if comment.appealed_at else timedelta()
    waits += FRESH if _is_fresh(comment.article, comment.waiting_since) else timedelta()
    waits += ANSWER if comment.answers_id else timedelta()
    return comment.waiting_since - waits + DOUBT * _doubt(comment.score)


def _is_fresh(article: Article, moment: datetime) -> bool:
    appeared = article.publish_at
    return appeared is not None and moment - appeared < FRESH_FOR


def _doubt(score: float | None) -> float:
    """0 up to a score of a half, 1 for what is spam for certain."""
    return max(0.0, min(score or 0.0, 1.0) - 0.5) * 2
