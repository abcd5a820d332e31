"""What the queue runs for the site: the sweeps of the rooms' manifests."""

from django.utils import timezone
from django.utils.module_loading import import_string


def run_sweep(path: str) -> None:
    """Run one sweep with the moment it runs at. A sweep may be missed or repeated: it is written so."""
    import_string(path)(timezone.now())
