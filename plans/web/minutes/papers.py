"""Papers of visits: one paper with its files and signers, those of a visit, the notice, the report of a campaign."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.accounts.models import Membership
from plans.accounts.roles import Role
from plans.documents.storing import UnreadableTree, tree_from_json
from plans.inspections.models import Inspection, InspectionCampaign
from plans.inspections.states import InspectionState
from plans.minutes.models import Paper, PaperFile, PaperKind
from plans.minutes.notice import PREPARATION, notice_document, usual_content, usual_recipients
from plans.minutes.numbers import next_number
from plans.minutes.papers import freeze_report, is_signed, send_notice
from plans.minutes.preparing import body_warnings
from plans.minutes.report import campaign_report, load_campaign
from plans.schools.models import ManagingBody
from plans.web.files import kept_file
from plans.web.layout import form_status, tell
from plans.web.minutes.forms import NoticeForm, ReportForm
from plans.web.minutes.views import loaded, on_screen
from plans.web.request import Request


def paper(request: Request, paper: Paper) -> HttpResponse:
    """One paper as it was frozen: its state, files, code, who signs and who has."""
    visit = paper.inspection
    is_minutes = paper.kind == PaperKind.MINUTES and visit is not None
    context = {
        "paper": paper,
        "inspection": visit,
        "is_minutes": is_minutes,
        "is_official": paper.kind in (PaperKind.NOTICE, PaperKind.REPORT),
        "may_redo": is_minutes
        and visit is not None
        and request.user.has_perm("plans.redo_minutes", visit)
        and not is_signed(paper),
        "may_plan": paper.campaign is not None
        and request.user.has_perm("plans.plan_inspections", paper.campaign),
        **_drawn(paper),
    }
    return render(request, "plans/minutes/paper.html", context)


def _drawn(paper: Paper) -> dict[str, Any]:
    """Return the paper as HTML from the tree that was kept; "" for one that this program cannot read."""
    try:
        return on_screen(tree_from_json(paper.tree), paper.body, paper.issued_on)
    except UnreadableTree:
        return {"preview": "", "layout_row": None}


def file(request: Request, paper: Paper, paper_file: int) -> HttpResponse:
    """A file of a paper, the very bytes that were frozen."""
    return kept_file(PaperFile.objects.filter(paper=paper), paper_file)


def of_visit(request: Request, inspection: Inspection) -> HttpResponse:
    """The papers of a visit that the person may read, the newest first."""
    rows = Paper.objects.filter(inspection=inspection).for_page()
    # Of one visit, whoever may read one paper may read all of its kind that have gone out, or all that have not.
    may: dict[tuple[str, bool], bool] = {}
    for one in rows:
        if (one.kind, one.waits) not in may:
            may[one.kind, one.waits] = request.user.has_perm("plans.read_paper", one)
    papers = [one for one in rows if may[one.kind, one.waits]]
    context = {"inspection": inspection, "papers": papers}
    return render(request, "plans/minutes/of_visit.html", context)


# --- the notice -------------------------------------------------------------------------------------------


def notice(request: Request, inspection: Inspection) -> HttpResponse:
    """The notice to the school as it would go out; POST sends it, asks for a signature (`trinh_ky`), or looks (`xem`)."""
    visit, today = loaded(inspection), timezone.localdate()
    form = NoticeForm(request.POST or None, initial=_notice_initial(visit, today))
    asked = request.method == "POST" and form.is_valid() and "xem" not in request.POST
    if asked and (sent := _sent(request, visit, form)):
        told = "Đã trình ký thông báo." if sent.waits else "Đã gửi thông báo cho nhà trường."
        messages.success(request, told)
        return redirect("minutes:paper", sent.pk)
    values = form.cleaned_data if form.is_bound else {}
    on = values.get("issued_on") or today
    words = form.words() if form.is_bound and form.is_valid() else None
    document = notice_document(visit, on=on, number=values.get("number", ""), words=words)
    context = {
        "inspection": inspection,
        "form": form,
        "is_open": visit.state == InspectionState.PLANNED,
        "warnings": body_warnings(visit.body, on),
        "sent": visit.papers.in_force().filter(kind=PaperKind.NOTICE).first(),
        "waiting": visit.papers.waiting().filter(kind=PaperKind.NOTICE).first(),
        **on_screen(document, visit.body, on),
    }
    return render(request, "plans/minutes/notice.html", context, status=form_status(form))


def _notice_initial(visit: Inspection, today: date) -> dict[str, Any]:
    return {
        "issued_on": today,
        "number": next_number(body_id=visit.body_id, kind=PaperKind.NOTICE, on=today),
        "content": usual_content(visit),
        "preparation": PREPARATION,
        "recipients": usual_recipients(visit, today),
        **_signature(visit.body, today),
    }


def _signature(body: ManagingBody, today: date) -> dict[str, str]:
    """Return who leads the body, in the words of their own membership, to begin with; {} for nobody."""
    leads = Membership.objects.in_force(today).filter(body=body, role=Role.BODY_LEAD)
    lead = leads.select_related("user").order_by("pk").first()
    return {"capacity": lead.position.upper(), "signer": lead.user.full_name} if lead else {}


def _sent(request: Request, visit: Inspection, form: NoticeForm) -> Paper | None:
    try:
        return send_notice(
            inspection=visit,
            by=request.user,
            on=form.cleaned_data["issued_on"],
            number=form.cleaned_data["number"],
            words=form.words(),
            wait="trinh_ky" in request.POST,
        )
    except ValidationError as error:
        tell(form, error)
        return None


# --- the report -------------------------------------------------------------------------------------------


def report(request: Request, visits: InspectionCampaign) -> HttpResponse:
    """The report of a campaign as it stands today; POST freezes it, asks for a signature (`trinh_ky`), or looks (`xem`)."""
    today = timezone.localdate()
    found = load_campaign(visits)
    initial = {
        "issued_on": today,
        "number": next_number(body_id=visits.body_id, kind=PaperKind.REPORT, on=today),
        "recipients": "Lưu: VT",
        **_signature(found.body, today),
    }
    form = ReportForm(request.POST or None, initial=initial)
    asked = request.method == "POST" and form.is_valid() and "xem" not in request.POST
    values = form.cleaned_data if form.is_bound else {}
    on, number = values.get("issued_on") or today, values.get("number", "")
    words = form.words() if form.is_bound and form.is_valid() else None
    if asked and (frozen := _frozen(request, visits, form)):
        told = "Đã trình ký báo cáo." if frozen.waits else "Đã lập báo cáo."
        messages.success(request, f"{told} Bản PDF, Word và Excel ở trang này.")
        return redirect("minutes:paper", frozen.pk)
    context = {
        "campaign": visits,
        "form": form,
        "warnings": body_warnings(found.body, on),
        "papers": Paper.objects.filter(campaign=visits).for_page(),
        **on_screen(campaign_report(found, on=on, number=number, words=words), found.body, on),
    }
    return render(request, "plans/minutes/report.html", context, status=form_status(form))


def _frozen(request: Request, visits: InspectionCampaign, form: ReportForm) -> Paper | None:
    """Freeze the report that a valid form asks for; None when refused, and the form says why."""
    try:
        return freeze_report(
            campaign=visits,
            by=request.user,
            on=form.cleaned_data["issued_on"],
            number=form.cleaned_data["number"],
            words=form.words(),
            wait="trinh_ky" in request.POST,
        )
    except ValidationError as error:
        tell(form, error)
        return None
