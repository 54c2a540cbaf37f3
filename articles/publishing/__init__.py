"""The only door between revisions and readers: publish, schedule, review, take down."""

from articles.publishing.going_out import APPEAR, NotReadyError, appear, have_rendered_again, publish, render_again
from articles.publishing.handing_on import reopen, send_back, submit_for_review
from articles.publishing.row import list_keys
from articles.publishing.withdrawing import take_down
from articles.tag_names import tags_named

__all__ = [
    "APPEAR",
    "NotReadyError",
    "appear",
    "have_rendered_again",
    "list_keys",
    "publish",
    "render_again",
    "reopen",
    "send_back",
    "submit_for_review",
    "tags_named",
    "take_down",
]
