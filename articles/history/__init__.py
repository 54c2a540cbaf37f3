"""The history of an article: what changed between two revisions, in words, and going back to one of them."""

from articles.history.restoring import NewerRevisionError, restore

__all__ = ["NewerRevisionError", "restore"]
