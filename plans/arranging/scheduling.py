"""A visit gets its day, its hours and its team; the team changes; the visit is called off. No double booking.

Whoever books holds the body's row and those of the people with an account for the length of the transaction, in
this order, so that of two requests at once the second sees the first one's visit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.arranging import visit_news
from plans.arranging.calendar import Hours, bookings, check_day, hours_meet, hours_of, hours_words
from plans.arranging.team import Seat, check_own_school, check_team, with_lead
from plans.history.actions import record
from plans.inspections.enums import Outcome, TeamRole
from plans.inspections.models import Inspection, InspectionCampaign, TeamMember
from plans.inspections.moving import locked, move_inspection
from plans.inspections.rules import is_begun
from plans.inspections.states import InspectionState
from plans.moves import MoveNotAllowed
from plans.planning.models import Plan
from plans.schools.models import ManagingBody, School, SchoolYear
from plans.schools.sight import schools_of_bodies
from plans.text import nfc
from plans.versions import MOVED_ON

# Until the minutes are made the team may change: then they are its members who sign.
TEAM_CHANGES = frozenset({InspectionState.PLANNED, InspectionState.OPEN, InspectionState.CONCLUDED})
_PLANNED_ONLY = "Buổi kiểm tra đã mở biên bản hoặc đã hủy nên không đổi lịch được nữa."
_CLOSED = "Đợt kiểm tra đã kết thúc nên không sửa được nữa."
_TEAM_FIXED = "Buổi kiểm tra đã lập biên bản hoặc đã hủy nên không đổi tổ được nữa."


@transaction.atomic
def schedule_visit(
    *,
    school: School,
    body: ManagingBody,
    planned_on: date,
    planned_from: time | None,
    planned_to: time | None,
    team: Sequence[Seat],
    by: User,
    campaign: InspectionCampaign | None = None,
    on: date | None = None,
    **values: Any,
) -> Inspection:
    """Plan a visit of `body` to `school` with `team` and return it.

    In a campaign the grounds, the decision, the title, the days to reply and the checklists are the campaign's;
    else they come as `values` by field. Raises ValidationError: by "team" for a team that cannot work, somebody's
    own school, somebody booked elsewhere in these hours; by "school" for a school that the body does not manage
    or the campaign did not choose; by "planned_on" for a day that on the day `on` (None is today) is past or too
    far; by field else. Raises MoveNotAllowed when the campaign is closed. The team is told unless the campaign has
    not begun. A day outside the campaign's period is taken.
    """
    seats = list(team)
    campaign = held_campaign(campaign) if campaign else None
    _hold(body, seats)
    _check_school(school, body)
    if campaign and not campaign.chosen.filter(school=school).exists():
        raise ValidationError({"school": f"{school} chưa được chọn vào đợt kiểm tra này."})
    check_day(planned_on, on or timezone.localdate())
    check_team(seats)
    _check_people(seats, school, body.pk, planned_on, (planned_from, planned_to))
    year = campaign.school_year if campaign else SchoolYear.objects.at(planned_on)
    if year is None:
        raise ValidationError(
            {"planned_on": "Ngày này chưa thuộc năm học nào có trong chương trình."}
        )
    checklists = own_checklists(body, values.pop("checklists", ()))
    visit = Inspection(
        school=school,
        body=body,
        school_year=year,
        campaign=campaign,
        plan=Plan.objects.filter(school=school, school_year=year).first(),
        planned_on=planned_on,
        planned_from=planned_from,
        planned_to=planned_to,
        created_by=by,
        **{**_plain_text(values), **(pinned_fields(campaign) if campaign else {})},
    )
    visit.full_clean()
    visit.save()
    visit.checklists.set(campaign.checklists.all() if campaign else checklists)
    members = [_seated(visit, seat, place) for place, seat in enumerate(seats, start=1)]
    after = {"planned_on": planned_on.isoformat(), "team": [seat.full_name for seat in seats]}
    _record("inspection.schedule", visit, visit, by=by, after=after)
    if is_begun(visit):
        visit_news.tell_of_visit(visit, members, by=by)
    return visit


def pinned_fields(campaign: InspectionCampaign) -> dict[str, Any]:
    """Return what every visit of a campaign takes from it, by field of a visit."""
    names = (
        "legal_grounds",
        "decision_number",
        "decision_date",
        "decision_issuer",
        "minutes_title",
        "reply_days",
    )
    return {name: getattr(campaign, name) for name in names}


@transaction.atomic
def reschedule_visit(
    *,
    inspection: Inspection,
    planned_on: date,
    planned_from: time | None,
    planned_to: time | None,
    version: int,
    by: User,
    on: date | None = None,
) -> Inspection:
    """Give a planned visit another day or other hours and return it; the team is told, and a school that knew.

    Raises MoveNotAllowed once it is open or called off, ValidationError for people booked elsewhere, when
    somebody changed the visit after `version`, and by "planned_on" for a day that on the day `on` (None is today)
    is past or too far.
    """
    held = _held(inspection)
    if held.state != InspectionState.PLANNED:
        raise MoveNotAllowed(_PLANNED_ONLY)
    if held.version != version:
        raise ValidationError(MOVED_ON)
    check_day(planned_on, on or timezone.localdate())
    seats = _seats(held)
    _check_people(seats, held.school, held.body_id, planned_on, (planned_from, planned_to), held.pk)
    before = when_words(held)
    held.planned_on, held.planned_from, held.planned_to = planned_on, planned_from, planned_to
    held.version += 1
    held.full_clean()
    held.save()
    after = when_words(held)
    if before != after:
        _record(
            "inspection.reschedule",
            held,
            held,
            by=by,
            before={"when": before},
            after={"when": after},
        )
        if is_begun(held):
            visit_news.tell_of_change(held, seats, before, by=by)
    return held


@transaction.atomic
def cancel_visit(*, inspection: Inspection, reason: str, by: User) -> Inspection:
    """Call a visit off with a reason and return it; the team is told, and a school that knew of it.

    Raises ValidationError without a reason or for one that is too long, MoveNotAllowed once the team has left.
    """
    reason = nfc(reason).strip()
    if not reason:
        raise ValidationError({"reason": "Hãy ghi lý do hủy."})
    seats = _seats(inspection)
    fields = {"cancelled_at": timezone.now(), "cancel_reason": reason}
    held = move_inspection(inspection=inspection, name="cancel", by=by, reason=reason, **fields)
    if is_begun(held):
        visit_news.tell_of_end(held, seats, by=by)
    return held


@transaction.atomic
def add_member(*, inspection: Inspection, seat: Seat, by: User) -> TeamMember:
    """Put somebody on the team of a visit and return their row; they are told.

    Who comes as tổ trưởng takes over from the one before, who stays as a thành viên. Raises ValidationError by
    "team", MoveNotAllowed once the minutes are made.
    """
    held = _held_team(inspection, [seat])
    rows = _members(held)
    seats = [*map(Seat.of, rows), seat]
    check_team(with_lead(seats, seat) if seat.role == TeamRole.LEAD else seats)
    check_own_school([seat], held.school, on=_days(held.visited_on))
    if held.state in (InspectionState.PLANNED, InspectionState.OPEN):
        _check_free([seat], held.body_id, held.visited_on, hours_of(held), held.pk)
    if seat.role == TeamRole.LEAD:
        _lower_lead(rows)
    place = max((row.place for row in rows), default=0) + 1
    member = _seated(held, seat, place)
    after = {"full_name": seat.full_name, "role": str(TeamRole(seat.role).label)}
    _record("team.add", member, held, by=by, after=after)
    if is_begun(held):
        visit_news.tell_of_visit(held, [member], by=by)
    return member


@transaction.atomic
def remove_member(*, member: TeamMember, by: User) -> TeamMember:
    """Take somebody off the team of a visit and return their row; what they see by that seat ends at once.

    What they wrote stays in the record, under their name; whether they were present is no question any more, so
    nothing waits for a choice about it. Raises ValidationError by "team" where the rest could not work (the tổ
    trưởng hands over first), MoveNotAllowed once the minutes are made.
    """
    held = _held_team(member.inspection, [])
    rows = _members(held)
    row = next((one for one in rows if one.pk == member.pk), None)
    if row is None:
        raise ValidationError({"team": f"{member.full_name} không còn trong tổ."})
    if row.role == TeamRole.LEAD:
        raise ValidationError(
            {"team": "Hãy giao tổ trưởng cho người khác trước khi rút người này."}
        )
    check_team([Seat.of(one) for one in rows if one.pk != row.pk])
    row.removed_at, row.removed_by = timezone.now(), by
    row.save(update_fields=["removed_at", "removed_by"])
    about = held.entries.filter(target=f"member:{row.pk}", outcome=Outcome.CONFLICT)
    about.filter(settled_at__isnull=True).update(settled_at=row.removed_at, settled_by=by)
    _record("team.remove", row, held, by=by, before={"full_name": row.full_name})
    if is_begun(held):
        visit_news.tell_of_leaving(held, row, by=by)
    return row


@transaction.atomic
def hand_lead(*, member: TeamMember, by: User) -> TeamMember:
    """Make somebody of the team its tổ trưởng and return their row; the one before stays as a thành viên.

    Raises ValidationError by "team" where nobody with an account would be left to write, MoveNotAllowed once the
    minutes are made.
    """
    held = _held_team(member.inspection, [])
    rows = _members(held)
    row = next((one for one in rows if one.pk == member.pk), None)
    if row is None:
        raise ValidationError({"team": f"{member.full_name} không còn trong tổ."})
    if row.role == TeamRole.LEAD:
        return row
    check_team(with_lead([Seat.of(one) for one in rows], Seat.of(row)))
    before = next((one.full_name for one in rows if one.role == TeamRole.LEAD), "")
    _lower_lead(rows)
    row.role = TeamRole.LEAD
    row.save(update_fields=["role"])
    after = {"lead": row.full_name}
    _record("team.lead", row, held, by=by, before={"lead": before}, after=after)
    if is_begun(held):
        visit_news.tell_of_lead(held, row, by=by)
    return row


def when_words(inspection: Inspection) -> str:
    """Return the day and hours of a visit: "05/10/2026, 7 giờ 30 đến 11 giờ"."""
    hours = hours_words((inspection.planned_from, inspection.planned_to))
    return f"{inspection.planned_on:%d/%m/%Y}, {hours}"


def own_checklists(body: ManagingBody, checklists: Iterable[Any]) -> list[Any]:
    """Return checklists of the body that are published. Raises ValidationError for any other."""
    found = list(checklists)
    if any(one.body_id != body.pk or one.is_draft for one in found):
        raise ValidationError({"checklists": "Chỉ chọn được phiếu đã ban hành của cơ quan."})
    return found


def held_campaign(campaign: InspectionCampaign) -> InspectionCampaign:
    """Return the campaign as it is now, held for this transaction. Raises MoveNotAllowed when it is closed.

    Hold it before the rows of a body, people and visits.
    """
    rows = InspectionCampaign.objects.select_for_update(of=("self",), no_key=True)
    now = rows.select_related("body__kind", "school_year").get(pk=campaign.pk)
    if now.closed_at is not None:
        raise MoveNotAllowed(_CLOSED)
    return now


def held_to_open(inspection: Inspection, at: datetime) -> Inspection:
    """Return the visit as it is now, held with its people, for its record to be opened at `at`.

    Raises MoveNotAllowed when that is another day than planned and somebody of the team is expected elsewhere.
    """
    held = _held(inspection)
    if held.state == InspectionState.PLANNED and at.date() != held.planned_on:
        try:
            _check_free(_seats(held), held.body_id, at.date(), hours_of(held, at), held.pk)
        except ValidationError as error:
            raise MoveNotAllowed(f"Chưa mở biên bản được. {' '.join(error.messages)}") from error
    return held


def _hold(body: ManagingBody, seats: Sequence[Seat]) -> None:
    """Hold the body's row and the people's until the transaction ends; their keys may still be referred to."""
    ManagingBody.objects.select_for_update(no_key=True).get(pk=body.pk)
    users = sorted({seat.user.pk for seat in seats if seat.user})
    list(User.objects.select_for_update(no_key=True).filter(pk__in=users).order_by("pk"))


def _held(inspection: Inspection, more: Sequence[Seat] = ()) -> Inspection:
    """Return a visit as it is now, with its people's rows and those of `more` held before its own."""
    _hold(inspection.body, [*_seats(inspection), *more])
    return locked(inspection)


def _held_team(inspection: Inspection, more: Sequence[Seat]) -> Inspection:
    held = _held(inspection, more)
    if held.state not in TEAM_CHANGES:
        raise MoveNotAllowed(_TEAM_FIXED)
    return held


def _members(inspection: Inspection) -> list[TeamMember]:
    rows = TeamMember.objects.filter(inspection=inspection.pk, removed_at__isnull=True)
    return list(rows.select_related("user", "home_school"))


def _seats(inspection: Inspection) -> list[Seat]:
    return [Seat.of(row) for row in _members(inspection)]


def _seated(inspection: Inspection, seat: Seat, place: int) -> TeamMember:
    member = TeamMember(inspection=inspection, place=place, **seat.fields())
    member.full_clean()
    member.save()
    return member


def _lower_lead(rows: Sequence[TeamMember]) -> None:
    for row in rows:
        if row.role == TeamRole.LEAD:
            row.role = TeamRole.MEMBER
            row.save(update_fields=["role"])


def _check_school(school: School, body: ManagingBody) -> None:
    own = School.objects.filter(schools_of_bodies({body.pk}, timezone.localdate()))
    if not own.filter(pk=school.pk).exists():
        raise ValidationError({"school": f"{school} không thuộc phạm vi của {body}."})


def _check_people(
    seats: Sequence[Seat],
    school: School,
    body_id: int,
    on: date,
    hours: Hours,
    but: int | None = None,
) -> None:
    check_own_school(seats, school, on=_days(on))
    _check_free(seats, body_id, on, hours, but)


def _check_free(
    seats: Sequence[Seat], body_id: int, on: date, hours: Hours, but: int | None
) -> None:
    """Refuse people who are booked elsewhere in these hours. Raises ValidationError by the field "team"."""
    booked = bookings(body_id, seats, on, on, but=but)
    words = [one.words for one in booked if hours_meet(one.hours, hours)]
    if words:
        raise ValidationError({"team": words})


def _days(on: date) -> list[date]:
    """Return the days on which a school must not be somebody's own: today, and that of the visit."""
    return [timezone.localdate(), on]


def _record(
    action: str,
    subject: models.Model,
    inspection: Inspection,
    *,
    by: User,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Write an event of a visit into the body's record, and into the school's once it was told of the visit."""
    school_id = inspection.school_id if inspection.is_known_to_school else None
    record(
        action,
        subject,
        by=by,
        before=before,
        after=after,
        school_id=school_id,
        body_id=inspection.body_id,
    )


def _plain_text(values: dict[str, Any]) -> dict[str, Any]:
    return {name: nfc(one) if isinstance(one, str) else one for name, one in values.items()}
