"""What a pick carries beside its article, and who made it: as rows hold it, and as the audit keeps it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from curation.models import Pick
from images.models import Image
from people.models import User


@dataclass(frozen=True)
class Details:
    """What a pick may carry beside its article: an end, a note for colleagues, words and picture of its own."""

    until: datetime | None = None
    note: str = ""
    headline: str = ""
    picture: int | None = None

    @classmethod
    def of(cls, row: Pick) -> "Details":
        """A pick's own."""
        return cls(row.until, row.note, row.headline, row.picture_id)

    def to_json(self) -> dict[str, Any]:
        """For the audit: the time in ISO 8601."""
        until = self.until.isoformat() if self.until else None
        return {"until": until, "note": self.note, "headline": self.headline, "picture": self.picture}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Details":
        """What ``to_json`` gave; a picture that was deleted since is left out."""
        picture = stored.get("picture")
        return cls(
            until=datetime.fromisoformat(stored["until"]) if stored.get("until") else None,
            note=stored.get("note", ""),
            headline=stored.get("headline", ""),
            picture=picture if picture and Image.objects.filter(pk=picture).exists() else None,
        )


@dataclass(frozen=True)
class Hand:
    """Who picked, and when."""

    by: User | None
    at: datetime

    @classmethod
    def of(cls, row: Pick) -> dict[str, Any]:
        """A pick's own, for the audit: the person's id, and the time in ISO 8601."""
        return {"by": row.picked_by_id, "at": row.picked_at.isoformat()}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "Hand":
        """What ``of`` gave; nobody, where the person's account is gone."""
        return cls(User.objects.filter(pk=stored["by"]).first(), datetime.fromisoformat(stored["at"]))
