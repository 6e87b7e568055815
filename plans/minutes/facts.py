"""What the minutes of a visit say, as values: taken from its loaded rows, or left open to be filled by hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from criteria.models import Framework
from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.checking.context import same_person
from plans.documents import wording
from plans.documents.storing import tree_from_json
from plans.documents.tree import Document
from plans.inspections.enums import MinutesTitle
from plans.inspections.models import (
    Attendee,
    ChecklistAnswer,
    Finding,
    Inspection,
    InspectionCampaign,
    TeamMember,
)
from plans.inspections.rules import answers_are_closed
from plans.inspections.states import InspectionState
from plans.schools.letterhead import HeadingLines, body_letterhead
from plans.text import fold

HEAD = "HIỆU TRƯỞNG"
DEPUTY = ("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG")


@dataclass(frozen=True, slots=True)
class Head:
    """Who signs for the school: lines of the capacity, name ("" where it is left open), account if there is one."""

    capacity: tuple[str, ...] = (HEAD,)
    name: str = ""
    user: User | None = None


@dataclass(frozen=True, slots=True)
class MinutesFacts:
    """All that the minutes print. "", None and () are what nobody has said yet: room to write is printed there.

    `team` and `present` are lines of a list; `signing` are the names of the team below which room is left to sign.
    `gone` are those who left the team while the record was open. `plan` is the plan as a document, None where it is
    not to be printed; `plan_words` then says all the same which one was looked at. Until `answers_are_in` what the school has
    written is its own draft, and is not printed. `is_blank` leaves room for more people of the school.
    """

    lines: HeadingLines
    title: MinutesTitle = MinutesTitle.CHECK
    school: str = ""
    school_year: str = ""
    number: str = ""
    issued_on: date | None = None
    held_on: str = ""
    began: str = ""
    ended: str = ""
    place: str = ""
    copies: str = ""
    team: tuple[str, ...] = ()
    signing: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    present: tuple[str, ...] = ()
    head: Head = Head()
    framework: Framework | None = None
    decision: str = ""
    grounds: str = ""
    plan: Document | None = None
    plan_words: str = ""
    findings: tuple[Finding, ...] = ()
    answers: tuple[ChecklistAnswer, ...] = ()
    school_words: str = ""
    reply_until: date | None = None
    replied_on: date | None = None
    answers_are_in: bool = False
    is_blank: bool = False


def facts_of(
    inspection: Inspection,
    *,
    number: str = "",
    on: date | None = None,
    plan: Document | None = None,
    framework: Framework | None = None,
) -> MinutesFacts:
    """Return what the minutes of a visit loaded by `for_minutes()` say; `on` is the day they bear, None is open.

    `plan` and `framework` stand in where the visit has no plan of its own yet. Raises UnreadableTree for a plan
    that was frozen by a newer program.
    """
    day = on or inspection.visited_on
    own = inspection.plan
    return MinutesFacts(
        lines=body_letterhead(inspection.body, day),
        title=MinutesTitle(inspection.minutes_title),
        school=inspection.school.name_on(day),
        school_year=inspection.plan_year.label,
        number=number,
        issued_on=on,
        held_on=inspection.held_on,
        began=inspection.began,
        ended=inspection.ended,
        place=inspection.place,
        copies=inspection.copies,
        team=tuple(map(_seat, inspection.team)),
        signing=tuple(one.full_name for one in signing_team(inspection)),
        gone=tuple(_gone(inspection)),
        present=present_lines(inspection, day),
        head=head_of(inspection, day),
        framework=own.framework if own else framework,
        decision=decision_of(inspection),
        grounds=inspection.legal_grounds,
        plan=tree_from_json(inspection.plan_tree) if inspection.plan_tree else plan,
        plan_words=inspection.plan_words,
        findings=tuple(inspection.findings.all()),
        answers=tuple(inspection.answers.all()),
        school_words=inspection.school_words,
        reply_until=inspection.reply_until,
        replied_on=_local_day(inspection.replied_at),
        answers_are_in=_answers_are_in(inspection, on),
    )


def _answers_are_in(inspection: Inspection, on: date | None) -> bool:
    """Say whether the school's answers stand for good: once the minutes are made, or no more may come.

    A paper that bears a day to come opens nothing before that day.
    """
    minuted = inspection.state in (InspectionState.MINUTED, InspectionState.DONE)
    day = min(on or inspection.visited_on, timezone.localdate())
    return minuted or answers_are_closed(inspection, day)


def _local_day(moment: datetime | None) -> date | None:
    return timezone.localtime(moment).date() if moment else None


# --- the team ---------------------------------------------------------------------------------------------


def signing_team(inspection: Inspection) -> list[TeamMember]:
    """Return who signs for the team: everybody of it but those who were absent."""
    return [one for one in inspection.team if one.present != "no"]


def _seat(member: TeamMember) -> str:
    return f"{member.printed} (vắng mặt)" if member.present == "no" else member.printed


def _gone(inspection: Inspection) -> Iterator[str]:
    """Yield who was taken off the team once the record was open: they were there for a part of it."""
    for one in inspection.members.all():
        if left := _left_words(one, inspection):
            yield f"{one.printed} ({left})"


def _left_words(member: TeamMember, inspection: Inspection) -> str:
    """Return when somebody was taken off the team, "" unless that was once the record was open."""
    opened, removed = inspection.opened_at, member.removed_at
    if removed is None or opened is None or removed < opened:
        return ""
    left = timezone.localtime(removed)
    day = wording.short_date(left.date())
    return f"thôi tham gia lúc {left.hour} giờ {left.minute:02d} phút ngày {day}"


def without_field(inspection: Inspection) -> list[str]:
    """Return who of the team has no place to sign, each with the reason; [] is nobody. Reads `members`."""
    team = inspection.team
    absent = [f"{one.full_name} (vắng mặt)" for one in team if one.present == "no"]
    back = {one.full_name for one in team}  # whoever was taken off and came again
    gone = [one for one in inspection.members.all() if one.full_name not in back]
    left = ((one.full_name, _left_words(one, inspection)) for one in gone)
    return absent + [f"{name} ({words})" for name, words in left if words]


# --- the school's side ------------------------------------------------------------------------------------


def present_lines(inspection: Inspection, on: date) -> tuple[str, ...]:
    """Return who is present for the school; before the record is open its head and deputies of the day `on`."""
    there = _attendees(inspection)
    if there or inspection.opened_at:
        return tuple(person_line(one.honorific, one.full_name, one.position) for one in there)
    leaders = inspection.school.leaders  # type: ignore[attr-defined]
    return tuple(
        person_line(one.user.paper_honorific, one.user.full_name, _post(one))
        for one in _in_force(leaders, on)
    )


def _post(leader: Membership) -> str:
    return leader.position or str(Role(leader.role).label)


def person_line(honorific: str, full_name: str, position: str) -> str:
    """Return a person as the record lists the school's side: "Ông A, chức vụ: Hiệu trưởng"."""
    who = f"{honorific} {full_name}".strip()
    return f"{who}, chức vụ: {position.strip()}" if position.strip() else who


def _attendees(inspection: Inspection) -> list[Attendee]:
    return [a for a in inspection.attendees.all() if not a.removed and a.full_name.strip()]


def _in_force(leaders: Iterable[Membership], on: date) -> list[Membership]:
    return [one for one in leaders if one.is_in_force(on)]


def head_of(inspection: Inspection, on: date) -> Head:
    """Return who signs for the school: the head who is present, else the deputy who is, else the head of the day.

    Before the record is open nobody is named. The account is that of the leader of the same name, else, for the
    head, of whoever heads the school that day.
    """
    if not inspection.opened_at:
        return Head()
    leaders = _in_force(inspection.school.leaders, on)  # type: ignore[attr-defined]
    there = _attendees(inspection)
    heads = [one for one in leaders if one.role == Role.PRINCIPAL]
    for words, capacity, role in (
        ("hieu truong", (HEAD,), Role.PRINCIPAL),
        ("pho hieu truong", DEPUTY, Role.VICE_PRINCIPAL),
    ):
        if found := next((a for a in there if fold(a.position).startswith(words)), None):
            return Head(capacity, found.full_name.strip(), _account(found, leaders, role))
    return Head((HEAD,), heads[0].user.full_name, heads[0].user) if heads else Head()


def _account(person: Attendee, leaders: list[Membership], role: Role) -> User | None:
    """Return the account of somebody present: the leader of that name, else the only one who holds the office."""
    named = [one.user for one in leaders if same_person(one.user.full_name, person.full_name)]
    holders = [one.user for one in leaders if one.role == role]
    return next(iter(named), holders[0] if len(holders) == 1 else None)


# --- the ground -------------------------------------------------------------------------------------------


def decision_of(inspection: Inspection | InspectionCampaign) -> str:
    """Return the decision that founds the team as a ground, "" where none is noted."""
    number = inspection.decision_number.strip()
    if not number and inspection.decision_date is None:
        return ""
    words = f"Quyết định số {number}" if number else "Quyết định"
    if inspection.decision_date:
        words += f" ngày {wording.short_date(inspection.decision_date)}"
    if inspection.decision_issuer.strip():
        words += f" của {inspection.decision_issuer.strip()}"
    return f"{words} về việc thành lập tổ kiểm tra"
