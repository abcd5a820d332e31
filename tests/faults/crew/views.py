"""Pages that go wrong, and pages that take their time."""

import time

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from tests.faults.crew.diary import written

from veche.site.turns import aside


@csrf_exempt
def break_down(request: HttpRequest) -> HttpResponse:
    """Fail with all that was typed in the names of this function and in the words of two exceptions."""
    typed = dict(request.POST.items()) | dict(request.GET.items())
    try:
        return HttpResponse(typed["there is no such field"])
    except KeyError as error:
        raise ValueError(f"cannot do with {typed}") from error


@csrf_exempt
def slow(request: HttpRequest) -> HttpResponse:
    """Answer after two seconds, and write down that it was done."""
    with written(f"request:{request.GET['number']}"), aside():
        time.sleep(2)
    return HttpResponse("done")
