"""Takes a whole city pack over: the commons first, then each module that asked for it in its manifest."""

from datetime import datetime

from django.db import transaction
from django.utils.module_loading import import_string

from veche.commons.offices import services as offices
from veche.commons.places import services as places
from veche.commons.places.models import City
from veche.kernel.pack import Pack
from veche.site import wiring


@transaction.atomic
def load_pack(pack: Pack, *, now: datetime, demo: bool = False) -> City:
    """Load a pack, or load it again after it changed: all of it or, where something refuses, nothing.

    Refuses: what the rooms refuse.
    """
    city = places.load_city(pack, now=now, demo=demo)
    offices.load_offices(pack, city, now)
    for path in wiring.loaders():
        import_string(path)(pack, city, now)
    return city
