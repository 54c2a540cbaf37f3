"""Bytes that leave our processes and come back as they were, or not at all.

Whoever can write to a shared store must not be able to put a page, or a
pickle, into ours. Costs about 0.05 ms for a page, once for each process.
"""

import hashlib
import hmac

SIZE = 20
"""Bytes of a seal."""


class Seal:
    """Seals with a key; with an empty one it notices damage, not forgery."""

    def __init__(self, key: bytes = b"") -> None:
        self.key = key[: hashlib.blake2b.MAX_KEY_SIZE]

    def close(self, content: bytes) -> bytes:
        """The content, sealed."""
        return self._digest(content) + content

    def open(self, sealed: bytes) -> bytes:
        """What was sealed; ``ValueError`` for anything else."""
        content = sealed[SIZE:]
        if not hmac.compare_digest(sealed[:SIZE], self._digest(content)):
            raise ValueError("not sealed by us")
        return content

    def _digest(self, content: bytes) -> bytes:
        return hashlib.blake2b(content, digest_size=SIZE, key=self.key).digest()
