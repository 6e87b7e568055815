"""Rows of the small tables: what the form begins stays, nothing typed is lost, nothing is overwritten unseen."""

from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from plans.accounts.models import User
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.planning import rows
from plans.planning.models import CELL_LIMIT, Plan, PlanRow
from plans.planning.saving import Conflict, keep_refused_words
from plans.planning.tables import table_rows


def table(plan: Plan, key: str) -> list[PlanRow]:
    kept = PlanRow.objects.filter(plan=plan, section=key, removed_at__isnull=True)
    return list(kept.order_by("position", "pk"))


def issue(plan: Plan, by: User, weaknesses: str = "", after: PlanRow | None = None) -> PlanRow:
    row = rows.add_row(plan=plan, section="priorities", by=by, after=after)
    return rows.save_row(row=row, cells={"weaknesses": weaknesses}, version=1, by=by)


def weaknesses(plan: Plan) -> list[str]:
    return [row.text("weaknesses") for row in table(plan, "priorities")]


# --- rows of the form itself --------------------------------------------------------------------------------


def test_a_new_plan_has_the_rows_that_its_form_begins(plan57: Plan) -> None:
    section = plan57.spec.section("monitoring")
    assert section is not None

    shown = table_rows(PlanRow.objects.filter(plan=plan57), section)

    assert [row.text("moment") for row in shown] == ["Cuối học kỳ I", "Cuối năm học"]
    assert [row.name(section) for row in shown] == ["Cuối học kỳ I", "Cuối năm học"]
    assert table(plan57, "priorities") == []


def test_a_plan_without_its_forms_rows_shows_them_all_the_same(plan57: Plan) -> None:
    section = plan57.spec.section("monitoring")
    assert section is not None
    PlanRow.objects.filter(plan=plan57).delete()

    shown = table_rows([], section)

    assert [(row.text("moment"), row.row) for row in shown] == [
        ("Cuối học kỳ I", None),
        ("Cuối năm học", None),
    ]


def test_words_of_the_form_cannot_be_written_over(plan57: Plan, principal: User) -> None:
    first = table(plan57, "monitoring")[0]
    cells = {"moment": "Khi nào cũng được", "content": "Tiến độ", "#": "9", "khac": "x"}

    rows.save_row(row=first, cells=cells, version=1, by=principal)

    first.refresh_from_db()
    assert first.cells == {"#": 0, "content": "Tiến độ"}


def test_a_row_of_the_form_cannot_be_deleted_but_others_stand_beside_it(
    plan57: Plan, principal: User
) -> None:
    first, last = table(plan57, "monitoring")
    added = rows.add_row(plan=plan57, section="monitoring", by=principal, after=first)

    with pytest.raises(ValidationError, match="Dòng này là của mẫu kế hoạch nên không xóa được."):
        rows.remove_row(row=first, by=principal)

    assert table(plan57, "monitoring") == [first, added, last]


# --- saving -------------------------------------------------------------------------------------------------


def test_save_row_keeps_what_is_typed_and_the_other_cells(plan57: Plan, principal: User) -> None:
    typed = "  - 30-40tr triệu/năm <script>\n=SUM(A1) 🌸 \u200f"
    row = issue(plan57, principal, typed)

    rows.save_row(row=row, cells={"causes": "Ke\u0302\u0301 hoạch\x00"}, version=2, by=principal)

    row.refresh_from_db()
    assert row.cells == {"weaknesses": typed, "causes": "Kế hoạch"}
    assert row.version == 3


def test_saving_the_same_words_changes_nothing(plan57: Plan, principal: User) -> None:
    row = issue(plan57, principal, "Như cũ")

    again = rows.save_row(row=row, cells={"weaknesses": "Như cũ"}, version=1, by=principal)

    assert again.version == 2
    assert Event.objects.filter(action="planrow.change").count() == 1


def test_save_row_on_an_older_version_keeps_both(
    plan57: Plan, principal: User, deputy: User
) -> None:
    row = issue(plan57, principal, "Chữ đầu")
    mine = PlanRow.objects.get(pk=row.pk)
    rows.save_row(row=row, cells={"weaknesses": "Chữ của thầy"}, version=2, by=deputy)

    with pytest.raises(Conflict) as found:
        cells = {"weaknesses": "Chữ của cô", "causes": ""}
        rows.save_row(row=mine, cells=cells, version=2, by=principal)
    keep_refused_words(conflict=found.value, by=principal, school_id=plan57.school_id)

    conflict = found.value
    assert (conflict.mine, conflict.theirs, conflict.who, conflict.version) == (
        {"weaknesses": "Chữ của cô"},
        {"weaknesses": "Chữ của thầy"},
        "Trần Văn Minh Họa",
        3,
    )
    assert weaknesses(plan57) == ["Chữ của thầy"]
    refused = Event.objects.get(action="conflict.refused")
    assert refused.before == {"weaknesses": "Chữ của cô"}


def test_the_record_keeps_all_cells_from_before_a_burst_of_typing(
    plan57: Plan, principal: User
) -> None:
    row = table(plan57, "monitoring")[0]
    for version, cells in enumerate(
        [{"content": "Một"}, {"content": "Một hai"}, {"assessor": "Tổ giám sát"}], start=1
    ):
        row = rows.save_row(row=row, cells=cells, version=version, by=principal)

    events = Event.objects.filter(action="planrow.change")

    assert [(event.before, event.plan_id) for event in events] == [({"cells": {"#": 0}}, plan57.pk)]


def test_a_cell_past_the_limit_is_refused(plan57: Plan, principal: User) -> None:
    row = rows.add_row(plan=plan57, section="priorities", by=principal)

    with pytest.raises(ValidationError, match="Ô này dài quá 20000 chữ"):
        rows.save_row(row=row, cells={"causes": "d" * (CELL_LIMIT + 1)}, version=1, by=principal)


# --- adding, moving, deleting -------------------------------------------------------------------------------


def test_rows_are_added_below_another_or_at_the_end(plan57: Plan, principal: User) -> None:
    first = issue(plan57, principal, "Một")
    issue(plan57, principal, "Ba")
    issue(plan57, principal, "Hai", after=first)

    assert weaknesses(plan57) == ["Một", "Hai", "Ba"]


def test_a_row_is_added_only_to_a_table_of_the_form(plan57: Plan, principal: User) -> None:
    elsewhere = table(plan57, "monitoring")[0]

    with pytest.raises(ValidationError, match="Mẫu kế hoạch không có bảng này."):
        rows.add_row(plan=plan57, section="grounds", by=principal)
    with pytest.raises(ValidationError, match="Dòng này không thuộc bảng đang sửa."):
        rows.add_row(plan=plan57, section="priorities", by=principal, after=elsewhere)


def test_rows_change_places_and_stop_at_the_edge(plan57: Plan, principal: User) -> None:
    made = [issue(plan57, principal, name) for name in ("Một", "Hai", "Ba")]
    # Two people may have added a row at the same moment.
    PlanRow.objects.filter(pk=made[1].pk).update(position=made[2].position)

    assert rows.move_row(row=made[2], up=True, by=principal)
    assert weaknesses(plan57) == ["Một", "Ba", "Hai"]
    assert rows.move_row(row=made[0], up=False, by=principal)
    assert weaknesses(plan57) == ["Ba", "Một", "Hai"]
    assert not rows.move_row(row=made[2], up=True, by=principal)
    assert weaknesses(plan57) == ["Ba", "Một", "Hai"]


def test_a_deleted_row_comes_back_to_its_place_with_every_word(
    plan57: Plan, principal: User
) -> None:
    made = [issue(plan57, principal, name) for name in ("Một", "Hai", "Ba")]

    rows.remove_row(row=made[1], by=principal)
    without = weaknesses(plan57)
    rows.restore_row(row=made[1], by=principal)

    assert without == ["Một", "Ba"]
    assert weaknesses(plan57) == ["Một", "Hai", "Ba"]
    assert list(Event.objects.order_by("pk").values_list("action", flat=True))[-2:] == [
        "row.remove",
        "row.restore",
    ]


WRITES: dict[str, Callable[[PlanRow, User], object]] = {
    "add": lambda row, by: rows.add_row(plan=row.plan, section=row.section, by=by),
    "save": lambda row, by: rows.save_row(row=row, cells={"causes": "x"}, version=2, by=by),
    "move": lambda row, by: rows.move_row(row=row, up=True, by=by),
    "remove": lambda row, by: rows.remove_row(row=row, by=by),
    "restore": lambda row, by: rows.restore_row(row=row, by=by),
}


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
def test_a_finished_plan_takes_no_change_of_its_rows(
    plan57: Plan, principal: User, write: Callable[[PlanRow, User], object]
) -> None:
    issue(plan57, principal, "Một")
    row = issue(plan57, principal, "Hai")
    Plan.objects.update(state="finished", finished_at=timezone.now())

    with pytest.raises(MoveNotAllowed):
        write(row, principal)

    assert weaknesses(plan57) == ["Một", "Hai"]
    assert table(plan57, "priorities")[1].cells == {"weaknesses": "Hai"}


@pytest.mark.parametrize("name", ["save", "move", "remove"])
def test_a_row_that_somebody_deleted_takes_no_change(
    plan57: Plan, principal: User, name: str
) -> None:
    row = issue(plan57, principal, "Một")
    rows.remove_row(row=PlanRow.objects.get(pk=row.pk), by=principal)

    with pytest.raises(MoveNotAllowed, match="Dòng này vừa được người khác xóa."):
        WRITES[name](row, principal)
