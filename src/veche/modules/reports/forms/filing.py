"""The three steps of filing: what, where, details. Everything typed goes into the draft first, then is judged."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict

from veche.commons.places import queries as places
from veche.commons.places.terms import CityView, PlaceView
from veche.commons.submissions.models import Draft
from veche.commons.submissions.rules import check_address, check_text, fold
from veche.commons.submissions.rules import check_email as submissions_email
from veche.commons.submissions.terms import DRAFT
from veche.kernel.geo import Point
from veche.kernel.refs import SubjectRef
from veche.kernel.refusals import Refusal
from veche.modules.reports import queries, rules
from veche.modules.reports.terms import CategoryView, NewReport

PURPOSE = "reports.file"
BLANK: dict[str, Any] = {
    "category": "",
    "address": "",
    "place": "",
    "lat": None,
    "lon": None,
    "from_photo": False,
    "text": "",
    "answers": {},
    "anonymous": True,
    "email": "",
}


def typed_what(raw: QueryDict) -> dict[str, Any]:
    """The category chosen."""
    return {"category": raw.get("category", "")}


def typed_where(raw: QueryDict, held: Mapping[str, Any]) -> dict[str, Any]:
    """The pin, the address line and the place chosen from the list; a pin that was moved is no photo's any more."""
    values: dict[str, Any] = {"address": raw.get("address", "").strip(), "place": raw.get("place", "")}
    point = _point(raw.get("lat", ""), raw.get("lon", ""))
    values |= {"lat": point.lat, "lon": point.lon} if point else {"lat": None, "lon": None}
    values["from_photo"] = bool(held.get("from_photo")) and all(
        values[at] == held.get(at) for at in ("lat", "lon")
    )
    return values


def typed_details(raw: QueryDict, category: CategoryView) -> dict[str, Any]:
    """The text, the answers, whether the name is shown, the address of mail."""
    return {
        "text": raw.get("text", ""),
        "answers": {one.code: raw.get(f"answer-{one.code}", "") for one in category.questions},
        "anonymous": raw.get("named") != "1",
        "email": raw.get("email", "").strip(),
    }


def category_of(values: Mapping[str, Any], city: CityView) -> CategoryView | None:
    """The subcategory of a draft; a top category or an unknown one is none."""
    found = queries.catalogue(city).by_code.get(values.get("category", ""))
    return found if found and not found.is_group and not found.retired else None


def place_chosen(values: Mapping[str, Any], city: CityView) -> PlaceView | None:
    """The place that stands for the point when there is no pin: chosen from the list, or named in the address."""
    known = places.places_of(city.id).values()
    chosen = next((one for one in known if one.code == values.get("place")), None)
    return chosen or _named(values.get("address", ""), known)


def point_of(values: Mapping[str, Any], city: CityView) -> tuple[Point, bool] | None:
    """The draft's point, and whether it is only the middle of the place that was named."""
    if values.get("lat") is not None and values.get("lon") is not None:
        return Point(values["lat"], values["lon"]), False
    place = place_chosen(values, city)
    return (Point(place.lat, place.lon), True) if place else None


def check_where(values: Mapping[str, Any], city: CityView) -> list[Refusal]:
    """What keeps the place from being known.

    Refuses: `reports.no-point`, `places.outside-city`, `submissions.address-too-long`.
    """
    refusals = [refusal] if (refusal := check_address(values.get("address", ""))) else []
    point = point_of(values, city)
    if point is None:
        return [*refusals, Refusal("reports.no-point", "pin")]
    found = places.locate(city.id, point[0])
    if isinstance(found, Refusal):
        refusals.append(Refusal(found.code, "pin", found.params))
    return refusals


def check_details(values: Mapping[str, Any], category: CategoryView) -> list[Refusal]:
    """What keeps the words from being taken.

    Refuses: what the submission says of its text, and what the category says of its answers.
    """
    refusals = [refusal] if (refusal := check_text(values.get("text", ""))) else []
    return refusals + rules.check_answers(category.questions, values.get("answers", {}))[1]


def check_email(values: Mapping[str, Any]) -> list[Refusal]:
    """A visitor must leave an address of mail: the link there confirms the report.

    Refuses: `reports.email-needed`, `reports.email-wrong`.
    """
    email = values.get("email", "")
    if not email:
        return [Refusal("reports.email-needed", "email")]
    return [Refusal("reports.email-wrong", "email")] if submissions_email(email) else []


def new_report(draft: Draft, city: CityView, *, language: str) -> NewReport:
    """The report a complete draft stands for. Check the draft's steps before."""
    values = draft.values
    located = point_of(values, city)
    assert located is not None
    point, approximate = located
    return NewReport(
        id=draft.id,
        city_id=city.id,
        category=values["category"],
        text=values["text"],
        point=point,
        approximate=approximate,
        address=values.get("address", ""),
        language=language,
        anonymous=values.get("anonymous", True),
        answers=values.get("answers", {}),
        photos_from=SubjectRef(DRAFT, draft.id),
    )


def _point(lat: str, lon: str) -> Point | None:
    try:
        point = Point(float(lat.replace(",", ".")), float(lon.replace(",", ".")))
    except ValueError:
        return None
    return point if -90 <= point.lat <= 90 and -180 <= point.lon <= 180 else None


def _named(address: str, known: Any) -> PlaceView | None:
    words = f" {fold(address).replace(',', ' ')} "
    named = [
        one for one in known if one.depth and any(f" {fold(name)} " in words for name in one.names.values())
    ]
    return max(named, key=lambda one: one.depth, default=None)
