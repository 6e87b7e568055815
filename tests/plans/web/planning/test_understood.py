"""Below a field stands what was understood of it; a person puts it right with one press or a few words."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from plans.accounts.models import User
from plans.planning import actions
from plans.planning.models import Plan, PlanAction
from plans.planning.readings import money_read
from tests.factories import planning

HTMX = {"HX-Request": "true"}


@pytest.fixture
def row(plan: Plan, principal: User) -> PlanAction:
    row = planning.action(plan)
    words = {"timeframe": "Từ năm học 2022 đến 2024", "budget_text": "30-40tr triệu/năm"}
    return actions.save_action(action=row, values=words, version=row.version, by=principal)


def address(row: PlanAction, field: str) -> str:
    return reverse("planning:reading", args=[row.plan_id, row.pk, field])


def test_the_open_row_shows_what_was_understood(web: Client, row: PlanAction) -> None:
    page = web.get(reverse("planning:action", args=[row.plan_id, row.pk]), headers=HTMX)
    html = page.content.decode()

    assert f'aria-describedby="hieu-{row.pk}-budget_text"' in html
    assert f'id="hieu-{row.pk}-budget_text"' in html
    assert html.count('name="choice"') == 2


def test_one_press_chooses_between_two_ways_to_understand(web: Client, row: PlanAction) -> None:
    answer = web.post(address(row, "timeframe"), {"choice": "1"}, headers=HTMX)

    row.refresh_from_db()
    assert (row.starts_on, row.ends_on) == (date(2022, 9, 1), date(2025, 5, 31))
    assert row.timeframe == "Từ năm học 2022 đến 2024"
    assert answer.status_code == 200
    assert 'name="choice"' not in answer.content.decode()


def test_a_sum_is_put_right_in_the_words_of_people(web: Client, row: PlanAction) -> None:
    values = {"set": "1", "min": "25 triệu", "max": "30.000.000", "source": "project"}

    answer = web.post(address(row, "budget_text"), values, headers=HTMX)

    row.refresh_from_db()
    money = money_read(row)
    assert answer.status_code == 200
    assert (money.least, money.most, money.per_year) == (25_000_000, 30_000_000, False)
    assert (money.sources, money.corrected) == (("project",), True)
    assert row.budget_text == "30-40tr triệu/năm"


@pytest.mark.parametrize(
    ("field", "values", "told"),
    [
        ("budget_text", {"min": "nhiều lắm"}, "Ít nhất: chưa đọc được số tiền này"),
        ("budget_text", {"min": "30 triệu", "max": "20 triệu"}, "không được nhỏ hơn số ít nhất"),
        ("budget_text", {}, "Hãy ghi số tiền"),
        ("budget_text", {"min": "3 triệu", "source": "kho báu"}, "Nguồn: "),
        ("timeframe", {"start": "31/02/2026"}, "Từ ngày: hãy ghi ngày, tháng, năm"),
        ("timeframe", {"start": "01/02/2026", "end": "01/01/2026"}, "không được trước ngày đầu"),
        ("timeframe", {"start": "01/02/2026", "end": "01/01/9026"}, "Năm phải từ 2000 đến 2099"),
        ("timeframe", {}, "ít nhất một trong hai ngày"),
        ("timeframe", {"choice": "9"}, "không còn trong danh sách"),
        ("timeframe", {"choice": "²"}, "không còn trong danh sách"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_words(
    web: Client, row: PlanAction, field: str, values: dict[str, str], told: str
) -> None:
    before = PlanAction.objects.get(pk=row.pk).readings

    answer = web.post(address(row, field), values, headers=HTMX)
    without_script = web.post(address(row, field), values)

    assert (answer.status_code, without_script.status_code) == (422, 422)
    assert told in answer.content.decode()
    assert told in without_script.content.decode()
    assert PlanAction.objects.get(pk=row.pk).readings == before


def test_without_script_the_row_opens_again(web: Client, row: PlanAction) -> None:
    answer = web.post(address(row, "timeframe"), {"wrong": "1"})

    section = reverse("planning:section", args=[row.plan_id, "actions"])
    assert (answer.status_code, answer.url) == (302, f"{section}?mo={row.pk}#viec-{row.pk}")
    row.refresh_from_db()
    assert row.starts_on is None

    web.post(address(row, "timeframe"), {"again": "1"})
    row.refresh_from_db()
    assert row.readings["timeframe"]["state"] == "ambiguous"


@pytest.mark.parametrize("field", ["measures", "version", "resources", "khong-co"])
def test_only_fields_that_are_read_and_printed_have_a_reading(
    web: Client, row: PlanAction, field: str
) -> None:
    assert web.post(address(row, field), {"wrong": "1"}).status_code == 404


def test_a_person_cannot_be_given_dates(web: Client, row: PlanAction) -> None:
    assert web.post(address(row, "lead"), {"start": "01/01/2026"}).status_code == 422
    assert web.post(address(row, "lead"), {"wrong": "1"}).status_code == 302


def test_a_save_tells_only_of_lines_that_now_read_otherwise(
    web: Client, plan: Plan, row: PlanAction
) -> None:
    values = {"version": row.version, "criterion": row.criterion_id, "lead": row.lead}
    values |= {"timeframe": row.timeframe, "budget_text": "5 triệu", "measures": row.measures}
    values |= {"partners": row.partners, "levels": ["2"]}

    answer = web.post(
        reverse("planning:action", args=[plan.pk, row.pk]), values, headers=HTMX
    ).content.decode()

    assert f'id="hieu-{row.pk}-budget_text" hx-swap-oob="true"' in answer
    assert f"hieu-{row.pk}-timeframe" not in answer


# --- the page of money and time ---------------------------------------------------------------------------


def test_the_totals_page_adds_up_and_names_what_was_not_read(
    web: Client, plan: Plan, row: PlanAction, principal: User
) -> None:
    other = planning.action(plan)
    actions.save_action(
        action=other, values={"budget_text": "bảng kèm 12 mục"}, version=1, by=principal
    )

    page = web.get(reverse("planning:totals", args=[plan.pk]))

    html = page.content.decode()
    assert "1 việc có ô kinh phí chưa đọc được" in html
    assert "Cả kế hoạch: 30-40 triệu đồng" in html


def test_the_totals_page_asks_as_much_for_many_rows_as_for_one(
    web: Client, plan: Plan, row: PlanAction
) -> None:
    url = reverse("planning:totals", args=[plan.pk])
    web.get(url)  # the framework's tree is kept in the process
    with CaptureQueriesContext(connection) as one:
        web.get(url)
    planning.action(plan, timeframe="Tháng 5/2026")
    planning.action(plan, budget_text="5 triệu")

    with CaptureQueriesContext(connection) as three:
        web.get(url)

    assert len(three) == len(one)
