"""A model as bytes: compact, versioned, checked."""

import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from comments.learning import calibration
from comments.learning.features import BITS, SPACE, VERSION
from comments.learning.model import Model

_MAGIC = b"newsroom learner 1\n"


class StateError(ValueError):
    """Bytes that are no state, or one of other features: what was learnt must be learnt anew from the decisions."""


def dump(model: Model) -> bytes:
    """``model`` as bytes for ``load``."""
    parts: list[NDArray[Any]] = [model.lessons, model.outcomes, model.weights, model.met]
    packed = zlib.compress(b"".join(_planes(part) for part in parts), level=1)
    return b"%s%d %d %d\n" % (_MAGIC, VERSION, BITS, zlib.crc32(packed)) + packed


def load(raw: bytes) -> Model:
    """The model that ``dump`` was given; empty bytes are a new one. Raises ``StateError``."""
    if not raw:
        return Model()
    head, _, packed = raw.removeprefix(_MAGIC).partition(b"\n")
    if not raw.startswith(_MAGIC) or head != b"%d %d %d" % (VERSION, BITS, zlib.crc32(packed)):
        raise StateError("Not a state of this version")
    return _read(zlib.decompress(packed))


def _read(raw: bytes) -> Model:
    shapes: tuple[tuple[type[Any], tuple[int, ...]], ...] = (
        (np.int64, (2,)),
        (np.int64, (2, calibration.BINS)),
        (np.int32, (SPACE,)),
        (np.int32, (2, SPACE)),
    )
    parts, start = [], 0
    for kind, shape in shapes:
        size = int(np.prod(shape)) * np.dtype(kind).itemsize
        parts.append(_unplaned(raw[start : start + size], kind).reshape(shape))
        start += size
    lessons, outcomes, weights, met = parts
    return Model(weights=weights, met=met, lessons=lessons, outcomes=outcomes)


def _planes(array: NDArray[Any]) -> bytes:
    """All first bytes, all second bytes and so on: small numbers pack well so."""
    little = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
    return little.view(np.uint8).reshape(-1, array.dtype.itemsize).T.tobytes()


def _unplaned(raw: bytes, kind: type[Any]) -> NDArray[Any]:
    size = np.dtype(kind).itemsize
    planes = np.frombuffer(raw, np.uint8).reshape(size, -1)
    return np.ascontiguousarray(planes.T).view(np.dtype(kind).newbyteorder("<")).reshape(-1).astype(kind)
