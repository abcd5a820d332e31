"""Which keys are good, and what a call is known by."""

import re
from collections.abc import Iterable
from hashlib import sha256
from uuid import UUID

from veche.commons.once.terms import LONGEST_KEY
from veche.kernel.refusals import Refusal

_KEY = re.compile(rf"[!-~]{{1,{LONGEST_KEY}}}")


def key_of(raw: str | None) -> str | Refusal:
    """Read a key as its sender wrote it; the quotes of a structured header (RFC 8941) are no part of it.

    Units: none. Refuses: `once.key-missing`, `once.bad-key`.
    Source: draft-ietf-httpapi-idempotency-key-header.
    """
    key = (raw or "").strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not key:
        return Refusal("once.key-missing")
    return key if _KEY.fullmatch(key) else Refusal("once.bad-key", params={"longest": LONGEST_KEY})


def call_id(scope: str, key: str) -> UUID:
    """What a call is known by: half of SHA-256 over who calls and the key, so that the key itself is kept nowhere.

    Units: none. Refuses: never.
    """
    return UUID(bytes=digest_of((scope.encode(), key.encode()))[:16])


def digest_of(parts: Iterable[bytes]) -> bytes:
    """Digest parts so that no two lists of parts are taken for each other.

    Units: 32 octets of SHA-256. Refuses: never.
    """
    digest = sha256()
    for part in parts:
        digest.update(len(part).to_bytes(8, "big"))
        digest.update(part)
    return digest.digest()
