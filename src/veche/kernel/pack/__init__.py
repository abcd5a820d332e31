"""City packs: a folder of TOML that makes Veche serve a city.

`read_pack(folder)` reads and checks a whole pack; `terms_from`, `calendar_from` and `work_calendar` build the working
objects out of `Pack.raw`, the form in which a pack is kept in the database. The format is told in `docs/packs.md`.
"""

from veche.kernel.pack.calendar import calendar_from, work_calendar
from veche.kernel.pack.reading import read_pack
from veche.kernel.pack.sentences import SENTENCES
from veche.kernel.pack.shapes import (
    GROUPS,
    STAGES,
    Contact,
    DemoAccount,
    DemoMaterial,
    DemoStreet,
    DemoTexts,
    MapGround,
    Pack,
    PackCalendar,
    PackCategory,
    PackChoice,
    PackCity,
    PackCompetence,
    PackOffice,
    PackPlace,
    PackQuestion,
    PackTerm,
    PackWitness,
    PackWitnesses,
    Reason,
    Template,
    terms_from,
    witnesses_from,
)

__all__ = [
    "GROUPS",
    "SENTENCES",
    "STAGES",
    "Contact",
    "DemoAccount",
    "DemoMaterial",
    "DemoStreet",
    "DemoTexts",
    "MapGround",
    "Pack",
    "PackCalendar",
    "PackCategory",
    "PackChoice",
    "PackCity",
    "PackCompetence",
    "PackOffice",
    "PackPlace",
    "PackQuestion",
    "PackTerm",
    "PackWitness",
    "PackWitnesses",
    "Reason",
    "Template",
    "calendar_from",
    "read_pack",
    "terms_from",
    "witnesses_from",
    "work_calendar",
]
