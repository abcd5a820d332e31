"""Places tell the house about themselves."""

from veche.commons.places.terms import CITY, SENTENCES, BoundariesLoaded, CityLoaded
from veche.kernel.manifest import Module

MODULE = Module(
    name="places",
    kinds=(CITY,),
    facts=(CityLoaded, BoundariesLoaded),
    sentences=SENTENCES,
)
