"""From what was typed to the words of reports."""

from veche.modules.reports.forms.work import (
    Bulk,
    as_uuid,
    bulk_of,
    move_of,
    work_filter_of,
    work_key_of,
    write_key,
)

__all__ = ["Bulk", "as_uuid", "bulk_of", "move_of", "work_filter_of", "work_key_of", "write_key"]
