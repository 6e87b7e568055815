"""What an office decides about its campaigns; each decision is written into the office's record."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.moves import MoveNotAllowed
from plans.planning.models import PlanForm
from plans.planning.saving import Conflict, save_fields
from plans.schools.models import ManagingBody, School, SchoolYear
from plans.schools.sight import schools_of_bodies
from plans.submitting.campaigns import DEFAULT_REMIND_DAYS
from plans.submitting.models import Campaign, CampaignSchool, Submission
from plans.text import nfc

__all__ = [
    "Conflict",
    "add_schools",
    "change_campaign",
    "close_campaign",
    "extend_deadline",
    "open_campaign",
    "remove_schools",
]

MOST_REMIND_DAYS = 60
MOST_REMINDERS = 6
CLOSED = "Đợt nộp đã đóng nên không sửa được nữa."


def schools_to_ask(body: ManagingBody, on: date) -> QuerySet[School]:
    """Return the schools that a body may ask on the day `on`: those that its people see."""
    return School.objects.filter(schools_of_bodies({body.pk}, on))


@transaction.atomic
def open_campaign(
    *,
    body: ManagingBody,
    school_year: SchoolYear,
    title: str,
    opens_on: date,
    deadline: date,
    by: User,
    schools: Iterable[School] = (),
    form: PlanForm | None = None,
    remind_days: Iterable[int] = DEFAULT_REMIND_DAYS,
    note: str = "",
) -> Campaign:
    """Open a campaign of a body for `schools` and return it.

    `remind_days` are days before a school's deadline. Raises ValidationError by field, also for a school that
    the body does not manage.
    """
    campaign = Campaign(
        body=body,
        school_year=school_year,
        title=nfc(title).strip(),
        form=form,
        opens_on=opens_on,
        deadline=deadline,
        remind_days=_checked_days(remind_days),
        note=nfc(note),
    )
    campaign.full_clean()
    campaign.save()
    asked = _added(campaign, schools)
    after = {"deadline": deadline.isoformat(), "schools": asked}
    record("campaign.open", campaign, by=by, after=after, body_id=body.pk)
    return campaign


@transaction.atomic
def change_campaign(
    *, campaign: Campaign, values: Mapping[str, Any], version: int, by: User
) -> Campaign:
    """Save fields of a campaign by name (title, form, opens_on, deadline, remind_days, note) and return it.

    Raises ValidationError by field, Conflict when somebody saved it after the version seen, MoveNotAllowed when
    it is closed. Extensions that the new deadline reaches are kept as they were given.
    """
    campaign = _held_open(campaign)
    values = dict(values)
    if "remind_days" in values:
        values["remind_days"] = _checked_days(values["remind_days"])
    deadline = values.get("deadline", campaign.deadline)
    if values.get("opens_on", campaign.opens_on) > deadline:
        raise ValidationError({"deadline": "Hạn nộp không được trước ngày mở đợt."})
    return save_fields(campaign, values, version, by=by, school_id=None, body_id=campaign.body_id)


@transaction.atomic
def close_campaign(*, campaign: Campaign, by: User) -> Campaign:
    """Close a campaign: it asks and reminds nobody any more. Raises MoveNotAllowed when it is closed already."""
    campaign = _held_open(campaign)
    campaign.closed_at = timezone.now()
    campaign.version += 1
    campaign.save()
    record("campaign.close", campaign, by=by, body_id=campaign.body_id)
    return campaign


@transaction.atomic
def add_schools(*, campaign: Campaign, schools: Iterable[School], by: User) -> int:
    """Ask more schools in a campaign; return how many were new.

    Raises ValidationError for a school that the body does not manage, MoveNotAllowed when the campaign is closed.
    """
    campaign = _held_open(campaign)
    added = _added(campaign, schools)
    if added:
        after = {"schools": added}
        record("campaign.add_schools", campaign, by=by, after=after, body_id=campaign.body_id)
    return len(added)


@transaction.atomic
def remove_schools(*, campaign: Campaign, schools: Collection[School], by: User) -> int:
    """Ask schools in a campaign no longer; return how many were in it.

    Raises ValidationError for a school that has sent its plan in this campaign, MoveNotAllowed when it is closed.
    """
    campaign = _held_open(campaign)
    rows = campaign.schools.filter(school__in=schools)
    sent = Submission.objects.filter(campaign=campaign, plan__school__in=schools)
    names = [str(School.objects.get(pk=pk)) for pk in _ids(sent.values_list("plan__school"))]
    if names:
        raise ValidationError(f"Không bỏ được trường đã gửi kế hoạch: {', '.join(names)}.")
    removed = _ids(rows.values_list("school"))
    rows.delete()
    if removed:
        before = {"schools": removed}
        record("campaign.remove_schools", campaign, by=by, before=before, body_id=campaign.body_id)
    return len(removed)


@transaction.atomic
def extend_deadline(
    *, campaign: Campaign, schools: Collection[School], to: date, reason: str, by: User
) -> list[CampaignSchool]:
    """Give schools of a campaign a later deadline, with the reason; return their rows.

    The record has one event for each school, which the school reads in its own. Raises ValidationError without
    a reason, for a day that is not after the campaign's deadline and when none of the schools is in the campaign,
    MoveNotAllowed when it is closed.
    """
    campaign = _held_open(campaign)
    if to <= campaign.deadline:
        day = f"{campaign.deadline:%d/%m/%Y}"
        raise ValidationError({"to": f"Ngày gia hạn phải sau hạn chung của đợt ({day})."})
    rows = list(campaign.schools.select_for_update().filter(school__in=schools).order_by("pk"))
    if not rows:
        raise ValidationError({"schools": "Hãy chọn ít nhất một trường của đợt."})
    for row in rows:
        old = row.extended_to or campaign.deadline
        row.extended_to, row.extension_reason, row.extended_by = to, nfc(reason).strip(), by
        if not row.extension_reason:
            raise ValidationError({"reason": "Hãy ghi lý do gia hạn."})
        row.full_clean()
        row.save()
        record(
            *("campaign.extend", row),
            by=by,
            before={"extended_to": old.isoformat()},
            after={"extended_to": to.isoformat(), "extension_reason": row.extension_reason},
            school_id=row.school_id,
            body_id=campaign.body_id,
        )
    return rows


def _held_open(campaign: Campaign) -> Campaign:
    """Return the campaign as it is now, held for this transaction. Raises MoveNotAllowed when it is closed."""
    now = Campaign.objects.select_for_update().get(pk=campaign.pk)
    if now.closed_at is not None:
        raise MoveNotAllowed(CLOSED)
    return now


def _added(campaign: Campaign, schools: Iterable[School]) -> list[int]:
    """Put schools into the campaign; return the ids of those that were not in it, rising."""
    wanted = {school.pk for school in schools}
    own = schools_to_ask(campaign.body, timezone.localdate()).filter(pk__in=wanted)
    if len(_ids(own.values_list("pk"))) != len(wanted):
        raise ValidationError({"schools": "Có trường không thuộc cơ quan. Hãy chọn lại."})
    new = sorted(wanted - set(_ids(campaign.schools.values_list("school"))))
    CampaignSchool.objects.bulk_create(
        CampaignSchool(campaign=campaign, school_id=school) for school in new
    )
    return new


def _ids(rows: Any) -> list[int]:
    """Return the ids of rows of one id each, each once, rising."""
    return sorted({row[0] for row in rows.order_by("pk")})


def _checked_days(days: Iterable[int]) -> list[int]:
    """Return days of reminding, each once, falling. Raises ValidationError."""
    found = sorted(set(days), reverse=True)
    if any(not 0 <= day <= MOST_REMIND_DAYS for day in found):
        raise ValidationError(
            {"remind_days": f"Số ngày nhắc trước là từ 0 đến {MOST_REMIND_DAYS}."}
        )
    if len(found) > MOST_REMINDERS:
        raise ValidationError({"remind_days": f"Nhắc nhiều nhất {MOST_REMINDERS} lần trước hạn."})
    return found
