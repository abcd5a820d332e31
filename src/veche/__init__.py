"""Veche: one program with which people and their authorities solve things together."""
