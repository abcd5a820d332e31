"""Which files are taken in, by their content; and what a camera's notes are worth."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from math import isfinite

from veche.commons.media.terms import CameraNotes, Claim, Kind, Limits
from veche.kernel.geo import Point
from veche.kernel.refusals import Refusal

HEAD_OCTETS = 4096
_LONGEST_NAME = 60
_UNKNOWN_TYPES = frozenset({"", "application/octet-stream", "binary/octet-stream", "image/*"})
_HEIC_BRANDS = frozenset(
    {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"}
)
_PLAIN_HEIF = frozenset({b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_EXTENSIONS = {
    "jpg": "JPEG", "jpeg": "JPEG", "jpe": "JPEG", "jfif": "JPEG", "png": "PNG", "webp": "WebP", "heic": "HEIC",
    "heif": "HEIC", "hif": "HEIC", "svg": "SVG", "svgz": "SVG", "gif": "GIF", "pdf": "PDF", "avif": "AVIF",
    "bmp": "BMP", "tif": "TIFF", "tiff": "TIFF", "mp4": "MP4", "mov": "MOV", "htm": "HTML", "html": "HTML",
    "txt": "TXT", "zip": "ZIP", "exe": "EXE", "js": "JS", "xml": "XML", "doc": "DOC", "docx": "DOCX",
}  # fmt: skip
_TYPES = {
    "image/jpeg": "JPEG", "image/jpg": "JPEG", "image/pjpeg": "JPEG", "image/png": "PNG", "image/x-png": "PNG",
    "image/apng": "PNG", "image/webp": "WebP", "image/heic": "HEIC", "image/heif": "HEIC",
    "image/heic-sequence": "HEIC", "image/heif-sequence": "HEIC",
}  # fmt: skip
_STARTS = (
    (b"\xff\xd8\xff", "JPEG"),
    (b"\x89PNG\r\n\x1a\n", "PNG"),
    (b"GIF8", "GIF"),
    (b"%PDF-", "PDF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"PK\x03\x04", "ZIP"),
)
_OFFSET = re.compile(r"([+-])(\d\d):(\d\d)")


def recognise(claim: Claim, head: bytes, limits: Limits) -> Kind | Refusal:
    """Tell the kind of a picture from its first bytes.

    Units: `head` is the beginning of the file, `HEAD_OCTETS` bytes of it are enough.
    Refuses: `media.empty`, `media.too-heavy`, `media.not-a-picture`, `media.kind-not-taken`, `media.mislabelled`.
    """
    name = shown_name(claim.name)
    if claim.octets <= 0 or not head:
        return Refusal("media.empty", params={"name": name})
    if claim.octets > limits.octets:
        return Refusal("media.too-heavy", params={"name": name, "megabytes": limits.megabytes})
    found = _content(head)
    if not found:
        return Refusal("media.not-a-picture", params={"name": name})
    if found not in set(Kind):
        return Refusal("media.kind-not-taken", params={"name": name, "kind": found})
    for claimed in (_by_extension(claim.name), _by_type(claim.content_type)):
        if claimed not in ("", found):
            return Refusal("media.mislabelled", params={"name": name, "claimed": claimed, "kind": found})
    return Kind(found)


def may_add(present: int, limits: Limits) -> Refusal | None:
    """Whether one more photograph fits beside those already there.

    Refuses: `media.too-many`.
    """
    return Refusal("media.too-many", params={"photos": limits.photos}) if present >= limits.photos else None


def position_of(notes: CameraNotes) -> Point | None:
    """Where the camera says it was; None when it does not say or says nonsense.

    Units: degrees of WGS 84.
    Refuses: never.
    """
    lat = _degrees(notes.latitude, notes.latitude_ref, "N", "S", 90.0)
    lon = _degrees(notes.longitude, notes.longitude_ref, "E", "W", 180.0)
    if lat is None or lon is None or (lat == 0.0 and lon == 0.0):
        return None  # 0, 0 is what cameras write before they have found their place
    return Point(lat, lon)


def taken_at(notes: CameraNotes, now: datetime, zone: tzinfo | None = None) -> datetime | None:
    """When the picture was taken: by the satellites' clock, else by the camera's where its zone is known.

    Units: UTC; `zone` is the zone of a camera that does not name its own.
    Refuses: never; a moment in the future or before 1990 is None.
    """
    moment = _satellite_moment(notes) or _camera_moment(notes, zone)
    if moment is None or moment.year < 1990 or moment > now + timedelta(days=1):
        return None
    return moment


def shown_name(name: str) -> str:
    """The name of a file as a sentence may quote it: without folders and control characters, not too long."""
    bare = "".join(ch for ch in re.split(r"[/\\]", name)[-1] if ch.isprintable()).strip() or "photo"
    return bare if len(bare) <= _LONGEST_NAME else f"{bare[: _LONGEST_NAME - 12]}…{bare[-11:]}"


def _content(head: bytes) -> str:
    for start, kind in _STARTS:
        if head.startswith(start):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[4:8] == b"ftyp":
        return _boxed(head)
    return "SVG" if _is_svg(head) else ""


def _boxed(head: bytes) -> str:
    """HEIC, AVIF and films share one container: its brands tell them apart."""
    end = min(len(head), int.from_bytes(head[:4], "big"))
    major = head[8:12]
    brands = {major, *(head[at : at + 4] for at in range(16, end, 4))}
    if major in _AVIF_BRANDS or (brands & _AVIF_BRANDS and brands & _HEIC_BRANDS <= _PLAIN_HEIF):
        return "AVIF"
    if major in _HEIC_BRANDS:
        return "HEIC"
    return "MOV" if major == b"qt  " else "MP4"


def _is_svg(head: bytes) -> bool:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    return text.startswith(b"<svg") or (
        text.startswith((b"<?xml", b"<!doctype", b"<!--")) and b"<svg" in text
    )


def _by_extension(name: str) -> str:
    stem, dot, extension = name.rpartition(".")
    return _EXTENSIONS.get(extension.strip().lower(), "") if dot and stem else ""


def _by_type(content_type: str) -> str:
    bare = content_type.partition(";")[0].strip().lower()
    if bare in _UNKNOWN_TYPES:
        return ""
    return _TYPES.get(bare, bare)


def _degrees(parts: tuple[float, ...], ref: str, plus: str, minus: str, most: float) -> float | None:
    side = ref.strip("\x00 ").upper()[:1]
    if not 1 <= len(parts) <= 3 or side not in (plus, minus) or not all(isfinite(part) for part in parts):
        return None
    value = sum(part / (1.0, 60.0, 3600.0)[power] for power, part in enumerate(parts))
    if any(part < 0 for part in parts) or value > most:
        return None
    return round(-value if side == minus else value, 7)


def _satellite_moment(notes: CameraNotes) -> datetime | None:
    if len(notes.gps_time) != 3 or not all(isfinite(part) and part >= 0 for part in notes.gps_time):
        return None
    try:
        day = datetime.strptime(notes.gps_date.strip("\x00 "), "%Y:%m:%d").replace(tzinfo=UTC)
        hours, minutes, seconds = notes.gps_time
        return day + timedelta(hours=hours, minutes=minutes, seconds=int(seconds))
    except (ValueError, OverflowError):
        return None


def _camera_moment(notes: CameraNotes, zone: tzinfo | None) -> datetime | None:
    match = _OFFSET.fullmatch(notes.offset.strip("\x00 "))
    try:
        if match:
            sign = -1 if match[1] == "-" else 1
            zone = timezone(sign * timedelta(hours=int(match[2]), minutes=int(match[3])))
        if zone is None:
            return None
        moment = datetime.strptime(notes.taken.strip("\x00 "), "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007 - zone follows
        return moment.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
