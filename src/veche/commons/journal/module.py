"""The journal: the room's manifest. The worker calls `tasks.deliver_outbox` all the time, so it is no sweep."""

from veche.commons.journal.terms import SENTENCES
from veche.kernel.manifest import Access, Module, Sweep

MODULE = Module(
    name="journal",
    site_urls="veche.commons.journal.urls",
    api="veche.commons.journal.api.router",
    sweeps=(Sweep("veche.commons.journal.tasks.purge_deliveries", minutes=60 * 24),),
    permissions=(
        Access("journal:list", ("GET", "HEAD"), "PUBLIC"),
        Access("api:journal", ("GET",), "PUBLIC"),
    ),
    sentences=SENTENCES,
)
