"""How every row of a plan is saved: only while the plan is open, only on the version the person saw.

A save carries that version. When the row has moved on meanwhile, nothing is overwritten: Conflict is raised
with both texts, and the refused one is kept in the record as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import F
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.planning.models import CELL_LIMIT, Plan, PlanRow
from plans.planning.states import PlanState
from plans.text import nfc

RowT = TypeVar("RowT", bound=models.Model)
REFUSED = "conflict.refused"


@dataclass
class Conflict(Exception):
    """Someone else saved the same row first: `theirs` stands, `mine` was not written; field → text."""

    row: models.Model
    mine: dict[str, Any]
    theirs: dict[str, Any]
    who: str
    version: int


def keep_open(plan: Plan) -> None:
    """Hold the plan for this transaction, so that nobody finishes it meanwhile, and note that it changes.

    Every write of its words begins here: the page's guard asked before the transaction, and a save that was on
    its way may come after “Soạn xong”. Raises MoveNotAllowed unless the plan is being written.
    """
    draft = Plan.objects.filter(pk=plan.pk, state=PlanState.DRAFT)
    if not draft.update(changed_at=timezone.now()):
        raise MoveNotAllowed("Kế hoạch không còn ở trạng thái “Đang soạn” nên không sửa được.")


def row_at(model: type[RowT], **key: Any) -> RowT:
    """Return the row of `model` that `key` names; where there is none yet, a first one at version 0.

    Where two come at once, the second takes the first one's row.
    """
    rows = model._default_manager.filter(**key)
    found = rows.first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return model._default_manager.create(**key, version=0)
    except IntegrityError:
        return rows.get()


def save_fields(
    row: RowT,
    values: Mapping[str, Any],
    version: int,
    *,
    by: User,
    school_id: int | None,
    body_id: int | None = None,
    derived: Callable[[Iterable[str]], Mapping[str, Any]] | None = None,
) -> RowT:
    """Write `values` into `row` where its version is still `version`; raise it by one.

    Nothing is written, and the version stays, when nothing differs. `derived` is asked, once
    the row has its new words, which other columns follow from the fields that changed. Raises Conflict,
    ValidationError.
    """
    values = {name: nfc(v) if isinstance(v, str) else v for name, v in values.items()}
    before = {name: getattr(row, name) for name in values}
    mine = {name: value for name, value in values.items() if value != before[name]}
    if not mine:
        return row
    for name, value in mine.items():
        setattr(row, name, value)
    changed = {**mine, **(derived(mine) if derived else {})}
    for name, value in changed.items():
        setattr(row, name, value)
    row.full_clean(exclude={f.name for f in row._meta.fields} - set(changed))
    if not _written(row, changed, version):
        raise _conflict(row, mine, lambda now: {name: getattr(now, name) for name in mine})
    _record_change(row, {name: _plain(before[name]) for name in mine}, by, school_id, body_id)
    return row


def save_cells(
    row: PlanRow, cells: Mapping[str, str], version: int, *, by: User, school_id: int
) -> PlanRow:
    """Write cells of a small table's row, by column, as `save_fields` writes fields; other cells stay.

    The record keeps all cells as they stood. Raises Conflict with the columns that differ, ValidationError for
    a cell past the limit.
    """
    mine = {name: nfc(text) for name, text in cells.items()}
    mine = {name: text for name, text in mine.items() if text != row.text(name)}
    if not mine:
        return row
    if any(len(text) > CELL_LIMIT for text in mine.values()):
        raise ValidationError(f"Ô này dài quá {CELL_LIMIT} chữ. Hãy chia bớt ra.")
    before, row.cells = row.cells, {**row.cells, **mine}
    if not _written(row, {"cells": row.cells}, version):
        raise _conflict(row, dict(mine), lambda now: {name: now.text(name) for name in mine})
    _record_change(row, {"cells": before}, by, school_id)
    return row


def _written(row: models.Model, changed: Mapping[str, Any], version: int) -> bool:
    """Write `changed` where the row still has that version; say whether it had."""
    written = (
        type(row)
        ._default_manager.filter(pk=row.pk, version=version)
        .update(**changed, version=F("version") + 1)
    )
    if written:
        row.version = version + 1  # type: ignore[attr-defined]  # every row saved here has one
    return bool(written)


def _record_change(
    row: models.Model,
    before: dict[str, Any],
    by: User,
    school_id: int | None,
    body_id: int | None = None,
) -> None:
    record(
        *(f"{row._meta.model_name}.change", row),
        by=by,
        before=before,
        school_id=school_id,
        body_id=body_id,
        in_bursts=True,
    )


def _plain(value: Any) -> Any:
    if isinstance(value, models.Model):
        return value.pk
    return value.isoformat() if isinstance(value, date) else value


def _conflict(
    row: models.Model, mine: dict[str, Any], theirs: Callable[[Any], dict[str, Any]]
) -> Conflict:
    """Return the conflict, with the refused words; the caller's transaction is rolled back by the raise."""
    now = type(row)._default_manager.get(pk=row.pk)
    last = Event.objects.about(row).exclude(action=REFUSED).first()
    return Conflict(
        row=now,
        mine=mine,
        theirs=theirs(now),
        who=last.actor_name if last else "",
        version=now.version,  # type: ignore[attr-defined]  # every row saved here has one
    )


def keep_refused_words(*, conflict: Conflict, by: User, school_id: int | None) -> None:
    """Write the words that a conflict refused into the record, so that they outlive the page."""
    refused = {name: _plain(value) for name, value in conflict.mine.items()}
    record(REFUSED, conflict.row, by=by, before=refused, school_id=school_id)
