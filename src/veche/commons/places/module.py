"""Places tell the house about themselves."""

from veche.commons.places.terms import CITY, SENTENCES, BoundariesLoaded, CityLoaded
from veche.kernel.manifest import Access, Module

_READ = ("GET", "HEAD")

MODULE = Module(
    name="places",
    kinds=(CITY,),
    urls="veche.commons.places.urls",
    api="veche.commons.places.api.router",
    facts=(CityLoaded, BoundariesLoaded),
    permissions=(
        Access("api:cities", ("GET",), "PUBLIC"),
        Access("api:places", ("GET",), "PUBLIC"),
        Access("places:ground", _READ, "PUBLIC"),
        Access("places:shapes", _READ, "PUBLIC"),
        Access("places:tile", _READ, "PUBLIC"),
    ),
    sentences=SENTENCES,
)
