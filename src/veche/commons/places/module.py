"""Places tell the house about themselves."""

from veche.commons.places.terms import CITY, SENTENCES, BoundariesLoaded, CityLoaded
from veche.kernel.manifest import Access, Module

_READ = ("GET", "HEAD")

MODULE = Module(
    name="places",
    kinds=(CITY,),
    urls="veche.commons.places.urls",
    facts=(CityLoaded, BoundariesLoaded),
    permissions=(
        Access("places:ground", _READ, "PUBLIC"),
        Access("places:shapes", _READ, "PUBLIC"),
        Access("places:tile", _READ, "PUBLIC"),
    ),
    sentences=SENTENCES,
)
