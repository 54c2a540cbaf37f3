"""Queries that are built once and then only filled in: Django takes longer to build one than the database to answer it.

    _STORY = Prepared(lambda pk, now: Article.objects.public(now).filter(pk=pk), pk=BigAutoField(), now=DateTimeField())
    _CARDS = Prepared(lambda ids: Article.objects.cards().filter(pk__in=ids), ids=[BigAutoField()])
    _STORY.first(pk=42, now=timezone.now()), _CARDS.rows(ids=[1, 2, 3])

The queryset stays the one definition of what is asked; only its SQL is kept. Whatever changes from call to call has to
be a slot: a value read while the query is built is the same for ever after.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import copy
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary, WeakSet

from django.core.signals import setting_changed
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.query import FlatValuesListIterable, ModelIterable, ValuesListIterable

from pagecache.kept_plans import KeptPlan, kept_plan
from pagecache.plain_objects import Shape, shape_of
from pagecache.plain_statements import PlainStatement
from pagecache.plain_values import Reading, reading_of
from pagecache.slots import Slot

Row = TypeVar("Row")

Kind = models.Field[Any, Any] | list[models.Field[Any, Any]]
"""What a slot takes: a value for this field, or a list of them."""


class Prepared(Generic[Row]):
    """A query of which only the values in its slots change. ``build`` is called once with a ``Slot`` for each name.

    Rows are what the queryset would have given: objects with what
    ``select_related`` joins, or what ``values_list`` names. What it would have
    prefetched is not: see ``lend``.
    """

    def __init__(self, build: Callable[..., "models.QuerySet[Any, Row]"], **kinds: Kind) -> None:
        self._build = build
        self._slots = {
            name: Slot(name, kind[0], many=True) if isinstance(kind, list) else Slot(name, kind)
            for name, kind in kinds.items()
        }
        self._queryset: models.QuerySet[Any, Row] | None = None
        self._statements: dict[str, _Statement] = {}
        _all.add(self)

    def rows(self, **values: Any) -> list[Row]:
        """The rows for these values: one query."""
        if self._queryset is None:
            self._queryset = self._build(**self._slots)
        using = self._queryset.db
        if using not in self._statements:
            self._statements[using] = _Statement(self._queryset, using)
        return self._statements[using].rows(values)

    def first(self, **values: Any) -> Row | None:
        """The first of the rows, which should be one at most."""
        return next(iter(self.rows(**values)), None)

    def forget(self) -> None:
        """Build it anew when it is asked next: a setting changed."""
        self._queryset, self._statements = None, {}


class _Statement:
    """The SQL of a prepared query on one database, and the compiler that made it, which knows what the columns are."""

    def __init__(self, queryset: "models.QuerySet[Any, Any]", using: str) -> None:
        self._queryset, self._using = queryset, using
        self._compiler: Any = queryset.query.get_compiler(using=using)
        sql, self._params = self._compiler.as_sql()
        self._pieces = sql.split("%s")
        self._kind = queryset._iterable_class
        self._shape = shape_of(self._compiler) if self._kind is ModelIterable else None
        self._plans: dict[str, KeptPlan | PlainStatement | None] = {}
        self._converters: WeakKeyDictionary[BaseDatabaseWrapper, Any] = WeakKeyDictionary()
        self._readings: WeakKeyDictionary[BaseDatabaseWrapper, Reading] = WeakKeyDictionary()

    def rows(self, values: Mapping[str, Any]) -> list[Any]:
        """Ask."""
        if self._shape is not None:
            return self._objects(self._shape, values)
        if self._kind is ValuesListIterable:
            return [tuple(row) for row in self._rows(values)]
        if self._kind is FlatValuesListIterable:
            return [row[0] for row in self._rows(values)]
        filled: Any = object.__new__(type(self._queryset))
        filled.__dict__.update(self._queryset.__dict__, _query=_Filled(self, values), _db=self._using)
        return list(filled._iterable_class(filled))

    def _objects(self, shape: Shape, values: Mapping[str, Any]) -> list[Any]:
        named = tuple((self._compiler.annotation_col_map or {}).items())
        made = []
        for row in self._rows(values):
            one: Any = shape.object(row, self._using)
            for name, place in named:
                setattr(one, name, row[place])
            made.append(one)
        return made

    def _rows(self, values: Mapping[str, Any]) -> Iterable[Sequence[Any]]:
        """The rows as the fields have their values."""
        connection = connections[self._using]
        rows = self._asked(values, connection)
        if rows is None:
            return self._through_a_cursor(values, connection).results_iter()  # type: ignore[no-any-return]
        reading = self._readings.get(connection)
        if reading is None:
            reading = self._readings[connection] = reading_of(self._converters_on(connection), connection)
        return reading.read(rows, connection)

    def compiler(self, values: Mapping[str, Any]) -> Any:
        """One that has compiled already, on this thread's connection."""
        connection = connections[self._using]
        asking, rows = self._through_a_cursor(values, connection), self._asked(values, connection)
        if rows is not None:
            asking.execute_sql = lambda *_args, **_kwargs: [rows]
        return asking

    def _through_a_cursor(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> Any:
        asking = copy(self._compiler)
        asking.connection = connection
        asking.as_sql = lambda: self._with(values, connection)
        asking.get_converters = lambda _columns: self._converters_on(connection)
        return asking

    def _asked(self, values: Mapping[str, Any], connection: Any) -> list[tuple[Any, ...]] | None:
        """The answer of a database that is asked past its cursors; ``None`` where there is none to be had."""
        if self._compiler.has_extra_select:
            return None
        vendor = connection.vendor
        if vendor not in self._plans:
            on_sqlite = vendor == "sqlite"
            self._plans[vendor] = (
                PlainStatement(self._pieces, self._params)
                if on_sqlite
                else kept_plan(self._pieces, self._params, connection)
            )
        plan = self._plans[vendor]
        return None if plan is None else plan.rows(values, connection)

    def _with(self, values: Mapping[str, Any], connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
        sql, params = [self._pieces[0]], []
        ready: dict[str, list[Any]] = {}
        for param, piece in zip(self._params, self._pieces[1:], strict=True):
            if not isinstance(param, Slot):
                given = [param]
            elif param.value in ready:
                given = ready[param.value]
            else:
                given = ready[param.value] = param.values(values[param.value], connection)
            sql += (", ".join(["%s"] * len(given)) if len(given) > 1 else "%s", piece)
            params += given
        return "".join(sql), tuple(params)

    def _converters_on(self, connection: BaseDatabaseWrapper) -> Any:
        if connection not in self._converters:
            columns = [column[0] for column in self._compiler.select[: self._compiler.col_count]]
            made = type(self._compiler).get_converters(self._compiler, columns)
            self._converters[connection] = made
        return self._converters[connection]


class _Filled:
    """Stands for the query of a queryset that is iterated, and hands it the compiler that needs not compile."""

    def __init__(self, statement: _Statement, values: Mapping[str, Any]) -> None:
        self._statement, self._values = statement, values

    def get_compiler(self, *_args: Any, **_kwargs: Any) -> Any:
        return self._statement.compiler(self._values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._statement._queryset.query, name)


class Lent(models.QuerySet[Any]):
    """Rows that were read already, as ``article.bylines.all()`` gives them; whatever is asked further is asked anew."""

    owner: Any
    name: str

    def _clone(self) -> "models.QuerySet[Any]":
        lent = self.owner._prefetched_objects_cache.pop(self.name)
        fresh: models.QuerySet[Any] = getattr(self.owner, self.name).all()
        self.owner._prefetched_objects_cache[self.name] = lent
        return fresh


def lend(owners: Iterable[models.Model], name: str, rows: Iterable[Any]) -> None:
    """Have ``owner.<name>.all()`` give those of ``rows`` that refer to it, as a prefetch would."""
    for owner, field, found in _shared_out(list(owners), name, rows):
        lent: Any = Lent(field.model)
        lent.owner, lent.name, lent._result_cache, lent._prefetch_done = owner, name, found, True
        owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = lent
        for row in found:
            field.set_cached_value(row, owner)


def _shared_out(owners: list[Any], name: str, rows: Iterable[Any]) -> Iterator[tuple[Any, Any, list[Any]]]:
    by_owner: dict[Any, list[Any]] = defaultdict(list)
    relation: Any = type(owners[0])._meta.get_field(name) if owners else None
    for row in rows:
        by_owner[getattr(row, relation.field.attname)].append(row)
    for owner in owners:
        yield owner, relation.field, by_owner.get(owner.pk, [])


_all: WeakSet[Prepared[Any]] = WeakSet()


def _forget_all(**_kwargs: Any) -> None:
    for prepared in list(_all):
        prepared.forget()


setting_changed.connect(_forget_all, dispatch_uid="pagecache.prepared")
