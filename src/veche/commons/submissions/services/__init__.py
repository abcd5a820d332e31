"""What people do with submissions: hand in, join, leave, and keep a draft."""

from veche.commons.submissions.services.drafts import (
    ask_confirmation,
    draft_by_confirmation,
    draft_for,
    find_draft,
    finish,
    hold,
    keep,
    new_token,
    sweep_drafts,
    throw_away,
)
from veche.commons.submissions.services.handing_in import (
    Received,
    join,
    leave,
    receive,
    receive_many,
    received_before,
    take,
)

__all__ = [
    "Received",
    "ask_confirmation",
    "draft_by_confirmation",
    "draft_for",
    "find_draft",
    "finish",
    "hold",
    "join",
    "keep",
    "leave",
    "new_token",
    "receive",
    "receive_many",
    "received_before",
    "sweep_drafts",
    "take",
    "throw_away",
]
