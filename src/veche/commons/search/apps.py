from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class SearchConfig(AppConfig):
    name = "veche.commons.search"
    label = "search"

    def ready(self) -> None:
        """Name the index of this node; it is opened with the first search and made by the first follower."""
        from veche.commons.search.adapters.on_disk import IndexOnDisk
        from veche.commons.search.ports import EQUIPMENT

        EQUIPMENT.index = IndexOnDisk(Path(settings.DATA_DIR) / "search")
