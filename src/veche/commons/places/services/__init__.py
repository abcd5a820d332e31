"""Writes of places: cities and their borders out of packs and files, and the counters of the map."""

from veche.commons.places.services.borders import load_boundaries
from veche.commons.places.services.counters import apply_cell_changes, recount
from veche.commons.places.services.loading import load_city, touch_city

__all__ = ["apply_cell_changes", "load_boundaries", "load_city", "recount", "touch_city"]
