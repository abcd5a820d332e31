"""The log's own key: an Ed25519 key in a file, made once together with the name of the log."""

import json
import os
from base64 import b64decode, b64encode
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import mkstemp
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from veche.commons.journal.rules.notes import PLAIN


@dataclass(frozen=True)
class KeyFile:
    """A private key with the name under which it signs, and what it signs."""

    name: str
    private: Ed25519PrivateKey
    kind: int = PLAIN

    @cached_property
    def public(self) -> bytes:
        """Its public half: 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    def sign(self, data: bytes, /) -> bytes:
        """Sign with Ed25519."""
        return self.private.sign(data)

    @classmethod
    def at(cls, path: Path, name: str, *, kind: int = PLAIN) -> Self:
        """The key of a file; the first to ask makes it, under this name. A later name changes nothing."""
        if not path.exists():
            _make(path, name, kind)
        kept = json.loads(path.read_text())
        private = Ed25519PrivateKey.from_private_bytes(b64decode(kept["private"]))
        return cls(kept["name"], private, kept["kind"])


def _make(path: Path, name: str, kind: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()
    # A name of its own for each who makes one, and for its owner's eyes only.
    handle, name_of_part = mkstemp(prefix=f".{path.name}.", dir=path.parent)
    part = Path(name_of_part)
    try:
        os.write(handle, json.dumps({"name": name, "kind": kind, "private": private}).encode())
        os.fsync(handle)
    finally:
        os.close(handle)
    try:
        # A link, not a rename: of two who make it at once the first one wins, and both use its key.
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
