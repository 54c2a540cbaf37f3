"""Readers' comments, every decision about them, and what holds them back."""

from comments.models.comment import Comment, CommentQuerySet, FormerWords, Mark, State, receipt_token
from comments.models.decisions import DeskDay, DeskPromise, ModerationEntry, Reason, SecondLook, WriterNote
from comments.models.learning import Judgement, Learner
from comments.models.limits import Arrivals, ArticleComments, Ban, Rule, SpentToken
from comments.models.readers import Appeal, Complaint, ConfirmedAddress, OwnLink, Report, Subscription, secret

__all__ = [
    "Appeal",
    "Arrivals",
    "ArticleComments",
    "Ban",
    "Comment",
    "CommentQuerySet",
    "Complaint",
    "ConfirmedAddress",
    "DeskDay",
    "DeskPromise",
    "FormerWords",
    "Judgement",
    "Learner",
    "Mark",
    "ModerationEntry",
    "OwnLink",
    "Reason",
    "Report",
    "Rule",
    "SecondLook",
    "SpentToken",
    "State",
    "Subscription",
    "WriterNote",
    "receipt_token",
    "secret",
]
