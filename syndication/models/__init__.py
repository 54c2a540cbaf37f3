"""What comes in and what leaves, as rows."""

from syndication.models.feed import Feed, FeedFile
from syndication.models.wire import WireItem, WireMark
from syndication.models.wire_rule import WireRule

__all__ = ["Feed", "FeedFile", "WireItem", "WireMark", "WireRule"]
