"""Casework: the room's manifest."""

from veche.commons.casework.terms import FACTS, KIND_WORDS, ROLE_WORDS, SENTENCES, STAGE_WORDS
from veche.kernel.manifest import Module, Sweep

MODULE = Module(
    name="casework",
    facts=FACTS,
    sweeps=(
        Sweep("veche.commons.casework.tasks.sweep_deadlines", minutes=1),
        Sweep("veche.commons.casework.tasks.sweep_pace", minutes=60),
    ),
    words={"kind": KIND_WORDS, "stage": STAGE_WORDS, "role": ROLE_WORDS},
    forget="veche.commons.casework.services.forgetting.forget_person",
    sentences=SENTENCES,
)
