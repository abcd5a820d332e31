"""What was drawn once need not be drawn again: a small store keyed by everything the drawing depends on."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Memo(Generic[T]):
    """Keeps the last `most` results. The key must hold all that goes into a result: nothing is ever out of date.

    Two threads may make the same thing at once, which is harmless.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._held: OrderedDict[Hashable, T] = OrderedDict()

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """What stands under the key, made if nothing does."""
        found = self._held.get(key)
        if found is not None:
            return found
        made = make()
        with self._lock:
            self._held[key] = made
            if len(self._held) > self._most:
                self._held.popitem(last=False)
        return made
