"""What is done once, as the house sees it."""

from veche.commons.once.terms import SENTENCES
from veche.kernel.manifest import Module, Sweep

MODULE = Module(
    name="once",
    sweeps=(Sweep("veche.commons.once.tasks.sweep_answers", minutes=60),),
    sentences=SENTENCES,
    forget="veche.commons.once.services.forget_person",
)
