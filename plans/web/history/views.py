"""The page of a school's record."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from plans.history.models import Event
from plans.overview.record import RecordPage, events_of, months_of, people_of, record_page
from plans.schools.models import School
from plans.web.history.forms import RecordFilterForm
from plans.web.request import Request, is_id


def school_record(request: Request, school: School) -> HttpResponse:
    """Who did what, newest first; `thang` and `nguoi` narrow it, `truoc` names the event before which a page begins."""
    before = _event(school, request.GET.get("truoc", ""))
    form = RecordFilterForm(request.GET, months=months_of(school), people=people_of(school))
    page = record_page(school, form.wanted(), before) if form.is_valid() else RecordPage((), None)
    query = request.GET.copy()
    query.pop("truoc", None)
    context = {
        "school": school,
        "name": school.name_on(timezone.localdate()),
        "form": form,
        "page": page,
        "newest": before is None,
        "query": query.urlencode(),
    }
    return render(request, "plans/history/school.html", context)


def _event(school: School, number: str) -> Event | None:
    """Return the event that an address names, None for "". Raises Http404 for one of no or another school."""
    if not number:
        return None
    event = events_of(school).filter(pk=int(number)).first() if is_id(number) else None
    if event is None:
        raise Http404
    return event
