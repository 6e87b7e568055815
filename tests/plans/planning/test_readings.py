"""What is read of typed words stands beside them; a person corrects it, and the words stay as typed."""

from datetime import date

import pytest

from criteria.models import Criterion
from plans.accounts.models import User
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.planning import actions
from plans.planning.models import Plan, PlanAction
from plans.planning.readings import (
    READER,
    money_read,
    people_read,
    reread_all,
    reread_times,
    time_read,
)
from plans.planning.states import PlanState
from tests.factories import planning, schools

pytestmark = pytest.mark.django_db


def saved(plan: Plan, by: User, **words: str) -> PlanAction:
    """A new row of the plan with these words typed into it."""
    criterion = Criterion.objects.of(plan.framework).first()
    row = actions.add_action(plan=plan, by=by, criterion=criterion, band="2")
    row = actions.save_action(action=row, values=words, version=row.version, by=by)
    return PlanAction.objects.select_related("plan__school", "plan__school_year").get(pk=row.pk)


def test_words_that_are_saved_are_read_beside_them(plan: Plan, principal: User) -> None:
    row = saved(
        plan,
        principal,
        timeframe="Từ tháng 10/2025 đến hết tháng 4/2026",
        budget_text="60-50triệu/năm từ nguồn xã hội hóa",
        lead="HT",
        partners="KT, GV",
    )

    assert (row.starts_on, row.ends_on) == (date(2025, 10, 1), date(2026, 4, 30))
    assert (row.budget_min, row.budget_max) == (50_000_000, 60_000_000)
    money = money_read(row)
    assert (money.state, money.least, money.most) == ("known", 50_000_000, 60_000_000)
    assert (money.per_year, money.reversed, money.source_words) == (True, True, ("xã hội hóa",))
    people = people_read(row)
    assert (people.lead, people.partners) == ("hiệu trưởng", ("kế toán", "giáo viên"))
    assert people.roles == ("principal", "accountant", "teacher")
    assert row.budget_text == "60-50triệu/năm từ nguồn xã hội hóa"


def test_new_words_are_read_anew_and_the_others_keep_their_reading(
    plan: Plan, principal: User
) -> None:
    row = saved(plan, principal, timeframe="Năm học 2025-2026", budget_text="5-7 triệu")

    row = actions.save_action(
        action=row, values={"budget_text": "Không có"}, version=row.version, by=principal
    )

    row.refresh_from_db()
    assert (row.budget_min, row.budget_max, money_read(row).state) == (0, 0, "zero")
    assert (row.starts_on, row.ends_on) == (date(2025, 9, 1), date(2026, 5, 31))


def test_emptied_words_read_as_nothing(plan: Plan, principal: User) -> None:
    row = saved(plan, principal, timeframe="Tháng 5/2026", budget_text="5 triệu", lead="HT")

    actions.save_action(
        action=row,
        values={"timeframe": "", "budget_text": " ", "lead": ""},
        version=row.version,
        by=principal,
    )

    row.refresh_from_db()
    assert (row.starts_on, row.ends_on, row.budget_min, row.budget_max) == (None,) * 4
    assert time_read(row).state == "blank"
    assert money_read(row).state == "unknown" and not money_read(row).unread
    assert people_read(row).lead == ""


def test_a_copy_brings_its_readings_along(plan: Plan, principal: User) -> None:
    row = saved(plan, principal, timeframe="Tháng 5/2026", budget_text="5 triệu")

    copy = actions.copy_action(action=row, by=principal)

    copy.refresh_from_db()
    assert (copy.starts_on, copy.ends_on) == (date(2026, 5, 1), date(2026, 5, 31))
    assert copy.readings == row.readings


def test_an_ambiguous_time_is_not_guessed_and_a_person_chooses(plan: Plan, principal: User) -> None:
    row = saved(plan, principal, timeframe="Từ năm học 2022 đến 2024")
    assert (row.starts_on, row.ends_on) == (None, None)
    first, second = time_read(row).options
    assert (first.start, first.end) == (date(2022, 9, 1), date(2024, 5, 31))
    assert (second.start, second.end) == (date(2022, 9, 1), date(2025, 5, 31))

    row = actions.correct_reading(
        action=row,
        field="timeframe",
        values={"start": second.start, "end": second.end},
        by=principal,
    )

    row.refresh_from_db()
    time = time_read(row)
    assert (row.starts_on, row.ends_on) == (date(2022, 9, 1), date(2025, 5, 31))
    assert (time.state, time.corrected, time.options) == ("known", True, ())
    assert row.timeframe == "Từ năm học 2022 đến 2024"


def test_corrected_money_counts_until_the_words_change(plan: Plan, principal: User) -> None:
    row = saved(plan, principal, budget_text="bảng kèm 12 mục")
    assert money_read(row).unread
    correction = {"min": 3_000_000, "max": 4_000_000, "per_year": True, "sources": ["project"]}

    row = actions.correct_reading(action=row, field="budget_text", values=correction, by=principal)

    row.refresh_from_db()
    money = money_read(row)
    assert (row.budget_min, row.budget_max) == (3_000_000, 4_000_000)
    assert (money.state, money.corrected, money.per_year) == ("known", True, True)
    assert money.sources == ("project",)

    actions.save_action(
        action=row, values={"budget_text": "8 triệu"}, version=row.version, by=principal
    )
    row.refresh_from_db()
    assert (row.budget_min, row.budget_max) == (8_000_000, 8_000_000)
    assert not money_read(row).corrected


def test_a_reading_called_wrong_claims_nothing_until_it_is_read_again(
    plan: Plan, principal: User
) -> None:
    row = saved(plan, principal, timeframe="Tháng 5/2026")

    actions.correct_reading(action=row, field="timeframe", values={}, by=principal)
    row.refresh_from_db()
    assert (row.ends_on, time_read(row).state, time_read(row).words) == (None, "unread", "")

    actions.read_again(action=row, field="timeframe", by=principal)
    row.refresh_from_db()
    assert (row.ends_on, time_read(row).state) == (date(2026, 5, 31), "known")


def test_a_correction_stands_beside_what_others_do_at_the_same_moment(
    plan: Plan, principal: User
) -> None:
    row = saved(plan, principal, timeframe="Tháng 5/2026", budget_text="8 triệu")
    early = [PlanAction.objects.select_related("plan").get(pk=row.pk) for _ in range(2)]
    actions.correct_reading(action=row, field="timeframe", values={}, by=principal)

    actions.correct_reading(action=early[0], field="budget_text", values={}, by=principal)
    actions.save_action(
        action=early[1], values={"lead": "Hiệu trưởng"}, version=early[1].version, by=principal
    )

    row.refresh_from_db()
    assert (time_read(row).corrected, money_read(row).corrected) == (True, True)
    assert row.ends_on is None


def test_a_correction_leaves_the_version_and_is_recorded(plan: Plan, principal: User) -> None:
    """The row may be open in a form meanwhile: its next save must not meet a conflict with a correction."""
    row = saved(plan, principal, timeframe="Tháng 5/2026", measures="Sửa bếp")
    version = row.version

    actions.correct_reading(action=row, field="timeframe", values={}, by=principal)

    row.refresh_from_db()
    assert row.version == version
    event = Event.objects.about(row).first()
    assert event is not None
    assert event.action == "action.reading"
    assert event.before["readings"]["timeframe"]["end"] == "2026-05-31"


def test_a_closed_plan_or_a_deleted_row_is_not_corrected(plan: Plan, principal: User) -> None:
    row = saved(plan, principal, timeframe="Tháng 5/2026")
    gone = saved(plan, principal, timeframe="Tháng 4/2026")
    actions.remove_action(action=gone, by=principal)

    with pytest.raises(MoveNotAllowed):
        actions.correct_reading(action=gone, field="timeframe", values={}, by=principal)
    Plan.objects.filter(pk=plan.pk).update(
        state=PlanState.FINISHED, finished_at="2026-01-01T00:00Z"
    )
    with pytest.raises(MoveNotAllowed):
        actions.read_again(action=row, field="timeframe", by=principal)


def test_the_term_ends_when_the_province_says(plan: Plan, principal: User) -> None:
    province = schools.body(name="Ủy ban nhân dân tỉnh")
    commune = plan.school.body_links.get().body
    commune.parent = province
    commune.save()
    schools.calendar(province, plan.school_year, first_term_ends_on=date(2026, 1, 9))

    row = saved(plan, principal, timeframe="Cuối học kỳ I")

    assert row.ends_on == date(2026, 1, 9)


def test_rows_of_an_older_reader_are_read_anew_and_corrections_stay(
    plan: Plan, principal: User
) -> None:
    old = planning.action(plan, timeframe="Tháng 5/2026", budget_text="5 triệu")
    meant = saved(plan, principal, timeframe="Tháng 5/2026", budget_text="5 triệu")
    actions.correct_reading(action=meant, field="timeframe", values={}, by=principal)
    PlanAction.objects.filter(pk=meant.pk).update(
        readings={**meant.readings, "reader": READER - 1}, budget_min=None, budget_max=None
    )

    assert reread_all() == 2
    assert reread_all() == 0

    old.refresh_from_db()
    meant.refresh_from_db()
    assert (old.ends_on, old.budget_max) == (date(2026, 5, 31), 5_000_000)
    assert (meant.ends_on, meant.budget_max) == (None, 5_000_000)


def test_a_changed_calendar_moves_its_schools_times_and_no_correction(
    plan: Plan, principal: User
) -> None:
    commune = plan.school.body_links.get().body
    follows = saved(plan, principal, timeframe="Cuối học kỳ I")
    meant = saved(plan, principal, timeframe="Cuối học kỳ I")
    day = date(2026, 1, 20)
    actions.correct_reading(
        action=meant, field="timeframe", values={"start": day, "end": day}, by=principal
    )
    version = follows.version
    schools.calendar(commune, plan.school_year, first_term_ends_on=date(2026, 1, 9))

    reread_times({commune.pk})

    follows.refresh_from_db()
    meant.refresh_from_db()
    assert (follows.ends_on, meant.ends_on) == (date(2026, 1, 9), day)
    assert follows.version == version
