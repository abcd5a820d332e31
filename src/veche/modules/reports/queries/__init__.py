"""Reads of reports: the catalogue, routes, single reports, lists, maps."""

from veche.modules.reports.queries.catalogue import Catalogue, catalogue
from veche.modules.reports.queries.lists import filtered, open_near, reports_in, reports_page, rows_by_id
from veche.modules.reports.queries.map import clusters
from veche.modules.reports.queries.routing import place_of, reasons_of, route_for, routing_table, terms_of
from veche.modules.reports.queries.single import report_by_id, report_by_number

__all__ = [
    "Catalogue",
    "catalogue",
    "clusters",
    "filtered",
    "open_near",
    "place_of",
    "reasons_of",
    "report_by_id",
    "report_by_number",
    "reports_in",
    "reports_page",
    "route_for",
    "routing_table",
    "rows_by_id",
    "terms_of",
]
