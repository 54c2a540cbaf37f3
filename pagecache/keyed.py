"""Models that readers see: saving or deleting one bumps the keys of every page it stands on."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, models
from django.db.models.deletion import Collector

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
        """Django's delete; the keys of every row that goes or changes with it are bumped."""
        with writing() as keys:
            keys.update(_keys_deleted_with(self))
            return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Django's bulk_create; the new rows' keys are bumped."""
        rows = list(objs)
        with writing() as keys:
            created = super().bulk_create(rows, *args, **kwargs)
            for row in rows:
                keys.update(row.page_keys())
            return created

    def bulk_update(self, objs: Iterable[Any], fields: Iterable[str], batch_size: int | None = None) -> int:
        """Django's bulk_update, inside ``writing()`` only."""
        self._guard()
        return super().bulk_update(objs, fields, batch_size)


class Keyed(models.Model):
    """A reader-visible row. ``page_keys()`` names the keys of the pages that show it."""

    class Meta:
        abstract = True

    def page_keys(self) -> set[str]:
        """The keys of every page that shows this row as it stands."""
        raise NotImplementedError  # pragma: no cover

    def _stored_keys(self) -> set[str]:
        """The keys of the row as it is stored, which stays locked: nobody can move it on to others meanwhile.

        ``no_key``, here as wherever rows are held that others refer to: a
        colleague's new row that does so is not held up, and so no two ever wait
        for each other in a circle.
        """
        if self.pk is None or self._state.adding:
            return set()
        stored = type(self)._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=self.pk).first()
        return stored.page_keys() if stored else set()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, and bump the keys of the old and the new row."""
        with writing(savepoint=False):
            before = self._stored_keys()
            super().save(*args, **kwargs)
            bump(before | self.page_keys())

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, and bump the keys of the row and of every row that goes or changes with it."""
        with writing(savepoint=False):
            bump(self._stored_keys() | _keys_deleted_with([self]))
            return super().delete(*args, **kwargs)


def _keys_deleted_with(rows: "Sequence[Keyed] | models.QuerySet[Any]") -> set[str]:
    """The page keys of ``rows``, of the rows their deletion takes along, and of those it empties a relation of."""
    collector = Collector(using=DEFAULT_DB_ALIAS)
    collector.collect(rows)
    emptied = [group for groups in collector.field_updates.values() for group in groups]
    groups: list[Any] = [*collector.data.values(), *collector.fast_deletes, *emptied]
    return {key for group in groups for row in group if isinstance(row, Keyed) for key in row.page_keys()}
