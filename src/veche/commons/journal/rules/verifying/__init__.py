"""Verifying a log from outside: pure judgement over what a deployment answers. No database, no settings, no Django."""
