"""Models that readers see: saving or deleting one bumps the keys of every page it stands on."""

from collections.abc import Iterable, Sequence
from typing import Any, Self, TypeVar

from django.db import models

from pagecache.writing import bump, is_writing, writing

M = TypeVar("M", bound=models.Model)


class BulkWriteError(RuntimeError):
    """A bulk write of reader-visible rows outside ``writing()``, where nobody would bump their keys."""


class KeyedQuerySet(models.QuerySet[M]):
    """Refuses bulk writes outside a ``writing()`` block; inside, the caller names the keys."""

    def _guard(self) -> None:
        if not is_writing():
            raise BulkWriteError(
                f"Bulk writes of {self.model.__name__} belong in a method that opens writing() and bumps their keys."
            )

    def update(self, **kwargs: Any) -> int:
        """Django's update, inside ``writing()`` only."""
        self._guard()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Django's delete, inside ``writing()`` only; keys of the deleted rows are bumped."""
        with writing() as keys:
            for row in self:
                keys.update(row.page_keys())
            return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Django's bulk_create; the new rows' keys are bumped."""
        rows = list(objs)
        with writing() as keys:
            created = super().bulk_create(rows, *args, **kwargs)
            for row in rows:
                keys.update(row.page_keys())
            return created

    def bulk_update(self, objs: Iterable[Any], fields: Sequence[str], *args: Any, **kwargs: Any) -> int:
        """Django's bulk_update, inside ``writing()`` only."""
        self._guard()
        return super().bulk_update(objs, fields, *args, **kwargs)


class Keyed(models.Model):
    """A reader-visible row. ``page_keys()`` names the keys of the pages that show it."""

    class Meta:
        abstract = True

    def page_keys(self) -> set[str]:
        """The keys of every page that shows this row as it stands."""
        raise NotImplementedError  # pragma: no cover

    def _stored_keys(self) -> set[str]:
        if self.pk is None or self._state.adding:
            return set()
        stored: Self | None = type(self)._base_manager.filter(pk=self.pk).first()
        return stored.page_keys() if stored else set()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and bump the keys of the old and the new row."""
        with writing():
            before = self._stored_keys()
            super().save(*args, **kwargs)
            bump(before | self.page_keys())

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and bump the keys of the row."""
        with writing():
            bump(self._stored_keys() | self.page_keys())
            return super().delete(*args, **kwargs)
