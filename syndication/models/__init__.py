"""What is sent to subscribers, and what this room remembers of other systems."""

from syndication.models.imported import Imported
from syndication.models.newsletter import Edition, EditionStory, Newsletter, Subscriber

__all__ = ["Edition", "EditionStory", "Imported", "Newsletter", "Subscriber"]
