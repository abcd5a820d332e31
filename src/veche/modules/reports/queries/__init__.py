"""Reads of reports: the catalogue, routes, single reports, lists, maps."""

from veche.modules.reports.queries.catalogue import Catalogue, catalogue, choices, examples_of
from veche.modules.reports.queries.lists import (
    filtered,
    open_near,
    reports_in,
    reports_page,
    row_of,
)
from veche.modules.reports.queries.map import clusters
from veche.modules.reports.queries.own import addresses_of, city_figures, joined_reports, own_reports
from veche.modules.reports.queries.page import ReportPage, report_page
from veche.modules.reports.queries.record import Record, private_of, record_of
from veche.modules.reports.queries.routing import (
    place_named,
    place_names,
    place_of,
    reasons_of,
    route_for,
    routing_table,
    terms_of,
)
from veche.modules.reports.queries.single import hiding_of, report_by_id, report_by_number
from veche.modules.reports.queries.work import (
    WORK_PAGE,
    StaffLine,
    WorkFilter,
    WorkKey,
    WorkRow,
    dispatcher_queue,
    likely_offices,
    office_queue,
    queue_counts,
    staff_of,
    unrouted_count,
    words_of_not_ours,
)

__all__ = [
    "WORK_PAGE",
    "Catalogue",
    "Record",
    "ReportPage",
    "StaffLine",
    "WorkFilter",
    "WorkKey",
    "WorkRow",
    "addresses_of",
    "catalogue",
    "choices",
    "city_figures",
    "clusters",
    "dispatcher_queue",
    "examples_of",
    "filtered",
    "hiding_of",
    "joined_reports",
    "likely_offices",
    "office_queue",
    "open_near",
    "own_reports",
    "place_named",
    "place_names",
    "place_of",
    "private_of",
    "queue_counts",
    "reasons_of",
    "record_of",
    "report_by_id",
    "report_by_number",
    "report_page",
    "reports_in",
    "reports_page",
    "route_for",
    "routing_table",
    "row_of",
    "staff_of",
    "terms_of",
    "unrouted_count",
    "words_of_not_ours",
]
