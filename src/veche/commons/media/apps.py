from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class MediaConfig(AppConfig):
    name = "veche.commons.media"
    label = "media"

    def ready(self) -> None:
        """Equip this process; nothing is started or written before the first photograph."""
        from veche.commons.media.adapters.darkroom import ProcessDarkroom
        from veche.commons.media.adapters.shelf import FolderShelf
        from veche.commons.media.ports import EQUIPMENT

        EQUIPMENT.darkroom = ProcessDarkroom()
        EQUIPMENT.shelf = FolderShelf(Path(settings.MEDIA_ROOT))
