"""Submissions, as the house sees them."""

from veche.commons.submissions.terms import DRAFT, SENTENCES, SUBMISSION
from veche.kernel.manifest import Module, Sweep

MODULE = Module(
    name="submissions",
    kinds=(SUBMISSION, DRAFT),
    sweeps=(Sweep("veche.commons.submissions.tasks.sweep_drafts", minutes=60),),
    forget="veche.commons.submissions.services.forgetting.forget_person",
    sentences=SENTENCES,
)
