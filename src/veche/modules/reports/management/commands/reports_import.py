"""Take over a file of reports from another system."""

import csv
import json
import os
import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _
from rich.console import Console
from rich.progress import Progress

from veche.commons.places import queries as places
from veche.kernel.refusals import Refused
from veche.kernel.voice import say
from veche.modules.reports import services


class Command(BaseCommand):
    """Takes over a file of reports from another system."""

    help = (
        "Take over a file of reports: good rows in, bad rows to a rejects file with row number and reason, "
        "nothing half-written; running it twice adds nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the city, the mapping."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--city", required=True, help="the code of a loaded city")
        parser.add_argument("--mapping", type=Path, required=True, help="an import.toml (docs/packs.md)")
        parser.add_argument("--dry-run", action="store_true", help="judge every row and write nothing")
        parser.add_argument("--rejects", type=Path, help="where rejected rows go; beside FILE by default")
        parser.add_argument("--json", action="store_true", help="print the figures as one line of JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the import and print its figures."""
        city = places.city_by_code(options["city"])
        if city is None:
            raise CommandError(_("No city “%(code)s” is loaded.") % {"code": options["city"]})
        try:
            mapping = tomllib.loads(options["mapping"].read_text(encoding="utf-8"))
        except ValueError as error:  # no TOML, or no UTF-8; a missing file is said by the console
            raise CommandError(f"{options['mapping']}: {error}") from None
        if not options["file"].is_file():
            raise CommandError(_("There is no file %(file)s.") % {"file": options["file"]})
        rejects = options["rejects"] or options["file"].with_name(f"{options['file'].stem}.rejects.csv")
        if not options["dry_run"]:
            _check_place(rejects)
        try:
            result = self._run(options, mapping, city)
        except Refused as refused:
            raise CommandError("\n".join(say(one) for one in refused.refusals)) from None
        written = result.rejects and not options["dry_run"]
        if written:
            _write_rejects(rejects, result)
        self._tell(options, result, rejects if written else None)

    def _run(self, options: dict[str, Any], mapping: dict[str, Any], city: Any) -> services.ImportResult:
        console = Console(stderr=True, quiet=options["json"])
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task(options["file"].name, total=services.count_lines(options["file"]))
            return services.import_reports(
                options["file"],
                mapping,
                city=city,
                now=timezone.now(),
                dry_run=options["dry_run"],
                progress=lambda rows: bar.advance(task, rows),
            )

    def _tell(self, options: dict[str, Any], result: services.ImportResult, rejects: Path | None) -> None:
        figures = {
            "read": result.read,
            "imported": result.imported,
            "duplicates": result.duplicates,
            "rejected": len(result.rejects),
            "rejects_file": str(rejects) if rejects else None,
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        for name, value in figures.items():
            self.stdout.write(f"{name:>13}  {value if value is not None else '–'}")
        for one in result.rejects[:20] if options["dry_run"] else ():
            self.stdout.write(f"{one.row}: " + "; ".join(say(r) for r in one.refusals))


def _check_place(path: Path) -> None:
    """Before the first row: a run whose rejects have no place would have to be repeated."""
    if not os.access(path.parent, os.W_OK) or path.is_dir():
        raise CommandError(
            _("The rejected rows cannot be written to %(file)s. Give another place with --rejects.")
            % {"file": path}
        )


def _write_rejects(path: Path, result: services.ImportResult) -> None:
    """A file of the same columns behind the number and the reason: mended, it can be imported itself."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row_number", "reject_reason", *result.header])
        for one in result.rejects:
            reason = "; ".join(f"{r.field}: {say(r)}" if r.field else say(r) for r in one.refusals)
            writer.writerow([one.row, reason, *one.cells])
