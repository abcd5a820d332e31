"""Fill a demonstration city with invented people and reports of its pack."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.console import Console
from rich.progress import Progress

from veche.commons.places import queries as places
from veche.kernel.pack import read_pack
from veche.site import packs
from veche.site.demonstration.loading import fill


class Command(BaseCommand):
    """Fills a city with the demonstration of its pack."""

    help = "Fill a demonstration city with invented people and reports; running it twice adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The city, and how many reports."""
        parser.add_argument("--city", default="perm")
        parser.add_argument("--count", type=int, default=2000)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Fill the city; never one that was not loaded as a demonstration."""
        city = places.city_by_code(options["city"])
        if city is None:
            raise CommandError(f"The city {options['city']} is not loaded.")
        if not city.is_demo:
            raise CommandError(
                f"{options['city']} is no demonstration: invented reports do not belong there."
            )
        pack = read_pack(packs.find(options["city"]))
        console = Console(stderr=True)
        with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
            task = bar.add_task("reports / сообщения", total=options["count"])
            added = fill(
                pack,
                city,
                count=options["count"],
                now=timezone.now(),
                progress=lambda n: bar.advance(task, n),
            )
        self.stdout.write(f"{added} demonstration reports added")
