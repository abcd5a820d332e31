"""Reads demo.toml: the invented people and the material of the demonstration."""

import re
from collections.abc import Collection, Iterable
from pathlib import Path

from veche.kernel.geo import Point
from veche.kernel.pack.section import Problems, Section
from veche.kernel.pack.shapes import REASON_LISTS, DemoAccount, DemoMaterial, DemoStreet, DemoTexts

ROLES = ("citizen", "officer", "dispatcher", "moderator", "administrator")
_SLOT = re.compile(r"\{(\w+)\}")
BUILT_IN_SLOTS = frozenset({"street", "house", "date"})


def read_demo(
    folder: Path,
    problems: Problems,
    *,
    offices: Collection[str],
    places: Collection[str],
    categories: Collection[str],
) -> DemoMaterial:
    """Read demo.toml, which a pack may do without."""
    file = problems.toml(folder, "demo.toml", required=False)
    if file is None:
        return DemoMaterial()
    slots = file.part("slots")
    material = DemoMaterial(
        accounts=tuple(_account(one, offices) for one in file.parts("account")),
        streets=tuple(_street(one, places) for one in file.parts("street")),
        stories=tuple(_texts(one, categories, offices) for one in file.parts("story")),
        slots={word: slots.texts(word) for word in slots.table} if slots else {},
        send_backs=_by_reason(file, "send_backs"),
        refusals=_by_reason(file, "refusals"),
        plans=file.texts("plans"),
        general_answers=file.texts("general_answers"),
        language=file.one_of("language", problems.languages, default=next(iter(problems.languages), "ru")),
    )
    file.done()
    if material.stories and not material.general_answers:
        file.note("missing-key", key="general_answers")
    for story in material.stories:
        _check_slots(file, material, story)
    return material


def _account(one: Section, offices: Collection[str]) -> DemoAccount:
    account = DemoAccount(
        role=one.one_of("role", ROLES),
        email=one.text("email", required=True),
        name=one.text("name", required=True),
        office=one.text("office"),
        post=one.names("post", required=False),
        is_head=one.flag("is_head"),
    )
    one.done()
    if account.office and account.office not in offices:
        one.note("unknown-reference", key="office", value=account.office)
    if account.role == "officer" and not account.office:
        one.note("missing-key", key="office")
    return account


def _street(one: Section, places: Collection[str]) -> DemoStreet:
    street = DemoStreet(
        name=one.text("name", required=True),
        place=one.text("place", required=True),
        points=_points(one),
        houses=one.whole("houses", default=60),
    )
    one.done()
    if street.place and street.place not in places:
        one.note("unknown-reference", key="place", value=street.place)
    return street


def _points(one: Section) -> tuple[Point, ...]:
    flat = one.numbers("points")
    if len(flat) < 2 or len(flat) % 2:
        one.note("missing-key", key="points")
        return ()
    points = tuple(Point(lat, lon) for lat, lon in zip(flat[::2], flat[1::2], strict=True))
    if not all(-90 <= point.lat <= 90 and -180 <= point.lon <= 180 for point in points):
        one.note("bad-point")
    return points


def _texts(one: Section, categories: Collection[str], offices: Collection[str]) -> DemoTexts:
    details = one.part("details")
    story = DemoTexts(
        category=one.text("category", required=True),
        weight=one.number("weight", default=1.0),
        months=one.numbers("months") if one.has("months") else (1.0,) * 12,
        texts=one.texts("texts"),
        answers=one.texts("answers"),
        plans=one.texts("plans"),
        details={word: details.texts(word) for word in details.table} if details else {},
        office=one.text("office"),
    )
    one.done()
    if story.category and story.category not in categories:
        one.note("unknown-reference", key="category", value=story.category)
    if story.office and story.office not in offices:
        one.note("unknown-reference", key="office", value=story.office)
    if len(story.months) != 12:
        one.note("twelve-months", key="months")
    if not story.texts:
        one.note("missing-key", key="texts")
    return story


def _by_reason(file: Section, key: str) -> dict[str, tuple[str, ...]]:
    part = file.part(key)
    return {reason: part.texts(reason) for reason in part.table} if part else {}


def _check_slots(file: Section, material: DemoMaterial, story: DemoTexts) -> None:
    known = BUILT_IN_SLOTS | set(material.slots) | set(story.details)
    for slot in sorted(_slots((*story.texts, *story.answers, *story.plans)) - known):
        file.problems.note("unknown-slot", file.file, story.category, value=slot)


def _slots(texts: Iterable[str]) -> set[str]:
    return {slot for text in texts for slot in _SLOT.findall(text)}


def check_reasons(problems: Problems, material: DemoMaterial, reasons: Collection[tuple[str, str]]) -> None:
    """Refusals and send-backs of the demonstration must name reasons of the pack."""
    for group, key, texts in (
        (REASON_LISTS[0], "refusals", material.refusals),
        (REASON_LISTS[1], "send_backs", material.send_backs),
    ):
        for code in texts:
            if (group, code) not in reasons:
                problems.note("unknown-reference", "demo.toml", key, key=key, value=code)
