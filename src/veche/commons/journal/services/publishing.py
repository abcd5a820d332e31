"""Showing the log: the checkpoint the public sees, and the signatures of those who watch it."""

from collections.abc import Iterable
from functools import lru_cache

from veche.commons.journal.ports import EQUIPMENT, TileStore
from veche.commons.journal.rules import notes
from veche.commons.journal.rules.notes import Checkpoint, Note, Signature, Verifier
from veche.commons.journal.terms import LATEST, PUBLISHED, WitnessPolicy

_PATIENCE_S = 10.0


def verifier() -> Verifier:
    """The public half of the log's own key."""
    return Verifier(EQUIPMENT.key.name, EQUIPMENT.key.public)


def merge_delay_s() -> int:
    """How long a fact may wait for its place in the log. Units: seconds."""
    return EQUIPMENT.delay_s


def witness_policy() -> WitnessPolicy:
    """The witnesses the cities named, and how many of them are needed."""
    return EQUIPMENT.witnesses()


def witness_keys() -> list[Verifier]:
    """The keys of the witnesses the cities named; one that cannot be read counts as none."""
    found = (_key(one.key) for one in EQUIPMENT.witnesses().witnesses)
    return [key for key in found if key is not None]


def show_latest(store: TileStore) -> None:
    """Show the newest checkpoint, unless enough witnesses must have signed it first and have not.

    Refuses: never.
    """
    newest = noted(store, LATEST)
    if newest is not None:
        _show(store, newest)


def add_cosignatures(text: str, signatures: Iterable[Signature]) -> bool:
    """Put signatures of witnesses under a checkpoint, and show it when it has enough of them.

    Refuses: never; signatures that are false or of nobody known are left out. False when the log was busy for too long.
    """
    store = EQUIPMENT.store
    with store.alone(patience_s=_PATIENCE_S) as mine:
        if not mine:
            return False
        own = notes.signed(text, verifier(), EQUIPMENT.key)
        held = [
            note for note in (noted(store, LATEST), noted(store, PUBLISHED)) if note and note.text == text
        ]
        for note in held:
            own = own.with_signatures(note.signatures)
        more = Note(text, tuple(signatures))
        known = [
            signature for key in notes.cosigners(more, witness_keys()) if (signature := more.signed_by(key))
        ]
        cosigned = own.with_signatures(known)
        newest = noted(store, LATEST)
        if newest and newest.text == text:
            store.write({LATEST: str(cosigned).encode()})
        _show(store, cosigned)
        return True


def noted(store: TileStore, path: str) -> Note | None:
    """A signed note of the log; None before there is one.

    Refuses: never.
    """
    content = store.read(path)
    return Note.parse(content.decode()) if content else None


def _show(store: TileStore, note: Note) -> None:
    if len(notes.cosigners(note, witness_keys())) < EQUIPMENT.witnesses().needed:
        return
    shown = noted(store, PUBLISHED)
    if shown is not None:
        before, after = Checkpoint.parse(shown.text), Checkpoint.parse(note.text)
        if after.size < before.size and before.origin == after.origin:
            return
        if shown.text == note.text:
            note = note.with_signatures(shown.signatures)
            if str(note) == str(shown):
                return
    store.write({PUBLISHED: str(note).encode()})


@lru_cache(maxsize=64)
def _key(text: str) -> Verifier | None:
    try:
        return Verifier.parse(text)
    except ValueError:
        return None
