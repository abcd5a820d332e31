"""What of a fact enters the log: its public form, and commitments to what is private in it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from typing import Any
from uuid import UUID

from veche.commons.journal.rules.canonical import canonical, canonical_flat
from veche.kernel.refs import SubjectRef

VERSION = 1
SALT_SIZE = 32
_BLOCK = 64
_INNER, _OUTER = (bytes(octet ^ pad for octet in range(256)) for pad in (0x36, 0x5C))
_quoted = json.JSONEncoder(ensure_ascii=False).encode
_NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class LeafFact:
    """The public form of a fact. `private` holds commitments in hexadecimal, by the name of the field."""

    id: UUID
    kind: str
    ref: SubjectRef
    city_id: UUID | None
    at: datetime
    body: Mapping[str, Any]
    private: Mapping[str, str] = field(default_factory=lambda: _NOTHING)


def leaf_of(fact: LeafFact) -> bytes:
    """The entry of a fact in the log.

    Refuses: never; raises ValueError for what canonical JSON cannot hold.
    Source: RFC 8785.
    """
    form = {
        "at": moment(fact.at),
        "body": dict(fact.body),
        "city": str(fact.city_id) if fact.city_id else None,
        "id": str(fact.id),
        "kind": fact.kind,
        "private": dict(fact.private),
        "subject": str(fact.ref),
        "v": VERSION,
    }
    plain = all(type(value) in {str, int, bool, type(None), list} for value in fact.body.values())
    return canonical_flat(form) if plain else canonical(form)


def moment(at: datetime) -> str:
    """A moment as the log writes it: UTC to the microsecond.

    Refuses: never.
    """
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def salt_of(secret: bytes, name: str) -> bytes:
    """The salt of one field, out of the secret of its fact: who is shown one salt learns nothing of the others.

    Units: 32 bytes. Refuses: never.
    Source: RFC 7693, keyed hashing.
    """
    return blake2b(name.encode(), key=secret, digest_size=SALT_SIZE).digest()


def commitment(salt: bytes, name: str, value: Any) -> str:
    """What binds to a value without showing it, in hexadecimal.

    Refuses: never; raises ValueError for what canonical JSON cannot hold.
    Source: RFC 2104, RFC 8785.
    """
    written = _quoted(value).encode() if type(value) is str else canonical(value)
    message = name.encode() + b"\x00" + written
    # HMAC written out: the library's looks its algorithm up at every call, which costs filing more than the hashing.
    key = salt.ljust(_BLOCK, b"\x00")
    return sha256(key.translate(_OUTER) + sha256(key.translate(_INNER) + message).digest()).hexdigest()


def commitments(secret: bytes, values: Mapping[str, Any]) -> dict[str, str]:
    """The commitments to all private fields of a fact.

    Refuses: never.
    """
    return {name: commitment(salt_of(secret, name), name, value) for name, value in values.items()}
