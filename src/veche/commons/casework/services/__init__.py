"""Writes of casework: each in one transaction, each recorded."""

from veche.commons.casework.services.handing import MOST_AT_ONCE, assign, assign_many, hand_over
from veche.commons.casework.services.history import History, PastMove, write_histories
from veche.commons.casework.services.moving import Moved, move, open_case
from veche.commons.casework.services.sweeping import sweep_deadlines, sweep_pace
from veche.commons.casework.services.templates import (
    NewTemplate,
    delete_template,
    load_templates,
    save_template,
)

__all__ = [
    "MOST_AT_ONCE",
    "History",
    "Moved",
    "NewTemplate",
    "PastMove",
    "assign",
    "assign_many",
    "delete_template",
    "hand_over",
    "load_templates",
    "move",
    "open_case",
    "save_template",
    "sweep_deadlines",
    "sweep_pace",
    "write_histories",
]
