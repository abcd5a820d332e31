"""Tells which texts lack a good translation."""

import re
from collections.abc import Iterable, Iterator

from babel.messages.catalog import Catalog, Message

from veche.site.translations.catalogues import LANGUAGES, Room, load
from veche.site.translations.collecting import collect

_SLOT = re.compile(r"%\((\w+)\)[a-z]")


def check_all(chosen: Iterable[Room]) -> list[str]:
    """One line for each flaw of each room; empty when everything is translated well."""
    chosen = list(chosen)
    return [
        flaw for language in LANGUAGES for flaw in (*_flaws(chosen, language), *_quarrels(chosen, language))
    ]


def _flaws(chosen: list[Room], language: str) -> Iterator[str]:
    for room in chosen:
        wanted = collect(room.folder)
        written = load(room.po(language), language)
        for text in _about_room(wanted, written):
            yield f"{room.name} [{language}]: {text}"


def _about_room(wanted: Catalog, written: Catalog) -> Iterator[str]:
    for message in _texts(wanted):
        found = written.get(message.id, message.context)
        if found is None:
            yield f"not in the .po file: {_quoted(message)}"
        else:
            yield from _about_text(found, written.num_plurals)
    known = {_key(message) for message in _texts(wanted)}
    for message in _texts(written):
        if _key(message) not in known:
            yield f"no longer used: {_quoted(message)}"
    if written.obsolete:
        yield f"{len(written.obsolete)} obsolete texts stand at the end of the file"


def _about_text(message: Message, plurals: int) -> Iterator[str]:
    if message.fuzzy:
        yield f"marked fuzzy: {_quoted(message)}"
    forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
    wanted_forms = plurals if message.pluralizable else 1
    if len(forms) != wanted_forms or not all(forms):
        yield f"not translated{' in every plural form' if message.pluralizable else ''}: {_quoted(message)}"
        return
    slots = _slots(message.id[-1] if message.pluralizable else message.id)
    for form in forms:
        if _slots(form) != slots:
            yield f"its figures differ from those of the translation: {_quoted(message)}"


def _quarrels(chosen: list[Room], language: str) -> Iterator[str]:
    """Django merges all catalogues into one: the same text must be translated alike everywhere."""
    first: dict[object, tuple[str, object]] = {}
    for room in chosen:
        for message in _texts(load(room.po(language), language)):
            known = first.setdefault(_key(message), (room.name, message.string))
            if known[1] != message.string:
                yield f"{room.name} [{language}]: translated otherwise in {known[0]}: {_quoted(message)}"


def _slots(text: object) -> set[str]:
    return set(_SLOT.findall(str(text)))


def _texts(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _key(message: Message) -> tuple[str, str]:
    return message.context or "", str(message.id[0] if message.pluralizable else message.id)


def _quoted(message: Message) -> str:
    text = _key(message)[1]
    return f"“{text if len(text) < 90 else text[:88] + '…'}”"
