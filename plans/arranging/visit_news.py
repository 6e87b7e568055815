"""Who is told of a visit's day and team: the team, and of changes the school that was already told of it."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.people import people_of_school
from plans.arranging.calendar import hours_of, hours_words
from plans.arranging.team import Seat
from plans.inspections.enums import TeamRole
from plans.inspections.models import Inspection, TeamMember
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind


def tell_of_visit(inspection: Inspection, members: Sequence[TeamMember], *, by: User) -> None:
    """Tell people with an account that they are on the team, in which part, and when."""
    for member in members:
        part = TeamRole(member.role).label.lower()
        words = f"Mời tham gia kiểm tra {_who(inspection)}. Vai trò trong tổ: {part}."
        people = [member.user] if member.user else []
        _tell(people, inspection, f"team-{member.pk}", words, by)


def tell_of_change(inspection: Inspection, seats: Sequence[Seat], before: str, *, by: User) -> None:
    """Tell the team, and the school if it knew, that the day or the hours are others."""
    words = f"Đổi lịch kiểm tra {_who(inspection)} (lịch trước: ngày {before})."
    people = [*_users(seats), *_school(inspection)]
    _tell(people, inspection, f"change-{inspection.version}", words, by)


def tell_of_end(inspection: Inspection, seats: Sequence[Seat], *, by: User) -> None:
    """Tell the team, and the school if it knew, that the visit is called off, and why."""
    words = f"Hủy buổi kiểm tra {_who(inspection)}. Lý do: {inspection.cancel_reason}"
    path = reverse("visits:list")  # a visit that is over is no longer the team's to open
    _tell(_users(seats), inspection, "cancel", words, by, path)
    _tell(_school(inspection), inspection, "cancel", words, by)


def tell_of_leaving(inspection: Inspection, member: TeamMember, *, by: User) -> None:
    """Tell somebody that they are no longer on the team."""
    words = f"Thôi tham gia tổ kiểm tra {_who(inspection)}."
    people = [member.user] if member.user else []
    _tell(people, inspection, f"left-{member.pk}", words, by, reverse("visits:list"))


def tell_of_lead(inspection: Inspection, member: TeamMember, *, by: User) -> None:
    """Tell somebody that they lead the team now."""
    words = f"Được giao làm tổ trưởng tổ kiểm tra {_who(inspection)}."
    people = [member.user] if member.user else []
    key = f"lead-{timezone.now():%Y%m%d%H%M%S}"  # one may lead, hand over and lead again
    _tell(people, inspection, key, words, by)


def _who(inspection: Inspection) -> str:
    hours = hours_words(hours_of(inspection))
    return f"{inspection.school}, ngày {inspection.visited_on:%d/%m/%Y}, {hours}"


def _users(seats: Sequence[Seat]) -> list[User]:
    return [seat.user for seat in seats if seat.user]


def _school(inspection: Inspection) -> list[User]:
    if not inspection.is_known_to_school:
        return []
    today = timezone.localdate()
    return people_of_school(inspection.school_id, "plans.reply_visit", on=today)


def _tell(
    people: Sequence[User], inspection: Inspection, what: str, words: str, by: User, path: str = ""
) -> None:
    tell(
        people,
        NoticeKind.VISIT,
        key=f"visit:{inspection.pk}:{what}",
        text=words,
        path=path or reverse("visits:visit", args=[inspection.pk]),
        school_id=inspection.school_id,
        by=by,
    )
