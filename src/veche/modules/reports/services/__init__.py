"""Writes of reports: each in one transaction, each recorded."""

from veche.modules.reports.services.filing import (
    file_draft,
    file_report,
    join_instead,
    join_report,
    needed_level,
)
from veche.modules.reports.services.forgetting import forget_author
from veche.modules.reports.services.handing import assign_many, assign_report, family, hand_over_report
from veche.modules.reports.services.hiding import hide_photo, hide_report, show_report
from veche.modules.reports.services.importing import ImportResult, Reject, count_lines, import_reports
from veche.modules.reports.services.leaving import leave_report
from veche.modules.reports.services.listening import (
    follow_deadline,
    follow_filing,
    follow_handing_over,
    follow_hiding,
    follow_move,
    follow_showing,
)
from veche.modules.reports.services.loading import load
from veche.modules.reports.services.moving import (
    MOST_AT_ONCE,
    Outcome,
    move_many,
    move_report,
    route_report,
)
from veche.modules.reports.services.staffing import GIVEN, Post, appoint, give_role, take_role
from veche.modules.reports.services.takeover import PastReport, take_over

__all__ = [
    "GIVEN",
    "MOST_AT_ONCE",
    "ImportResult",
    "Outcome",
    "PastReport",
    "Post",
    "Reject",
    "appoint",
    "assign_many",
    "assign_report",
    "count_lines",
    "family",
    "file_draft",
    "file_report",
    "follow_deadline",
    "follow_filing",
    "follow_handing_over",
    "follow_hiding",
    "follow_move",
    "follow_showing",
    "forget_author",
    "give_role",
    "hand_over_report",
    "hide_photo",
    "hide_report",
    "import_reports",
    "join_instead",
    "join_report",
    "leave_report",
    "load",
    "move_many",
    "move_report",
    "needed_level",
    "route_report",
    "show_report",
    "take_over",
    "take_role",
]
