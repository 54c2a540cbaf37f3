"""What is sent to subscribers, and to whom."""

from syndication.models.newsletter import Edition, EditionStory, Newsletter, Subscriber

__all__ = ["Edition", "EditionStory", "Newsletter", "Subscriber"]
