"""The people of a campaign and the team of one visit: found by name, or typed where there is no account."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.arranging import campaigns
from plans.arranging.scheduling import TEAM_CHANGES, add_member, hand_lead, remove_member
from plans.arranging.team import Seat, seat_of_user
from plans.inspections.models import (
    CampaignMember,
    Inspection,
    InspectionCampaign,
    TeamMember,
    TeamPerson,
)
from plans.inspections.states import InspectionState
from plans.minutes.models import Paper, PaperKind
from plans.minutes.papers import TEAM_CHANGED, end_waiting_notice
from plans.schools.models import ManagingBody, School
from plans.web.inspecting.forms.fields import to_choose_from
from plans.web.inspecting.forms.people import (
    AccountSeatForm,
    FindPersonForm,
    TypedSeatForm,
    found_people,
)
from plans.web.layout import form_status, tell
from plans.web.request import Request

NOTICE_ENDED = "Thông báo chờ ký ghi tổ cũ nên đã thu lại. Quý vị lập thông báo mới."
NOTICE_OLD = "Thông báo đã gửi nhà trường ghi tổ cũ. Quý vị gửi thông báo mới để thay."
SHOWN = 20  # people found; more than that and the name wants another word


@dataclass(slots=True)
class Adding:
    """The three forms by which somebody comes into a team, and what was refused."""

    asked: FindPersonForm
    account: AccountSeatForm
    typed: TypedSeatForm
    count: int
    school: School | None

    @property
    def form(self) -> Any:
        """The form that was refused, else the one of people with an account."""
        return self.typed if self.typed.errors else self.account


def _adding(
    request: Request,
    body: ManagingBody,
    rows: Iterable[TeamPerson],
    school: School | None = None,
) -> Adding:
    """Return the forms, bound where one was sent: `viec` says which.

    Whom `rows` name already, and who is of the visited `school`, is not offered; who is chosen all the same reads
    why not.
    """
    asked = FindPersonForm(request.GET)
    words = asked.cleaned_data["tim"] if asked.is_valid() else ""
    people = found_people(body, words)
    offered = people.exclude(pk__in=[row.user_id for row in rows if row.user_id])
    if school:
        of_school = Membership.objects.in_force(timezone.localdate()).filter(school=school)
        offered = offered.exclude(pk__in=of_school.order_by().values("user"))
    sent = request.POST.get("viec", "") if request.method == "POST" else ""
    chosen = sent == "tai_khoan"
    return Adding(
        asked,
        AccountSeatForm(
            request.POST if chosen else None,
            found=to_choose_from(people) if chosen else _few(offered),
        ),
        TypedSeatForm(request.POST if sent == "ghi_tay" else None, body=body),
        offered.count(),
        school,
    )


def _few(people: QuerySet[User]) -> QuerySet[User]:
    first = list(people.order_by("full_name", "pk").values_list("pk", flat=True)[:SHOWN])
    return to_choose_from(User.objects.filter(pk__in=first).order_by("full_name", "pk"))


def _seat(adding: Adding) -> Seat | None:
    """Return the seat that was asked for; None when neither form was sent, or the sent one makes no sense."""
    today = timezone.localdate()
    if adding.account.is_bound and adding.account.is_valid():
        typed = adding.account.cleaned_data
        return seat_of_user(typed["user"], typed["role"], on=today)
    if adding.typed.is_bound and adding.typed.is_valid():
        typed = dict(adding.typed.cleaned_data)
        return Seat(user=None, role=typed.pop("typed_role"), **typed)
    return None


def _added(
    request: Request, adding: Adding, put: Callable[[Seat], CampaignMember | TeamMember]
) -> bool:
    """Put who was asked for into the team; say whether that was done."""
    seat = _seat(adding)
    if seat is None:
        return False
    try:
        put(seat)
    except ValidationError as error:
        tell(adding.typed if adding.typed.is_bound else adding.account, error)
        return False
    messages.success(request, f"Đã thêm {seat.full_name}.")
    return True


# --- a campaign -------------------------------------------------------------------------------------------


def members(request: Request, visits: InspectionCampaign) -> HttpResponse:
    """The people of a campaign; POST adds one."""
    rows = campaigns.campaign_members(visits)
    adding = _adding(request, visits.body, rows)

    def put(seat: Seat) -> CampaignMember:
        return campaigns.add_campaign_member(campaign=visits, seat=seat, by=request.user)

    if request.method == "POST" and _added(request, adding, put):
        return redirect("inspecting:members", visits.pk)
    context = {
        "visits": visits,
        "rows": rows,
        "adding": adding,
        "form": adding.form,
        "may_change": visits.started_at is None and visits.closed_at is None,
    }
    status = form_status(adding.form)
    return render(request, "plans/inspecting/members.html", context, status=status)


def member_remove(
    request: Request, visits: InspectionCampaign, campaign_member: int
) -> HttpResponse:
    """Take somebody off the people of a campaign."""
    rows = visits.members.select_related("campaign")
    member = rows.filter(pk=campaign_member).first() if campaign_member < 2**63 else None
    if member is None:
        raise Http404
    campaigns.remove_campaign_member(member=member, by=request.user)
    messages.success(request, f"Đã bỏ {member.full_name} khỏi danh sách của đợt.")
    return redirect("inspecting:members", visits.pk)


# --- one visit --------------------------------------------------------------------------------------------


def team(request: Request, inspection: Inspection) -> HttpResponse:
    """The team of one visit; POST adds somebody."""
    adding = _adding(request, inspection.body, inspection.team, inspection.school)

    def put(seat: Seat) -> TeamMember:
        with _team_change(request, inspection):
            return add_member(inspection=inspection, seat=seat, by=request.user)

    if request.method == "POST" and _added(request, adding, put):
        return redirect("inspecting:team", inspection.pk)
    left = inspection.members.filter(removed_at__isnull=False).select_related("removed_by")
    context = {
        "inspection": inspection,
        "left": left,
        "adding": adding,
        "form": adding.form,
        "may_change": inspection.state in TEAM_CHANGES,
    }
    status = form_status(adding.form)
    return render(request, "plans/inspecting/team.html", context, status=status)


def team_remove(request: Request, inspection: Inspection, team_member: int) -> HttpResponse:
    """Take somebody off the team of a visit; their sight of it ends at once."""
    member = _member(inspection, team_member)
    return _changed(
        request,
        inspection,
        lambda: remove_member(member=member, by=request.user),
        f"Đã rút {member.full_name} khỏi tổ. Người này không còn xem được buổi kiểm tra.",
    )


def team_lead(request: Request, inspection: Inspection, team_member: int) -> HttpResponse:
    """Make somebody of the team its tổ trưởng."""
    member = _member(inspection, team_member)
    return _changed(
        request,
        inspection,
        lambda: hand_lead(member=member, by=request.user),
        f"Đã giao {member.full_name} làm tổ trưởng.",
    )


def _member(inspection: Inspection, pk: int) -> TeamMember:
    rows = inspection.members.filter(removed_at__isnull=True).select_related(
        "inspection__body", "user"
    )
    member = rows.filter(pk=pk).first() if pk < 2**63 else None
    if member is None:
        raise Http404
    return member


@contextmanager
def _team_change(request: Request, inspection: Inspection) -> Iterator[None]:
    """Around a change of the team: what a notice says of the old one is withdrawn while it waits to be signed.

    A notice that was sent stays what it is, and the person reads that it names the old team.
    """
    with transaction.atomic():
        yield
        if inspection.state != InspectionState.PLANNED:
            return
        ended = end_waiting_notice(inspection=inspection, reason=TEAM_CHANGED, by=request.user)
    notices = Paper.objects.in_force().filter(inspection=inspection, kind=PaperKind.NOTICE)
    if ended:
        messages.info(request, NOTICE_ENDED)
    elif notices.exists():
        messages.info(request, NOTICE_OLD)


def _changed(
    request: Request, inspection: Inspection, deed: Callable[[], Any], said: str
) -> HttpResponse:
    try:
        with _team_change(request, inspection):
            deed()
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, said)
    return redirect("inspecting:team", inspection.pk)
