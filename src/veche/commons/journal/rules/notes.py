"""Signed notes, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature)."""

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Protocol, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from veche.commons.journal.rules.tree import HASH_SIZE, Hash

PLAIN, COSIGNING = 1, 4
MOST_SIGNATURES = 64
_MARK = "— "
_ID = 4
_DECIMAL = re.compile(r"0|[1-9]\d{0,18}")
_NAME = re.compile(r"[^\s+]+")
_CONTROLS = re.compile(r"[\x00-\x09\x0b-\x1f]")


class Signer(Protocol):
    """What signs: a private key of Ed25519."""

    def sign(self, data: bytes, /) -> bytes: ...  # noqa: D102 - as the library names it


@dataclass(frozen=True)
class Verifier:
    """The public half of a key that signs notes: its name, what it signs (`PLAIN`, `COSIGNING`), the 32 bytes."""

    name: str
    key: bytes
    kind: int = PLAIN

    @cached_property
    def id(self) -> bytes:
        """The four bytes by which a signature names its key."""
        return sha256(self.name.encode() + b"\n" + bytes((self.kind,)) + self.key).digest()[:_ID]

    @property
    def fingerprint(self) -> str:
        """What two people compare aloud: the SHA-256 of the key with its name, in groups."""
        digest = sha256(str(self).encode()).hexdigest()
        return " ".join(digest[at : at + 8] for at in range(0, len(digest), 8))

    @staticmethod
    def is_name(text: str) -> bool:
        """Whether a key may have this name."""
        return bool(_NAME.fullmatch(text))

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{b64encode(bytes((self.kind,)) + self.key).decode()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `name+id+key`.

        Refuses: never; raises ValueError when the text is no such key.
        """
        parts = text.strip().split("+", 2)
        if len(parts) != 3 or not _NAME.fullmatch(parts[0]):
            raise ValueError("a verifier key reads name+id+key")
        try:
            raw = b64decode(parts[2], validate=True)
        except Base64Error as error:
            raise ValueError("the key is no base64") from error
        if (
            len(raw) != 1 + HASH_SIZE
            or raw[0] not in {PLAIN, COSIGNING}
            or b64encode(raw).decode() != parts[2]
        ):
            raise ValueError("the key is no Ed25519 key of a log or a witness")
        found = cls(parts[0], raw[1:], raw[0])
        if found.id.hex() != parts[1]:
            raise ValueError("the key does not belong to its name and id")
        return found


@dataclass(frozen=True, slots=True)
class Signature:
    """One line under a note: the key's name and id, and what it signed with."""

    name: str
    id: bytes
    content: bytes

    def __str__(self) -> str:
        return _line(self.name, self.id + self.content)

    @property
    def signed_at(self) -> int:
        """When a witness signed. Units: seconds since 1970."""
        return int.from_bytes(self.content[:8], "big")


@dataclass(frozen=True, slots=True)
class Note:
    """A text that ends in a line end, and the signatures under it."""

    text: str
    signatures: tuple[Signature, ...] = ()

    def __str__(self) -> str:
        return self.text + "\n" + "".join(map(str, self.signatures))

    @classmethod
    def parse(cls, content: str) -> Self:
        """Read a note.

        Refuses: never; raises ValueError when it is none.
        """
        text, separator, lines = content.rpartition("\n\n")
        if not separator or not lines.endswith("\n") or _CONTROLS.search(content):
            raise ValueError("this is no signed note")
        signatures = tuple(map(signature_of, lines[:-1].split("\n")))
        if len(signatures) > MOST_SIGNATURES:
            raise ValueError("the note has too many signatures")
        return cls(text + "\n", signatures)

    def signed_by(self, key: Verifier) -> Signature | None:
        """The signature of a key under this note, if it is there and true. A false one raises ValueError."""
        for one in self.signatures:
            if one.name == key.name and one.id == key.id:
                if not _is_true(one, self.text, key):
                    raise ValueError(f"the signature of {key.name} is false")
                return one
        return None

    def with_signatures(self, more: Iterable[Signature]) -> "Note":
        """The note with more signatures; a key signs once, its last signature counts."""
        kept = {(one.name, one.id): one for one in (*self.signatures, *more)}
        return Note(self.text, tuple(kept.values()))


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: who it is, how many leaves it has, and its root."""

    origin: str
    size: int
    root: Hash

    @property
    def text(self) -> str:
        """The text of the note."""
        return f"{self.origin}\n{self.size}\n{encoded(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the text of a checkpoint; lines after the third are extensions and change nothing.

        Refuses: never; raises ValueError when it is none.
        """
        lines = text.split("\n")
        if len(lines) < 4 or not lines[0] or not _DECIMAL.fullmatch(lines[1]):
            raise ValueError("this is no checkpoint")
        return cls(lines[0], int(lines[1]), hash_of(lines[2]))


def encoded(one: Hash) -> str:
    """A hash in base64. Refuses: never."""
    return b64encode(one).decode()


def hash_of(text: str) -> Hash:
    """Read a hash in base64.

    Refuses: never; raises ValueError when it is none.
    """
    try:
        found = b64decode(text, validate=True)
    except (Base64Error, ValueError) as error:
        raise ValueError("this is no hash in base64") from error
    if len(found) != HASH_SIZE or b64encode(found).decode() != text:
        raise ValueError("this is no hash in base64")
    return found


def signature_of(line: str) -> Signature:
    """Read one line of signature, without its line end.

    Refuses: never; raises ValueError when it is none.
    """
    name, separator, encoded = line.removeprefix(_MARK).partition(" ")
    if not line.startswith(_MARK) or not separator or not _NAME.fullmatch(name):
        raise ValueError("this is no line of signature")
    try:
        raw = b64decode(encoded, validate=True)
    except (Base64Error, ValueError) as error:
        raise ValueError("the signature is no base64") from error
    if len(raw) <= _ID or b64encode(raw).decode() != encoded:  # of the last letter some bits say nothing
        raise ValueError("the signature is too short, or written in another way than it should be")
    return Signature(name, raw[:_ID], raw[_ID:])


def signed(text: str, key: Verifier, signer: Signer) -> Note:
    """Sign a text as a note.

    Refuses: never.
    Source: C2SP signed-note.
    """
    return Note(text, (Signature(key.name, key.id, signer.sign(text.encode())),))


def signed_text(text: str, key: Verifier, signer: Signer) -> str:
    """The same note as it is written, without its parts: filing waits for it.

    Refuses: never.
    Source: C2SP signed-note.
    """
    return f"{text}\n{_line(key.name, key.id + signer.sign(text.encode()))}"


def cosigned(text: str, key: Verifier, signer: Signer, *, at: int) -> Signature:
    """Sign a checkpoint as a witness does, with the time.

    Units: at is seconds since 1970. Refuses: never.
    Source: C2SP tlog-cosignature.
    """
    return Signature(key.name, key.id, at.to_bytes(8, "big") + signer.sign(_cosigned_text(at, text)))


def cosigners(note: Note, witnesses: Sequence[Verifier]) -> list[Verifier]:
    """Which of the witnesses have signed a checkpoint. A false signature counts as none.

    Refuses: never.
    Source: C2SP tlog-cosignature.
    """
    return [key for key in witnesses if _has_signed(note, key)]


def _line(name: str, content: bytes) -> str:
    return f"{_MARK}{name} {b64encode(content).decode()}\n"


def _has_signed(note: Note, key: Verifier) -> bool:
    try:
        return note.signed_by(key) is not None
    except ValueError:
        return False


def _is_true(one: Signature, text: str, key: Verifier) -> bool:
    message, content = text.encode(), one.content
    if key.kind == COSIGNING:
        message, content = _cosigned_text(one.signed_at, text), content[8:]
    try:
        Ed25519PublicKey.from_public_bytes(key.key).verify(content, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def _cosigned_text(at: int, text: str) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
