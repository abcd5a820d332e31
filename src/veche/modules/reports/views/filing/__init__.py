"""Filing a report in three steps, a check, and a number."""

from django.urls import path

from veche.modules.reports.views.filing.check import check, mailed, sent
from veche.modules.reports.views.filing.confirm import confirm
from veche.modules.reports.views.filing.steps import details, what, where

patterns = [
    path("report", what, name="file-what"),
    path("report/where", where, name="file-where"),
    path("report/details", details, name="file-details"),
    path("report/check", check, name="file-check"),
    path("report/mailed", mailed, name="file-mailed"),
    path("report/confirm/<uuid:draft>/<str:token>", confirm, name="file-confirm"),
    path("report/sent/<str:number>", sent, name="file-sent"),
]

__all__ = ["patterns"]
