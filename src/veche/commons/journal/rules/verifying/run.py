"""One verification from the beginning to the end."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from veche.commons.journal.ports import Deployment, Unreachable
from veche.commons.journal.rules.notes import Checkpoint, Verifier
from veche.commons.journal.rules.verifying import log, shown
from veche.commons.journal.rules.verifying import receipts as papers
from veche.commons.journal.rules.verifying.findings import Finding, Weight, unchecked, wrong
from veche.commons.journal.rules.verifying.lines import Lines
from veche.commons.journal.rules.verifying.memory import Memory
from veche.commons.journal.rules.verifying.remote import About, RemoteTiles, about, checkpoint_text, json_at

Facts = Sequence[Mapping[str, Any]]
# What a room compares of its own: the facts of the whole log beside what its pages show.
DeepCheck = Callable[[Deployment, Facts, datetime, log.Progress], list[Finding]]


def _silent(_what: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to be checked. `witnesses` and `needed` take the place of what the log says of itself.

    `accept` believes the key and the witnesses that are shown now, whatever was remembered of them.
    """

    receipts: tuple[tuple[str, bytes], ...] = ()
    witnesses: tuple[Verifier, ...] = ()
    needed: int | None = None
    quick: bool = False
    full: bool = False
    deep: tuple[DeepCheck, ...] | None = None
    accept: bool = False


@dataclass(slots=True)
class Verdict:
    """What was found, and what is to be remembered: nothing when the log itself cannot be believed."""

    findings: list[Finding] = field(default_factory=list)
    memory: Memory | None = None
    checkpoint: Checkpoint | None = None

    @property
    def is_wrong(self) -> bool:
        """Whether anything is wrong or missing."""
        return any(one.weight is Weight.WRONG for one in self.findings)

    def add(self, findings: list[Finding]) -> bool:
        """Take findings in; answers whether all of them are good."""
        self.findings += findings
        return not any(one.weight is Weight.WRONG for one in findings)


def verify(
    deployment: Deployment,
    wish: Wish,
    memory: Memory | None,
    *,
    now: datetime,
    progress: log.Progress = _silent,
) -> Verdict:
    """Check a deployment from outside.

    Units: now is UTC. Refuses: never; raises `Unreachable` when the deployment does not answer.
    Source: RFC 6962; C2SP tlog-tiles, tlog-checkpoint, tlog-cosignature.
    """
    verdict = Verdict()
    try:
        said = about(deployment)
    except ValueError:
        verdict.add([wrong("about.unreadable")])
        _offline(verdict, wish, memory.key if memory else None)
        return verdict
    believed = memory is None or wish.accept or verdict.add(log.check_identity(said, memory))
    key = memory.key if memory and not wish.accept else said.key
    text = checkpoint_text_of(deployment)
    checkpoint, note, found = log.check_checkpoint(text, key)
    verdict.add(found)
    receipts = _offline(verdict, wish, key)
    if checkpoint is None or note is None or text is None:
        return verdict
    verdict.checkpoint = checkpoint
    verdict.add(log.check_witnesses(note, _watch(said, wish)))
    tiles = RemoteTiles(deployment, checkpoint.size)
    lines = Lines(now, said.delay_s, memory, facts=[] if wish.deep is not None else None)
    grown = verdict.add(log.check_growth(memory, checkpoint, text, tiles)) if memory else True
    whole = verdict.add(_read(wish, checkpoint, tiles, lines, progress=progress))
    # What a line says of itself is told, but the log that holds it is remembered all the same.
    verdict.add([*lines.findings, *lines.rest()])
    for one in receipts:
        served = json_at(deployment, f"/receipts/{one.code}.json")
        verdict.add(papers.check_standing(one, tiles, checkpoint, lines=lines, served=served, now=now))
    _deeply(verdict, wish, deployment, lines, tiles, progress=progress)
    if believed and grown and whole:
        verdict.memory = _remembered(said, memory, text, now)
    return verdict


def _deeply(
    verdict: Verdict,
    wish: Wish,
    deployment: Deployment,
    lines: Lines,
    tiles: RemoteTiles,
    *,
    progress: log.Progress,
) -> None:
    if wish.deep is None:
        return
    checks = [partial(shown.check_rows, deployment, lines, tiles, progress=progress)]
    checks += [partial(check, deployment, lines.facts or [], lines.now, progress) for check in wish.deep]
    for check in checks:
        # What was found so far counts, even where the rest cannot be read.
        try:
            verdict.add(check())
        except Unreachable as error:
            verdict.add([unchecked("deep.unread", why=error)])


def verify_offline(receipts: Sequence[tuple[str, bytes]], trusted: Verifier | None) -> Verdict:
    """What receipts prove by themselves.

    Refuses: never.
    """
    verdict = Verdict()
    _offline(verdict, Wish(tuple(receipts)), trusted)
    return verdict


def checkpoint_text_of(deployment: Deployment) -> str | None:
    """The checkpoint; what is no text is as good as none. Refuses: never; raises `Unreachable`."""
    try:
        return checkpoint_text(deployment)
    except UnicodeDecodeError:
        return None


def _offline(verdict: Verdict, wish: Wish, trusted: Verifier | None) -> list[papers.Proven]:
    good = []
    for name, content in wish.receipts:
        one, found = papers.check_receipt(name, content, trusted)
        verdict.add(found)
        if one is not None:
            good.append(one)
    return good


def _watch(said: About, wish: Wish) -> log.Watch:
    named = tuple((key.name, key) for key in wish.witnesses) or said.witnesses
    return log.Watch(named, said.needed if wish.needed is None else wish.needed)


def _read(
    wish: Wish, checkpoint: Checkpoint, tiles: RemoteTiles, lines: Lines, *, progress: log.Progress
) -> list[Finding]:
    memory = lines.memory
    if wish.quick and wish.deep is None:
        return [log.partly()] if memory is None else []
    whole = memory is None or wish.full or wish.deep is not None
    start = 0 if whole or memory is None else min(memory.checkpoint.size, checkpoint.size)
    return log.check_lines(checkpoint, tiles, start=start, visit=lines.visit, progress=progress)


def _remembered(said: About, memory: Memory | None, text: str, now: datetime) -> Memory:
    keys = tuple(key for _, key in said.witnesses)
    return Memory(said.key, keys, said.needed, text, now, memory.first_at if memory else now)
