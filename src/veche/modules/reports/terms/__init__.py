"""The words of reports: statuses, the workflow table, what is filed, and the facts that follow."""

from veche.modules.reports.terms.facts import (
    ReportFiled,
    ReportHidden,
    ReportJoined,
    ReportLeft,
    ReportShown,
    ReportsImported,
)
from veche.modules.reports.terms.sentences import (
    SENTENCES,
)
from veche.modules.reports.terms.shapes import (
    AnswerKind,
    CategoryView,
    Cluster,
    CompetenceLine,
    Hiding,
    NewReport,
    Question,
    ReportFilter,
    ReportRow,
    ReportView,
    Route,
)
from veche.modules.reports.terms.workflow import (
    APPROXIMATE,
    COURT,
    DEMONSTRATION,
    ERASED,
    HIDE_REASONS,
    OPEN,
    REPORT,
    STATUS_WORDS,
    WORKFLOW,
    Status,
)

__all__ = [
    "APPROXIMATE",
    "COURT",
    "DEMONSTRATION",
    "ERASED",
    "HIDE_REASONS",
    "OPEN",
    "REPORT",
    "SENTENCES",
    "STATUS_WORDS",
    "WORKFLOW",
    "AnswerKind",
    "CategoryView",
    "Cluster",
    "CompetenceLine",
    "Hiding",
    "NewReport",
    "Question",
    "ReportFiled",
    "ReportFilter",
    "ReportHidden",
    "ReportJoined",
    "ReportLeft",
    "ReportRow",
    "ReportShown",
    "ReportView",
    "ReportsImported",
    "Route",
    "Status",
]
