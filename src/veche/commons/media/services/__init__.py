"""What is done with photographs: taken in, handed on, hidden and removed."""

from veche.commons.media.services.handing_on import (
    DRAFT_PHOTOS_STAY,
    ORPHANS_STAY,
    adopt,
    drop,
    drop_all,
    forget_person,
    hide,
    seal,
    sweep_orphans,
)
from veche.commons.media.services.taking_in import Batch, developing, keep_all, take_in

__all__ = [
    "DRAFT_PHOTOS_STAY",
    "ORPHANS_STAY",
    "Batch",
    "adopt",
    "developing",
    "drop",
    "drop_all",
    "forget_person",
    "hide",
    "keep_all",
    "seal",
    "sweep_orphans",
    "take_in",
]
