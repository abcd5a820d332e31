"""How long things may take and usually take, in words."""

from django.utils.translation import gettext, ngettext

from veche.commons.casework.terms import Pace, Stage
from veche.kernel.terms import DayKind
from veche.kernel.words import N_, bound

_TITLES = {
    Stage.ANSWER: N_("The clock of the answer"),
    Stage.FIX: N_("The clock of the repair"),
    Stage.CONFIRM: N_("The clock of the author's word"),
}


def title_of(stage: str) -> str:
    """What a clock measures."""
    return gettext(_TITLES[Stage(stage)])


def length_of(days: int, kind: str) -> str:
    """How long a term is."""
    if kind == DayKind.WORKING:
        said = ngettext("The term is %(n)s working day.", "The term is %(n)s working days.", days)
    else:
        said = ngettext("The term is %(n)s calendar day.", "The term is %(n)s calendar days.", days)
    return bound(said) % {"n": days}


def pace_of(pace: Pace | None) -> str:
    """How fast an office usually answers, with how sure that is; empty while nobody knows."""
    if pace is None:
        return ""
    days, slow = max(1, round(pace.median_days)), max(1, round(pace.p80_days))
    usual = bound(ngettext("usually within %(n)s day", "usually within %(n)s days", days)) % {"n": days}
    sure = ngettext(
        "four of five answers within %(slow)s days; %(n)s answer counted",
        "four of five answers within %(slow)s days; %(n)s answers counted",
        pace.answers,
    )
    return f"{usual} ({bound(sure) % {'slow': slow, 'n': pace.answers}})"
