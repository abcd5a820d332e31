"""Reads of places: cities, their territories, where a point lies, what the map counts and is drawn upon."""

from veche.commons.places.queries.cells import cells_in
from veche.commons.places.queries.cities import cities, city_by_code, city_by_id, forget
from veche.commons.places.queries.ground import ground_image, ground_shapes
from veche.commons.places.queries.tiles import Tile, tile
from veche.commons.places.queries.tree import chain, current_places, locate, outline_box, places_of

__all__ = [
    "Tile",
    "cells_in",
    "chain",
    "cities",
    "city_by_code",
    "city_by_id",
    "current_places",
    "forget",
    "ground_image",
    "ground_shapes",
    "locate",
    "outline_box",
    "places_of",
    "tile",
]
