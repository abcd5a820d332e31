"""Reads witnesses.toml: who outside cosigns the journal, and how many of them must."""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections import Counter
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

from veche.kernel.pack.section import Problems, Section
from veche.kernel.pack.shapes import PackWitness, PackWitnesses

_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)")
# An Ed25519 key that cosigns: its kind, and 32 bytes (C2SP tlog-cosignature).
_COSIGNING, _LENGTH = 4, 33


def read_witnesses(folder: Path, problems: Problems) -> PackWitnesses:
    """Read witnesses.toml; without it nobody is asked."""
    file = problems.toml(folder, "witnesses.toml", required=False)
    if file is None:
        return PackWitnesses()
    needed = file.whole("needed")
    witnesses = tuple(_witness(one) for one in file.parts("witness", required=True))
    file.done()
    if needed < 0 or needed > len(witnesses):
        problems.note("too-many-needed", file.file, "needed", value=needed, count=len(witnesses))
    for field in ("name", "url", "key"):
        for value, count in Counter(str(getattr(one, field)) for one in witnesses).items():
            if value and count > 1:
                problems.note("witness-twice", file.file, field, value=value)
    return PackWitnesses(needed, witnesses)


def _witness(one: Section) -> PackWitness:
    found = PackWitness(*(one.text(key, required=True) for key in ("name", "url", "key")))
    if found.url and not _is_address(found.url):
        one.note("bad-witness-url", value=found.url)
    if found.key and not _is_key(found.key):
        one.note("bad-witness-key", value=found.key)
    one.done()
    return found


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        right = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return right and not (parts.query or parts.fragment or parts.username)


def _is_key(text: str) -> bool:
    found = _KEY.fullmatch(text)
    try:
        raw = b64decode(found[3], validate=True) if found else b""
    except Base64Error:
        return False
    if found is None or len(raw) != _LENGTH or raw[0] != _COSIGNING:
        return False
    return sha256(found[1].encode() + b"\n" + raw).hexdigest()[:8] == found[2]
