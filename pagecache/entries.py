"""A stored page: its bytes in every coding a browser may ask for, and what tells that it still holds."""

import gzip
import hashlib
import importlib
import json
import struct
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

Headers = list[tuple[str, str]]

IDENTITY = ""

LEAST_COMPRESSED = 500
"""Bytes below which compressing gains nothing."""

_PER_ANSWER = frozenset({"cache-control", "content-length", "date", "etag", "vary", "connection"})
"""Headers of the rendered answer that each stored answer says anew."""


def _brotli() -> Callable[[bytes], bytes] | None:
    try:
        library: Any = importlib.import_module("brotli")
    except ImportError:
        return None
    return lambda body: bytes(library.compress(body, quality=5))


def _gzip(body: bytes) -> bytes:
    return gzip.compress(body, 6, mtime=0)


COMPRESSORS: dict[str, Callable[[bytes], bytes]] = {"gzip": _gzip}
"""By content coding, the best first."""

if _found := _brotli():
    COMPRESSORS = {"br": _found, **COMPRESSORS}


@dataclass(eq=False)
class Entry:
    """One page as it was rendered: ``total`` is the sum of its keys' versions, which only ever grows.

    So the sum is what it was as long as every single version is. ``boundary``
    is the moment, in seconds since 1970, from which on it may be another page.
    ``began`` is when this process began to render it, in the order of its
    requests and renderings; -1 for another process's. ``seen`` is what the
    database showed of its commits when this entry was last seen to hold.
    """

    headers: Headers
    body: bytes
    keys: tuple[str, ...]
    total: int
    boundary: float | None
    etag: str = ""
    began: int = -1
    seen: object = None
    bodies: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, Headers] = field(default_factory=dict)

    def __post_init__(self) -> None:
        digest = hashlib.blake2b(self.body, digest_size=12).hexdigest()
        self.etag = f'W/"{digest}"'
        self.bodies[IDENTITY] = self.body

    @classmethod
    def of(cls, headers: Headers, body: bytes, keys: tuple[str, ...], total: int, boundary: float | None) -> Self:
        """The entry of an answer as it was rendered."""
        kept = [(name, value) for name, value in headers if name.lower() not in _PER_ANSWER]
        return cls(kept, body, keys, total, boundary)

    @cached_property
    def keys_as_array(self) -> bytes:
        """The keys as PostgreSQL writes an array of texts: written once, not at every hit."""
        escaped = (key.replace("\\", "\\\\").replace('"', '\\"') for key in self.keys)
        return ("{" + ",".join(f'"{key}"' for key in escaped) + "}").encode()

    def is_due(self) -> bool:
        """Whether the clock alone has made it another page."""
        return self.boundary is not None and time.time() >= self.boundary

    def answer(self, coding: str) -> tuple[Headers, bytes]:
        """Headers and body in a content coding of ``COMPRESSORS``, or as it is for ``IDENTITY``."""
        if coding and len(self.body) < LEAST_COMPRESSED:
            coding = IDENTITY
        body = self.bodies.get(coding)
        if body is None:
            body = self.bodies[coding] = COMPRESSORS[coding](self.body)
        headers = self.answers.get(coding)
        if headers is None:
            headers = self.answers[coding] = self._headers(coding, len(body))
        return headers, body

    @cached_property
    def not_modified(self) -> Headers:
        """The headers of a 304, made once."""
        wanted = {"content-security-policy", "surrogate-key", "cache-tag", "access-control-allow-origin"}
        return [*((name, value) for name, value in self.headers if name.lower() in wanted), *self._validators()]

    @property
    def size(self) -> int:
        """Bytes it holds in memory, about."""
        return sum(map(len, self.bodies.values())) + sum(map(len, self.keys)) + 2_000

    def pack(self) -> bytes:
        """The entry as bytes for a store outside this process."""
        about = {"headers": self.headers, "keys": self.keys, "total": self.total, "boundary": self.boundary}
        head = json.dumps(about).encode()
        return struct.pack(">I", len(head)) + head + self.body

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """What ``pack`` made; ``ValueError`` for anything else."""
        try:
            (length,) = struct.unpack(">I", packed[:4])
            about = json.loads(packed[4 : 4 + length])
            headers = [(str(name), str(value)) for name, value in about["headers"]]
            return cls(headers, packed[4 + length :], tuple(about["keys"]), int(about["total"]), about["boundary"])
        except (struct.error, KeyError, TypeError) as error:
            raise ValueError("not a stored page") from error

    def _headers(self, coding: str, length: int) -> Headers:
        own = [("Content-Length", str(length)), *self._validators()]
        if coding:
            own.append(("Content-Encoding", coding))
        return [*self.headers, *own]

    def _validators(self) -> Headers:
        return [("ETag", self.etag), ("Vary", "Accept-Encoding")]
