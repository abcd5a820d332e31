"""The worker asks the witnesses of the log to cosign its checkpoints, each in a thread of its own.

One checkpoint is asked about at a time, until enough have signed it or nobody is left to wait for: then the newest.
"""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Lock, Thread

from django.db import DatabaseError, connections

from veche.commons.journal import queries
from veche.commons.journal import services as journal
from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.rules.asking import pause_s
from veche.commons.journal.rules.notes import Note, Signature, Verifier
from veche.commons.journal.terms import Standstill, Witness, WitnessState

# A little longer than a single answer may take.
ROUND_S = 6.0
log = logging.getLogger(__name__)


@dataclass
class _Round:
    """One checkpoint, since when it is asked about, and who has signed it."""

    note: Note
    since: float
    got: dict[str, Signature] = field(default_factory=dict)


class Witnesses:
    """Looks again and again whether a checkpoint lacks signatures."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._states: dict[str, WitnessState] | None = None
        self._asked: dict[str, Thread] = {}
        self._again: dict[str, float] = {}
        self._round: _Round | None = None

    def stroke(self, now: datetime, *, clock: float) -> int:
        """Ask whoever is to be asked; answers how many. `clock` is a steady count of seconds; nothing waits here."""
        try:
            policy, note = EQUIPMENT.witnesses(), journal.newest_checkpoint()
            if note is None or not policy.witnesses:
                return 0
            if self._states is None:
                self._states = queries.witness_states()
        except DatabaseError as error:
            log.warning("the witnesses wait for the database: %s", type(error).__name__)
            connections.close_all()
            return 0
        except OSError as error:
            log.warning("the witnesses wait for the disk: %s", type(error).__name__)
            return 0
        current = self._current(note, policy.needed, clock)
        due = [one for one in policy.witnesses if self._is_due(one, current, clock)]
        for one in due:
            self._begin(one, current, now, clock)
        return len(due)

    def join(self, seconds: float) -> None:
        """Wait for answers that are on their way."""
        for thread in list(self._asked.values()):
            thread.join(seconds)

    def _current(self, newest: Note, needed: int, clock: float) -> _Round:
        now = self._round
        if now is None or (now.note.text != newest.text and self._is_over(now, needed, clock)):
            now = self._round = _Round(newest, clock, _signed_by(newest))
        return now

    def _is_over(self, one: _Round, needed: int, clock: float) -> bool:
        if needed and len(one.got) >= needed:
            return True
        return clock - one.since > ROUND_S or not any(thread.is_alive() for thread in self._asked.values())

    def _is_due(self, witness: Witness, current: _Round, clock: float) -> bool:
        running = self._asked.get(witness.key)
        if witness.key in current.got or (running and running.is_alive()):
            return False
        return clock >= self._again.get(witness.key, clock)

    def _begin(self, witness: Witness, current: _Round, now: datetime, clock: float) -> None:
        thread = Thread(
            target=self._ask, args=(witness, current, now, clock), name=f"witness {witness.name}", daemon=True
        )
        self._asked[witness.key] = thread
        thread.start()

    def _ask(self, witness: Witness, current: _Round, now: datetime, clock: float) -> None:
        assert self._states is not None
        state = self._states.get(witness.key, WitnessState(witness.key))
        try:
            state, signature = journal.ask_witness(witness, current.note, state, now=now)
            if signature is not None:
                self._put(witness, current, signature)
        except (Standstill, OSError, DatabaseError, ValueError) as error:
            log.warning("a witness could not be asked: %s", type(error).__name__)
            state = replace(state, failures=state.failures + 1)
        finally:
            connections.close_all()
        self._again[witness.key] = clock + pause_s(state.failures)
        self._keep(state)

    def _put(self, witness: Witness, current: _Round, signature: Signature) -> None:
        with self._lock:
            current.got[witness.key] = signature
            signatures = list(current.got.values())
        if not journal.add_cosignatures(current.note.text, signatures):
            del current.got[witness.key]  # the log was busy: ask again, the witness signs again

    def _keep(self, state: WitnessState) -> None:
        assert self._states is not None
        with self._lock:
            if self._states.get(state.key) == state:
                return
            self._states[state.key] = state
            try:
                journal.keep_witness_states(self._states.values())
            except OSError as error:
                log.warning("how a witness stands could not be kept: %s", type(error).__name__)


def _signed_by(note: Note) -> dict[str, Signature]:
    """The signatures a checkpoint has already, when the worker was started anew."""
    found = {}
    for key in journal.witness_keys():
        if signature := _signature(note, key):
            found[str(key)] = signature
    return found


def _signature(note: Note, key: Verifier) -> Signature | None:
    try:
        return note.signed_by(key)
    except ValueError:
        return None
