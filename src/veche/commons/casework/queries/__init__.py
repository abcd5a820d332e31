"""Reads of casework: plain rows, each by an index."""

from veche.commons.casework.queries.cases import (
    CLOCK,
    STEP,
    case_by_id,
    case_by_subject,
    clocks_of,
    pace_of,
    private_of,
    private_steps_of,
    steps_of,
    templates_for,
)
from veche.commons.casework.queries.queues import (
    dispatcher_queue,
    key_of,
    office_counts,
    office_queue,
    overdue_count,
    waiting_for_dispatcher,
)

__all__ = [
    "CLOCK",
    "STEP",
    "case_by_id",
    "case_by_subject",
    "clocks_of",
    "dispatcher_queue",
    "key_of",
    "office_counts",
    "office_queue",
    "overdue_count",
    "pace_of",
    "private_of",
    "private_steps_of",
    "steps_of",
    "templates_for",
    "waiting_for_dispatcher",
]
