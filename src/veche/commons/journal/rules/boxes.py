"""Private fields of facts: committed to in public, readable only with the key of the person they are of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from veche.commons.journal.rules.canonical import quoted, written
from veche.commons.journal.rules.leaves import SALT_SIZE, committed, salt_of

_NONCE = 12
CHANCE = SALT_SIZE + _NONCE


class Sealed(NamedTuple):
    """Private values as they are kept: commitments for everybody, a box for who has the key. No box: no key."""

    commitments: Mapping[str, str]
    box: bytes | None


@dataclass(frozen=True, slots=True)
class Opened:
    """Private values, and the secret their salts come from."""

    secret: bytes
    values: Mapping[str, Any]


def seal(fact_id: UUID, values: Mapping[str, Any], key: bytes | None, chance: bytes) -> Sealed:
    """Commit to values and lock them away. Without a key, that of somebody erased, they can never be opened.

    Units: chance is `CHANCE` random bytes. Refuses: never; raises ValueError for what JSON cannot hold exactly.
    """
    secret, nonce = chance[:SALT_SIZE], chance[SALT_SIZE:]
    public, inside = {}, []
    for name, value in values.items():
        text = written(value)
        public[name] = committed(salt_of(secret, name), name, text)
        inside.append(f"{quoted(name)}:{text}")
    if key is None:
        return Sealed(public, None)
    plain = f'{{"secret":"{secret.hex()}","values":{{{",".join(inside)}}}}}'
    return Sealed(public, nonce + AESGCM(key).encrypt(nonce, plain.encode(), fact_id.bytes))


def opened(fact_id: UUID, box: bytes, key: bytes) -> Opened | None:
    """What a box holds; None when the key does not fit.

    Refuses: never. Source: NIST SP 800-38D.
    """
    try:
        plain = AESGCM(key).decrypt(box[:_NONCE], box[_NONCE:], fact_id.bytes)
    except InvalidTag:
        return None
    found = json.loads(plain)
    return Opened(bytes.fromhex(found["secret"]), found["values"])
