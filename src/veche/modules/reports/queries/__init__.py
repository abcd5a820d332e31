"""Reads of reports: the catalogue, routes, single reports, lists, maps."""

from veche.modules.reports.queries.catalogue import Catalogue, catalogue
from veche.modules.reports.queries.lists import (
    filtered,
    open_near,
    reports_in,
    reports_page,
    row_of,
    rows_by_id,
)
from veche.modules.reports.queries.map import clusters
from veche.modules.reports.queries.own import addresses_of, city_figures, joined_reports, own_reports
from veche.modules.reports.queries.routing import (
    offices_near,
    place_named,
    place_names,
    place_of,
    reasons_of,
    route_for,
    routing_table,
    terms_of,
)
from veche.modules.reports.queries.single import duplicates_of, hiding_of, report_by_id, report_by_number
from veche.modules.reports.queries.work import (
    WORK_PAGE,
    WorkFilter,
    WorkKey,
    WorkRow,
    dispatcher_queue,
    office_queue,
    queue_counts,
)

__all__ = [
    "own_reports",
    "joined_reports",
    "city_figures",
    "addresses_of",
    "WORK_PAGE",
    "Catalogue",
    "WorkFilter",
    "WorkKey",
    "WorkRow",
    "catalogue",
    "clusters",
    "dispatcher_queue",
    "duplicates_of",
    "filtered",
    "hiding_of",
    "office_queue",
    "offices_near",
    "open_near",
    "place_named",
    "place_names",
    "place_of",
    "queue_counts",
    "reasons_of",
    "report_by_id",
    "report_by_number",
    "reports_in",
    "reports_page",
    "route_for",
    "routing_table",
    "row_of",
    "rows_by_id",
    "terms_of",
]
