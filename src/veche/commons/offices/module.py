"""Offices tell the house about themselves."""

from veche.commons.offices.terms import (
    OFFICE,
    SENTENCES,
    OfficerAppointed,
    OfficerDismissed,
    OfficesLoaded,
    RouteLearned,
)
from veche.kernel.manifest import Access, Module

MODULE = Module(
    name="offices",
    kinds=(OFFICE,),
    api="veche.commons.offices.api.router",
    facts=(RouteLearned, OfficerAppointed, OfficerDismissed, OfficesLoaded),
    permissions=(Access("api:offices", ("GET",), "PUBLIC"),),
    sentences=SENTENCES,
)
