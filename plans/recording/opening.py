"""Mở biên bản: the plan of the day is frozen into the visit, and every part of it gets its place for a finding."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.accounts.roles import Role
from plans.arranging.scheduling import held_to_open
from plans.documents.storing import tree_as_json, tree_from_json
from plans.documents.tree import Document
from plans.documents.wording import short_date
from plans.inspections.models import Attendee, Finding, Inspection
from plans.inspections.moving import move_inspection
from plans.inspections.rules import is_begun
from plans.inspections.states import MOVES, InspectionState
from plans.issuing.enums import DocumentState
from plans.issuing.models import IssuedDocument
from plans.moves import MoveNotAllowed
from plans.planning.document import plan_document
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.recording.frozen import Part, general_part, parts_of

NOT_BEGUN = "Đợt kiểm tra chưa bắt đầu nên chưa mở biên bản được. Cơ quan kiểm tra bấm “Bắt đầu đợt kiểm tra” trước."
NO_PLAN = "Nhà trường chưa có kế hoạch trên chương trình"
# Who of the school is written down as present to begin with, in the order in which a record lists them.
_HEADS = (Role.PRINCIPAL, Role.VICE_PRINCIPAL)


@transaction.atomic
def open_record(*, inspection: Inspection, by: User, at: datetime | None = None) -> Inspection:
    """Open the record of a planned visit at `at` (default now) and return the visit.

    Frozen are the plan's document in force, as it was issued, else the plan as it stands; a school without a
    plan has {} for a tree and a finding on the whole alone. Place, day, hour and the heads of the school are
    written down to begin with, for the team to correct. Raises MoveNotAllowed unless the visit is planned
    (nothing is opened twice), while its campaign has not begun, and on another day than planned when somebody of
    the team is expected elsewhere then.
    """
    now = timezone.localtime(at)
    held = held_to_open(inspection, now)
    MOVES.target("open", source=InspectionState(held.state))
    if not is_begun(held):
        raise MoveNotAllowed(NOT_BEGUN)
    plan = plan_to_visit(held)
    document = plan.documents.in_force().first() if plan else None
    tree, found = _frozen(plan, document)
    opened = move_inspection(
        inspection=held,
        name="open",
        by=by,
        opened_at=now,
        opened_by=by,
        plan=plan,
        document=document,
        plan_tree=tree_as_json(tree) if tree else {},
        plan_words=_version_words(plan, document, now.date()),
        **_first_words(held, now),
    )
    Finding.objects.bulk_create(_findings(opened, found))
    Attendee.objects.bulk_create(_attendees(opened, now.date()))
    return opened


def plan_to_visit(inspection: Inspection) -> Plan | None:
    """Return the plan that a visit is about: its own, else the school's of its year, else its latest but drafts."""
    if inspection.plan is not None:
        return inspection.plan
    plans = Plan.objects.filter(school=inspection.school_id).select_related("school_year")
    of_year = plans.filter(school_year=inspection.school_year_id).first()
    return of_year or plans.exclude(state=PlanState.DRAFT).first()


def version_to_open(inspection: Inspection, on: date) -> str:
    """Return in words which version of the plan a record that is opened on the day `on` will be about."""
    plan = plan_to_visit(inspection)
    document = plan.documents.in_force().first() if plan else None
    return _version_words(plan, document, on)


def newer_version(inspection: Inspection) -> str:
    """Return a sentence where the plan was issued anew, or withdrawn, since the record was opened; "" otherwise.

    The record stays with what it was opened on.
    """
    if inspection.plan_id is None or not inspection.plan_words:
        return ""
    document = inspection.document
    newer = IssuedDocument.objects.in_force().filter(plan=inspection.plan_id).first()
    kept = f"biên bản vẫn theo {_lower(inspection.plan_words)}."
    if newer is not None and newer.pk != inspection.document_id:
        return f"Nhà trường vừa ban hành bản mới: Kế hoạch số {_numbered(newer)}; {kept}"
    if document is not None and newer is None and document.state != DocumentState.IN_FORCE:
        return f"Nhà trường đã thu hồi Kế hoạch số {_numbered(document)}; {kept}"
    return ""


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]


def _frozen(
    plan: Plan | None, document: IssuedDocument | None
) -> tuple[Document | None, list[Part]]:
    if plan is None:
        return None, [general_part()]
    loaded = Plan.objects.for_document().get(pk=plan.pk)
    tree = tree_from_json(document.tree) if document else plan_document(loaded)
    return tree, parts_of(tree, loaded)


def _version_words(plan: Plan | None, document: IssuedDocument | None, on: date) -> str:
    if plan is None:
        return NO_PLAN
    if document is not None:
        return f"Kế hoạch số {_numbered(document)}"
    stage = "đang soạn" if plan.state == PlanState.DRAFT else "chưa ban hành"
    return f"Kế hoạch năm học {plan.school_year.label}, bản {stage} ngày {short_date(on)}"


def _numbered(document: IssuedDocument) -> str:
    return f"{document.full_number} ngày {short_date(document.issued_on)}"


def _first_words(inspection: Inspection, now: datetime) -> dict[str, Any]:
    """Return what the record begins with; words that somebody typed before stay."""
    begun = {
        "held_on": short_date(now.date()),
        "began": f"{now.hour} giờ {now.minute:02d} phút",
        "place": inspection.school.name_on(now.date()),
    }
    return {name: words for name, words in begun.items() if not getattr(inspection, name).strip()}


def _findings(inspection: Inspection, found: list[Part]) -> list[Finding]:
    return [
        Finding(
            inspection=inspection,
            kind=part.kind,
            key=part.key,
            position=position,
            title=part.title,
            quoted=[list(pair) for pair in part.quoted],
            action_key=part.action_key,
            criterion=part.criterion,
            standard_number=part.standard_number,
        )
        for position, part in enumerate(found)
    ]


def _attendees(inspection: Inspection, on: date) -> list[Attendee]:
    rows = (
        Membership.objects.in_force(on)
        .filter(school=inspection.school_id, role__in=_HEADS, user__is_active=True)
        .select_related("user")
        .order_by("pk")
    )
    people = sorted(rows, key=lambda row: (_HEADS.index(Role(row.role)), row.pk))
    return [
        Attendee(
            inspection=inspection,
            client_id=uuid4(),
            honorific=row.user.paper_honorific,
            full_name=row.user.full_name,
            position=row.position or Role(row.role).label,
            place=place,
        )
        for place, row in enumerate(people)
    ]
