"""From what was typed to the words of reports."""

from veche.modules.reports.forms.filing import (
    BLANK,
    PURPOSE,
    category_of,
    check_details,
    check_email,
    check_where,
    new_report,
    place_chosen,
    point_of,
    typed_details,
    typed_what,
    typed_where,
)
from veche.modules.reports.forms.work import (
    Bulk,
    as_uuid,
    bulk_of,
    move_of,
    narrowed_by,
    work_filter_of,
    work_key_of,
    write_key,
)

__all__ = [
    "BLANK",
    "PURPOSE",
    "Bulk",
    "as_uuid",
    "bulk_of",
    "category_of",
    "check_details",
    "check_email",
    "check_where",
    "move_of",
    "narrowed_by",
    "new_report",
    "place_chosen",
    "point_of",
    "typed_details",
    "typed_what",
    "typed_where",
    "work_filter_of",
    "work_key_of",
    "write_key",
]
