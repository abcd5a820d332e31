"""Photographs: taken in, cleaned, re-encoded and served."""
