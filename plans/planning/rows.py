"""What people do to the rows of a plan's small tables; each write as `actions` writes, by the rules of `saving`."""

from __future__ import annotations

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Max, QuerySet
from django.utils import timezone

from plans.accounts.models import User
from plans.history.actions import record
from plans.moves import MoveNotAllowed
from plans.planning.form import SectionKind, SectionSpec
from plans.planning.models import Plan, PlanRow
from plans.planning.ordering import rising, swapped
from plans.planning.saving import keep_open, save_cells
from plans.planning.tables import fixed_cells


def begin_rows(*, plan: Plan) -> None:
    """Give a new plan the rows that its form itself begins; part of opening it, so no event of its own."""
    tables = (section for section in plan.spec.walk() if section.kind is SectionKind.TABLE)
    PlanRow.objects.bulk_create(
        PlanRow(plan=plan, section=table.key, cells={PlanRow.FIXED: number}, position=number + 1)
        for table in tables
        for number in range(len(table.fixed_rows))
    )


@transaction.atomic
def add_row(*, plan: Plan, section: str, by: User, after: PlanRow | None = None) -> PlanRow:
    """Add an empty row to a small table and return it: below `after`, else at the end.

    Raises ValidationError when the form has no such table, or `after` stands in another.
    """
    keep_open(plan)
    _table(plan, section)
    if after is not None and (after.plan_id, after.section) != (plan.pk, section):
        raise ValidationError("Dòng này không thuộc bảng đang sửa.")
    rows = _kept(plan, section, removed=True)
    if after is None:
        position = (rows.aggregate(last=Max("position"))["last"] or 0) + 1
    else:
        position = after.position + 1
        rows.filter(position__gt=after.position).update(position=F("position") + 1)
    row = PlanRow(plan=plan, section=section, position=position)
    row.full_clean()
    row.save()
    record("row.add", row, by=by, school_id=plan.school_id)
    return row


@transaction.atomic
def save_row(*, row: PlanRow, cells: Mapping[str, str], version: int, by: User) -> PlanRow:
    """Save typed cells of a row, by column, and return it.

    Columns that the table has not, and those that the form fills in this row, are left alone. Raises Conflict,
    ValidationError for a cell past the limit.
    """
    keep_open(row.plan)
    _still_there(row)
    table = _table(row.plan, row.section)
    typed = {c.key for c in table.typed_columns} - set(fixed_cells(table, row))
    kept = {name: text for name, text in cells.items() if name in typed}
    return save_cells(row, kept, version, by=by, school_id=row.plan.school_id)


@transaction.atomic
def move_row(*, row: PlanRow, up: bool, by: User) -> bool:
    """Change places with the row above or below; False at the edge of the table."""
    keep_open(row.plan)
    _still_there(row)
    rows = _kept(row.plan, row.section).order_by("position", "pk")
    places = list(rows.values_list("pk", "position"))
    order = swapped([pk for pk, _ in places], row.pk, up=up)
    if order is None:
        return False
    for pk, position in zip(order, rising([place for _, place in places]), strict=True):
        PlanRow.objects.filter(pk=pk).update(position=position)
    before = {"order": [pk for pk, _ in places]}
    record("row.move", row, by=by, before=before, school_id=row.plan.school_id)
    return True


@transaction.atomic
def remove_row(*, row: PlanRow, by: User) -> PlanRow:
    """Take a row out of its table; `restore_row` brings it back with every word.

    Raises ValidationError for a row that the form itself begins.
    """
    keep_open(row.plan)
    _still_there(row)
    if row.fixed_number is not None:
        raise ValidationError("Dòng này là của mẫu kế hoạch nên không xóa được.")
    return _removed(row, by, removed=True)


@transaction.atomic
def restore_row(*, row: PlanRow, by: User) -> PlanRow:
    """Bring a removed row back to its place."""
    keep_open(row.plan)
    return _removed(row, by, removed=False)


def _removed(row: PlanRow, by: User, *, removed: bool) -> PlanRow:
    row.removed_at = timezone.now() if removed else None
    PlanRow.objects.filter(pk=row.pk).update(removed_at=row.removed_at)
    record("row.remove" if removed else "row.restore", row, by=by, school_id=row.plan.school_id)
    return row


def _kept(plan: Plan, section: str, *, removed: bool = False) -> QuerySet[PlanRow]:
    """Return the rows of a table, the removed ones among them where asked."""
    rows = PlanRow.objects.filter(plan=plan, section=section)
    return rows if removed else rows.filter(removed_at__isnull=True)


def _table(plan: Plan, key: str) -> SectionSpec:
    section = plan.spec.section(key)
    if section is None or section.kind is not SectionKind.TABLE:
        raise ValidationError("Mẫu kế hoạch không có bảng này.")
    return section


def _still_there(row: PlanRow) -> None:
    """Raise MoveNotAllowed when somebody deleted the row since the page was drawn."""
    if not PlanRow.objects.filter(pk=row.pk, removed_at__isnull=True).exists():
        raise MoveNotAllowed("Dòng này vừa được người khác xóa.")
