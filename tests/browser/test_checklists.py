"""A checklist of an office, from its first question to a published version; each page at every width."""

from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from criteria.models import Framework
from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.checklists import actions
from plans.checklists.models import Checklist, Question
from plans.checklists.reading import seen_checklist
from plans.schools.models import ManagingBody
from tests.browser.harness import (
    look_at,
    sign_in,
)

LONG = "Nhà bếp có được bố trí theo nguyên tắc một chiều, từ nơi nhận thực phẩm đến nơi chia thức ăn không?"


@pytest.fixture
def officer(demo: None) -> User:
    return User.objects.get(username="chuyenvien")


@pytest.fixture
def body(officer: User) -> ManagingBody:
    return ManagingBody.objects.get(memberships__user=officer, memberships__role=Role.OFFICER)


def made_by(officer: User, body: ManagingBody) -> Checklist:
    """Return a published checklist with every kind of question, and begin its next version."""
    framework = Framework.objects.newest().for_kind("preschool")[0]
    made = actions.create_checklist(
        body=body, framework=framework, title="Phiếu kiểm tra bếp ăn bán trú", by=officer
    )
    first, *_, last = framework.all_criteria()
    choices = {Question.Kind.CHOICE: ["Đủ", "Thiếu"], Question.Kind.SEVERAL: ["Sổ 1", "Sổ 2"]}
    for kind in Question.Kind:
        values = {"words": f"{LONG} ({kind.label})", "kind": kind, "hint": "Đi từ cửa nhận."}
        values["choices"] = choices.get(kind, [])
        about = last if kind == Question.Kind.TEXT else first
        actions.add_question(checklist=made, criterion=about, values=values, by=officer)
    made = actions.publish(checklist=made, seen=seen_checklist(made), by=officer)
    actions.begin_version(checklist=made, by=officer)
    return made


def test_pages_of_checklists(
    officer: User, body: ManagingBody, page: Page, live_server: LiveServer
) -> None:
    sign_in(page, officer, live_server.url)
    look_at(page, {"list-empty": reverse("checklists:list")}, "checklist-")
    made = made_by(officer, body)
    draft = Checklist.objects.get(number=2)
    question = draft.questions.all()[1]

    pages = {
        "list": reverse("checklists:list"),
        "published": reverse("checklists:checklist", args=[made.pk]),
        "draft": reverse("checklists:checklist", args=[draft.pk]),
        "new": reverse("checklists:add", args=[body.pk]),
        "rename": reverse("checklists:rename", args=[draft.pk]),
        "question": reverse("checklists:question", args=[draft.pk, question.pk]),
        "question-new": reverse("checklists:question_add", args=[draft.pk, question.criterion_id]),
    }
    look_at(page, pages, "checklist-")
    actions.remove_question(question=question, by=officer)
    look_at(page, {"removed": reverse("checklists:checklist", args=[draft.pk])}, "checklist-")


@pytest.mark.parametrize("width", [360, 1280])
def test_checklist_is_made_without_javascript(
    officer: User, browser: Browser, live_server: LiveServer, tmp_path: Path, width: int
) -> None:
    context = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        viewport={"width": width, "height": 800},
    )
    page = context.new_page()
    sign_in(page, officer, live_server.url)
    framework = Framework.objects.newest().for_kind("preschool")[0]

    page.goto(reverse("checklists:list"))
    page.get_by_role("link", name="Lập phiếu mới").click()
    page.get_by_label("Tên phiếu").fill("Phiếu bếp ăn")
    page.get_by_label("Bộ tiêu chuẩn").select_option(str(framework.pk))
    page.get_by_role("button", name="Lập phiếu").click()
    page.get_by_role("link", name="Thêm câu hỏi về tiêu chí 1.1", exact=True).click()
    page.get_by_label("Câu hỏi").fill("Bếp có một chiều không?")
    page.get_by_role("button", name="Lưu và thêm câu khác").click()
    page.get_by_label("Câu hỏi").fill("Sổ nào còn thiếu?")
    page.get_by_label("Cách trả lời").select_option("several")
    page.get_by_role("button", name="Lưu", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Hãy ghi từ 2 đến 50 lựa chọn")
    page.get_by_label("Các lựa chọn").fill("Sổ kiểm thực\nSổ lưu mẫu")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("button", name="Chuyển lên câu hỏi Sổ nào còn thiếu?").click()
    page.get_by_role("button", name="Bỏ câu hỏi Bếp có một chiều không?").click()
    page.get_by_role("button", name="Hoàn tác").click()
    page.get_by_role("button", name="Ban hành phiếu").click()
    expect(page.get_by_text("Đã ban hành phiếu.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="Tải XLSForm (Excel)").click()
    download.value.save_as(tmp_path / download.value.suggested_filename)

    made = Checklist.objects.get()
    assert [one.words for one in made.questions.all()] == [
        "Sổ nào còn thiếu?",
        "Bếp có một chiều không?",
    ]
    assert [one.name for one in tmp_path.iterdir()] == ["phieu-bep-an-v1.xlsx"]
    context.close()
