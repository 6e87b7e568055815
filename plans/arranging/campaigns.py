"""Đợt kiểm tra: an office opens it, names its people, chooses its schools, begins it and closes it.

Beginning pins ground, decision, title, days to reply and checklists to every visit of it; from then on people
change visit by visit. Each decision is written into the office's record.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.accounts.roles import Place, Role, roles_at
from plans.arranging import visit_news
from plans.arranging.calendar import Hours, Proposal, bookings, check_day, propose, slots
from plans.arranging.drawing import SEED_LENGTH, draw, new_seed
from plans.arranging.scheduling import (
    held_campaign,
    own_checklists,
    pinned_fields,
    schedule_visit,
)
from plans.arranging.team import Seat, check_named, check_team, team_for
from plans.history.actions import record
from plans.inspections.models import (
    CampaignMember,
    ChosenSchool,
    Inspection,
    InspectionCampaign,
)
from plans.inspections.states import InspectionState
from plans.moves import MoveNotAllowed
from plans.planning.saving import save_fields
from plans.schools.models import ManagingBody, School, SchoolQuerySet, SchoolYear
from plans.schools.sight import bodies_in_sight, schools_of_bodies
from plans.text import nfc

# What may still change once a campaign has begun; the rest stands in its visits already.
OPEN_AFTER_START = frozenset({"title", "ends_on", "note"})
MOST_REPLY_DAYS = 60
LONGEST = 400  # days of a campaign
_BEGUN = "Đợt kiểm tra đã bắt đầu nên không sửa được điều này nữa."


def schools_to_visit(body: ManagingBody, on: date) -> SchoolQuerySet:
    """Return the schools that a body may visit on the day `on`: those that its people see."""
    return School.objects.filter(schools_of_bodies({body.pk}, on))


def not_visited_since(schools: QuerySet[School], since: date) -> QuerySet[School]:
    """Return those of `schools` at which no record was opened on or after the day `since`, by any office."""
    visits = Inspection.objects.filter(school=OuterRef("pk"), opened_at__date__gte=since).exclude(
        state=InspectionState.CANCELLED
    )
    return schools.filter(~Exists(visits))


@transaction.atomic
def open_campaign(
    *,
    body: ManagingBody,
    school_year: SchoolYear,
    by: User,
    checklists: Iterable[Any] = (),
    **values: Any,
) -> InspectionCampaign:
    """Make a campaign of a body from `values` by field and return it. Raises ValidationError by field."""
    campaign = InspectionCampaign(body=body, school_year=school_year)
    for name, value in values.items():
        setattr(campaign, name, nfc(value).strip() if isinstance(value, str) else value)
    _check_days(campaign.starts_on, campaign.ends_on, campaign.reply_days)
    campaign.full_clean()
    campaign.save()
    campaign.checklists.set(own_checklists(body, checklists))
    after = {"starts_on": campaign.starts_on.isoformat(), "ends_on": campaign.ends_on.isoformat()}
    record("visits.open", campaign, by=by, after=after, body_id=body.pk)
    return campaign


@transaction.atomic
def change_campaign(
    *,
    campaign: InspectionCampaign,
    values: Mapping[str, Any],
    version: int,
    by: User,
    checklists: Iterable[Any] | None = None,
) -> InspectionCampaign:
    """Save fields of a campaign by name and return it; None leaves its checklists as they are.

    Raises ValidationError by field, Conflict when somebody saved it after the version seen, MoveNotAllowed when
    it is closed, or begun and the field stands in its visits already (`OPEN_AFTER_START`).
    """
    held = held_campaign(campaign)
    changed = {name for name, value in values.items() if value != getattr(held, name)}
    if held.started_at is not None and (changed - OPEN_AFTER_START or checklists is not None):
        raise MoveNotAllowed(_BEGUN)
    now = {name: getattr(held, name) for name in ("starts_on", "ends_on", "reply_days")}
    _check_days(**{**now, **{name: values[name] for name in now if name in values}})
    saved = save_fields(held, values, version, by=by, school_id=None, body_id=held.body_id)
    if checklists is not None:
        _set_checklists(saved, own_checklists(saved.body, checklists), by)
    return saved


# --- people -----------------------------------------------------------------------------------------------


@transaction.atomic
def add_campaign_member(*, campaign: InspectionCampaign, seat: Seat, by: User) -> CampaignMember:
    """Put somebody among the people of a campaign and return their row; as tổ trưởng only the first one.

    Raises ValidationError by the field "team", MoveNotAllowed once it has begun.
    """
    held = _held_before_start(campaign)
    rows = campaign_members(held)
    seats = [Seat.of(row) for row in rows]
    check_named([*seats, seat])
    member = CampaignMember(
        campaign=held, place=max((row.place for row in rows), default=0) + 1, **seat.fields()
    )
    member.full_clean()
    member.save()
    after = {"full_name": seat.full_name}
    record("visits.add_member", member, by=by, after=after, body_id=held.body_id)
    return member


@transaction.atomic
def remove_campaign_member(*, member: CampaignMember, by: User) -> None:
    """Take somebody off the people of a campaign. Visits that are planned keep their teams.

    Raises MoveNotAllowed once it has begun.
    """
    held = _held_before_start(member.campaign)
    before = {"full_name": member.full_name}
    record("visits.remove_member", member, by=by, before=before, body_id=held.body_id)
    CampaignMember.objects.filter(pk=member.pk, campaign=held).delete()


def campaign_members(campaign: InspectionCampaign) -> list[CampaignMember]:
    """Return the people of a campaign in their order, with account and home school loaded."""
    return list(campaign.members.select_related("user", "home_school"))


# --- schools ----------------------------------------------------------------------------------------------


@transaction.atomic
def choose_schools(*, campaign: InspectionCampaign, schools: Iterable[School], by: User) -> int:
    """Put schools among those that a campaign visits; return how many were new.

    Raises ValidationError by "schools" for one that the body does not manage, MoveNotAllowed when it is closed.
    """
    held = held_campaign(campaign)
    added = _chosen(held, {school.pk for school in schools})
    if added:
        record("visits.add_schools", held, by=by, after={"schools": added}, body_id=held.body_id)
    return len(added)


@transaction.atomic
def drop_schools(*, campaign: InspectionCampaign, schools: Collection[School], by: User) -> int:
    """Take schools out of a campaign; return how many were in it.

    Raises ValidationError by "schools" for one whose visit is not called off, MoveNotAllowed when it is closed.
    """
    held = held_campaign(campaign)
    busy = Inspection.objects.filter(campaign=held, school__in=schools)
    busy = busy.exclude(state=InspectionState.CANCELLED).select_related("school")
    names = [str(visit.school) for visit in busy]
    if names:
        words = f"Đã có buổi kiểm tra: {', '.join(names)}. Hãy hủy buổi ấy trước khi bỏ trường khỏi đợt."
        raise ValidationError({"schools": words})
    rows = held.chosen.filter(school__in=schools)
    dropped = sorted(rows.order_by("pk").values_list("school", flat=True))
    rows.delete()
    if dropped:
        before = {"schools": dropped}
        record("visits.remove_schools", held, by=by, before=before, body_id=held.body_id)
    return len(dropped)


@transaction.atomic
def draw_schools(
    *,
    campaign: InspectionCampaign,
    pool: Iterable[School],
    share: int,
    by: User,
    seed: str = "",
) -> list[int]:
    """Draw `share` per cent of `pool` by lot, put them among the campaign's schools, return their ids as drawn.

    The seed ("" lets the program make one) and the list drawn from stay with the campaign, every draw in its
    record; see `drawing` for how to repeat it. A campaign draws once, so that nobody draws until the lot pleases.
    Raises ValidationError by field, MoveNotAllowed when it is closed.
    """
    held = held_campaign(campaign)
    ids = sorted({school.pk for school in pool})
    seed = nfc(seed).strip() or new_seed()
    if not 1 <= share <= 100:
        raise ValidationError({"share": "Tỷ lệ là một số từ 1 đến 100."})
    if len(seed) > SEED_LENGTH:
        raise ValidationError({"seed": f"Mã chọn dài nhất là {SEED_LENGTH} chữ."})
    if not ids:
        raise ValidationError({"share": "Không có trường nào để rút thăm."})
    if held.seed:
        raise ValidationError(
            {"seed": "Đợt này đã rút thăm. Kết quả và cách kiểm lại đã ghi ở đợt."}
        )
    drawn = draw(seed, ids, share)
    held.seed, held.share, held.drawn_from = seed, share, ids
    held.version += 1
    held.full_clean()
    held.save()
    _chosen(held, set(drawn))
    after = {"seed": seed, "share": share, "drawn_from": ids, "schools": drawn}
    record("visits.draw", held, by=by, after=after, body_id=held.body_id)
    return drawn


def _chosen(campaign: InspectionCampaign, wanted: set[int]) -> list[int]:
    """Put schools into the campaign; return the ids of those that were not in it, rising."""
    own = schools_to_visit(campaign.body, timezone.localdate()).filter(pk__in=wanted)
    if len(set(own.order_by("pk").values_list("pk", flat=True))) != len(wanted):
        raise ValidationError({"schools": "Có trường không thuộc cơ quan. Hãy chọn lại."})
    within = set(campaign.chosen.order_by("pk").values_list("school", flat=True))
    new = sorted(wanted - within)
    ChosenSchool.objects.bulk_create(ChosenSchool(campaign=campaign, school_id=pk) for pk in new)
    return new


# --- days -------------------------------------------------------------------------------------------------


def unscheduled(campaign: InspectionCampaign) -> QuerySet[School]:
    """Return the campaign's schools that have no visit in it, or only one called off, by the order of names."""
    visits = Inspection.objects.filter(campaign=campaign, school=OuterRef("pk"))
    visits = visits.exclude(state=InspectionState.CANCELLED)
    chosen = School.objects.filter(pk__in=campaign.chosen.order_by("pk").values("school"))
    return chosen.filter(~Exists(visits)).order_by("sort_key", "pk")


@transaction.atomic
def propose_visits(
    *,
    campaign: InspectionCampaign,
    seats: Sequence[Seat],
    schools: Sequence[School],
    parts: Sequence[Hours],
    by: User,
    first: date | None = None,
    on: date | None = None,
) -> tuple[list[Inspection], list[Proposal]]:
    """Plan a visit for each of `schools` on working days of the campaign; return them and what found no day.

    `seats` go to every school that is not their own, `parts` are the hours of a day in which they visit one
    school each; days before `first` (default the day `on`, None is today) and taken hours are passed over. Every
    visit may be changed afterwards. Raises ValidationError by the field "team" for a team that cannot work, by
    "first" for a day that is past or too far, MoveNotAllowed when the campaign is closed.
    """
    held = held_campaign(campaign)
    check_team(seats)
    on = on or timezone.localdate()
    if first:
        check_day(first, on, "first")
    begin = max(held.starts_on, first or on)
    days = [begin, timezone.localdate()]
    teams = {school.pk: team_for(seats, school, on=days) for school in schools}
    booked = bookings(held.body_id, seats, begin, held.ends_on)
    free = slots(begin, held.ends_on, parts)
    by_id = {school.pk: school for school in schools}
    made, left = [], []
    for one in propose([school.pk for school in schools], free, teams, booked):
        if one.on is None:
            left.append(one)
            continue
        visit = schedule_visit(
            school=by_id[one.school_id],
            body=held.body,
            planned_on=one.on,
            planned_from=one.hours[0],
            planned_to=one.hours[1],
            team=one.team,
            by=by,
            campaign=held,
            on=on,
        )
        made.append(visit)
    return made, left


# --- beginning and end ------------------------------------------------------------------------------------


@transaction.atomic
def start_campaign(*, campaign: InspectionCampaign, by: User) -> InspectionCampaign:
    """Begin a campaign and return it: its visits take over ground and checklists, and their teams are told.

    Raises ValidationError while its people cannot work or it has no school, MoveNotAllowed when it has begun.
    """
    held = _held_before_start(campaign)
    check_team([Seat.of(row) for row in campaign_members(held)])
    if not held.chosen.exists():
        raise ValidationError({"schools": "Đợt kiểm tra chưa chọn trường nào."})
    held.started_at = timezone.now()
    held.version += 1
    held.save()
    record("visits.start", held, by=by, body_id=held.body_id)
    visits = held.inspections.filter(state=InspectionState.PLANNED)
    checklists = list(held.checklists.all())
    for visit in visits.select_for_update(of=("self",)).select_related("school"):
        for name, value in pinned_fields(held).items():
            setattr(visit, name, value)
        visit.save()
        visit.checklists.set(checklists)
        members = visit.members.filter(removed_at__isnull=True).select_related("user")
        visit_news.tell_of_visit(visit, list(members), by=by)
    return held


@transaction.atomic
def close_campaign(*, campaign: InspectionCampaign, by: User) -> InspectionCampaign:
    """Close a campaign and return it: nothing of it changes any more; its visits go their way to the end.

    Raises ValidationError while a visit is still planned, MoveNotAllowed when it is closed already.
    """
    held = held_campaign(campaign)
    waiting = held.inspections.filter(state=InspectionState.PLANNED).count()
    if waiting:
        words = f"Còn {waiting} buổi đã lên lịch chưa mở biên bản. Hãy kiểm tra hoặc hủy các buổi ấy trước."
        raise ValidationError(words)
    held.closed_at = timezone.now()
    held.version += 1
    held.save()
    record("visits.close", held, by=by, body_id=held.body_id)
    return held


# --- held -------------------------------------------------------------------------------------------------


def _held_before_start(campaign: InspectionCampaign) -> InspectionCampaign:
    now = held_campaign(campaign)
    if now.started_at is not None:
        raise MoveNotAllowed(_BEGUN)
    return now


def _check_days(starts_on: date, ends_on: date, reply_days: int) -> None:
    if ends_on < starts_on:
        raise ValidationError({"ends_on": "Ngày kết thúc đợt không được trước ngày bắt đầu."})
    if ends_on - starts_on > timedelta(days=LONGEST):
        raise ValidationError({"ends_on": f"Một đợt kiểm tra dài nhất là {LONGEST} ngày."})
    if not 1 <= reply_days <= MOST_REPLY_DAYS:
        words = f"Số ngày trường được phản hồi là từ 1 đến {MOST_REPLY_DAYS}."
        raise ValidationError({"reply_days": words})


def _set_checklists(campaign: InspectionCampaign, wanted: list[Any], by: User) -> None:
    old = {one.pk: str(one) for one in campaign.checklists.all()}
    if set(old) == {one.pk for one in wanted}:
        return
    campaign.checklists.set(wanted)
    before = {"checklists": sorted(old.values())}
    after = {"checklists": sorted(map(str, wanted))}
    record(
        "visits.checklists",
        campaign,
        by=by,
        before=before,
        after=after,
        body_id=campaign.body_id,
    )


def candidates(body: ManagingBody, on: date) -> QuerySet[User]:
    """Return the active people with an account whom a body may put on a team on the day `on`, by name.

    Its own people and those of the bodies under it, and the heads of the schools that it manages and their
    deputies.
    """
    heads = [Role.PRINCIPAL, Role.VICE_PRINCIPAL]
    rows = Membership.objects.in_force(on).filter(
        Q(body__in=bodies_in_sight({body.pk}), role__in=roles_at(Place.BODY))
        | Q(school__in=schools_to_visit(body, on), role__in=heads)
    )
    return User.objects.filter(is_active=True, pk__in=rows.values("user")).order_by(
        "full_name", "pk"
    )
