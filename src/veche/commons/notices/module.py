"""Notices, as the house sees them."""

from veche.commons.notices.terms import SENTENCES, LettersLetGo, LettersReleased
from veche.kernel.manifest import Access, Module, Sweep

MODULE = Module(
    name="notices",
    site_urls="veche.commons.notices.urls",
    facts=(LettersReleased, LettersLetGo),
    sweeps=(
        Sweep("veche.commons.notices.tasks.send_mail", minutes=1),
        Sweep("veche.commons.notices.tasks.purge_undelivered", minutes=60 * 24),
    ),
    permissions=(
        Access("notices:list", ("GET", "HEAD"), "SIGNED_IN"),
        Access("notices:open", ("GET", "HEAD"), "SIGNED_IN"),
        Access("notices:read-all", ("POST",), "SIGNED_IN"),
        Access("notices:mail", ("POST",), "SIGNED_IN"),
        Access("notices:unsubscribe", ("GET", "HEAD", "POST"), "PUBLIC"),
    ),
    forget="veche.commons.notices.services.forgetting.forget_person",
    sentences=SENTENCES,
)
