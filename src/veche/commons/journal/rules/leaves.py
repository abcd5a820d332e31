"""What of a fact enters the log: its public form, and commitments to what is private in it."""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b, sha256
from types import MappingProxyType
from typing import Any, NamedTuple
from uuid import UUID

from veche.commons.journal.rules.canonical import flat, quoted, written
from veche.kernel.refs import SubjectRef

VERSION = 1
SALT_SIZE = 32
_BLOCK = 64
_INNER, _OUTER = (bytes(octet ^ pad for octet in range(256)) for pad in (0x36, 0x5C))
_PLAIN = frozenset({str, int, bool, type(None), list})
_WITHOUT_ZONE = -len("+00:00")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class LeafFact(NamedTuple):
    """The public form of a fact. `private` holds commitments in hexadecimal, by the name of the field."""

    id: UUID
    kind: str
    ref: SubjectRef
    city_id: UUID | None
    at: datetime
    body: Mapping[str, Any] = _NOTHING
    private: Mapping[str, str] = _NOTHING


def leaf_of(fact: LeafFact) -> bytes:
    """The entry of a fact in the log.

    Refuses: never; raises ValueError for what canonical JSON cannot hold.
    Source: RFC 8785.
    """
    return leaf_with(fact, body=body_text(fact.body), private=private_text(fact.private))


def leaf_with(fact: LeafFact, *, body: str, private: str) -> bytes:
    """The entry of a fact whose body and commitments are written already: names stand in their order.

    Refuses: never.
    """
    city = f'"{fact.city_id!s}"' if fact.city_id else "null"
    return (
        f'{{"at":"{moment(fact.at)}","body":{body},"city":{city},"id":"{fact.id!s}","kind":{quoted(fact.kind)},'
        f'"private":{private},"subject":{quoted(str(fact.ref))},"v":{VERSION}}}'
    ).encode()


def body_text(body: Mapping[str, Any]) -> str:
    """The body of a fact in canonical JSON, as it stands in its leaf.

    Refuses: never; raises ValueError for what canonical JSON cannot hold.
    """
    return flat(body) if _PLAIN.issuperset(map(type, body.values())) else written(body)


def private_text(commitments: Mapping[str, str]) -> str:
    """The commitments of a fact in canonical JSON, as they stand in its leaf.

    Refuses: never.
    """
    return "{" + ",".join([f'{quoted(name)}:"{commitments[name]}"' for name in sorted(commitments)]) + "}"


def moment(at: datetime) -> str:
    """A moment as the log writes it: UTC to the microsecond.

    Refuses: never.
    """
    inside = at if at.tzinfo is UTC else at.astimezone(UTC)
    return inside.isoformat(timespec="microseconds")[:_WITHOUT_ZONE] + "Z"


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
    return committed(salt, name, written(value))


def committed(salt: bytes, name: str, text: str) -> str:
    """The same for a value that is written in canonical JSON already.

    Refuses: never.
    """
    # HMAC written out: the library's looks its algorithm up at every call, which costs filing more than the hashing.
    key = salt.ljust(_BLOCK, b"\0")
    inner = sha256(key.translate(_INNER) + f"{name}\0{text}".encode()).digest()
    return sha256(key.translate(_OUTER) + inner).hexdigest()


def commitments(secret: bytes, values: Mapping[str, Any]) -> dict[str, str]:
    """The commitments to all private fields of a fact.

    Refuses: never.
    """
    return {name: commitment(salt_of(secret, name), name, value) for name, value in values.items()}
