"""Somebody who adds a photograph to each of some drafts, with the forms of the pages. Run inside a house, it looks at
what became of them.
"""

import http.client
import io
import json
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

_TOKEN = "0123456789abcdef" * 2
_PATIENCE_S = 60
TEXT = "Яма, видна на фотографии"
DRAFTS = 30


@dataclass
class Photographer:
    """A visitor without an account. `wrong` is whatever should not have been answered."""

    port: int
    drafts: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    taken: int = 0
    refused: int = 0
    seen: int = 0
    wrong: list[Any] = field(default_factory=list)

    def prepare(self) -> None:
        """Begin some drafts, as long as there is room for them."""
        photograph = io.BytesIO()
        _noise().save(photograph, "JPEG", quality=90)
        self._photograph = photograph.getvalue()
        for _ in range(DRAFTS):
            _, headers, _ = self._post("/perm/report", urlencode({"category": "pothole"}).encode())
            draft = headers["Set-Cookie"].partition(";")[0]
            self._post("/perm/report/where", b"lat=58.0&lon=56.1&act=next", draft)
            self.drafts.append(draft)
        self.left = list(self.drafts)

    def take_one(self) -> bool:
        """Add a photograph to the next draft; answers whether it was taken in."""
        draft = self.left[0]
        status, headers, page = self._post("/perm/report/details", self._form(), draft, multipart=True)
        if status == 302:
            self.taken += 1
            self.left.pop(0)
            return True
        if status == 503 and "Retry-After" in headers and "кончилось" in page:
            self.refused += 1
        else:
            self.wrong.append((status, page[:300]))
        return False

    def look(self) -> None:
        """Read the list: those who only read shall not notice."""
        status, _, _ = self._ask("GET", "/perm/reports", None, {})
        self.seen += status == 200
        if status != 200:
            self.wrong.append(("reading", status))

    def finish(self) -> None:
        """There is room again: add all the others."""
        until = time.monotonic() + _PATIENCE_S
        while self.left and time.monotonic() < until:
            self.take_one() or time.sleep(0.2)

    def _form(self) -> bytes:
        parts = [("text", f"{TEXT} {uuid4()}".encode()), ("act", b"photo"), ("photos", self._photograph)]
        lines = []
        for name, value in parts:
            name_of_file = '; filename="photo.jpg"\r\nContent-Type: image/jpeg' if name == "photos" else ""
            head = f'--{_TOKEN}\r\nContent-Disposition: form-data; name="{name}"{name_of_file}\r\n\r\n'
            lines += [head.encode(), value, b"\r\n"]
        return b"".join([*lines, f"--{_TOKEN}--\r\n".encode()])

    def _post(
        self, path: str, body: bytes, draft: str = "", *, multipart: bool = False
    ) -> "tuple[int, http.client.HTTPMessage, str]":
        form = f"multipart/form-data; boundary={_TOKEN}" if multipart else "application/x-www-form-urlencoded"
        cookie = "; ".join(one for one in (f"csrftoken={_TOKEN}", draft) if one)
        return self._ask("POST", path, body, {"Content-Type": form, "Cookie": cookie, "X-CSRFToken": _TOKEN})

    def _ask(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> "tuple[int, http.client.HTTPMessage, str]":
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE_S)
        try:
            wire.request(method, path, body, headers)
            answer = wire.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            wire.close()


def _noise() -> Any:
    """A picture that no compression makes small."""
    from PIL import Image

    return Image.frombytes("RGB", (900, 700), random.Random(1).randbytes(900 * 700 * 3))


def found() -> dict[str, Any]:
    """What is wrong with the drafts of the photographer and with the files: nothing, or lists of it."""
    import django

    django.setup()
    from collections import Counter
    from pathlib import Path

    from django.conf import settings
    from PIL import Image

    from veche.commons.media.models import Photo
    from veche.commons.media.ports import EQUIPMENT
    from veche.commons.media.terms import Size
    from veche.commons.submissions.models import Draft

    wrong: dict[str, list[str]] = {"missing": [], "broken": []}
    for photo in Photo.objects.all():
        for size in Size:
            file = EQUIPMENT.need_shelf().take(photo.id, size)
            if file is None:
                wrong["missing"].append(f"{photo.id} {size}")
                continue
            with file, Image.open(file) as picture:
                picture.load()
    drafts = {one.id for one in Draft.objects.all() if str(one.values.get("text", "")).startswith(TEXT)}
    each = Counter(Photo.objects.values_list("subject_id", flat=True))
    files = [path for path in Path(settings.MEDIA_ROOT).rglob("*") if path.is_file()]
    ids = {str(one) for one in Photo.objects.values_list("id", flat=True)}
    wrong["not one each"] = [str(one) for one in drafts if each[one] != 1]
    wrong["left behind"] = [path.name for path in files if path.name.lstrip(".")[:36] not in ids]
    return {"drafts": len(drafts), "wrong": {name: some for name, some in wrong.items() if some}}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(found()) + "\n")
