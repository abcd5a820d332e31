"""Rules of places: borders out of centres, the place of a point, counters, and how a map is drawn. All pure."""

from veche.commons.places.rules.areas import Area, Border, Site, areas_of, cells_of, from_geojson, repaired
from veche.commons.places.rules.counting import Key, Tally, key_changes, roll_up
from veche.commons.places.rules.drawing import Outline, drawing, level_for, projected, simplified, to_geojson
from veche.commons.places.rules.frame import (
    Frame,
    box_of,
    box_text,
    frame_asked,
    frame_at,
    frame_of,
    point_of,
    tile_origin,
)
from veche.commons.places.rules.index import PlaceIndex
from veche.commons.places.rules.matching import Feature, features_of, matched

__all__ = [
    "Area",
    "Border",
    "Feature",
    "Frame",
    "Key",
    "Outline",
    "PlaceIndex",
    "Site",
    "Tally",
    "areas_of",
    "box_of",
    "box_text",
    "cells_of",
    "drawing",
    "features_of",
    "frame_asked",
    "frame_at",
    "frame_of",
    "from_geojson",
    "key_changes",
    "level_for",
    "matched",
    "point_of",
    "projected",
    "repaired",
    "roll_up",
    "simplified",
    "tile_origin",
    "to_geojson",
]
