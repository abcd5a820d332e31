"""What readers are shown of reports, beside what the log tells of them."""

from base64 import b64decode
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID

from veche.commons.casework.terms import PERSONAL_ROLES
from veche.commons.journal.ports import Broken, Deployment, Unreachable
from veche.commons.journal.rules.leaves import commitment
from veche.commons.journal.rules.verifying.findings import Finding, proven, wrong
from veche.commons.journal.rules.verifying.lines import GRACE, written_at
from veche.commons.journal.rules.verifying.log import Progress
from veche.commons.journal.rules.verifying.remote import json_at
from veche.commons.journal.rules.verifying.run import Facts
from veche.commons.journal.terms import ValuesErased
from veche.modules.reports.rules.comparing import cut, differs, read, same
from veche.modules.reports.rules.retelling import Story, is_known, retold
from veche.modules.reports.terms import DEMONSTRATION, OPEN

_CITY_LOADED, _IMPORTED = "places.CityLoaded", "reports.ReportsImported"
# Listeners bring what was decided to the lists a moment later; a worker may be slow.
_SETTLING = timedelta(minutes=15)
_OFFICER = "case officer"
_MALFORMED = (KeyError, TypeError, AttributeError, ValueError)
Rows = Mapping[str, Any]


def check_reports(deployment: Deployment, facts: Facts, now: datetime, progress: Progress) -> list[Finding]:
    """Whether every report of the log is shown as the log tells it, and none is shown that the log does not know.

    Units: now is UTC. Refuses: never; raises `Unreachable` when the deployment does not answer as one does.
    """
    codes = {str(fact["city"]): fact["body"]["city"] for fact in facts if fact["kind"] == _CITY_LOADED}
    stories = retold(facts)
    found: list[Finding] = []
    try:
        for done, story in enumerate(stories.values()):
            progress("reports", done, len(stories))
            found += _seen(deployment, story, codes.get(story.city, ""), now)
        imported = sum(fact["body"]["rows"] for fact in facts if fact["kind"] == _IMPORTED)
        known = {story.number for story in stories.values()}
        for code in codes.values():
            found += _unlogged(deployment, code, known, imported, now)
    except _MALFORMED as error:
        raise Unreachable("the reports do not read as those of a Veche deployment") from error
    return _but_erased(found, stories.values(), facts) or [proven("reports.same", count=len(stories))]


def _but_erased(found: list[Finding], stories: Iterable[Story], facts: Facts) -> list[Finding]:
    """What nobody can open any more is not missed where the log says that it was erased.

    A forgotten author's report bears a tombstone; the words of offices stay. Who was forgotten the log does not tell,
    so which officer had a case may be closed as soon as somebody was.
    """
    erased = {story.number: story for story in stories if story.erased}
    anybody = any(fact["kind"] == ValuesErased.kind for fact in facts)

    def is_missed(one: Finding) -> bool:
        if one.code != "report.unopened" or not anybody:
            return True
        of, story = str(one.params["field"]), erased.get(str(one.params["number"]))
        return of != _OFFICER and not (story and _is_authors(story, of))

    return [one for one in found if is_missed(one)]


def _is_authors(story: Story, of: str) -> bool:
    """Whether a sealed field was a citizen's own."""
    if not of.startswith("step "):
        return True
    return story.steps[int(of.split()[1])]["body"].get("role") in PERSONAL_ROLES


def _seen(deployment: Deployment, story: Story, city: str, now: datetime) -> list[Finding]:
    try:
        return _judged(deployment, story, city, now)
    except Broken:
        return [wrong("report.broken", number=story.number, subject=story.subject)]


def _judged(deployment: Deployment, story: Story, city: str, now: datetime) -> list[Finding]:
    where = f"/api/v1/{quote(city)}/reports/{story.number}"
    record, page = json_at(deployment, f"{where}/record"), json_at(deployment, where)
    about: Rows = {"number": story.number, "subject": story.subject}
    if record is None:
        return [wrong("report.missing", **about)]
    found = [*_stands(story, record, now), *_sealed(story, record)]
    if page is None and not story.hidden:
        found.append(wrong("report.missing", **about))
    elif page is not None and story.hidden:
        found.append(differs(story, "hidden", shown="no", logged="yes"))
    elif page is not None:
        found += [*_page(story, page, record), *_words(deployment, story, page)]
    # A report that moved while we looked is not wrong; the next look will see it in the log.
    return [] if found and _moves_now(deployment, story, now) else found


def _stands(story: Story, record: Rows, now: datetime) -> Iterator[Finding]:
    logged = {
        "number": story.number,
        "filed_at": story.filed_at,
        "hidden": story.hidden,
        **{name: story.filed[name] for name in ("category", "group", "place")},
    }
    if f"reports.report:{record['id']}" != story.subject:
        yield differs(story, "id", shown=record["id"], logged=story.subject)
    for name, value in logged.items():
        yield from same(story, name, read(name, record[name]), value)
    for of, row in (("", record), ("case ", record["case"])):
        yield from same(story, f"{of}status", row["status"], story.status)
        yield from same(story, f"{of}office", row["office_id"], story.office_id)
        yield from same(story, f"{of}answered_at", read("answered_at", row["answered_at"]), story.answered_at)
        yield from _clock(story, of, row, now)
    case = record["case"]
    yield from same(story, "case closed_at", read("closed_at", case["closed_at"]), story.closed_at)
    yield from same(story, "case not_ours", case["not_ours"], story.not_ours)
    if story.assigned is None:
        yield from same(story, "case has_officer", case["has_officer"], False)
    if is_known(story.supporters) or record["source"] != DEMONSTRATION:
        supporters = story.supporters if is_known(story.supporters) else 0
        yield from same(story, "supporters", record["supporters"], supporters)
    for name in record["differs"]:
        yield differs(story, name, shown="one thing here and another there", logged="the same in both")


def _clock(story: Story, of: str, row: Rows, now: datetime) -> Iterator[Finding]:
    if not is_known(story.due_at):
        return
    due, shown = story.due_at, read("due_at", row["due_at"])
    assert due is None or isinstance(due, datetime)
    if not (story.confirming and shown is None and due is not None and due <= now):
        yield from same(story, f"{of}due_at", shown, due)
    settled = due is None or abs(now - due) > _SETTLING
    late = story.status in OPEN and due is not None and due <= now
    if settled:
        yield from same(story, f"{of}overdue", row["overdue"], late)


def _sealed(story: Story, record: Rows) -> Iterator[Finding]:
    """What only commitments can tell: words, places, people."""
    # Invented reports are given to the account of the demonstration; that they are invented is committed to.
    spared = {"person"} if record["source"] == DEMONSTRATION else set()
    yield from _commitments(story, "", record["private"], story.private, spared=spared)
    steps = {one["position"]: one for one in record["steps"]}
    about: Rows = {"number": story.number, "subject": story.subject}
    for position in steps.keys() - story.steps.keys():
        yield wrong("report.step-unlogged", position=position, **about)
    if len(steps) != len(record["steps"]):
        yield differs(story, "steps", shown=len(record["steps"]), logged=len(story.steps))
    for position, fact in story.steps.items():
        if position not in steps:
            yield wrong("report.step-missing", position=position, **about)
            continue
        yield from _step(story, position, steps[position], fact)
    if story.assigned is not None:
        logged = {"officer": story.assigned.get("officer", "")}
        yield from _commitments(story, "case ", _maybe("officer", record["assigned"]), logged)


def _step(story: Story, position: int, row: Rows, fact: Mapping[str, Any]) -> Iterator[Finding]:
    body = fact["body"]
    handed = "to_office_id" in body
    logged = {
        "at": datetime.fromisoformat(fact["at"]),
        "verb": "hand_over" if handed else body["verb"],
        "office_id": body["from_office_id"] if handed else body["office_id"],
        "reason": body["reason"],
        "role": body["role"],
        "from_status": story.stood[position] if handed else body["from_status"],
        "to_status": story.stood[position] if handed else body["to_status"],
    }
    for name, value in logged.items():
        yield from same(story, f"step {position} {name}", read(name, row[name]), value)
    yield from _commitments(story, f"step {position} ", row["private"], fact["private"])


def _commitments(
    story: Story,
    of: str,
    shown: Mapping[str, str] | None,
    logged: Mapping[str, str],
    *,
    spared: Collection[str] = (),
) -> Iterator[Finding]:
    about: Rows = {"number": story.number, "subject": story.subject}
    if shown is None:
        if logged:
            yield wrong("report.unopened", field=f"{of}{', '.join(sorted(logged))}", **about)
        return
    for name in sorted((shown.keys() | logged.keys()) - set(spared)):
        if shown.get(name) != logged.get(name):
            yield wrong("report.altered", field=f"{of}{name}", **about)


def _page(story: Story, page: Rows, record: Rows) -> Iterator[Finding]:
    """What the page shows is what the rows say, which is what the log says."""
    for name in ("status", "overdue", "supporters"):
        yield from same(story, name, page[name], record[name])
    for name in ("filed_at", "due_at", "answered_at"):
        yield from same(story, name, cut(name, page[name]), cut(name, record[name]))
    for shown, row in zip(page["steps"], record["steps"], strict=True):
        for name, own in (("verb", "verb"), ("status", "to_status"), ("role", "role"), ("reason", "reason")):
            yield from same(story, f"step {row['position']} {name}", shown[name], row[own])
        yield from same(story, f"step {row['position']} at", cut("at", shown["at"]), cut("at", row["at"]))


def _words(deployment: Deployment, story: Story, page: Rows) -> Iterator[Finding]:
    """Every word the page shows was committed to when it was written."""
    opened = {fact["id"]: fact["openings"] for fact in _listed(deployment, story)}
    shown = {
        "text": page["text"],
        "address": page["address"],
        "point": [page["lat"], page["lon"]],
    }
    yield from _opened(story, "", shown, opened.get(story.filed_id, {}), story.private)
    for position, (fact, step) in enumerate(
        zip((story.steps[at] for at in sorted(story.steps)), page["steps"], strict=False), start=1
    ):
        text = {"text": step["text"]} if step["text"] else {}
        yield from _opened(story, f"step {position} ", text, opened.get(fact["id"], {}), fact["private"])


def _opened(
    story: Story, of: str, shown: Mapping[str, Any], openings: Mapping[str, Any], logged: Mapping[str, str]
) -> Iterator[Finding]:
    about: Rows = {"number": story.number, "subject": story.subject}
    for name, value in shown.items():
        if name not in openings:
            yield wrong("report.unopened", field=f"{of}{name}", **about)
            continue
        if commitment(b64decode(openings[name]["salt"]), name, value) != logged.get(name):
            yield wrong("report.altered", field=f"{of}{name}", **about)


def _listed(deployment: Deployment, story: Story) -> Iterator[Mapping[str, Any]]:
    before, subject = "", story.subject.partition(":")[2]
    while True:
        path = f"/api/v1/journal?openings=true&limit=200&subject={UUID(subject)}{before}"
        listed = json_at(deployment, path)
        if listed is None:
            raise Unreachable("the deployment shows no list of its journal")
        yield from listed["facts"]
        if not listed["next"]:
            return
        before = f"&before={UUID(listed['next'])}"


def _moves_now(deployment: Deployment, story: Story, now: datetime) -> bool:
    """Whether something of the report was recorded just now, after the checkpoint we hold."""
    listed = json_at(deployment, f"/api/v1/journal?limit=1&subject={UUID(story.subject.partition(':')[2])}")
    facts = listed["facts"] if listed else []
    return any(
        fact["id"] not in story.ids and abs(written_at(UUID(fact["id"])) - now) < GRACE for fact in facts
    )


def _unlogged(
    deployment: Deployment, code: str, known: set[str], imported: int, now: datetime
) -> Iterator[Finding]:
    """Reports in the lists that no line of the log knows; those of an import are known by their count."""
    try:
        strangers = [
            one["number"]
            for one in _all_listed(deployment, code)
            if one["number"] not in known and datetime.fromisoformat(one["filed_at"]) < now - GRACE
        ]
    except Broken:
        yield wrong("reports.broken", city=code)
        return
    if len(strangers) > imported:
        for number in strangers:
            yield wrong("report.unlogged", number=number, city=code, imported=imported)


def _all_listed(deployment: Deployment, code: str) -> Iterator[Rows]:
    before = ""
    while True:
        path = f"/api/v1/{quote(code)}/reports?limit=100{before}"
        page = json_at(deployment, path)
        if page is None:
            raise Broken(path)
        yield from page["reports"]
        if not page["next"]:
            return
        before = f"&before={quote(page['next'])}"


def _maybe(name: str, value: str | None) -> dict[str, str] | None:
    return None if value is None else {name: value}
