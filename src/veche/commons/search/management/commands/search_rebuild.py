"""Build this node's search index anew."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from rich.progress import Progress

from veche.commons.search import queries, services
from veche.commons.search.terms import NewDocument


class Command(BaseCommand):
    """Read every document and write a new index beside the old one, which serves until the new one is whole."""

    help = "Build this node's search index anew; people find with the old one until it is done."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Rebuild, showing how far it is."""
        with Progress(transient=True) as progress:
            task = progress.add_task("Indexing", total=queries.shown_count())

            def watched(entries: Iterable[NewDocument]) -> Iterator[NewDocument]:
                for entry in entries:
                    yield entry
                    progress.advance(task)

            count = services.rebuild(timezone.now(), watched)
        if count is None:
            raise CommandError(
                "Another process of this node is writing the index. Please try again in a minute."
            )
        self.stdout.write(f"{count} documents can be found.")
