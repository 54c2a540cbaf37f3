"""What this room remembers of other systems."""

from syndication.models.imported import Imported

__all__ = ["Imported"]
