"""Lanterns, as the house sees them."""

from tests.toy_module import services
from tests.toy_module.terms import LANTERN, SENTENCES, LanternHung
from veche.kernel.manifest import Access, Module

MODULE = Module(
    name="toy_module",
    kinds=(LANTERN,),
    urls="tests.toy_module.urls",
    facts=(LanternHung,),
    on={LanternHung: services.count_lanterns},
    permissions=(Access("lanterns:list", ("GET", "HEAD"), "PUBLIC"),),
    sentences=SENTENCES,
)
