"""The catalogues of rooms: `.po` files that people write, `.mo` files that the program reads."""

import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from veche.site.translations.collecting import collect

HOUSE = Path(__file__).resolve().parents[2]
LANGUAGES = ("ru",)
_WIDTH = 110
_NOISE = re.compile(
    r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By|Last-Translator|Language-Team|Project-Id-Version'
    r"|Report-Msgid-Bugs-To|MIME-Version|Content-Transfer-Encoding):.*\n",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Room:
    """A folder with texts of its own."""

    name: str
    folder: Path

    def po(self, language: str) -> Path:
        """Where its translations into a language are written."""
        return self.folder / "locale" / language / "LC_MESSAGES" / "django.po"


def rooms(house: Path = HOUSE) -> list[Room]:
    """Every room: the kernel, the site, and each app of the commons and the modules."""
    folders = [
        house / "kernel",
        house / "site",
        *sorted(house.glob("commons/*")),
        *sorted(house.glob("modules/*")),
    ]
    return [
        Room(".".join(folder.relative_to(house).parts), folder)
        for folder in folders
        if (folder / "__init__.py").is_file()
    ]


def load(path: Path, language: str) -> Catalog:
    """Read a catalogue; one that does not exist yet is empty."""
    if not path.is_file():
        return Catalog(locale=language, fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def extract_all(chosen: Iterable[Room]) -> int:
    """Bring the `.po` files of rooms up to date, keep every translation; answers how many files changed."""
    return sum(_extract(room, language) for room in chosen for language in LANGUAGES)


def compile_all(chosen: Iterable[Room]) -> int:
    """Compile what is newer than its `.mo`; answers how many files were written."""
    return sum(_compile(room.po(language), language) for room in chosen for language in LANGUAGES)


def _extract(room: Room, language: str) -> bool:
    template = collect(room.folder)
    path = room.po(language)
    if not len(template) and not path.is_file():
        return False
    catalogue = load(path, language)
    catalogue.update(template, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    catalogue.header_comment = f"# The words of {room.name}."
    catalogue.fuzzy = False
    buffer = io.BytesIO()
    write_po(buffer, catalogue, no_location=True, sort_output=True, ignore_obsolete=True, width=_WIDTH)
    # Dates and names of tools would change the file each time and tell nothing.
    text = _NOISE.sub("", buffer.getvalue().decode())
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return True


def _compile(source: Path, language: str) -> bool:
    target = source.with_suffix(".mo")
    if not source.is_file() or (target.is_file() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns):
        return False
    fresh = target.with_suffix(".new")
    with fresh.open("wb") as file:
        write_mo(file, load(source, language))
    fresh.replace(target)
    return True
