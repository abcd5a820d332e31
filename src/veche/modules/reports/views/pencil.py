"""From counted reports to marks: where they stand, what is drawn, what they say, where they lead."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.utils.translation import gettext
from markupsafe import Markup

from veche.commons.places.rules import Frame
from veche.commons.places.terms import CityView
from veche.kernel.geo import Point
from veche.kernel.ids import number_of
from veche.modules.reports import queries
from veche.modules.reports.forms.listing import query_of
from veche.modules.reports.terms import STATUS_WORDS, Cluster, ReportFilter
from veche.modules.reports.views import marks

DEEPEST = 18
_DEEPER = 2


class Mark(NamedTuple):
    """One mark on the picture: where, how wide, what it says, and where it leads."""

    x: float
    y: float
    size: int
    drawing: Markup
    words: str
    url: str


class Pencil:
    """Draws the marks of one filter at one zoom; what all of them share is written once."""

    def __init__(self, city: CityView, chosen: ReportFilter, zoom: int) -> None:
        self._known = queries.catalogue(city).by_id
        self._statuses = {status: gettext(word) for status, word in STATUS_WORDS.items()}
        self._many = gettext("Reports here: %(n)s. Closer")
        self._report = f"/{city.code}/reports/"
        query = query_of(chosen)
        self._closer = f"/{city.code}/map{query}{'&' if query else '?'}at="
        self._deeper = min(DEEPEST, zoom + _DEEPER)

    def picture(self, frame: Frame, found: Iterable[Cluster]) -> list[Mark]:
        """The marks of a picture, the smallest on top."""
        return sorted((self.on(frame, one) for one in found), key=lambda mark: -mark.size)

    def on(self, frame: Frame, one: Cluster) -> Mark:
        """The mark on a picture."""
        x, y = frame.pixel_of(Point(one.lat, one.lon))
        size, drawing, said, url = self._drawn(one)
        return Mark(round(x - size / 2, 1), round(y - size / 2, 1), size, drawing, said, url)

    def plain(self, one: Cluster) -> dict[str, Any]:
        """The mark for the map that moves."""
        size, drawing, said, url = self._drawn(one)
        return {
            "lat": round(one.lat, 6),
            "lon": round(one.lon, 6),
            "n": one.count,
            "size": size,
            "svg": str(drawing),
            "words": said,
            "url": url,
            "open": one.row is not None,
        }

    def _drawn(self, one: Cluster) -> tuple[int, Markup, str, str]:
        if one.row is not None:
            row, number = one.row, number_of(one.row.serial)
            said = f"{row.title} · {self._statuses[row.status]} · № {number}"
            drawing = marks.single(self._known[row.category_id].group, row.status, row.overdue)
            return marks.SMALL, drawing, said, self._report + number
        url = f"{self._closer}{one.lat:.5f}%2C{one.lon:.5f}&zoom={self._deeper}"
        drawing = marks.cluster(one.count, one.statuses)
        return marks.size_of(one.count), drawing, self._many % {"n": one.count}, url
