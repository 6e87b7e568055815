"""Lịch sử: the list of changes, two versions side by side, bringing back, the trash."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from plans.history.models import Event
from plans.planning.models import Plan
from plans.together import log
from plans.together.bringing_back import bring_back, find_key
from plans.together.comparing import compare
from plans.together.trash import DAYS, put_back, thrown_away
from plans.together.versions import find_event, versions
from plans.web.request import Request


def history(request: Request, plan: Plan) -> HttpResponse:
    """Who changed what, from what to what, newest first; `truoc` names the event before which a page begins."""
    before = _event(plan, request.GET.get("truoc", ""))
    page = log.page_of(plan, before)
    context = {"plan": plan, "tool": "history", "page": page, "newest": before is None}
    return render(request, "plans/together/history.html", context | _editable(request, plan))


def _event(plan: Plan, number: str) -> Event | None:
    """Return the event that an address names, None for "". Raises Http404 for one of no or another plan."""
    if not number:
        return None
    event = find_event(plan, number)
    if event is None:
        raise Http404
    return event


def _editable(request: Request, plan: Plan) -> dict[str, bool]:
    return {"editable": request.user.has_perm("plans.change_plan", plan)}


def compare_page(request: Request, plan: Plan) -> HttpResponse:
    """Two versions side by side: `cu` and `moi` name them, empty is the plan as it is.

    Who names none sees what the last person changed.
    """
    choices = log.choices(plan)
    latest = str(choices[0].pk) if choices and not {"cu", "moi"} & set(request.GET) else ""
    old = _event(plan, request.GET.get("cu", latest))
    new = _event(plan, request.GET.get("moi", ""))
    if old and (new is None or (old.at, old.pk) <= (new.at, new.pk)):
        turned = False
    else:
        turned, old, new = bool(old or new), new, old
    older, newer = versions(plan, old, new)
    context = {
        "plan": plan,
        "tool": "history",
        "old": old,
        "new": new,
        "old_words": log.version_words(old),
        "new_words": log.version_words(new),
        "choices": log.choices(plan, old, new),
        "blocks": compare(plan, older, newer),
        "turned": turned,
    }
    return render(request, "plans/together/compare.html", context | _editable(request, plan))


def bring_back_page(request: Request, plan: Plan) -> HttpResponse:
    """Give the plan or one row (`cho`) the words of the version `cu`."""
    to = _event(plan, request.POST.get("cu", ""))
    place = request.POST.get("cho", "")
    if to is None:
        raise Http404
    try:
        only = find_key(place) if place else None
        changed = bring_back(plan=plan, to=to, by=request.user, only=only)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        told = f"Đã đưa {changed} chỗ về bản cũ." if changed else "Chỗ này đã như bản cũ."
        messages.success(request, f"{told} Chữ vừa thay vẫn còn trong lịch sử.")
    return redirect("together:history", plan.pk)


def trash(request: Request, plan: Plan) -> HttpResponse:
    """What was deleted in the last days; POST brings one row (`dong`) back."""
    if request.method == "POST":
        try:
            put_back(plan=plan, key=find_key(request.POST.get("dong", "")), by=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, "Đã đưa dòng này lại chỗ cũ trong kế hoạch.")
        return redirect(reverse("together:trash", args=[plan.pk]))
    context = {"plan": plan, "tool": "history", "rows": thrown_away(plan), "days": DAYS}
    return render(request, "plans/together/trash.html", context | _editable(request, plan))
