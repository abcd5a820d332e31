"""What the queue runs for the site: deliveries from the journal, and the sweeps of the rooms' manifests."""

from django.utils import timezone
from django.utils.module_loading import import_string

from veche.commons.journal.tasks import deliver_outbox
from veche.commons.search.tasks import follow_documents
from veche.site.alone import alone


def deliver() -> int:
    """Deliver what is due; then what was written into documents can be found at once on this node."""
    delivered = deliver_outbox()
    if delivered:
        follow_documents()
    return delivered


def run_sweep(path: str) -> None:
    """Run one sweep with the moment it runs at, unless it runs already.

    It may be missed or repeated: it is written so.
    """
    with alone(f"sweep {path}") as mine:
        if mine:
            import_string(path)(timezone.now())
