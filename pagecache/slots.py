"""The places in a prepared query that are filled when it is asked: see ``pagecache.prepared``."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import IntegerField
from django.db.models.expressions import Value


class Slot(Value):
    """A place in a query that is filled when it is asked; ``many`` values stand in it as ``IN`` wants them."""

    def __init__(self, name: str, output_field: Any, many: bool = False) -> None:
        super().__init__(name, output_field)
        self.many = many

    def as_sql(self, _compiler: Any, _connection: Any) -> Any:
        """The slot itself is its parameter; ``Prepared`` puts the value there."""
        return ("(%s)" if self.many else "%s"), (self,)

    def values(self, given: Any, connection: BaseDatabaseWrapper) -> list[Any]:
        """As the database takes them; an empty list is one ``NULL``, to which nothing is equal."""
        field: Any = self.output_field
        if type(given) is int and isinstance(field, IntegerField):
            return [given]
        return [field.get_db_prep_value(one, connection) for one in ((given or [None]) if self.many else [given])]
