"""What others changed while a page of the editor stands open: asked every few seconds, mostly for nothing.

The page names the moment it was drawn at; while the plan's own moment is the same the answer is empty and costs
no query beyond the guard's. Else the very parts of the page come, and the script puts them in place wherever
the person is not writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import BURST
from plans.history.models import Event
from plans.planning.models import Plan
from plans.planning.saving import REFUSED
from plans.together.log import written
from plans.together.naming import Names
from plans.together.versions import rows_now
from plans.web.planning.page import loaded_report, moment_token, page_context
from plans.web.planning.views import rows_named
from plans.web.request import Request

# Where on the page a row of each kind is drawn; the script looks for what changed there.
_PLACES = {
    "plan": "muc-van-ban",
    "plantext": "muc-{section}",
    "criterionresult": "tieu-chi-{criterion}",
    "planaction": "viec-{pk}",
    "planrow": "dong-{pk}",
}

# A page that stood open longer than this is told of this stretch alone.
_LONGEST = timedelta(hours=12)
# The record of a write is a little younger than the plan's own moment; a page drawn at that moment knows of it.
_ONE_WRITE = timedelta(seconds=1)
_WHOLE = {
    "plan.finish": "vừa khóa bản thảo (“Soạn xong”)",
    "plan.reopen": "vừa mở lại kế hoạch để sửa",
}


@dataclass(frozen=True, slots=True)
class Told:
    """One sentence about another person's change, and the id of the element that it is about."""

    place: str
    words: str


def news(request: Request, plan: Plan) -> HttpResponse:
    """Nothing (204) while the plan is as the page knows it, else what is new in the parts of the page."""
    token = moment_token(plan)
    if request.GET.get("since") == token:
        return HttpResponse(status=204)
    context: dict[str, Any] = {"plan": plan, "token": token, "parts": (), "told": ()}
    since = _moment(request.GET.get("since", ""))
    others = _others(plan, request.user, since)
    if others:
        found = loaded_report(plan)
        key = request.GET.get("page", "")
        page = next((page for page in found.pages if page.key == key), None)
        if page is None:
            raise Http404
        context |= page_context(request, plan, found, page, **rows_named(request, plan))
        context |= {"told": _told(plan, others, since)}
    return render(request, "plans/together/_news.html", context)


def _moment(token: str) -> datetime:
    """Return the moment that a page's token names; for a broken one, a burst ago."""
    now = timezone.now()
    try:
        moment = datetime.fromisoformat(token)
        return min(now, max(moment, now - _LONGEST))
    except (ValueError, TypeError):
        return now - BURST


def _others(plan: Plan, user: User, since: datetime) -> list[Event]:
    """Return the last event about each row that somebody else may have changed since, newest first.

    A burst of typing is told by its first event alone, so the look goes one burst further back.
    """
    events = written(plan).exclude(action=REFUSED).filter(at__gte=since - BURST)
    recent = list(events.defer("before", "address")[:500])
    last: dict[tuple[str, str], Event] = {}
    for event in recent:
        last.setdefault((event.subject_type, event.subject_id), event)
    return [event for event in last.values() if event.actor_id != user.pk]


def _told(plan: Plan, others: list[Event], since: datetime) -> list[Told]:
    """Return a sentence for each row that may have changed; the script says those that did on its page."""
    names, rows = Names(plan), rows_now(plan)
    people = User.objects.in_bulk({event.actor_id for event in others if event.actor_id})
    now = f"{timezone.localtime(plan.changed_at):%H:%M}"
    told = []
    for event in others:
        person = people.get(event.actor_id or 0)
        who = person.address if person else event.actor_name or "Người khác"
        if event.action in _WHOLE and event.at > since + _ONE_WRITE:
            told.append(Told("", f"{who} {_WHOLE[event.action]} lúc {now}. Hãy tải lại trang."))
        key = (event.subject_type, int(event.subject_id) if event.subject_id.isdigit() else 0)
        row = rows.get(key)
        place = _PLACES.get(event.subject_type)
        if row is None or place is None or event.action in _WHOLE:
            continue
        deed = "sửa" if row.stands else "xóa"
        anchor = place.format(pk=row.pk, **row.values)
        told.append(Told(anchor, f"{who} vừa {deed} “{names.row(row)}” lúc {now}."))
    return told
