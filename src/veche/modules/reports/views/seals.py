"""Which steps of a report stand in the journal; each of them carries a seal that leads to its line."""

from collections.abc import Callable
from datetime import datetime

from veche.commons.journal import queries as journal
from veche.modules.reports.terms import ReportView

Seal = Callable[[datetime], str]


def seals_of(view: ReportView) -> Seal:
    """Answer the address of the lines about this report for the moment of a step; empty when no line was written.

    An act and its line are written in one transaction, so only reports from elsewhere have to be looked up: what
    happened to them there was one line for all of them, unless each step was written down.
    """
    address = f"/journal?subject={view.row.id}"
    if not view.source:
        return lambda _: address
    known = journal.moments_of(view.row.id)
    return lambda moment: address if moment in known else ""
