"""The inbox, marking as read, and the choice of how to be told."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render

from plans.notices.actions import choose_ways, mark_all_read, mark_read
from plans.notices.choices import inbox_of, ways_of
from plans.notices.models import Notice
from plans.notices.wording import zalo_text
from plans.web.layout import form_status
from plans.web.notices.forms import WaysForm
from plans.web.request import Request, is_id

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Line:
    """A notice on the page, with its text for Zalo."""

    notice: Notice
    zalo: str


def inbox(request: Request) -> HttpResponse:
    """The person's notices, newest first."""
    page = Paginator(inbox_of(request.user), PAGE_SIZE).get_page(request.GET.get("trang"))
    lines = [Line(notice, zalo_text(notice)) for notice in page]
    context = {
        "page": page,
        "lines": lines,
        "newest": max((line.notice.pk for line in lines), default=0),
    }
    return render(request, "plans/notices/inbox.html", context)


def read(request: Request, notice: Notice) -> HttpResponse:
    """Mark one notice as read."""
    mark_read(notice=notice, by=request.user)
    if request.htmx:
        context = {"line": Line(notice, zalo_text(notice))}
        return render(request, "plans/notices/_line.html", context)
    return redirect("notices:inbox")


def read_all(request: Request) -> HttpResponse:
    """Mark as read whatever the page showed, and all that is older."""
    newest = request.POST.get("newest", "")
    count = mark_all_read(by=request.user, up_to=int(newest) if is_id(newest) else 0)
    messages.success(request, f"Đã đánh dấu {count} thông báo là đã đọc.")
    return redirect("notices:inbox")


def choices(request: Request) -> HttpResponse:
    """How each kind of notice comes; POST keeps it."""
    posted = request.POST if request.method == "POST" else None
    form = WaysForm(posted, ways=ways_of(request.user))
    if form.is_valid():
        choose_ways(by=request.user, ways=form.chosen())
        messages.success(request, "Đã lưu cách nhận thông báo.")
        return redirect("notices:choices")
    context = {"form": form}
    return render(request, "plans/notices/choices.html", context, status=form_status(form))
