"""Show what did not arrive, facts and letters, and send it again."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from veche.commons.journal import queries as journal
from veche.commons.journal import services as facts
from veche.commons.notices import queries as notices
from veche.commons.notices import services as letters
from veche.commons.places import queries as places

_PAGE = 500


class Command(BaseCommand):
    """Shows what did not arrive, facts and letters, and sends it again."""

    help = (
        "Show the facts that some listener could not take and the letters that were given up: ids, classes and codes "
        "of errors, no address and no text. With --release they are sent again; the journal records how many."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Of which city, and what to do."""
        parser.add_argument("--city", help="only of this city, and of none; of all cities by default")
        parser.add_argument("--id", type=UUID, help="only this fact or letter, with --release")
        parser.add_argument("--release", action="store_true", help="send again what is listed")
        parser.add_argument("--json", action="store_true", help="print one JSON object per line")

    def handle(self, *_args: Any, **options: Any) -> None:
        """List, or release and say how many."""
        city = places.city_by_code(options["city"]) if options["city"] else None
        if options["city"] and city is None:
            raise CommandError(_("No city “%(code)s” is loaded.") % {"code": options["city"]})
        if options["id"] and not options["release"]:
            raise CommandError(_("--id goes with --release."))
        city_id = city.id if city else None
        if options["release"]:
            self._print(_released(city_id, options["id"]), as_json=options["json"])
            return
        for row in (*_facts(city_id), *_letters(city_id)):
            self._print(row, as_json=options["json"])

    def _print(self, row: dict[str, Any], *, as_json: bool) -> None:
        line = json.dumps(row) if as_json else "  ".join(str(value) for value in row.values())
        if not as_json and "facts" in row:
            line = _("%(facts)s facts and %(letters)s letters are on their way again.") % row
        self.stdout.write(line)


def _released(city_id: UUID | None, only: UUID | None) -> dict[str, int]:
    now = timezone.now()
    if only:
        return {
            "facts": facts.release(only, now=now, city_id=city_id),
            "letters": letters.release_letters(now=now, city_id=city_id, letter_ids=[only]),
        }
    total, wanted = 0, journal.undelivered(city_id).count()
    # Counted before: what fails again meanwhile is not taken again and again.
    while total < wanted and (count := facts.release_parked(now=now, city_id=city_id)):
        total += count
    return {"facts": total, "letters": letters.release_letters(now=now, city_id=city_id)}


def _facts(city_id: UUID | None) -> Iterator[dict[str, Any]]:
    after: UUID | None = None
    while page := journal.undelivered_facts(city_id, after=after, limit=_PAGE):
        for one in page:
            yield {
                "what": one.line.kind,
                "id": str(one.line.id),
                "since": one.line.at.isoformat(timespec="seconds"),
                "attempts": one.attempts,
                "next": one.due_at.isoformat(timespec="seconds") if one.due_at else "parked",
                "why": one.error,
            }
        after = page[-1].line.id


def _letters(city_id: UUID | None) -> Iterator[dict[str, Any]]:
    after: UUID | None = None
    while page := notices.dead_letters(city_id, after=after, limit=_PAGE):
        for one in page:
            yield {
                "what": one.channel,
                "id": str(one.id),
                "since": one.created_at.isoformat(timespec="seconds"),
                "attempts": one.attempts,
                "next": "given up",
                "why": one.why,
            }
        after = page[-1].id
