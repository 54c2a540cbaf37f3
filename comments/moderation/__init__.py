"""Decisions about comments: the only door through which a moderator or the system changes one."""

from comments.moderation.deciding import MAX_REASON, VERBS, decide, hold
from comments.moderation.editing import edit
from comments.moderation.entries import last_decisions, newest_of_each
from comments.moderation.featuring import feature
from comments.moderation.replying import reply_as_staff
from comments.moderation.rights import PERMISSION, Actor, OvertakenError, may_moderate, require
from comments.moderation.undoing import last_batch, undo, undo_batch

__all__ = [
    "MAX_REASON",
    "PERMISSION",
    "VERBS",
    "Actor",
    "OvertakenError",
    "decide",
    "edit",
    "feature",
    "hold",
    "last_batch",
    "last_decisions",
    "may_moderate",
    "newest_of_each",
    "reply_as_staff",
    "require",
    "undo",
    "undo_batch",
]
