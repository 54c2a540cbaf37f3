"""Rows whose picture readers see as long as the row exists: portraits, sections, topics, products."""

from typing import Any, ClassVar

from django.utils import timezone

from images.publicity import WITHDRAW, show
from outbox import effects
from pagecache.keyed import Keyed
from pagecache.writing import writing


class ShowsPicture(Keyed):
    """Brings the picture out when the row is saved, and asks for the former one to be taken in again."""

    picture_field: ClassVar[str] = "picture"

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and let public storage follow."""
        column = f"{self.picture_field}_id"
        with writing(savepoint=False):
            before = (
                None
                if self._state.adding
                else type(self)._base_manager.filter(pk=self.pk).values_list(column, flat=True).first()
            )
            super().save(*args, **kwargs)
            after = getattr(self, column)
            if after:
                show([after])
            if before and before != after:
                _take_in(before)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and ask for the picture to be taken in."""
        with writing(savepoint=False):
            picture = getattr(self, f"{self.picture_field}_id")
            if picture:
                _take_in(picture)
            return super().delete(*args, **kwargs)


def _take_in(image_id: int) -> None:
    effects.enqueue(WITHDRAW, {"images": [image_id]}, key=f"withdraw:{image_id}:{timezone.now().isoformat()}")
