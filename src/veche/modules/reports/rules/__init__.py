"""The rules of reports: who owes an answer, what may be filed, which reports look alike."""

from veche.modules.reports.rules.choosing import is_meant
from veche.modules.reports.rules.filing import check_answers, may_file, title_of
from veche.modules.reports.rules.following import may_join, roles_of
from veche.modules.reports.rules.gathering import gathered, spread
from veche.modules.reports.rules.hiding import check_order
from veche.modules.reports.rules.routing import route

__all__ = [
    "check_answers",
    "check_order",
    "gathered",
    "is_meant",
    "may_file",
    "may_join",
    "roles_of",
    "route",
    "spread",
    "title_of",
]
