"""What media needs of the outside world, and the equipment that is in use in this process."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Protocol
from uuid import UUID

from veche.commons.media.terms import Developed, Kind, Limits, Size
from veche.kernel.refusals import Refusal


class Upload(Protocol):
    """A file that came with a form; Django's `UploadedFile` is one."""

    @property
    def name(self) -> str | None:
        """The name the sender gave it."""

    @property
    def size(self) -> int | None:
        """Its weight in bytes."""

    @property
    def content_type(self) -> str | None:
        """What the sender says it is."""

    def read(self, octets: int = -1, /) -> bytes:
        """Its content from where it was last read."""


class Darkroom(Protocol):
    """Where a file of a stranger becomes a clean photograph."""

    def develop(self, content: bytes, kind: Kind, limits: Limits) -> Developed | Refusal:
        """Decode, turn upright, clean and re-encode one picture; never raises because of what is in it.

        Refuses: `media.broken`, `media.too-many-pixels`, `media.too-hard`, `media.took-too-long`, `media.busy`.
        """


class Shelf(Protocol):
    """Where the cleaned files lie."""

    def put(self, photo_id: UUID, files: Mapping[Size, bytes]) -> None:
        """Lay down all sizes durably; a reader sees a file whole or not at all."""

    def take(self, photo_id: UUID, size: Size) -> BinaryIO | None:
        """Open one size for reading; None when it is not there."""

    def clear(self, photo_ids: Iterable[UUID]) -> None:
        """Remove all sizes; what is not there is no matter."""

    def older_than(self, moment: datetime) -> Iterator[UUID]:
        """The photographs that have lain there since before `moment`."""


@dataclass(slots=True)
class Equipment:
    """The darkroom and the shelf of this process; `apps.py` sets them, tests may change them."""

    darkroom: Darkroom | None = None
    shelf: Shelf | None = None

    def need_darkroom(self) -> Darkroom:
        """The darkroom, which must have been set."""
        if self.darkroom is None:
            raise RuntimeError("media has no darkroom: is veche.commons.media in INSTALLED_APPS?")
        return self.darkroom

    def need_shelf(self) -> Shelf:
        """The shelf, which must have been set."""
        if self.shelf is None:
            raise RuntimeError("media has no shelf: is veche.commons.media in INSTALLED_APPS?")
        return self.shelf


EQUIPMENT = Equipment()
