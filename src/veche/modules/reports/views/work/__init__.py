"""The workplace of officers and dispatchers."""

from django.urls import path

from veche.modules.reports.views.work.desk import desk_page
from veche.modules.reports.views.work.dispatch import dispatch
from veche.modules.reports.views.work.people import people
from veche.modules.reports.views.work.queue import queue
from veche.modules.reports.views.work.templates import templates

patterns = [
    path("work/", queue, name="work"),
    path("work/dispatch/", dispatch, name="dispatch"),
    path("work/templates/", templates, name="templates"),
    path("work/people/", people, name="people"),
    path("work/<str:number>/", desk_page, name="work-report"),
]

__all__ = ["patterns"]
