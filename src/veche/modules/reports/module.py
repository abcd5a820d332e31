"""Reports: the room's manifest."""

from veche.commons.casework.terms import CaseHandedOver, CaseMoved, DeadlineMissed
from veche.kernel.manifest import Module
from veche.modules.reports import access, services
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
    site_urls="veche.modules.reports.urls.cabinet",
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
    cards=("veche.modules.reports.views.cards.city_card",),
    cabinet=(
        "veche.modules.reports.views.work.cards.work_card",
        "veche.modules.reports.views.cards.cabinet_card",
    ),
    addresses={REPORT: "veche.modules.reports.queries.own.addresses_of"},
    open_fields={REPORT: "veche.modules.reports.queries.own.open_fields_of"},
    tellers={REPORT: "veche.modules.reports.queries.telling.tell"},
    words={
        "status": STATUS_WORDS,
        "from_status": STATUS_WORDS,
        "to_status": STATUS_WORDS,
        "reason": HIDE_REASONS,
    },
    forget="veche.modules.reports.services.forget_author",
    permissions=(*access.READER_ROUTES, *access.FILING_ROUTES, *access.WORK_ROUTES, *access.API_ROUTES),
    sentences=SENTENCES,
)
