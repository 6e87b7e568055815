"""What people do with follow-up items: every write, with its step, its version check and its event.

An item is born when the minutes are made, from each recommendation that still stands then, and dies only with
minutes that are made anew before anybody did anything about it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from plans.accounts.models import User
from plans.followups.models import FollowUp, FollowUpStep
from plans.followups.proof import keep_proofs
from plans.followups.states import MOVES, FollowUpState
from plans.followups.telling import tell_of_date, tell_of_items, tell_of_step
from plans.history.actions import record
from plans.inspections.enums import Decision
from plans.inspections.models import Inspection, Recommendation
from plans.inspections.moving import locked as locked_visit
from plans.issuing.attachments import Attachment
from plans.minutes.models import Paper
from plans.minutes.papers import make_minutes, redo_minutes
from plans.moves import MoveNotAllowed
from plans.recording.dues import read_due
from plans.text import nfc
from plans.versions import write_where_unmoved

Kind = FollowUpStep.Kind
OWN_WORD = "Người xác nhận phải khác người báo đã làm."


# --- from the minutes -------------------------------------------------------------------------------------


@transaction.atomic
def items_from_minutes(*, inspection: Inspection, by: User) -> list[FollowUp]:
    """Make an item of every recommendation that stands, and return all items of the visit in the record's order.

    A recommendation stands when it was not taken back, says something, and the team did not withdraw its remark.
    Called twice it makes nothing anew; an item that exists stays as it is. Told and recorded once.
    """
    visit = locked_visit(inspection)
    known = set(visit.follow_ups.values_list("recommendation", flat=True))
    made = [_item(visit, one) for one in _standing(visit) if one.pk not in known]
    for item in made:
        item.full_clean(exclude=["school", "inspection", "recommendation", "criterion"])
    FollowUp.objects.bulk_create(made)
    if made:
        record(
            "inspection.follow_ups",
            visit,
            by=by,
            after={"items": [item.pk for item in made]},
            school_id=visit.school_id,
            body_id=visit.body_id,
        )
        tell_of_items(visit, len(made), by)
    return list(in_order(visit.follow_ups.all()))


def in_order(items: QuerySet[FollowUp]) -> QuerySet[FollowUp]:
    """Return items in the order of the record: by part of the plan, then as the team wrote them."""
    finding = "recommendation__finding"
    return items.order_by(
        f"{finding}__position", f"{finding}__pk", "recommendation__created_at", "pk"
    )


def _standing(visit: Inspection) -> list[Recommendation]:
    rows = (
        Recommendation.objects.filter(finding__inspection=visit)
        .exclude(finding__reply__decision=Decision.WITHDRAW)
        .select_related("finding__criterion")
        .order_by("finding__position", "finding__pk", "created_at", "pk")
    )
    return [one for one in rows if one.is_live]


def _item(visit: Inspection, one: Recommendation) -> FollowUp:
    finding = one.finding
    return FollowUp(
        school_id=visit.school_id,
        inspection=visit,
        recommendation=one,
        about=finding.title,
        body=one.body,
        criterion=finding.criterion,
        standard_number=finding.standard_number,
        owner=one.owner,
        due=one.due,
        due_on=one.due_on,
    )


@transaction.atomic
def drop_items(*, inspection: Inspection, by: User) -> int:
    """Take back the items of minutes that are to be made anew, and return how many there were.

    Raises ValidationError once anybody took a step on one of them; nothing is dropped then.
    """
    visit = locked_visit(inspection)
    items = list(visit.follow_ups.select_for_update())
    if FollowUpStep.objects.filter(follow_up__in=items).exists():
        words = "Nhà trường đã bắt đầu thực hiện kiến nghị của biên bản này nên không lập lại được."
        raise ValidationError(words)
    visit.follow_ups.all().delete()
    if items:
        before = {"items": [item.pk for item in items]}
        record(
            "inspection.drop_follow_ups",
            visit,
            by=by,
            before=before,
            school_id=visit.school_id,
            body_id=visit.body_id,
        )
    return len(items)


def make_minutes_with_items(
    *, inspection: Inspection, by: User, on: date, number: str = ""
) -> Paper:
    """Make the minutes of a visit and the items of its recommendations; both or neither. Raises as make_minutes."""
    return make_minutes(
        inspection=inspection,
        by=by,
        on=on,
        number=number,
        and_then=lambda minuted: items_from_minutes(inspection=minuted, by=by),
    )


@transaction.atomic
def redo_minutes_with_items(*, inspection: Inspection, by: User, reason: str) -> Inspection:
    """Withdraw minutes that nobody has signed with their items, and return the visit; both or neither.

    Raises as `redo_minutes` and `drop_items` do.
    """
    drop_items(inspection=inspection, by=by)
    return redo_minutes(inspection=inspection, by=by, reason=reason)


# --- steps ------------------------------------------------------------------------------------------------


@transaction.atomic
def note_item(
    *, item: FollowUp, note: str, proofs: Iterable[Attachment] = (), version: int, by: User
) -> FollowUp:
    """Note how far an open item is, in words or with proof; its state stays.

    Raises MoveNotAllowed unless it is open, ValidationError for a note that says nothing ("note") and where somebody
    else was first.
    """
    held = _held(item)
    if held.state != FollowUpState.OPEN:
        raise MoveNotAllowed("Kiến nghị này không còn mở nên không ghi thêm tiến độ được.")
    proofs = _wanted(note, proofs, "Hãy ghi đã làm đến đâu, hoặc gửi kèm minh chứng.")
    write_where_unmoved(held, {}, version)
    _step(held, Kind.NOTE, note, proofs, by=by)
    return held


@transaction.atomic
def report_item(
    *, item: FollowUp, note: str, proofs: Iterable[Attachment] = (), version: int, by: User
) -> FollowUp:
    """Say for the school that an item is done, with words or proof; somebody else then verifies it.

    Raises what `note_item` raises.
    """
    proofs = _wanted(note, proofs, "Hãy ghi đã làm gì, hoặc gửi kèm minh chứng.")
    said: dict[str, Any] = {"reported_at": timezone.now(), "reported_by": by}
    return _move(item, "report", version, by, note=note, proofs=proofs, **said)


@transaction.atomic
def verify_item(*, item: FollowUp, note: str = "", version: int, by: User) -> FollowUp:
    """Say for the office that what was reported is so; never by whoever reported it.

    Raises MoveNotAllowed unless it was reported, ValidationError for the reporter and where somebody was first.
    """
    if _held(item).reported_by_id == by.pk:
        raise ValidationError(OWN_WORD)
    said: dict[str, Any] = {"verified_at": timezone.now(), "verified_by": by}
    return _move(item, "verify", version, by, note=note, **said)


@transaction.atomic
def reopen_item(*, item: FollowUp, reason: str, version: int, by: User) -> FollowUp:
    """Give an item back to the school, for a reason; what was reported and verified stays among its steps.

    Raises MoveNotAllowed for an open item, ValidationError without a reason and where somebody was first.
    """
    if not reason.strip():
        raise ValidationError({"note": "Hãy ghi lý do mở lại để nhà trường biết cần làm gì thêm."})
    nothing: dict[str, Any] = dict.fromkeys(
        ["reported_at", "reported_by", "verified_at", "verified_by"]
    )
    return _move(item, "reopen", version, by, note=reason, **nothing)


@transaction.atomic
def change_item(
    *,
    item: FollowUp,
    owner: str | None = None,
    due: str | None = None,
    note: str = "",
    version: int,
    by: User,
) -> FollowUp:
    """Put another person or another date on an item that is not verified; None leaves either as it is.

    What it was before stands in the step, with the reason; of another date the school is told. Raises MoveNotAllowed once it is verified,
    ValidationError for another date without a reason ("note"), words past the limit, and where somebody was first.
    """
    held = _held(item)
    if held.state == FollowUpState.VERIFIED:
        raise MoveNotAllowed("Kiến nghị này đã được xác nhận hoàn thành nên không đổi được nữa.")
    typed = {"owner": owner, "due": due}
    given = {name: nfc(text).strip() for name, text in typed.items() if text is not None}
    changed: dict[str, Any] = {n: text for n, text in given.items() if text != getattr(held, n)}
    if not changed:
        return held
    if "due" in changed:
        if not note.strip():
            raise ValidationError({"note": "Hãy ghi lý do đổi hạn."})
        changed["due_on"] = read_due(changed["due"], held.inspection)
    before = {name: getattr(held, name) for name in changed if name in given}
    told = _change_words(held, changed, note)
    _write(held, changed, version)
    step = _step(held, Kind.CHANGE, told, (), by=by, before=before)
    if "due" in changed:
        tell_of_date(held, step.pk, by)
    return held


_NAMES = {"owner": "Người thực hiện", "due": "Hạn hoàn thành"}


def _change_words(item: FollowUp, changed: dict[str, Any], note: str) -> str:
    lines = [
        f"{label}: {getattr(item, name) or '(chưa ghi)'} → {changed[name] or '(chưa ghi)'}"
        for name, label in _NAMES.items()
        if name in changed
    ]
    return "\n".join([*lines, f"Lý do: {nfc(note).strip()}"] if note.strip() else lines)


def _wanted(note: str, proofs: Iterable[Attachment], words: str) -> list[Attachment]:
    """Return the proofs. Raises ValidationError where there is neither word nor file."""
    kept = list(proofs)
    if not note.strip() and not kept:
        raise ValidationError({"note": words})
    return kept


def _held(item: FollowUp) -> FollowUp:
    """Return the item as it is now, held for the caller's transaction."""
    rows = FollowUp.objects.select_related(
        "school", "inspection__school_year", "inspection__school"
    )
    return rows.select_for_update(of=("self",)).get(pk=item.pk)


def _move(
    item: FollowUp,
    name: str,
    version: int,
    by: User,
    *,
    note: str,
    proofs: Iterable[Attachment] = (),
    **said: Any,
) -> FollowUp:
    held = _held(item)
    before = {"state": held.state}
    target = MOVES.target(name, source=FollowUpState(held.state))
    _write(held, {"state": target, **said}, version)
    after = {"state": str(target)}
    step = _step(held, Kind(name), note, proofs, by=by, before=before, after=after)
    tell_of_step(held, step.pk, by)
    return held


def _write(item: FollowUp, changed: dict[str, Any], version: int) -> None:
    for name, value in changed.items():
        setattr(item, name, value)
    item.full_clean(exclude={f.name for f in item._meta.fields} - set(changed))
    write_where_unmoved(item, changed, version)


def _step(
    item: FollowUp,
    kind: FollowUpStep.Kind,
    note: str,
    proofs: Iterable[Attachment],
    *,
    by: User,
    **told: Any,
) -> FollowUpStep:
    """Write a step with its proof and the event, and return it."""
    step = FollowUpStep(follow_up=item, kind=kind, note=nfc(note).strip(), by=by)
    step.full_clean(exclude=["follow_up", "by"])
    step.save()
    keep_proofs(step, proofs)
    school_id, body_id = item.school_id, item.inspection.body_id
    record(f"follow_up.{kind}", item, by=by, school_id=school_id, body_id=body_id, **told)
    return step
