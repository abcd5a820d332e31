"""Media tells the house about itself."""

from veche.commons.media.terms import HIDE_REASONS, SENTENCES, PhotoHidden
from veche.kernel.manifest import Access, Module, Sweep

MODULE = Module(
    name="media",
    site_urls="veche.commons.media.urls",
    facts=(PhotoHidden,),
    sweeps=(Sweep("veche.commons.media.tasks.sweep_orphans", minutes=60),),
    permissions=(Access("media:photo", ("GET", "HEAD"), "PUBLIC"),),
    words={"reason": {code.value: words for code, words in HIDE_REASONS.items()}},
    forget="veche.commons.media.services.forget_person",
    sentences=SENTENCES,
)
