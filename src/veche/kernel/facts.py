"""A fact is one thing that happened; every act leaves one in the journal."""

import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cache
from typing import Any, ClassVar, Self
from uuid import UUID

from veche.kernel.refs import SubjectRef

Plain = str | int | float | bool | None
_HEAD = ("ref", "at", "city_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """The head of every fact. A subclass adds public fields: plain values, ids, dates, tuples of text.

    `ref` is the subject, `at` the aware UTC moment, `city_id` the city whose journal it enters.
    Never put a name, an address of mail, a telephone number or a free text of a person into a fact.
    """

    kind: ClassVar[str] = ""
    ref: SubjectRef
    at: datetime
    city_id: UUID | None = None

    def __init_subclass__(cls, **kwargs: object) -> None:
        # Not zero-argument super(): slots=True builds the class twice.
        super(Fact, cls).__init_subclass__(**kwargs)
        cls.kind = f"{_room(cls.__module__)}.{cls.__name__}"

    def body(self) -> dict[str, Plain | list[str]]:
        """The public fields beyond the head, ready for JSON."""
        return {f.name: _plain(getattr(self, f.name)) for f in fields(self) if f.name not in _HEAD}

    @classmethod
    def from_body(
        cls, body: Mapping[str, Any], *, ref: SubjectRef, at: datetime, city_id: UUID | None
    ) -> Self:
        """Rebuild a fact from its journal row; unknown fields of newer versions are left out."""
        hints = _hints(cls)  # type: ignore[arg-type] # a class is hashable
        values = {name: _typed(hints[name], raw) for name, raw in body.items() if name in hints}
        return cls(ref=ref, at=at, city_id=city_id, **values)


def _room(module: str) -> str:
    """`veche.commons.casework.terms` is the room `casework`; elsewhere it is the folder of the file."""
    parts = module.split(".")
    return parts[2] if parts[0] == "veche" and len(parts) > 2 else parts[-2 if len(parts) > 1 else 0]


@cache
def _hints(cls: type[Fact]) -> dict[str, Any]:
    hints = typing.get_type_hints(cls)
    return {f.name: hints[f.name] for f in fields(cls) if f.name not in _HEAD}


def _plain(value: object) -> Plain | list[str]:
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, (tuple, list, frozenset)):
        return [str(item) for item in value]
    if value is None or isinstance(value, (bool, int, float)):
        return value
    return str(value)


def _typed(hint: Any, raw: Any) -> Any:
    if raw is None:
        return None
    options = typing.get_args(hint) if _is_optional(hint) else (hint,)
    wanted = next(option for option in options if option is not type(None))
    if typing.get_origin(wanted) is tuple:
        inner = typing.get_args(wanted)[0]
        return tuple(_typed(inner, item) for item in raw)
    if wanted in (datetime, date):
        return wanted.fromisoformat(raw)
    if wanted in (UUID, str, int, float, bool):
        return wanted(raw)
    if wanted is SubjectRef:
        return SubjectRef.parse(raw)
    return wanted(raw)


def _is_optional(hint: Any) -> bool:
    return type(None) in typing.get_args(hint)


# What `journal.services.record` is, for services that stand beside the journal.
Record = Callable[[Fact], object]
