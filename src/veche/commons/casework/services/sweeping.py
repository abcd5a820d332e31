"""What time does to cases: deadlines pass, and offices get faster or slower. Safe to miss, safe to repeat."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db import transaction
from django.db.models import F

from veche.commons.casework import rules
from veche.commons.casework.models import Case, Clock, OfficePace
from veche.commons.casework.services import clocks as ticking
from veche.commons.journal import services as journal
from veche.commons.offices.models import Office

LAST_ANSWERS = 200
_DAY_S = 86_400


def sweep_deadlines(now: datetime, limit: int = 500) -> int:
    """Mark every clock whose time is over, each once in its life; answers how many. Goes in batches of `limit`.

    A `now` earlier than before finds nothing new and takes nothing back.
    Refuses: never.
    """
    total = 0
    while marked := _sweep_batch(now, limit):
        total += marked
    return total


def sweep_pace(now: datetime) -> int:
    """Count anew how long each office takes to answer, over its last answers; answers how many offices have a pace.

    Refuses: never.
    """
    rows = []
    for office_id in Office.objects.values_list("pk", flat=True):
        found = rules.pace(_durations(office_id))
        if found is not None:
            rows.append(
                OfficePace(
                    office_id=office_id,
                    median_days=found.median_days,
                    p80_days=found.p80_days,
                    answers=found.answers,
                    counted_at=now,
                )
            )
    OfficePace.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["office"],
        update_fields=["median_days", "p80_days", "answers", "counted_at"],
    )
    return len(rows)


@transaction.atomic
def _sweep_batch(now: datetime, limit: int) -> int:
    due = Clock.objects.filter(stopped_at=None, missed_at=None, due_at__lte=now).order_by("due_at")
    found = set(due.values_list("case_id", flat=True)[:limit])
    # The case is locked before its clocks, as in a move. One that is being moved now settles its clocks itself.
    cases = {case.pk: case for case in Case.objects.select_for_update(skip_locked=True).filter(pk__in=found)}
    missed: list[Clock] = []
    for case_id, own in _clocks_of(cases):
        missed += ticking.miss(own, now=now)
        ticking.repeat(cases[case_id], own)
    ticking.save_missed(missed)
    _save(cases.values())
    journal.record_many(ticking.missed_fact(clock, cases[clock.case_id], now=now) for clock in missed)
    return len(missed)


def _save(cases: Iterable[Case]) -> None:
    """Save what `repeat` wrote, in as few statements as there are outcomes: the late, the ended, and the rare rest."""
    late, ended, rest = [], [], []
    for case in cases:
        if not case.clock:
            ended.append(case.pk)
        elif case.overdue_at == case.due_at:
            late.append(case.pk)
        else:
            rest.append(case)
    # The clock that was missed is the one that ends first, so the case shows its deadline already.
    Case.objects.filter(pk__in=late).update(overdue_at=F("due_at"))
    Case.objects.filter(pk__in=ended).update(clock="", due_at=None, overdue_at=None)
    Case.objects.bulk_update(rest, ["clock", "due_at", "overdue_at"], batch_size=100)


def _clocks_of(cases: dict[UUID, Case]) -> Iterator[tuple[UUID, list[Clock]]]:
    rows = Clock.objects.filter(case_id__in=cases, stopped_at=None).order_by("case_id", "started_at")
    for case_id, own in groupby(rows, key=lambda clock: clock.case_id):
        yield case_id, list(own)


def _durations(office_id: UUID) -> list[float]:
    answered = Case.objects.filter(office_id=office_id, answered_at__isnull=False).order_by("-answered_at")
    moments = answered.values_list("opened_at", "answered_at")[:LAST_ANSWERS]
    return [(done - opened).total_seconds() / _DAY_S for opened, done in moments if done is not None]
