"""The page that begins a plan from last year's, the page of old years, an action over the years."""

from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.loader import load_framework
from plans.accounts.models import User
from plans.overview.queries import work_of_schools
from plans.planning.models import Plan, PlanAction, PlanText
from plans.schools.models import SchoolYear
from plans.web.overview.tasks import tasks_of
from tests.factories import council, planning, schools

FIXTURES = Path(__file__).resolve().parents[4] / "fixtures"


@pytest.fixture
def next_year(plan: Plan) -> SchoolYear:
    """Năm học 2026-2027; last year's plan is finished, with a done action, one under way, one nobody told of."""
    load_framework(FIXTURES / "frameworks" / "tt57-2026-mn.json")
    for progress in ("done", "under_way", ""):
        planning.action(plan, progress=progress, timeframe="Tháng 10/2025", target_result="Xong")
    planning.plan_text(plan, "purpose", "Nâng chất lượng năm học 2025-2026.")
    Plan.objects.filter(pk=plan.pk).update(state="finished", finished_at="2025-09-30T00:00+07:00")
    return schools.school_year(2026)


def begin_page(plan: Plan) -> str:
    return reverse("starting:begin", args=[plan.school_id])


def filled(
    plan: Plan, year: SchoolYear, going_on: list[PlanAction], **more: object
) -> dict[str, object]:
    return {
        "school_year": year.pk,
        "form": plan.form_id,
        "goes_on": [action.pk for action in going_on],
        **{f"outcome-{action.pk}": action.progress for action in plan.actions.all()},
        **more,
    }


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


# --- beginning --------------------------------------------------------------------------------------------


def test_page_shows_each_action_with_its_outcome_and_ticks_all_but_the_done(
    web: Client, plan: Plan, next_year: SchoolYear
) -> None:
    done, under_way, untold = plan.actions.order_by("pk")

    text = text_of(web.get(begin_page(plan)))

    for action, checked in ((done, ""), (under_way, " checked"), (untold, " checked")):
        assert (
            f'name="goes_on" value="{action.pk}" aria-describedby="viec-{action.pk}"{checked}>'
            in text
        )
    assert text.count('<option value="done" selected>') == 1
    assert text.count('<option value="" selected>Chưa có thông tin') == 1


def test_one_press_saves_the_outcomes_and_begins_the_plan(
    web: Client, plan: Plan, next_year: SchoolYear
) -> None:
    done, under_way, untold = plan.actions.order_by("pk")
    data = filled(plan, next_year, [under_way], **{f"outcome-{untold.pk}": "not_done"})

    answer = web.post(begin_page(plan), data)

    new = Plan.objects.get(school_year=next_year)
    assert answer["Location"] == reverse("starting:years", args=[new.pk])
    assert [action.carried_from_id for action in new.actions.all()] == [under_way.pk]
    assert PlanAction.objects.get(pk=untold.pk).progress == "not_done"
    assert Plan.objects.get(pk=plan.pk).state == "finished"


def test_outcomes_alone_can_be_saved(web: Client, plan: Plan, next_year: SchoolYear) -> None:
    untold = plan.actions.order_by("pk")[2]
    data = filled(plan, next_year, [], only="1", **{f"outcome-{untold.pk}": "done"})

    web.post(begin_page(plan), data)

    assert PlanAction.objects.get(pk=untold.pk).progress == "done"
    assert not Plan.objects.filter(school_year=next_year).exists()


@pytest.mark.parametrize("wrong", [{"school_year": "x"}, {"goes_on": "99999"}, {"form": "0"}])
def test_a_refusal_says_why_and_keeps_what_was_chosen(
    web: Client, plan: Plan, next_year: SchoolYear, wrong: dict[str, str]
) -> None:
    done, under_way, untold = plan.actions.order_by("pk")
    data = filled(plan, next_year, [done], **{f"outcome-{untold.pk}": "not_done"})

    answer = web.post(begin_page(plan), data | wrong)

    assert answer.status_code == 422
    assert "Chưa được. Thầy cô xem lại giúp" in text_of(answer)
    assert text_of(answer).count('<option value="not_done" selected>') == 1
    assert PlanAction.objects.get(pk=untold.pk).progress == ""
    assert not Plan.objects.filter(school_year=next_year).exists()


def test_an_outcome_that_is_no_choice_is_refused(
    web: Client, plan: Plan, next_year: SchoolYear
) -> None:
    first = plan.actions.order_by("pk")[0]

    answer = web.post(
        begin_page(plan), filled(plan, next_year, [], **{f"outcome-{first.pk}": "perhaps"})
    )

    assert answer.status_code == 422
    assert not Plan.objects.filter(school_year=next_year).exists()


def test_pressing_twice_begins_one_plan(web: Client, plan: Plan, next_year: SchoolYear) -> None:
    data = filled(plan, next_year, [])

    first, second = web.post(begin_page(plan), data), web.post(begin_page(plan), data)

    assert (first.status_code, second.status_code) == (302, 422)
    assert Plan.objects.filter(school_year=next_year).count() == 1


def test_only_years_after_the_last_plan_are_offered(
    web: Client, plan: Plan, next_year: SchoolYear
) -> None:
    schools.school_year(2024)

    text = text_of(web.get(begin_page(plan)))

    assert f'<option value="{next_year.pk}" selected>Năm học 2026-2027' in text
    assert "Năm học 2024-2025" not in text


def test_a_school_without_a_plan_is_led_to_an_empty_one(web: Client, plan: Plan) -> None:
    Plan.objects.all().delete()

    answer = web.get(begin_page(plan), follow=True)

    assert answer.redirect_chain == [(reverse("planning:add", args=[plan.school_id]), 302)]
    assert "Trường chưa có kế hoạch nào của năm trước" in text_of(answer)


def queries(web: Client, page: str) -> int:
    """Return how many queries a page costs, once the process knows the framework."""
    web.get(page)
    with CaptureQueriesContext(connection) as told:
        assert web.get(page).status_code == 200
    return len(told)


def test_page_takes_as_many_queries_for_one_row_as_for_many(
    web: Client, plan: Plan, next_year: SchoolYear
) -> None:
    few = queries(web, begin_page(plan))
    for _ in range(3):
        planning.action(plan)

    assert queries(web, begin_page(plan)) == few


def test_the_first_task_is_to_go_on_from_last_year(
    web: Client, plan: Plan, next_year: SchoolYear, principal: User
) -> None:
    work = work_of_schools([plan.school], next_year, next_year.starts_on)[0]

    task = tasks_of(work, principal)[0]

    assert task.what == "Lập kế hoạch năm học 2026-2027 từ kế hoạch năm học 2025-2026"
    assert task.url == begin_page(plan)
    assert begin_page(plan) in text_of(web.get(reverse("planning:add", args=[plan.school_id])))


# --- years ------------------------------------------------------------------------------------------------


@pytest.fixture
def new(web: Client, plan: Plan, next_year: SchoolYear) -> Plan:
    """The plan of 2026-2027, begun from the two actions that were not done."""
    web.post(begin_page(plan), filled(plan, next_year, list(plan.actions.exclude(progress="done"))))
    return Plan.objects.get(school_year=next_year)


def test_old_years_are_listed_and_moved_on_by_one_press(web: Client, new: Plan) -> None:
    page = reverse("starting:years", args=[new.pk])
    first, second = new.actions.order_by("pk")
    text = text_of(web.get(page))
    keys = [f"viec-{action.pk}-timeframe" for action in (first, second)]
    for key in ("muc-purpose", *keys):
        assert f'value="{key}" checked' in text

    web.post(page, {"places": ["muc-purpose", keys[0]]})

    assert PlanText.objects.get(plan=new, section="purpose").body.endswith("năm học 2026-2027.")
    times = [PlanAction.objects.get(pk=action.pk).timeframe for action in (first, second)]
    assert times == ["Tháng 10/2026", "Tháng 10/2025"]


def test_a_plan_that_was_begun_from_last_years_leads_to_its_old_years(
    web: Client, plan: Plan, new: Plan
) -> None:
    pages = [reverse("planning:review", args=[one.pk]) for one in (new, plan)]

    leads = ["nam-hoc-cu" in text_of(web.get(page)) for page in pages]

    assert leads == [True, False]


def test_old_years_are_marked_where_they_stand(web: Client, new: Plan) -> None:
    section = reverse("planning:section", args=[new.pk, "purpose"])
    table = reverse("planning:section", args=[new.pk, "actions"])
    action = new.actions.order_by("pk")[0]

    assert "“2025-2026” → “2026-2027”" in text_of(web.get(section))
    # The rules say it of the time, so the mark does not say it again.
    shown = text_of(web.get(table))
    assert shown.count("ở trước năm học 2026-2027") == 4
    assert shown.count("Còn ghi “Tháng 10/2025”") == 0
    opened = text_of(web.get(f"{table}?mo={action.pk}"))
    assert "“Tháng 10/2025” → “Tháng 10/2026”" in opened

    answer = web.post(
        reverse("starting:years", args=[new.pk]), {"places": "muc-purpose", "page": "purpose"}
    )
    assert answer["Location"] == section
    assert "Còn ghi năm học cũ" not in text_of(web.get(section))


def test_a_finished_plan_is_not_marked_and_does_not_move(web: Client, new: Plan) -> None:
    Plan.objects.filter(pk=new.pk).update(state="finished", finished_at="2026-09-30T00:00+07:00")

    answer = web.post(reverse("starting:years", args=[new.pk]), {"places": "muc-purpose"})

    assert answer.status_code == 403
    assert "Còn ghi" not in text_of(web.get(reverse("planning:section", args=[new.pk, "actions"])))


# --- over the years ---------------------------------------------------------------------------------------


def test_the_row_says_how_often_and_leads_to_the_years(web: Client, plan: Plan, new: Plan) -> None:
    action = new.actions.order_by("pk")[0]
    old = action.carried_from
    assert old is not None and old.criterion is not None
    table = reverse("planning:section", args=[new.pk, "actions"])

    assert text_of(web.get(table)).count("Hứa lần thứ 2") == 2
    opened = text_of(web.get(f"{table}?mo={action.pk}"))
    assert f"Năm học 2025-2026: {old.criterion.label} – Đang thực hiện." in opened

    years = text_of(web.get(reverse("starting:history", args=[new.pk, action.pk])))
    assert "Hứa lần thứ 2." in years
    assert old.criterion.label in years
    assert "Đang thực hiện" in years


def test_an_action_of_one_year_says_so(web: Client, new: Plan) -> None:
    action = planning.action(new)

    text = text_of(web.get(reverse("starting:history", args=[new.pk, action.pk])))

    assert "Việc này mới có trong kế hoạch năm học 2026-2027." in text


def test_pages_take_as_many_queries_for_one_promise_as_for_many(
    web: Client, plan: Plan, new: Plan
) -> None:
    table = reverse("planning:section", args=[new.pk, "actions"])
    pages = [table, reverse("starting:years", args=[new.pk])]
    few = [queries(web, page) for page in pages]
    for _ in range(3):
        old, fresh = planning.action(plan), planning.action(new, timeframe="Tháng 11/2025")
        PlanAction.objects.filter(pk=fresh.pk).update(thread=old.thread)

    assert [queries(web, page) for page in pages] == few
    assert text_of(web.get(table)).count("Hứa lần thứ 2") == 5


# --- duties -----------------------------------------------------------------------------------------------


def test_duties_are_drawn_from_the_council_into_an_empty_section(
    web: Client, plan: Plan, school_year: SchoolYear
) -> None:
    council.member(
        plan.school,
        part="chair",
        full_name="Lê Thị Mẫu Đơn",
        position="Hiệu trưởng",
        duty="chỉ đạo chung",
    )
    council.member(plan.school, full_name="Đỗ Thị Cẩm Chướng")
    page = reverse("planning:section", args=[plan.pk, "duties"])
    url = reverse("starting:duties", args=[plan.pk, "duty_principal"])
    assert url in text_of(web.get(page))

    answer = web.post(url)

    assert answer["Location"] == page
    text = PlanText.objects.get(plan=plan, section="duty_principal")
    assert text.body == "- Lê Thị Mẫu Đơn, Hiệu trưởng, Chủ tịch: chỉ đạo chung."
    assert url not in text_of(web.get(page))


def test_duties_never_overwrite_what_was_typed(web: Client, plan: Plan) -> None:
    council.member(plan.school, part="chair")
    planning.plan_text(plan, "duty_principal", "Chữ của cô")

    answer = web.post(reverse("starting:duties", args=[plan.pk, "duty_principal"]), follow=True)

    assert "chương trình không ghi đè" in text_of(answer)
    assert PlanText.objects.get(plan=plan).body == "Chữ của cô"


def test_without_a_council_there_is_nothing_to_draw(web: Client, plan: Plan) -> None:
    answer = web.post(reverse("starting:duties", args=[plan.pk, "duty_principal"]), follow=True)

    assert "chưa có người giữ các vai trò ấy" in text_of(answer)
    assert web.post(reverse("starting:duties", args=[plan.pk, "purpose"])).status_code == 404
    assert not PlanText.objects.exists()


# --- small tables -----------------------------------------------------------------------------------------


@pytest.fixture
def watched(plan57: Plan) -> Plan:
    """A plan for 2026-2027 in which two cells still name last year."""
    planning.row(plan57, "priorities", current_state="Năm học 2025-2026 còn thiếu phòng")
    planning.row(plan57, "priorities", weaknesses="Chưa đủ sách năm học 2025-2026")
    return plan57


def test_old_years_in_small_tables_are_listed_and_moved_on(web: Client, watched: Plan) -> None:
    page = reverse("starting:years", args=[watched.pk])
    first, second = watched.rows.filter(section="priorities").order_by("pk")
    keys = [f"dong-{first.pk}-current_state", f"dong-{second.pk}-weaknesses"]
    text = text_of(web.get(page))
    for key in keys:
        assert f'value="{key}" checked' in text

    web.post(page, {"places": keys[:1]})

    first.refresh_from_db()
    second.refresh_from_db()
    assert first.text("current_state") == "Năm học 2026-2027 còn thiếu phòng"
    assert second.text("weaknesses") == "Chưa đủ sách năm học 2025-2026"


def test_old_years_in_small_tables_are_marked_where_they_stand(web: Client, watched: Plan) -> None:
    table = reverse("planning:section", args=[watched.pk, "priorities"])
    first = watched.rows.filter(section="priorities").order_by("pk")[0]

    closed = text_of(web.get(table))
    opened = text_of(web.get(f"{table}?dong={first.pk}"))

    assert closed.count("Còn ghi “2025-2026”") == 2
    assert opened.count("“2025-2026” → “2026-2027”") == 1
    assert f'name="places" value="dong-{first.pk}-current_state"' in opened


def test_what_cannot_be_moved_in_a_small_table_leads_to_its_row(web: Client, plan57: Plan) -> None:
    row = planning.row(
        plan57, "priorities", causes="Kế hoạch số 78/KH-UBND ngày 20 tháng 8 năm 2025"
    )

    text = text_of(web.get(reverse("starting:years", args=[plan57.pk])))

    assert f'href="{reverse("planning:row", args=[plan57.pk, row.pk])}"' in text
