"""Pages of the journal: the list, the log for programs, receipts."""

from veche.commons.journal.views.listing import journal
from veche.commons.journal.views.log import about, checkpoint, tile
from veche.commons.journal.views.receipts import find, receipt, receipt_json, receipt_proof

__all__ = ["about", "checkpoint", "find", "journal", "receipt", "receipt_json", "receipt_proof", "tile"]
