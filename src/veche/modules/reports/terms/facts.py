"""The facts that follow from reports."""

from dataclasses import dataclass

from veche.kernel.facts import Fact
from veche.modules.reports.terms.workflow import Status


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiled(Fact):
    """A report was filed."""

    number: str
    category: str
    group: str
    place: str
    office: str = ""
    status: str = Status.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportJoined(Fact):
    """Another resident joined a report."""

    number: str
    supporters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLeft(Fact):
    """A resident who had joined a report took it back."""

    number: str
    supporters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHidden(Fact):
    """A moderator hid a report from the public. `reason` is a code of `HIDE_REASONS`, or `erased`.

    `role` says who did it, `order` names the order of a court.
    """

    number: str
    reason: str
    role: str = "moderator"
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShown(Fact):
    """A moderator showed a hidden report again."""

    number: str
    reason: str
    role: str = "moderator"
    order: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportsImported(Fact):
    """A file of reports from another system was taken in. `ref` names the city."""

    source: str
    rows: int
