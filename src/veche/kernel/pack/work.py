"""Reads offices.toml, competences.toml, law.toml, reasons.toml, templates.toml."""

import re
from collections.abc import Collection
from pathlib import Path

from veche.kernel.pack.section import SHORT_CODE, Problems, Section
from veche.kernel.pack.shapes import (
    CHANNELS,
    OFFICE_KINDS,
    REASON_LISTS,
    WEEKDAYS,
    PackCompetence,
    PackOffice,
    PackTerm,
    Reason,
    Template,
)
from veche.kernel.pack.town import tree_of
from veche.kernel.terms import DayKind, Source, Term

_HOURS = re.compile(r"([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONGEST_TERM = 1000


def read_offices(folder: Path, problems: Problems) -> tuple[PackOffice, ...]:
    """Read offices.toml."""
    file = problems.toml(folder, "offices.toml")
    if file is None:
        return ()
    offices = [_office(one) for one in file.parts("office", required=True)]
    file.done()
    parents = tree_of(file, {one.code: one.parent for one in offices}, [one.code for one in offices])
    return tuple(sorted(offices, key=lambda one: len(parents[one.code])))


def read_competences(
    folder: Path,
    problems: Problems,
    *,
    offices: Collection[str],
    places: Collection[str],
    categories: Collection[str],
) -> tuple[PackCompetence, ...]:
    """Read competences.toml; a line may name several categories and places and is taken apart here."""
    file = problems.toml(folder, "competences.toml")
    if file is None:
        return ()
    lines: list[PackCompetence] = []
    for one in file.parts("competence", required=True):
        office = one.text("office", required=True)
        _known(one, "office", (office,), offices)
        for line in _lines(one, office, places, categories):
            if line in lines:
                one.note("duplicate-line")
            lines.append(line)
        one.done()
    file.done()
    return tuple(lines)


def read_law(folder: Path, problems: Problems) -> tuple[tuple[PackTerm, ...], dict[str, dict[str, str]]]:
    """Read law.toml: the terms and the notes."""
    file = problems.toml(folder, "law.toml")
    if file is None:
        return (), {}
    terms: list[PackTerm] = []
    for one in file.parts("term", required=True):
        term = _term(one)
        if any(term.term.code == other.term.code for other in terms):
            one.note("duplicate-code", value=term.term.code)
        terms.append(term)
    notes = file.part("note")
    texts = {code: notes.names(code) for code in notes.table} if notes else {}
    file.done()
    return tuple(terms), texts


def read_reasons(folder: Path, problems: Problems) -> tuple[Reason, ...]:
    """Read reasons.toml: why something is refused, sent back, or not theirs."""
    file = problems.toml(folder, "reasons.toml")
    if file is None:
        return ()
    reasons: list[Reason] = []
    for group in REASON_LISTS:
        for one in file.parts(group, required=True):
            reason = Reason(group, one.code(most=SHORT_CODE), one.names())
            one.done()
            if any((reason.group, reason.code) == (other.group, other.code) for other in reasons):
                one.note("duplicate-code", value=reason.code)
            reasons.append(reason)
    file.done()
    return tuple(reasons)


def read_templates(
    folder: Path, problems: Problems, *, offices: Collection[str], categories: Collection[str]
) -> tuple[Template, ...]:
    """Read templates.toml, which a pack may do without."""
    file = problems.toml(folder, "templates.toml", required=False)
    if file is None:
        return ()
    templates: list[Template] = []
    for one in file.parts("template"):
        template = Template(
            code=one.code(),
            titles=one.names("titles"),
            texts=one.names("texts"),
            office=one.text("office"),
            category=one.text("category"),
            verb=one.one_of("verb", ("answer", "plan", "refuse"), default="answer"),
        )
        one.done()
        _known(one, "office", (template.office,), offices)
        _known(one, "category", (template.category,), categories)
        if any(template.code == other.code for other in templates):
            one.note("duplicate-code", value=template.code)
        templates.append(template)
    file.done()
    return tuple(templates)


def read_source(one: Section) -> Source:
    """A source: titles in each language, the article, since when, and whether it binds."""
    return Source(
        titles=one.names("titles"),
        article=one.text_or_names("article"),
        valid_from=one.day("valid_from"),
        binding=one.flag("binding", default=True),
    )


def _lines(
    one: Section, office: str, places: Collection[str], categories: Collection[str]
) -> list[PackCompetence]:
    chosen = _several(one, "category", "categories")
    where = _several(one, "place", "places")
    _known(one, "category", chosen, categories)
    _known(one, "place", where, places)
    since, until = one.validity()
    part = one.part("source")
    source = read_source(part) if part else None
    if part:
        part.done()
    return [
        PackCompetence(office, category, place, source, since, until)
        for category in chosen
        for place in where
    ]


def _several(one: Section, single: str, many: str) -> tuple[str, ...]:
    """One or several codes; neither means every one, which is the empty code."""
    return one.texts(many) if one.has(many) else (one.text(single),)


def _known(one: Section, key: str, values: Collection[str], known: Collection[str]) -> None:
    for value in values:
        if value and value not in known:
            one.note("unknown-reference", key=key, value=value)


def _office(one: Section) -> PackOffice:
    code = one.code()
    since, until = one.validity()
    office = PackOffice(
        code=code,
        kind=one.one_of("kind", OFFICE_KINDS),
        names=one.names(),
        parent=one.text("parent"),
        hours=_hours(one),
        channels=_channels(one),
        valid_from=since,
        valid_until=until,
    )
    one.done()
    return office


def _hours(one: Section) -> dict[str, str]:
    hours: dict[str, str] = {}
    for days, span in one.words("hours").items():
        first, _, last = days.partition("-")
        if first not in WEEKDAYS or (last or first) not in WEEKDAYS or not _HOURS.fullmatch(span):
            one.note("bad-hours", value=f"{days} = {span}")
            continue
        run = WEEKDAYS[WEEKDAYS.index(first) : WEEKDAYS.index(last or first) + 1]
        hours.update(dict.fromkeys(run, span))
    return hours


def _channels(one: Section) -> dict[str, str]:
    channels = one.words("channels")
    for channel in channels:
        if channel not in CHANNELS:
            one.note("not-allowed", key="channels", value=channel, allowed=", ".join(CHANNELS))
    if (email := channels.get("email")) and not _EMAIL.fullmatch(email):
        one.note("bad-email", value=email)
    return channels


def _term(one: Section) -> PackTerm:
    code = one.code(most=SHORT_CODE)
    kind = one.one_of("kind", tuple(DayKind))
    days = one.whole("days", required=True)
    if one.has("days") and not 0 < days <= LONGEST_TERM:
        one.note("no-days", most=LONGEST_TERM)
    term = PackTerm(
        term=Term(
            code=code,
            days=days,
            kind=DayKind(kind) if kind in tuple(DayKind) else DayKind.CALENDAR,
            source=read_source(one),
            ends_on_working_day=one.flag("ends_on_working_day"),
        ),
        names=one.names(),
        texts=one.names("texts", required=False),
        confirmed=one.flag("confirmed"),
    )
    one.done()
    return term
