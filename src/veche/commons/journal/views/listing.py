"""The public list of facts."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext

from veche.commons.journal import queries, services
from veche.commons.journal.forms import filter_of
from veche.commons.journal.rules import notes
from veche.commons.journal.rules.receipts import code_of
from veche.commons.journal.terms import WITNESS_TROUBLES, CityChoice, FactLine, Told
from veche.kernel.words import in_language


class Entry(NamedTuple):
    """One line of the page."""

    id: UUID
    at: datetime
    says: str
    address: str
    number: str
    city: CityChoice | None
    code: str


def journal(request: HttpRequest) -> HttpResponse:
    """What happened, newest first."""
    chosen = filter_of(request.GET)
    lines = queries.facts_page(
        city_id=chosen.city.id if chosen.city else None,
        kind=chosen.kind or None,
        subject_id=chosen.subject_id,
        before=chosen.before,
        limit=queries.PAGE + 1,
    )
    shown = lines[: queries.PAGE]
    older = chosen.address(before=shown[-1].id) if len(lines) > queries.PAGE else ""
    page = {
        "entries": entries(shown),
        "chosen": chosen,
        "cities": services.cities(),
        "kinds": _kinds(),
        "older": older,
        "log": log_state(),
        "newest": chosen.address() if chosen.before else "",
    }
    return render(request, "journal/journal.html", page)


def log_state() -> dict[str, object]:
    """The log as the page tells of it: its signed state, who has seen it, what waits, what is wrong."""
    shown, state, policy = queries.published(), queries.sequencer_state(), services.witness_policy()
    seen = {str(key) for key in notes.cosigners(shown[1], services.witness_keys())} if shown else set()
    return {
        "checkpoint": shown[0] if shown else None,
        "root": b64encode(shown[0].root).decode() if shown else "",
        "waiting": state.waiting,
        "trouble": state.trouble,
        "delay_s": services.merge_delay_s(),
        "needed": policy.needed,
        "refused_by": state.refused_by,
        "witnesses": [
            {
                "name": one.name,
                "signed": one.key in seen,
                "alarm": stands.alarm,
                "trouble": WITNESS_TROUBLES.get(stands.trouble, ""),
            }
            for one, stands in queries.witnesses()
        ],
    }


def entries(lines: Iterable[FactLine]) -> list[Entry]:
    """Facts as sentences in the language in force, each with the address of what it is about."""
    lines = list(lines)
    addresses = services.addresses_of(line.ref for line in lines)
    cities = {one.id: one for one in services.cities()}
    found = []
    for line in lines:
        says, address = say(services.told(line)), addresses.get(line.ref, "")
        city = cities.get(line.city_id) if line.city_id else None
        found.append(Entry(line.id, line.at, says, address, _number(address, says), city, code_of(line.id)))
    return found


def say(told: Told) -> str:
    """A sentence in the language in force; codes are said in words where somebody gave words for them."""
    if not told.sentence:
        return gettext("Something happened that this version has no words for.")
    figures = {key: _figure(key, value) for key, value in told.params.items()}
    return gettext(told.sentence) % _Figures(figures)


def _figure(field: str, value: object) -> object:
    if isinstance(value, Mapping):
        return in_language(value, get_language() or "")
    if not isinstance(value, str) or not value:
        return value
    word = services.word_of(field, value)
    return gettext(word) if word != value else value


def _number(address: str, says: str) -> str:
    """The number of a matter, at which its address ends; empty where the sentence names it already."""
    number = address.rpartition("/")[2]
    return "" if number in says else number


def _kinds() -> list[tuple[str, str]]:
    """The kinds that have words of their own, sorted as people read them."""
    named = ((kind, services.word_of("kind", kind)) for kind in services.known_kinds())
    return sorted(((kind, gettext(words)) for kind, words in named if words != kind), key=lambda one: one[1])


class _Figures(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "–"
