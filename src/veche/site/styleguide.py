"""The page that shows every part our pages are made of, with believable words in both languages."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_safe

from veche.kernel.calendar import WorkCalendar
from veche.site import dates, icons, statuses

NOW = datetime(2026, 12, 3, 9, 30, tzinfo=UTC)
CALENDAR = WorkCalendar(tz=ZoneInfo("Asia/Yekaterinburg"))
CITY = SimpleNamespace(calendar=CALENDAR)
TOKENS = (
    ("ink", "text"),
    ("paper", "ground"),
    ("panel", "cards"),
    ("line", "lines"),
    ("spruce", "links, the main button"),
    ("ochre", "waiting, planned"),
    ("clay", "overdue, refused"),
    ("moss", "done, confirmed"),
    ("slate", "neutral"),
)


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show every part."""
    context = {
        "ru": translation.get_language() == "ru",
        "tokens": TOKENS,
        "statuses": [code for code in statuses.LOOKS if code not in {"overdue", "hidden"}],
        "drawings": [name for name in icons.DRAWINGS if name not in statuses.LOOKS],
        "now": NOW,
        "city": CITY,
        "clocks": _clocks(),
        "steps": _steps(translation.get_language() == "ru"),
        "planned": date(2026, 12, 14),
    }
    return render(request, "site/styleguide.html", context)


def _clocks() -> dict[str, Any]:
    def ends(day: int) -> datetime:
        return CALENDAR.end_of(date(2026, 12, day))

    filed = NOW - timedelta(days=6)
    return {
        "running": SimpleNamespace(start=filed, due=ends(14), stop=None),
        "late": SimpleNamespace(start=filed - timedelta(days=18), due=ends(1) - timedelta(days=4), stop=None),
        "met": SimpleNamespace(start=filed, due=ends(14), stop=NOW),
    }


def _steps(russian: bool) -> list[SimpleNamespace]:
    def step(days: float, icon: str, tone: str, words: tuple[str, str], **more: Any) -> SimpleNamespace:
        at = dates.when(NOW - timedelta(days=days), CITY)
        return SimpleNamespace(at=at, icon=icon, tone=tone, words=words[not russian], **more)

    return [
        step(6, "new", "slate", ("Вы подали сообщение.", "You filed the report."), seal="#seal"),
        step(
            5.98,
            "routed",
            "slate",
            (
                "Мы передали сообщение в Управление благоустройства.",
                "We passed the report to the City Works Office.",
            ),
            who="Вече" if russian else "Veche",
            seal="#seal",
        ),
        step(
            4.2,
            "in_work",
            "spruce",
            ("Ведомство взяло сообщение в работу.", "The office took the report into work."),
            who="ведущий инженер" if russian else "leading engineer",
        ),
        step(
            0.1,
            "answered",
            "moss",
            ("Ведомство ответило.", "The office answered."),
            who="начальник отдела" if russian else "head of department",
            seal="#seal",
            text="Яму засыпали и заасфальтировали 2 декабря. Гарантия - 2 года."
            if russian
            else "The pit was filled and paved on 2 December. The warranty is 2 years.",
        ),
    ]
