"""Reports: the room's manifest."""

from veche.commons.casework.terms import CaseHandedOver, CaseMoved, DeadlineMissed
from veche.kernel.manifest import Module
from veche.modules.reports import services
from veche.modules.reports.terms import (
    HIDE_REASONS,
    REPORT,
    SENTENCES,
    STATUS_WORDS,
    ReportFiled,
    ReportHidden,
    ReportJoined,
    ReportLeft,
    ReportShown,
    ReportsImported,
)

MODULE = Module(
    name="reports",
    kinds=(REPORT,),
    urls="veche.modules.reports.urls",
    api="veche.modules.reports.api.router",
    load="veche.modules.reports.services.load",
    facts=(ReportFiled, ReportJoined, ReportLeft, ReportHidden, ReportShown, ReportsImported),
    on={
        ReportFiled: services.follow_filing,
        CaseMoved: services.follow_move,
        CaseHandedOver: services.follow_handing_over,
        DeadlineMissed: services.follow_deadline,
        ReportHidden: services.follow_hiding,
        ReportShown: services.follow_showing,
    },
    addresses={REPORT: "veche.modules.reports.queries.own.addresses_of"},
    tellers={REPORT: "veche.modules.reports.queries.telling.tell"},
    words={
        "status": STATUS_WORDS,
        "from_status": STATUS_WORDS,
        "to_status": STATUS_WORDS,
        "reason": HIDE_REASONS,
    },
    sentences=SENTENCES,
)
