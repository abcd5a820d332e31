"""How the journal tells what happened to a report: by the sentence of the workflow, with the office's name."""

from uuid import UUID

from veche.commons.casework.terms import CaseMoved
from veche.commons.journal.terms import FactLine, Told
from veche.commons.offices import queries as offices
from veche.modules.reports.terms import WORKFLOW

# Sentences that name more than the office need figures which the public fact does not hold.
_SAYS = {
    line.verb: line.says
    for line in WORKFLOW.transitions
    if line.says and "%(date)s" not in line.says and "%(number)s" not in line.says
}


def tell(line: FactLine) -> Told | None:
    """The sentence of a step; None leaves the fact's own sentence."""
    says = _SAYS.get(line.body.get("verb", "")) if line.kind == CaseMoved.kind else None
    if says is None or line.city_id is None:
        return None
    if "%(office)s" not in says:
        return Told(says)
    raw = line.body.get("office_id")
    office = offices.directory(line.city_id).offices.get(UUID(raw)) if raw else None
    return Told(says, {"office": office.names}) if office else None
