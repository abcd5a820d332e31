"""The journal: the room's manifest. The worker calls `tasks.deliver_outbox` all the time, so it is no sweep."""

from veche.commons.journal import services
from veche.commons.journal.terms import ERASE_REASONS, FACTS, SENTENCES, ValuesErased
from veche.kernel.manifest import Access, Module, Sweep

_PUBLIC = ("about", "checkpoint", "tile", "find-receipt", "receipt", "receipt-json", "receipt-proof")

MODULE = Module(
    name="journal",
    site_urls="veche.commons.journal.urls",
    api="veche.commons.journal.api.router",
    sweeps=(Sweep("veche.commons.journal.tasks.purge_deliveries", minutes=60 * 24),),
    permissions=(
        Access("journal:list", ("GET", "HEAD"), "PUBLIC"),
        *(Access(f"journal:{name}", ("GET", "HEAD"), "PUBLIC") for name in _PUBLIC),
        Access("api:journal", ("GET",), "PUBLIC"),
        Access("api:journal-fact", ("GET",), "PUBLIC"),
    ),
    facts=FACTS,
    on={ValuesErased: services.destroy_key},
    words={"reason": ERASE_REASONS},
    sentences=SENTENCES,
)
