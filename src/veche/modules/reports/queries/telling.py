"""How the journal tells what happened to a report: by the sentence of the workflow, with the office's name."""

from uuid import UUID

from veche.commons.casework.terms import CaseMoved
from veche.commons.journal.terms import FactLine, Told
from veche.commons.offices import queries as offices
from veche.kernel.words import N_
from veche.modules.reports.terms import COURT, ERASED, WORKFLOW, ReportHidden

# Where a sentence names more than the office, the public fact does not hold the figure: the page of the report does.
_SHORTER = {
    "plan": N_("%(office)s planned the work."),
    "duplicate": N_("The same problem was reported earlier; that report goes on."),
}
_HIDDEN = {
    ERASED: N_(
        "The author of report %(number)s asked to be forgotten: the words are gone, the number stays."
    ),
    COURT: N_("Report %(number)s was hidden by order of a court: %(order)s."),
}
_SAYS = {line.verb: line.says for line in WORKFLOW.transitions if line.says} | _SHORTER


def tell(line: FactLine) -> Told | None:
    """The sentence of a step; None leaves the fact's own sentence."""
    if line.kind == ReportHidden.kind and line.body["reason"] in _HIDDEN:
        return Told(_HIDDEN[line.body["reason"]], line.body)
    says = _SAYS.get(line.body.get("verb", "")) if line.kind == CaseMoved.kind else None
    if says is None or line.city_id is None:
        return None
    if "%(office)s" not in says:
        return Told(says)
    raw = line.body.get("office_id")
    office = offices.directory(line.city_id).offices.get(UUID(raw)) if raw else None
    return Told(says, {"office": office.names}) if office else None
