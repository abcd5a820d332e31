"""What a view has to do before the transaction of its act opens: what is slow, and what no writer should wait for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

Prepare = Callable[..., AbstractContextManager[None]]
View = TypeVar("View", bound=Callable[..., Any])


def beforehand(prepare: Prepare) -> Callable[[View], View]:
    """Mark a view: `with prepare(request, **kwargs)` stands around the transaction in which the view is called.

    The house calls it (`veche.site.once`) when something is sent, never when a page is only looked at.
    """

    def mark(view: View) -> View:
        view.beforehand = prepare  # type: ignore[attr-defined]
        return view

    return mark


def beforehand_of(view: object) -> Prepare | None:
    """What a view wants done before, if anything."""
    found: Prepare | None = getattr(view, "beforehand", None)
    return found
