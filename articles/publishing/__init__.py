"""The only door between revisions and readers: publish, schedule, review, take down."""

from articles.publishing.going_out import APPEAR, appear, have_rendered_again, publication_time, publish, render_again
from articles.publishing.handing_on import approve, ask_for_changes, reopen, send_back, submit_for_review
from articles.publishing.row import list_keys
from articles.publishing.withdrawing import kill, take_down
from articles.readiness import NotReadyError
from articles.tag_names import tags_named

__all__ = [
    "APPEAR",
    "NotReadyError",
    "appear",
    "approve",
    "ask_for_changes",
    "have_rendered_again",
    "kill",
    "list_keys",
    "publication_time",
    "publish",
    "render_again",
    "reopen",
    "send_back",
    "submit_for_review",
    "tags_named",
    "take_down",
]
