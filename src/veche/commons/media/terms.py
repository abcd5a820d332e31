"""The words of media: which pictures are taken in, in which sizes they are shown, and why one is not."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from veche.kernel.facts import Fact
from veche.kernel.geo import Point
from veche.kernel.words import N_

DRAFT = "submissions.draft"
PHOTOS_EACH = 10  # of one subject, where the caller names no other figure


class Kind(StrEnum):
    """The kinds of picture that are taken in, by content."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WebP"
    HEIC = "HEIC"


class Size(StrEnum):
    """The sizes in which a photograph is kept and shown."""

    SMALL = "s"
    MEDIUM = "m"
    LARGE = "l"


LONGEST_SIDE_PX: Mapping[Size, int] = {Size.SMALL: 320, Size.MEDIUM: 800, Size.LARGE: 1600}


class HideReason(StrEnum):
    """Why a moderator took a photograph out of sight."""

    PERSONAL = "personal"
    OFFENSIVE = "offensive"
    UNRELATED = "unrelated"
    UNLAWFUL = "unlawful"


HIDE_REASONS: Mapping[HideReason, str] = {
    HideReason.PERSONAL: N_("it shows somebody's face, papers or other personal data"),
    HideReason.OFFENSIVE: N_("it is offensive or shocking"),
    HideReason.UNRELATED: N_("it has nothing to do with the matter"),
    HideReason.UNLAWFUL: N_("the law forbids showing it"),
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What one photograph and one subject may weigh."""

    megabytes: int = 25
    megapixels: int = 50
    photos: int = PHOTOS_EACH

    @property
    def octets(self) -> int:
        """The weight limit in bytes."""
        return self.megabytes * 1024 * 1024

    @property
    def pixels(self) -> int:
        """The limit of width times height."""
        return self.megapixels * 1_000_000


@dataclass(frozen=True, slots=True)
class Claim:
    """What the sender says about a file; nothing of it is believed, but it must not contradict the content."""

    name: str
    content_type: str
    octets: int


@dataclass(frozen=True, slots=True)
class CameraNotes:
    """What a camera wrote into its file, as raw as it came out of the darkroom: anything may be missing or wrong.

    `latitude` and `longitude` are degrees, minutes, seconds; `gps_date` and `gps_time` are UTC by definition;
    `taken` is the camera's own clock and `offset` its distance from UTC, where the camera knows it.
    """

    latitude: tuple[float, ...] = ()
    latitude_ref: str = ""
    longitude: tuple[float, ...] = ()
    longitude_ref: str = ""
    gps_date: str = ""
    gps_time: tuple[float, ...] = ()
    taken: str = ""
    offset: str = ""


@dataclass(frozen=True, slots=True)
class Developed:
    """A cleaned photograph: three JPEG files, the measures of the largest, and the camera's notes."""

    files: Mapping[Size, bytes]
    width: int
    height: int
    notes: CameraNotes = CameraNotes()


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photograph as pages show it. `width` and `height` are those of the largest size.

    `key` opens a draft's photograph to the person who is writing the draft; it is empty for all others.
    """

    id: UUID
    width: int
    height: int
    key: str = ""

    def url(self, size: str = Size.MEDIUM) -> str:
        """The address of the photograph in a size: `s`, `m` or `l`."""
        address = f"/media/{self.id}/{Size(size).value}.jpg"
        return f"{address}?key={self.key}" if self.key else address

    def width_of(self, size: str) -> int:
        """The width in pixels in a size, for the page to keep room."""
        return fitted(self.width, self.height, LONGEST_SIDE_PX[Size(size)])[0]

    def height_of(self, size: str) -> int:
        """The height in pixels in a size, for the page to keep room."""
        return fitted(self.width, self.height, LONGEST_SIDE_PX[Size(size)])[1]


@dataclass(frozen=True, slots=True)
class CameraHint:
    """Where and when a camera says it was: private, offered to its owner only."""

    point: Point | None
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class ServedPhoto:
    """What the view must know before it opens a file."""

    id: UUID
    digest: str
    is_draft: bool
    is_sealed: bool
    city_id: UUID
    owner_id: UUID | None

    @property
    def is_public(self) -> bool:
        """Whether everybody may see it and keep it."""
        return not (self.is_draft or self.is_sealed)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoHidden(Fact):
    """A moderator took a photograph out of sight."""

    photo_id: UUID
    reason: str


def fitted(width: int, height: int, longest: int) -> tuple[int, int]:
    """Width and height when the longest side may be `longest` at most; a picture is never enlarged."""
    scale = min(1.0, longest / max(width, height, 1))
    return max(1, round(width * scale)), max(1, round(height * scale))


SENTENCES: dict[str, str] = {
    "media.empty": N_("“%(name)s” is empty. Nothing else was lost: please choose the photo again."),
    "media.not-a-picture": N_(
        "“%(name)s” is not a photo that we can open. Please send a JPEG, PNG, WebP or HEIC picture."
    ),
    "media.kind-not-taken": N_(
        "“%(name)s” is a file of the kind %(kind)s, and we do not take those. "
        "Please send a JPEG, PNG, WebP or HEIC picture."
    ),
    "media.mislabelled": N_(
        "“%(name)s” says it is %(claimed)s, but inside it is %(kind)s. "
        "Please save the picture anew under its right name and send it again."
    ),
    "media.too-heavy": N_(
        "“%(name)s” weighs more than %(megabytes)s MB. Please send a smaller copy; the rest of what you wrote is kept."
    ),
    "media.too-many-pixels": N_(
        "“%(name)s” has more than %(megapixels)s million pixels. Please send a smaller copy of it."
    ),
    "media.too-hard": N_(
        "“%(name)s” needs too much memory to open. Please save it as an ordinary JPEG and send that."
    ),
    "media.broken": N_(
        "“%(name)s” seems damaged or came through only in part. Please send it again or choose another photo."
    ),
    "media.took-too-long": N_(
        "“%(name)s” took too long to open. Please save it as an ordinary JPEG and send that."
    ),
    "media.busy": N_(
        "We are working on many photos at this moment. Please send “%(name)s” again in a minute."
    ),
    "media.too-many": N_(
        "There may be no more than %(photos)s photos. Please remove one before you add another."
    ),
    "media.no-such-photo": N_("This photo is no longer here."),
    "media.may-not-hide": N_("Only a moderator of this city may hide a photo."),
    "media.unknown-reason": N_("Please choose from the list why the photo is hidden."),
    "media.PhotoHidden": N_("A moderator hid a photo. Reason: %(reason)s."),
}
