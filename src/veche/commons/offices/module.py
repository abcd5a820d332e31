"""Offices tell the house about themselves."""

from veche.commons.offices.terms import (
    OFFICE,
    SENTENCES,
    OfficerAppointed,
    OfficerDismissed,
    OfficesLoaded,
    RouteLearned,
)
from veche.kernel.manifest import Module

MODULE = Module(
    name="offices",
    kinds=(OFFICE,),
    facts=(RouteLearned, OfficerAppointed, OfficerDismissed, OfficesLoaded),
    sentences=SENTENCES,
)
