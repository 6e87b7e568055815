"""The demo's inspections: one that waits for its minutes, one still to come, one signed by both sides.

What was found is written straight into the record's rows, as the devices of the team would have left it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.utils import timezone

from plans.accounts.models import User
from plans.inspections.enums import FindingKind, TeamRole
from plans.inspections.models import (
    CampaignMember,
    ChosenSchool,
    Finding,
    Inspection,
    InspectionCampaign,
    Recommendation,
    Reply,
    TeamMember,
    TeamPerson,
)
from plans.inspections.states import InspectionState
from plans.management.demo_minutes import keep_items, keep_minutes
from plans.planning.models import Plan
from plans.recording.opening import open_record
from plans.schools.models import ManagingBody, School, SchoolYear

_TEXTS = ("verdict", "seen", "evidence", "strengths", "limits")


def make_visits(
    content: Mapping[str, Any],
    schools: Mapping[str, School],
    bodies: Mapping[str, ManagingBody],
    papers: Path,
) -> None:
    """Make the campaigns and visits of `content` ("demo-visits/1"), whose people are demo accounts.

    In the folder `papers` lie the minutes that a visit names.
    """
    people = {user.username: user for user in User.objects.filter(is_demo=True)}
    campaigns = {
        entry["key"]: _make_campaign(entry, schools, bodies, people)
        for entry in content["campaigns"]
    }
    for entry in content["visits"]:
        visit = _make_visit(entry, schools, bodies, campaigns, people)
        if "record" in entry:
            _fill(visit, entry, people)
        if "minutes" in entry:
            keep_minutes(visit, entry["minutes"], papers, people)
            keep_items(visit, entry["items"], people)


def _make_campaign(
    entry: Mapping[str, Any],
    schools: Mapping[str, School],
    bodies: Mapping[str, ManagingBody],
    people: Mapping[str, User],
) -> InspectionCampaign:
    number, day, issuer = entry["decision"]
    starts_on, ends_on = map(date.fromisoformat, entry["period"])
    campaign = InspectionCampaign(
        body=bodies[entry["body"]],
        school_year=SchoolYear.objects.get(start_year=entry["school_year"]),
        title=entry["title"],
        legal_grounds="\n".join(entry["legal_grounds"]),
        decision_number=number,
        decision_date=date.fromisoformat(day),
        decision_issuer=issuer,
        starts_on=starts_on,
        ends_on=ends_on,
        note=entry["note"],
        started_at=_noon(starts_on),
    )
    campaign.full_clean()
    campaign.save()
    for place, member in enumerate(entry["members"], start=1):
        CampaignMember.objects.create(
            campaign=campaign, place=place, **_seat(member, people, schools)
        )
    return campaign


def _seat(
    entry: Mapping[str, Any], people: Mapping[str, User], schools: Mapping[str, School]
) -> dict[str, Any]:
    user = people[entry["user"]]
    return {
        "user": user,
        "honorific": user.paper_honorific,
        "full_name": user.full_name,
        "role": TeamRole(entry["role"]),
        "position": entry["position"],
        "unit": entry["unit"],
        "home_school": schools[entry["home_school"]] if "home_school" in entry else None,
    }


def _make_visit(
    entry: Mapping[str, Any],
    schools: Mapping[str, School],
    bodies: Mapping[str, ManagingBody],
    campaigns: Mapping[str, InspectionCampaign],
    people: Mapping[str, User],
) -> Inspection:
    school, campaign = schools[entry["school"]], campaigns.get(entry.get("campaign", ""))
    year = SchoolYear.objects.get(start_year=entry["school_year"])
    planned_on = (
        date.fromisoformat(entry["on"])
        if "on" in entry
        else timezone.localdate() + timedelta(days=entry["in_days"])
    )
    planned_from, planned_to = map(time.fromisoformat, entry["hours"])
    visit = Inspection(
        body=bodies[entry["body"]],
        school=school,
        school_year=year,
        campaign=campaign,
        plan=Plan.objects.filter(school=school, school_year=year).first(),
        planned_on=planned_on,
        planned_from=planned_from,
        planned_to=planned_to,
        created_by=people["lanhdao"],
        **(_own_words(entry) if campaign is None else _from_campaign(campaign)),
    )
    visit.full_clean()
    visit.save()
    if campaign is not None:
        ChosenSchool.objects.create(campaign=campaign, school=school)
    for place, seat in enumerate(_seats(entry["team"], campaign, people, schools), start=1):
        TeamMember.objects.create(inspection=visit, place=place, **seat)
    return visit


def _own_words(entry: Mapping[str, Any]) -> dict[str, Any]:
    """Return the grounds and the decision of a visit outside a campaign, where it has any."""
    if "decision" not in entry:
        return {}
    number, day, issuer = entry["decision"]
    return {
        "legal_grounds": "\n".join(entry["legal_grounds"]),
        "decision_number": number,
        "decision_date": date.fromisoformat(day),
        "decision_issuer": issuer,
    }


def _from_campaign(campaign: InspectionCampaign) -> dict[str, Any]:
    names = ("legal_grounds", "decision_number", "decision_date", "decision_issuer", "reply_days")
    return {name: getattr(campaign, name) for name in (*names, "minutes_title")}


def _seats(
    entries: Sequence[Any],
    campaign: InspectionCampaign | None,
    people: Mapping[str, User],
    schools: Mapping[str, School],
) -> list[dict[str, Any]]:
    """Return the seats of a visit: written out, or user names of the campaign's members."""
    if campaign is None:
        return [_seat(entry, people, schools) for entry in entries]
    members: dict[str, TeamPerson] = {
        member.user.username: member
        for member in campaign.members.select_related("user", "home_school")
        if member.user
    }
    names = ("user", "honorific", "full_name", "role", "position", "unit", "home_school")
    return [{name: getattr(members[entry], name) for name in names} for entry in entries]


# --- the record -------------------------------------------------------------------------------------------


def _fill(visit: Inspection, entry: Mapping[str, Any], people: Mapping[str, User]) -> None:
    """Open the record, write what was found, and conclude it with the school's answers."""
    writer = people[entry["opened_by"]]
    opened_at = timezone.make_aware(
        datetime.combine(visit.planned_on, visit.planned_from or time(8))
    )
    visit = open_record(inspection=visit, by=writer, at=opened_at)
    for row in entry["findings"]:
        finding = visit.findings.get(
            kind=FindingKind.ACTION, criterion__number=row["criterion"], seen=""
        )
        _write(finding, row, writer)
        if "reply" in row:
            _answer(finding, row["reply"], entry, people)
    _write(visit.findings.get(kind=FindingKind.GENERAL), entry["general"], writer)
    concluded, concluder, until = entry["concluded"]
    replied, replier = entry["replied"]
    Inspection.objects.filter(pk=visit.pk).update(
        **entry["record"],
        state=InspectionState.CONCLUDED,
        notified_at=_noon(visit.planned_on - timedelta(days=5)),
        concluded_at=datetime.fromisoformat(concluded),
        concluded_by=people[concluder],
        reply_until=date.fromisoformat(until),
        replied_at=datetime.fromisoformat(replied),
        replied_by=people[replier],
    )


def _write(finding: Finding, row: Mapping[str, Any], writer: User) -> None:
    for name in _TEXTS:
        setattr(finding, name, row.get(name, getattr(finding, name)))
    finding.full_clean()
    finding.save()
    for number, one in enumerate(row.get("recommendations", ())):
        Recommendation.objects.create(
            finding=finding,
            client_id=uuid5(
                NAMESPACE_URL, f"kcl-demo:{finding.inspection_id}:{finding.key}:{number}"
            ),
            body=one["body"],
            owner=one["owner"],
            due=one["due"],
            due_on=date.fromisoformat(one["due_on"]),
            created_at=finding.inspection.opened_at or timezone.now(),
            created_by=writer,
        )


def _answer(
    finding: Finding, row: Mapping[str, Any], entry: Mapping[str, Any], people: Mapping[str, User]
) -> None:
    decided_at, decider = entry["decided"]
    Reply.objects.create(
        finding=finding,
        body=row["body"],
        answered_by=people[row["by"]],
        answered_at=datetime.fromisoformat(entry["replied"][0]),
        decision=row["decision"],
        decision_note=row["note"],
        changed_words=row.get("changed", ""),
        decided_by=people[decider],
        decided_at=datetime.fromisoformat(decided_at),
    )


def _noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))
