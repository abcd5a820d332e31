"""Asking the witnesses of this log to cosign its checkpoints. Never in the way of the sequencer: it has its own thread.

All of them are asked for the same checkpoint, or a busy log would collect one signature under each of many.
"""

import json
import logging
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.queries.log import consistency
from veche.commons.journal.rules import asking, witnessing
from veche.commons.journal.rules.asking import Resume, Signed, Trouble
from veche.commons.journal.rules.notes import Checkpoint, Note, Signature, Verifier
from veche.commons.journal.services.publishing import noted
from veche.commons.journal.terms import (
    AHEAD,
    ALARMS,
    LATEST,
    UNCLEAR,
    UNREACHABLE,
    WITNESSED,
    Witness,
    WitnessState,
)

_TRIES = 3
log = logging.getLogger(__name__)


def newest_checkpoint() -> Note | None:
    """The newest checkpoint of our own, shown or not; None before there is one."""
    return noted(EQUIPMENT.store, LATEST)


def ask_witness(
    witness: Witness, note: Note, state: WitnessState, *, now: datetime
) -> tuple[WitnessState, Signature | None]:
    """Ask a witness to cosign a checkpoint, from the size it signed last; answers how it stands, and its signature.

    Units: now is UTC. Refuses: `Standstill` when our own tiles are lost; whatever the witness does is an answer.
    """
    key, checkpoint = Verifier.parse(witness.key), Checkpoint.parse(note.text)
    # Our own notes about it may be newer than the log, after a restore: only its own word is an alarm.
    size = min(state.size, checkpoint.size)
    outcome: Signed | Resume | Trouble = Resume(size)
    for _ in range(_TRIES):
        proof = consistency(size, checkpoint.size)
        reply = EQUIPMENT.line.add_checkpoint(witness.url, witnessing.written(size, proof, str(note)))
        outcome = asking.understood(reply, checkpoint, key, old=size) if reply else Trouble(UNREACHABLE)
        if not isinstance(outcome, Resume):
            break
        if outcome.size > checkpoint.size:
            return _longer(state, outcome.size, witness), None
        size = outcome.size
    if isinstance(outcome, Signed):
        return WitnessState(witness.key, checkpoint.size, now), outcome.signature
    code = outcome.code if isinstance(outcome, Trouble) else UNCLEAR
    return _troubled(state, code, witness), None


def keep_witness_states(states: Iterable[WitnessState]) -> None:
    """Keep how the witnesses stand, for the pages and for the next start."""
    kept = [
        {
            "key": one.key,
            "size": one.size,
            "signed_at": one.signed_at.isoformat() if one.signed_at else None,
            "trouble": one.trouble,
            "failures": one.failures,
        }
        for one in states
    ]
    EQUIPMENT.store.write({WITNESSED: json.dumps(kept).encode()})


def _longer(state: WitnessState, size: int, witness: Witness) -> WitnessState:
    """It has signed more than we asked about: either the log grew meanwhile, or it saw one that we do not have."""
    newest = newest_checkpoint()
    if newest is not None and Checkpoint.parse(newest.text).size >= size:
        return replace(state, size=size, trouble="", failures=0)
    return _troubled(state, AHEAD, witness)


def _troubled(state: WitnessState, code: str, witness: Witness) -> WitnessState:
    if code != state.trouble:
        name = Verifier.parse(witness.key).name
        level = logging.CRITICAL if code in ALARMS else logging.WARNING
        log.log(level, "the witness %s does not sign: %s", name, code)
    return replace(state, trouble=code, failures=state.failures + 1)
