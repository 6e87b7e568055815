"""The list of plans, a new plan, the printed page and the files."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.loader import load_framework
from plans.accounts.models import User
from plans.planning import export
from plans.planning.form_loader import load_form
from plans.planning.models import Plan, PlanForm
from plans.schools.models import ManagingBody, School, SchoolBody, SchoolYear
from tests.factories import schools
from tests.plans.planning.conftest import FIXTURES

LIST = "/ke-hoach/"


def plan_of_year(school: School, start_year: int, by: User) -> Plan:
    year = schools.school_year(start_year)
    form = PlanForm.objects.get()
    framework = Plan.objects.get(school_year__start_year=2025).framework
    plan = Plan(school=school, school_year=year, form=form, framework=framework)
    plan.save()
    return plan


@pytest.mark.parametrize("many", [3, 300])
def test_the_list_asks_as_many_queries_for_1_plan_as_for_many(
    web: Client, plan: Plan, principal: User, many: int
) -> None:
    web.get(LIST)
    with CaptureQueriesContext(connection) as for_one:
        web.get(LIST)
    for year in range(2025 - many + 1, 2025):
        plan_of_year(plan.school, year, principal)

    with CaptureQueriesContext(connection) as for_many:
        answer = web.get(LIST)

    assert len(answer.context["plans"]) == many
    assert len(for_many) == len(for_one)


def test_a_new_plan_needs_only_the_year(web: Client, plan: Plan, kindergarten: School) -> None:
    year = schools.school_year(2024)
    url = reverse("planning:add", args=[kindergarten.pk])
    # TT 22/2024 came into force in January 2025: another framework holds for the year before
    load_framework(FIXTURES / "frameworks" / "tt19-2018.json")

    answer = web.post(url, {"school_year": year.pk, "form": PlanForm.objects.get().pk})

    made = Plan.objects.get(school_year=year)
    assert (answer.status_code, answer["Location"]) == (302, made.get_absolute_url())
    assert made.framework.code == "TT19-2018"


def test_a_year_that_has_a_plan_cannot_be_chosen_again(
    web: Client, plan: Plan, kindergarten: School
) -> None:
    url = reverse("planning:add", args=[kindergarten.pk])

    answer = web.post(url, {"school_year": plan.school_year_id, "form": plan.form_id})

    assert answer.status_code == 422
    assert answer.context["form"].errors == {
        "school_year": ["Năm học này đã có kế hoạch hoặc không có trong danh sách. Hãy chọn lại."]
    }
    assert Plan.objects.count() == 1


def test_a_year_without_a_form_of_its_own_is_said(web: Client, plan: Plan) -> None:
    year = schools.school_year(2026)
    Plan.objects.update(school_year=year)

    review = web.get(reverse("planning:review", args=[plan.pk])).content.decode()

    assert "chương trình chưa có mẫu riêng cho năm học 2026-2027" in review


def test_without_a_framework_in_force_the_page_says_so(
    web: Client, plan: Plan, kindergarten: School
) -> None:
    year = SchoolYear.objects.create(start_year=2010, starts_on="2010-09-05", ends_on="2011-05-31")
    url = reverse("planning:add", args=[kindergarten.pk])

    answer = web.post(url, {"school_year": year.pk, "form": plan.form_id})

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == [
        "Không có bộ tiêu chuẩn nào có hiệu lực đối với trường mầm non ngày 05/09/2010."
    ]


@pytest.mark.parametrize(
    ("file_format", "media_type", "start"),
    [
        ("pdf", "application/pdf", b"%PDF-1.7"),
        (
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            b"PK\x03\x04",
        ),
        (
            "xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            b"PK\x03\x04",
        ),
        ("html", "text/html; charset=utf-8", b"<!DOCTYPE html>"),
    ],
)
def test_download_and_command_line_give_the_same_bytes_each_time(
    web: Client, plan: Plan, tmp_path: Path, file_format: str, media_type: str, start: bytes
) -> None:
    url = reverse("planning:download", args=[plan.pk, file_format])
    first, second = web.get(url), web.get(url)
    file = tmp_path / "plan"
    call_command("export_plan", plan=plan.pk, format=file_format, output=file, stdout=StringIO())

    assert first.content[: len(start)] == start
    assert first.content == second.content == file.read_bytes()
    assert (first["Content-Type"], first["Content-Disposition"]) == (
        media_type,
        f'attachment; filename="KH-CTCL-MNHS-2025-2026.{file_format}"',
    )
    assert first["Cache-Control"] == "private, no-store"


def test_the_second_download_does_not_write_the_file_again(
    web: Client, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = reverse("planning:download", args=[plan.pk, "docx"])
    first = web.get(url).content
    monkeypatch.setattr(export, "FORMATS", {"docx": replace(export.FORMATS["docx"], write=None)})

    assert web.get(url).content == first


def test_an_unknown_format_is_not_found(web: Client, plan: Plan) -> None:
    assert web.get(reverse("planning:download", args=[plan.pk, "exe"])).status_code == 404


def test_the_command_says_what_is_wrong(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Không có kế hoạch mang mã số 999999."):
        call_command("export_plan", plan=999999, format="pdf", output=tmp_path / "x")
    with pytest.raises(CommandError, match="Không ghi được tệp"):
        call_command("export_plan", plan=plan.pk, format="html", output=tmp_path / "no" / "x")


def test_an_abolished_body_on_the_letterhead_is_warned_of_with_its_successor(
    web: Client, plan: Plan, principal: User
) -> None:
    heir = ManagingBody.objects.get()
    link = SchoolBody.objects.get()
    old = schools.body("UBND huyện Thanh Hòa", successor=heir, valid_to="2025-06-30")
    link.body = old
    link.save()
    said = (
        "“UBND huyện Thanh Hòa” chỉ hoạt động đến hết ngày 30/06/2025; cơ quan kế thừa là "
        "“UBND xã An Phú”"
    )
    advice = "Đề nghị kiểm tra lại tên cơ quan trên đầu văn bản."
    data = {"version": plan.version, "document_month": "2025-10", "signing_capacity": "HIỆU TRƯỞNG"}

    web.post(reverse("planning:heading", args=[plan.pk]), data, headers={"HX-Request": "true"})
    beside = web.get(reverse("planning:checks", args=[plan.pk, "recipients"]))
    paper = web.get(reverse("planning:preview", args=[plan.pk]))
    review = web.get(reverse("planning:review", args=[plan.pk]))

    for answer in (beside, paper, review):
        assert said in answer.content.decode()
        assert advice in answer.content.decode()


# --- the form of a new plan ---------------------------------------------------------------------------------


@pytest.fixture
def both_forms(plan: Plan) -> dict[str, PlanForm]:
    """The forms of 2018 and of 2026, with the frameworks in force in both years."""
    load_framework(FIXTURES / "frameworks" / "tt57-2026-mn.json")
    load_form(FIXTURES / "forms" / "kh-57-2026.json")
    return {form.code: form for form in PlanForm.objects.all()}


@pytest.mark.parametrize(
    ("start_year", "form", "framework"),
    [
        (2026, "KH-57-2026", "TT57-2026-MN"),
        (2027, "KH-57-2026", "TT57-2026-MN"),
        (2024, "KH-2018", "TT19-2018"),
    ],
)
def test_a_new_plan_takes_the_form_and_the_framework_of_its_year(
    web: Client, both_forms: dict[str, PlanForm], start_year: int, form: str, framework: str
) -> None:
    load_framework(FIXTURES / "frameworks" / "tt19-2018.json")
    year = schools.school_year(start_year)
    url = reverse("planning:add", args=[School.objects.get().pk])

    answer = web.post(url, {"school_year": year.pk, "form": ""}, follow=True)

    made = Plan.objects.get(school_year=year)
    assert (made.form.code, made.framework.code) == (form, framework)
    assert [str(message) for message in answer.context["messages"]] == []


@pytest.mark.parametrize(
    ("start_year", "form", "said"),
    [
        (
            2026,
            "KH-2018",
            "Mẫu kế hoạch đang dùng chỉ dành cho các năm học từ 2018-2019 đến 2025-2026; năm học "
            "2026-2027 có mẫu “Kế hoạch cải tiến chất lượng giáo dục (Mẫu 2, Phụ lục V Thông tư "
            "57/2026/TT-BGDĐT)”. Thầy cô hỏi cơ quan quản lý trước khi trình.",
        ),
        (
            2024,
            "KH-57-2026",
            "Mẫu kế hoạch đang dùng chỉ dành cho các năm học từ 2026-2027; năm học 2024-2025 có mẫu “Kế hoạch "
            "cải tiến chất lượng giáo dục (mẫu dùng với các Thông tư năm 2018)”. Thầy cô hỏi cơ quan quản "
            "lý trước khi trình.",
        ),
    ],
)
def test_another_form_may_be_chosen_and_the_page_says_why_not(
    web: Client, both_forms: dict[str, PlanForm], start_year: int, form: str, said: str
) -> None:
    load_framework(FIXTURES / "frameworks" / "tt19-2018.json")
    year = schools.school_year(start_year)
    url = reverse("planning:add", args=[School.objects.get().pk])

    choices = web.get(url).content.decode()
    answer = web.post(url, {"school_year": year.pk, "form": both_forms[form].pk}, follow=True)
    made = Plan.objects.get(school_year=year)
    review = web.get(reverse("planning:review", args=[made.pk])).content.decode()

    assert "– dùng cho các năm học từ 2018-2019 đến 2025-2026</option>" in choices
    assert made.form.code == form
    assert [str(message) for message in answer.context["messages"]] == [said]
    assert said.partition(". ")[0] in review


def test_with_one_form_there_is_nothing_to_choose(web: Client, plan: Plan) -> None:
    url = reverse("planning:add", args=[plan.school_id])
    year = schools.school_year(2024)
    load_framework(FIXTURES / "frameworks" / "tt19-2018.json")

    page = web.get(url).content.decode()
    answer = web.post(url, {"school_year": year.pk})

    assert f'<input type="hidden" name="form" value="{plan.form_id}"' in page
    assert answer.status_code == 302
    assert Plan.objects.get(school_year=year).form == plan.form


def test_without_any_form_the_page_says_so(web: Client, kindergarten: School) -> None:
    year = schools.school_year(2026)

    answer = web.post(
        reverse("planning:add", args=[kindergarten.pk]), {"school_year": year.pk, "form": ""}
    )

    assert answer.status_code == 422
    assert answer.context["form"].non_field_errors() == ["Chương trình chưa có mẫu kế hoạch nào."]
