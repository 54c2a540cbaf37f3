"""What comes in and what leaves, as rows."""

from syndication.models.feed import Feed, FeedFile
from syndication.models.imported import Imported
from syndication.models.kept_answer import KeptAnswer
from syndication.models.newsletter import Edition, EditionStory, Newsletter, Subscriber
from syndication.models.wire import WireItem, WireMark
from syndication.models.wire_rule import WireRule

__all__ = [
    "Edition",
    "EditionStory",
    "Feed",
    "FeedFile",
    "Imported",
    "KeptAnswer",
    "Newsletter",
    "Subscriber",
    "WireItem",
    "WireMark",
    "WireRule",
]
