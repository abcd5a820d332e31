"""Darkrooms and shelves."""
