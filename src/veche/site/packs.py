"""Takes a whole city pack over: the commons first, then each module that asked for it in its manifest."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from veche.commons.journal import services as journal
from veche.commons.offices import services as offices
from veche.commons.places import services as places
from veche.commons.places.models import City
from veche.kernel.pack import Pack
from veche.kernel.refusals import Refusal, Refused
from veche.site import wiring

_MARK = "city.toml"


def find(name: str) -> Path:
    """The folder of a pack: the path itself, or a pack of that name in a folder of packs.

    Refuses: `pack.no-folder`.
    """
    for folder in (Path(name), *settings.CITY_DIRS, *(parent / name for parent in settings.CITY_DIRS)):
        if (folder / _MARK).is_file() and (folder.name == name or folder == Path(name)):
            return folder
    raise Refused(Refusal("pack.no-folder", "", {"file": name, "place": ""}))


def demonstration() -> Path:
    """The pack a demonstration shows: the operator's own where VECHE_CITY_DIR is one, else Perm."""
    own: Path | None = settings.CONFIG.city_dir
    return own if own and (own / _MARK).is_file() else find("perm")


@transaction.atomic
def load_pack(pack: Pack, *, now: datetime, demo: bool = False) -> City:
    """Load a pack, or load it again after it changed: all of it or, where something refuses, nothing.

    Refuses: what the rooms refuse.
    """
    city = places.load_city(pack, now=now, demo=demo, record=journal.record)
    offices.load_offices(pack, city, now)
    for path in wiring.loaders():
        import_string(path)(pack, city, now)
    city.refresh_from_db()
    return city
