from urllib.parse import urlsplit

from django.apps import AppConfig
from django.conf import settings


class JournalConfig(AppConfig):
    name = "veche.commons.journal"
    label = "journal"

    def ready(self) -> None:
        """Equip this process; no folder and no key is made before it is needed."""
        from veche.commons.journal.adapters.folder import FolderStore
        from veche.commons.journal.adapters.keys import PostgresKeys, SqliteKeys
        from veche.commons.journal.adapters.log_key import KeyFile
        from veche.commons.journal.adapters.witness_line import HttpLine
        from veche.commons.journal.ports import EQUIPMENT

        config = settings.CONFIG
        parts = urlsplit(config.origin)
        EQUIPMENT.make_store = lambda: FolderStore(config.journal_folder)
        EQUIPMENT.make_ring = lambda: (
            PostgresKeys(config.keys_url)
            if config.keys_url
            else SqliteKeys(config.keys_folder / "people.sqlite3")
        )
        EQUIPMENT.make_key = lambda: KeyFile.at(config.keys_folder / "log.key", f"{parts.netloc}/journal")
        EQUIPMENT.make_line = HttpLine
        EQUIPMENT.delay_s = config.journal_delay_s
