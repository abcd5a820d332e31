"""Reads of the witnesses: whom the cities named, and how each of them stands."""

import json
from datetime import datetime

from veche.commons.journal.ports import EQUIPMENT
from veche.commons.journal.terms import WITNESSED, Witness, WitnessState


def witness_states() -> dict[str, WitnessState]:
    """How the witnesses stood when they were asked last, by their keys."""
    try:
        kept = json.loads(EQUIPMENT.store.read(WITNESSED) or b"[]")
        return {one["key"]: _state(one) for one in kept}
    except (ValueError, KeyError, TypeError):
        return {}  # a file of another version; it is written anew with the next answer


def witnesses() -> list[tuple[Witness, WitnessState]]:
    """The witnesses the cities named, in their order, each with how it stands."""
    policy = EQUIPMENT.witnesses()
    states = witness_states() if policy.witnesses else {}
    return [(one, states.get(one.key, WitnessState(one.key))) for one in policy.witnesses]


def _state(kept: dict[str, str | int | None]) -> WitnessState:
    signed_at = kept["signed_at"]
    return WitnessState(
        key=str(kept["key"]),
        size=int(kept["size"] or 0),
        signed_at=datetime.fromisoformat(str(signed_at)) if signed_at else None,
        trouble=str(kept["trouble"]),
        failures=int(kept["failures"] or 0),
    )
