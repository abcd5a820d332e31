"""What hiding a report takes."""

from veche.kernel.refusals import Refusal
from veche.modules.reports.terms import COURT

LONGEST_ORDER = 200


def check_order(reason: str, order: str) -> Refusal | None:
    """Say whether the order of a court is named where a court ordered it. Units: characters.

    Refuses: `reports.order-missing`, `reports.order-too-long`.
    """
    if reason == COURT and not order.strip():
        return Refusal("reports.order-missing", "order")
    if len(order.strip()) > LONGEST_ORDER:
        return Refusal("reports.order-too-long", "order", {"limit": LONGEST_ORDER})
    return None
