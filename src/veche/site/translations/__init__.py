"""The texts of the house: collected from every room, checked, and compiled; without gettext of the system."""

from veche.site.translations.catalogues import Room, compile_all, extract_all, rooms
from veche.site.translations.checking import check_all

__all__ = ["Room", "check_all", "compile_all", "extract_all", "rooms"]
