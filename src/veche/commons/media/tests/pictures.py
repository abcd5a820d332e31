"""Pictures made for tests, good and evil."""

import io
import struct
import zlib
from typing import Any

import pillow_heif
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

pillow_heif.register_heif_opener()


def picture(
    form: str = "JPEG", size: tuple[int, int] = (400, 300), mode: str = "RGB", **options: Any
) -> bytes:
    """A picture with a gradient; top left is dark, bottom right is light."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize(size).convert(mode).save(out, form, **options)
    return out.getvalue()


def quartered(orientation: int = 1) -> bytes:
    """A JPEG that, turned upright, is red at the top left, green at the top right, blue below, 60 by 40."""
    upright = Image.new("RGB", (60, 40), "blue")
    upright.paste("red", (0, 0, 30, 20))
    upright.paste("lime", (30, 0, 60, 20))
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # Image.Transpose that undoes the turn of the tag
    stored = upright.transpose(Image.Transpose(back[orientation])) if orientation in back else upright
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    stored.save(out, "JPEG", exif=exif, quality=95, subsampling=0)
    return out.getvalue()


def talkative_jpeg() -> bytes:
    """A JPEG that tells everything about its maker: EXIF with GPS, XMP, a comment, a profile, a tail."""
    exif = Image.Exif()
    exif[0x010F] = "SECRET-MAKER"
    exif[0x9286] = "SECRET-NOTE"
    gps = exif.get_ifd(0x8825)
    gps.update(
        {1: "N", 2: (58.0, 0.0, 36.0), 3: "E", 4: (56.0, 15.0, 0.0), 29: "2026:05:17", 7: (8.0, 30.0, 0.0)}
    )
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(
        out, "JPEG", exif=exif, comment=b"SECRET-COMMENT", xmp=b"<x:xmpmeta>SECRET-XMP</x:xmpmeta>",
        icc_profile=_srgb_profile(),
    )  # fmt: skip
    return out.getvalue() + b"<svg onload='SECRET-TAIL'></svg>"


def _srgb_profile() -> bytes:
    from PIL import ImageCms

    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def png_bomb(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that unfolds to width times height grey pixels."""
    packer = zlib.compressobj(9)
    row = b"\0" * (width // 8 + 1)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", body) + _chunk(b"IEND", b"")


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def upload(content: bytes, name: str = "yama.jpg", content_type: str = "") -> SimpleUploadedFile:
    """A file as a form brings it."""
    return SimpleUploadedFile(name, content, content_type or "application/octet-stream")


def markers(jpeg: bytes) -> list[int]:
    """The marker segments of a JPEG up to its first scan, and what follows the last: the places of metadata."""
    found, at = [], 2
    while at < len(jpeg):
        assert jpeg[at] == 0xFF
        marker = jpeg[at + 1]
        found.append(marker)
        if marker == 0xDA:
            break
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found
