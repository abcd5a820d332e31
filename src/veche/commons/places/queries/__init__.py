"""Reads of places: cities, their territories, where a point lies, what the map counts and is drawn upon."""

from veche.commons.places.queries.cells import cells_in
from veche.commons.places.queries.cities import cities, city_by_code, city_by_id, forget
from veche.commons.places.queries.tree import chain, current_places, locate, outline_box, places_of

__all__ = [
    "cells_in",
    "chain",
    "cities",
    "city_by_code",
    "city_by_id",
    "current_places",
    "forget",
    "locate",
    "outline_box",
    "places_of",
]
