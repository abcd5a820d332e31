"""Receipts: what a file proves by itself, and whether the log keeps what it promises."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from veche.commons.journal.rules import tree
from veche.commons.journal.rules.leaves import commitment
from veche.commons.journal.rules.notes import Checkpoint, Note, Verifier, hash_of
from veche.commons.journal.rules.receipts import Promise, code_of
from veche.commons.journal.rules.tiles import WIDTH, Tile, nodes, width_at
from veche.commons.journal.rules.tree import Hash
from veche.commons.journal.rules.verifying.findings import Finding, noted, proven, told, wrong
from veche.commons.journal.rules.verifying.lines import GRACE, Lines, fact_of
from veche.commons.journal.rules.verifying.remote import Absent, RemoteTiles
from veche.kernel.ids import made_at

_MALFORMED = (KeyError, TypeError, AttributeError, OverflowError)


@dataclass(frozen=True, slots=True)
class Proven:
    """What a receipt proves by itself: a fact, the promise to log it and, later, its place in the log."""

    file: str
    key: Verifier
    fact: Mapping[str, Any]
    leaf: Hash
    promise: Promise
    note: str
    position: int | None = None
    checkpoint: str = ""

    @property
    def code(self) -> str:
        """The code under which it is found again."""
        return code_of(self.promise.fact_id)

    @property
    def due_at(self) -> datetime:
        """When it must stand in the log at the latest, with some grace for clocks."""
        return _moment(self.promise.at) + timedelta(seconds=self.promise.delay_s) + GRACE


def check_receipt(file: str, content: bytes, trusted: Verifier | None) -> tuple[Proven | None, list[Finding]]:
    """What a receipt proves without asking anybody; `trusted` is the key of the log, where it is known.

    Refuses: never.
    Source: docs/journal.md; RFC 6962, section 2.1.1; C2SP signed-note.
    """
    try:
        receipt = json.loads(content)
        key = Verifier.parse(receipt["key"])
        entry, leaf = b64decode(receipt["entry"], validate=True), hash_of(receipt["leaf_hash"])
        promise_note = Note.parse(receipt["promise"])
        promise = Promise.parse(promise_note.text)
        openings = dict(receipt["openings"])
    except (*_MALFORMED, ValueError, RecursionError) as error:
        return None, [wrong("receipt.unreadable", file=file, why=str(error) or "it is no JSON")]
    if trusted is not None and (trusted.name, trusted.key) != (key.name, key.key):
        return None, [wrong("receipt.foreign-key", file=file, found=key, expected=trusted)]
    found = Proven(
        file, key, {}, leaf, promise, receipt["promise"], receipt["position"], receipt["checkpoint"]
    )
    try:
        fact = _promised(receipt, entry, promise_note, promise, key)
        size = _included(receipt, leaf, key)
        _opened(openings, fact)
    except (*_MALFORMED, ValueError) as error:
        return None, [wrong("receipt.altered", file=file, why=error)]
    found = Proven(file, key, fact, leaf, promise, found.note, found.position, found.checkpoint)
    return found, _told(found, size, openings, trusted)


def check_standing(
    found: Proven, tiles: RemoteTiles, checkpoint: Checkpoint, *, lines: Lines, served: object, now: datetime
) -> list[Finding]:
    """Whether the line of a receipt stands in the log that is shown now.

    `served` is what the deployment answers to the code; it is only a hint where to look. Refuses: never.
    """
    hint = served.get("position") if isinstance(served, Mapping) else None
    for place in (found.position, hint, lines.place_of(found.leaf)):
        if isinstance(place, int) and _stands(found.leaf, place, tiles, checkpoint):
            return [proven("receipt.there", file=found.file, line=place + 1, size=checkpoint.size)]
    if found.position is not None:
        return [
            wrong(
                "receipt.gone",
                file=found.file,
                line=found.position + 1,
                evidence=(found.checkpoint, found.note),
            )
        ]
    place = None if lines.are_all(checkpoint.size) else _searched(found.leaf, tiles)
    if place is not None and _stands(found.leaf, place, tiles, checkpoint):
        return [proven("receipt.there", file=found.file, line=place + 1, size=checkpoint.size)]
    if now <= found.due_at:
        return [noted("receipt.waits", file=found.file, until=told(found.due_at))]
    at = told(_moment(found.promise.at))
    return [
        wrong("receipt.missing", file=found.file, at=at, until=told(found.due_at), evidence=(found.note,))
    ]


def _promised(
    receipt: Mapping[str, Any], entry: bytes, note: Note, promise: Promise, key: Verifier
) -> Mapping[str, Any]:
    if not note.signed_by(key):
        raise ValueError("the promise is not signed with the key of the log")
    fact = fact_of(entry)
    same = (
        (tree.leaf_hash(entry) == hash_of(receipt["leaf_hash"]), "the line does not have the fingerprint"),
        (promise.leaf == tree.leaf_hash(entry), "another line was promised"),
        (promise.origin == key.name == receipt["origin"], "another log promised it"),
        (promise.fact_id == UUID(fact["id"]), "another fact was promised"),
        (receipt["fact"] == fact, "the fact shown is not that of the line"),
        (receipt["code"] == code_of(promise.fact_id), "the code belongs to another fact"),
        (abs(_moment(promise.at) - made_at(promise.fact_id)) < GRACE, "the promise is of another time"),
    )
    for holds, why in same:
        if not holds:
            raise ValueError(why)
    return fact


def _included(receipt: Mapping[str, Any], leaf: Hash, key: Verifier) -> int:
    """The size of the log under which the line is proven; 0 when there is only the promise."""
    place = receipt["position"]
    if place is None:
        if receipt["proof"] or receipt["checkpoint"]:
            raise ValueError("there is a proof without a place")
        return 0
    note = Note.parse(receipt["checkpoint"])
    if not note.signed_by(key):
        raise ValueError("the checkpoint is not signed with the key of the log")
    checkpoint = Checkpoint.parse(note.text)
    if checkpoint.origin != key.name:
        raise ValueError("the checkpoint is of another log")
    proof = [hash_of(one) for one in receipt["proof"]]
    if type(place) is not int or not tree.includes(leaf, place, checkpoint.size, proof, checkpoint.root):
        raise ValueError("the proof does not lead from the line to the root")
    return checkpoint.size


def _opened(openings: Mapping[str, Any], fact: Mapping[str, Any]) -> None:
    for name, one in openings.items():
        salt = b64decode(one["salt"], validate=True)
        if commitment(salt, name, one["value"]) != fact["private"].get(name):
            raise ValueError(f"what is shown as {name} is not what was committed to")


def _told(found: Proven, size: int, openings: Mapping[str, Any], trusted: Verifier | None) -> list[Finding]:
    fact = found.fact
    said = [
        proven(
            "receipt.promised",
            file=found.file,
            origin=found.key.name,
            at=told(_moment(found.promise.at)),
            kind=fact["kind"],
            subject=fact["subject"],
            code=found.code,
        )
    ]
    if found.position is not None:
        said.append(proven("receipt.included", file=found.file, line=found.position + 1, size=size))
    if openings:
        said.append(proven("receipt.opened", file=found.file, names=", ".join(sorted(openings))))
    if trusted is None:
        said.append(noted("receipt.key-taken-on-trust", file=found.file, key=found.key))
    return said


def _stands(leaf: Hash, place: int, tiles: RemoteTiles, checkpoint: Checkpoint) -> bool:
    """Whether a line stands at a place: proven up to the signed root, and its words are served too."""
    if not 0 <= place < checkpoint.size:
        return False
    try:
        proof = tree.inclusion_proof(place, checkpoint.size, nodes(tiles.hashes, checkpoint.size))
        served = tree.leaf_hash(tiles.entry(place)) == leaf
    except Absent:
        return False
    return served and tree.includes(leaf, place, checkpoint.size, proof, checkpoint.root)


def _searched(leaf: Hash, tiles: RemoteTiles) -> int | None:
    """Look through all hashes, the newest first: whoever hid a line would not say where it is."""
    for index in range(-(-tiles.size // WIDTH) - 1, -1, -1):
        try:
            hashes = tiles.hashes(Tile(0, index, width_at(tiles.size, 0, index)))
        except Absent:
            continue
        if leaf in hashes:
            return index * WIDTH + list(hashes).index(leaf)
    return None


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a moment without its zone")
    return found.astimezone(UTC)
