"""What a comment's name is found by, whatever way it is written."""

from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from django.db import models

from comments.pipeline.folding import fold_name

if TYPE_CHECKING:
    WholeNumber = models.BigIntegerField[int | None, int | None]
else:
    WholeNumber = models.BigIntegerField


def name_key(name: str) -> int | None:
    """The same for names that look alike; ``None`` for one without letters."""
    return key_of_folded(fold_name(name))


def key_of_folded(folded: str) -> int | None:
    """63 bits of a hash of a folded name. Folding twice is not folding once: hence this beside ``name_key``."""
    if not folded:
        return None
    digest = blake2b(folded.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 1


class NameKeyField(WholeNumber):
    """The key of the row's ``name``, worked out whenever the row is written."""

    def pre_save(self, model_instance: models.Model, add: bool) -> int | None:
        """The key of the name as it stands now."""
        key = name_key(getattr(model_instance, "name"))  # noqa: B009 - any model with a name
        setattr(model_instance, self.attname, key)
        return key

    def get_internal_type(self) -> Any:
        """Stored as Django stores big integers."""
        return "BigIntegerField"
