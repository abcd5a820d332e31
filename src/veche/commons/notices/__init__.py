"""Telling people what happened, in the cabinet and by mail."""
