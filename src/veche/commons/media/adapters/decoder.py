"""Decode one stranger's picture after another: a plain program that knows neither Django nor Veche.

It runs as `python decoder.py MEGABYTES IDLE_SECONDS` with narrow limits, reads orders from stdin and answers on
stdout. Order: length of the head (4 bytes), the head in JSON, the picture. Answer: length, head, files.
It leaves by itself when nobody has asked for anything for a while or the asking process is gone.
"""

import io
import json
import os
import resource
import select
import struct
import sys
import warnings
from collections.abc import Mapping
from typing import Any, BinaryIO

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageFile

QUALITY = 80
_LENGTH = struct.Struct(">I")
_FORMATS = {"JPEG": ("JPEG", "MPO"), "PNG": ("PNG",), "WebP": ("WEBP",), "HEIC": ("HEIF",)}
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_SIXTEEN_BITS = ("I;16", "I;16L", "I;16B", "I;16N")
_SRGB = ImageCms.createProfile("sRGB")
_PERCEPTUAL = ImageCms.Intent.PERCEPTUAL

pillow_heif.register_heif_opener(thumbnails=False)
pillow_heif.options.DECODE_THREADS = 1  # each thread would want an address space of its own
ImageFile.LOAD_TRUNCATED_IMAGES = False


class Unfit(Exception):  # noqa: N818 - an answer, not an error
    """The picture cannot be used; carries the code of the refusal."""


def develop(
    content: bytes, *, kind: str, pixels: int, sizes: Mapping[str, int]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    """Turn a file into clean JPEGs, one per size, and tell width, height and the camera's notes.

    Raises Unfit, and nothing else but what ends the process.
    """
    Image.MAX_IMAGE_PIXELS = pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            return _develop(content, kind, pixels, sizes)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise Unfit("media.too-many-pixels") from None
    except MemoryError:
        raise Unfit("media.too-hard") from None
    except Unfit:
        raise
    except Exception as problem:  # whatever a decoder says about a stranger's file, it is broken
        raise Unfit("media.broken") from problem


def _develop(
    content: bytes, kind: str, pixels: int, sizes: Mapping[str, int]
) -> tuple[dict[str, Any], dict[str, bytes]]:
    if kind == "WebP":
        _measure_webp(content, pixels)
    largest = max(sizes.values())
    with Image.open(io.BytesIO(content), formats=["HEIF" if kind == "HEIC" else kind.upper()]) as picture:
        if picture.format not in _FORMATS[kind]:
            raise Unfit("media.broken")
        if picture.width * picture.height > pixels:
            raise Unfit("media.too-many-pixels")
        picture.draft(None, (2 * largest, 2 * largest))  # a JPEG is decoded no larger than is of use
        picture.load()
        turn, notes = _exif(picture)
        profile = picture.info.get("icc_profile")
        clean = _reduced(picture, largest)
    clean = _on_white(_in_srgb(clean, profile))
    if turn in _UPRIGHT:
        clean = clean.transpose(_UPRIGHT[turn])
    files = {name: _jpeg(clean, longest) for name, longest in sizes.items()}
    return {"width": clean.width, "height": clean.height, "notes": notes}, files


def _measure_webp(content: bytes, pixels: int) -> None:
    """Pillow lays out the whole canvas of a WebP while opening it, before anybody can ask for its size."""
    if content[12:16] == b"VP8X" and len(content) >= 30:
        width = 1 + int.from_bytes(content[24:27], "little")
        height = 1 + int.from_bytes(content[27:30], "little")
        if width * height > pixels:
            raise Unfit("media.too-many-pixels")


def _reduced(picture: Image.Image, longest: int) -> Image.Image:
    if picture.mode in _SIXTEEN_BITS:
        small = picture.convert("I").point(lambda value: value / 257).convert("L")
    elif picture.mode in ("P", "PA", "1"):
        small = picture.convert("RGBA" if "transparency" in picture.info or picture.mode == "PA" else "RGB")
    elif "transparency" in picture.info and picture.mode in ("L", "RGB"):
        small = picture.convert("RGBA")
    elif picture.mode in ("L", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "LAB"):
        small = picture.copy() if max(picture.size) <= longest else picture
    else:
        small = picture.convert("RGB")
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return small


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    alpha = picture.getchannel("A") if picture.mode in ("RGBA", "LA") else None
    colours = picture.convert({"RGBA": "RGB", "LA": "L"}[picture.mode]) if alpha else picture
    if profile and colours.mode in ("RGB", "L", "CMYK"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(colours, source, _SRGB, _PERCEPTUAL, outputMode="RGB")
            colours = converted or colours
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            pass  # a profile that cannot be read is as good as none
    colours = colours.convert("RGB")
    if alpha:
        colours.putalpha(alpha)
    return colours


def _on_white(picture: Image.Image) -> Image.Image:
    """A new picture of bare pixels: nothing that hung on the old one (notes, profiles, comments) comes along."""
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    return ground


def _jpeg(picture: Image.Image, longest: int) -> bytes:
    copy = picture.copy()
    copy.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    out = io.BytesIO()
    copy.save(out, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return out.getvalue()


def _exif(picture: Image.Image) -> tuple[int, dict[str, Any]]:
    """The turn and the camera's notes; EXIF may be wrong in every way, and none of them spoils the picture."""
    try:
        exif = picture.getexif()
        turn = exif.get(ExifTags.Base.Orientation, 1)
    except Exception:  # noqa: BLE001 - see above
        return 1, {}
    notes: dict[str, Any] = {}
    gps = _directory(exif, ExifTags.IFD.GPSInfo)
    notes["latitude"] = _figures(gps.get(ExifTags.GPS.GPSLatitude))
    notes["latitude_ref"] = _text(gps.get(ExifTags.GPS.GPSLatitudeRef))
    notes["longitude"] = _figures(gps.get(ExifTags.GPS.GPSLongitude))
    notes["longitude_ref"] = _text(gps.get(ExifTags.GPS.GPSLongitudeRef))
    notes["gps_date"] = _text(gps.get(ExifTags.GPS.GPSDateStamp))
    notes["gps_time"] = _figures(gps.get(ExifTags.GPS.GPSTimeStamp))
    shot = _directory(exif, ExifTags.IFD.Exif)
    notes["taken"] = _text(shot.get(ExifTags.Base.DateTimeOriginal))
    notes["offset"] = _text(shot.get(ExifTags.Base.OffsetTimeOriginal))
    return turn if isinstance(turn, int) else 1, notes


def _directory(exif: Image.Exif, which: int) -> Mapping[int, Any]:
    try:
        return exif.get_ifd(which)
    except Exception:  # noqa: BLE001 - see _exif
        return {}


def _figures(value: Any) -> list[float]:
    try:
        parts = value if isinstance(value, tuple) else (value,)
        return [float(part) for part in parts][:3]
    except Exception:  # noqa: BLE001 - see _exif
        return []


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        value = value.decode("ascii", "replace")
    return value[:40] if isinstance(value, str) else ""


def _serve(orders: int, answers: BinaryIO, idle_s: float) -> None:
    while select.select([orders], [], [], idle_s)[0]:
        head = _read(orders, _LENGTH.size)
        if head is None:
            return
        order = json.loads(_read(orders, _LENGTH.unpack(head)[0]) or b"{}")
        content = _read(orders, order["octets"])
        if content is None:
            return
        _allow_seconds(order["seconds"])
        reply: dict[str, Any]
        files: dict[str, bytes] = {}
        try:
            reply, files = develop(content, kind=order["kind"], pixels=order["pixels"], sizes=order["sizes"])
            reply["files"] = {name: len(body) for name, body in files.items()}
        except Unfit as unfit:
            reply = {"refused": str(unfit)}
        del content
        packed = json.dumps(reply).encode()
        answers.writelines((_LENGTH.pack(len(packed)), packed, *files.values()))
        answers.flush()


def _read(source: int, octets: int) -> bytes | None:
    whole = bytearray()
    while len(whole) < octets:
        part = os.read(source, min(octets - len(whole), 1 << 20))
        if not part:
            return None
        whole += part
    return bytes(whole)


def _allow_seconds(seconds: int) -> None:
    """Processor time is counted for the whole life of a process: the limit moves on with every picture."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))


def main() -> None:
    """Fence this process in, then work until nobody asks any more."""
    megabytes, idle_s = int(sys.argv[1]), float(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (megabytes << 20, megabytes << 20))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    os.nice(5)
    Image.init()  # every plugin is loaded before the first stranger's byte arrives
    quiet = os.open(os.devnull, os.O_WRONLY)
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(quiet, 1)  # whatever a library prints must not end up among the answers
        _serve(0, answers, idle_s)


if __name__ == "__main__":
    main()
