"""The right of reply in a browser: every page at every width, by keyboard, and all of it without JavaScript."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.inspections.models import Finding, Inspection, Reply
from plans.inspections.states import InspectionState
from plans.replying import replies
from tests.browser.harness import (
    Watch,
    assert_axe_clean,
    look_at,
    screenshot,
    sign_in,
)
from tests.factories import inspections
from tests.factories.replies import Sides, sides

PDF = b"%PDF-1.4 bien lai %%EOF\n"


@pytest.fixture
def case(transactional_db: None) -> Sides:
    """A visit that waits for answers: a remark with a recommendation and the plan's words, and one on the whole."""
    made = sides()
    Finding.objects.filter(pk=made.finding.pk).update(
        verdict="doing",
        evidence="Sổ theo dõi tài sản; biên lai ngày 15/3",
        quoted=[["Công việc", "Thay 4 kệ gỗ bằng kệ inox."], ["Chủ trì", "Phó Hiệu trưởng"]],
    )
    inspections.recommendation(made.finding)
    general = made.visit.findings.get(key="chung")
    general.strengths, general.limits = "Bếp sạch, một chiều.", "Kho còn chật."
    general.save()
    return made


def _at(case: Sides, name: str, **more: int) -> str:
    return reverse(f"replies:{name}", kwargs={"inspection": case.visit.pk, **more})


def test_every_page_at_every_width(
    case: Sides, page: Page, live_server: LiveServer, watch: Watch
) -> None:
    watch.allow("status of 422")
    where = {"finding": case.finding.pk}
    reply = replies.answer_finding(
        finding=case.finding, body="Nhà trường đã thay kệ ngày 20/4.", by=case.principal, version=0
    )
    assert reply is not None
    long_name = "Biên lai mua kệ inox ngày 20 tháng 4 năm 2026 của nhà trường bản quét.pdf"
    replies.add_file(finding=case.finding, content=PDF, name=long_name, by=case.principal)
    sign_in(page, case.principal, live_server.url)
    answer = _at(case, "answer", **where)
    look_at(
        page,
        {"school": _at(case, "replies"), "answer": answer, "finish": _at(case, "finish")},
        "replies-",
    )
    page.goto(answer)
    page.locator("[name=attached]").set_input_files(
        {"name": "a.exe", "mimeType": "application/x", "buffer": b"MZ"}
    )
    page.get_by_role("button", name="Lưu phản hồi").click()
    expect(page.get_by_role("alert")).to_be_focused()
    assert_axe_clean(page)

    sign_in(page, case.lead, live_server.url)
    look_at(
        page,
        {
            "team-waits": _at(case, "replies"),
            "decide-early": _at(case, "decide", **where),
            "resume-late": _at(case, "resume"),
            "extend": _at(case, "extend"),
        },
        "replies-",
    )
    Inspection.objects.update(reply_until=timezone.localdate() - timedelta(days=1))
    look_at(
        page, {"team": _at(case, "replies"), "decide": _at(case, "decide", **where)}, "replies-"
    )
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_role("alert")).to_be_focused()
    screenshot(page, "replies-decide-refused", 360)
    assert_axe_clean(page)

    Reply.objects.all().delete()
    look_at(page, {"resume": _at(case, "resume")}, "replies-")
    Inspection.objects.update(
        state=InspectionState.OPEN, concluded_at=None, concluded_by=None, reply_until=None
    )
    look_at(page, {"conclude": _at(case, "conclude"), "not-yet": _at(case, "replies")}, "replies-")


def test_without_script_on_a_phone_from_leaving_to_the_decision(
    case: Sides, browser: Browser, live_server: LiveServer, tmp_path: Path
) -> None:
    Inspection.objects.update(
        state=InspectionState.OPEN, concluded_at=None, concluded_by=None, reply_until=None
    )
    context = browser.new_context(
        base_url=live_server.url,
        java_script_enabled=False,
        viewport={"width": 360, "height": 740},
    )
    page = context.new_page()
    sign_in(page, case.lead, live_server.url)
    page.goto(reverse("visits:visit", args=[case.visit.pk]))
    page.get_by_role("link", name="Kết thúc kiểm tra tại trường").click()
    page.get_by_role("button", name="Kết thúc kiểm tra tại trường").click()
    expect(page.get_by_text("Còn 5 ngày để phản hồi")).to_be_visible()

    proof = tmp_path / "Biên lai.pdf"
    proof.write_bytes(PDF)
    empty = tmp_path / "rỗng.pdf"
    empty.touch()
    sign_in(page, case.principal, live_server.url)
    page.goto(_at(case, "replies"))
    page.get_by_role("link", name=re.compile("Phản hồi ?: Tiêu chí 1.5")).click()
    page.get_by_label("Phản hồi của nhà trường").fill("Đã thay kệ ngày 20/4.")
    page.get_by_label("Tệp kèm theo").set_input_files([empty, proof])
    page.get_by_role("button", name="Lưu phản hồi").click()
    expect(page.get_by_role("alert")).to_contain_text("“rỗng.pdf” là tệp rỗng.")
    expect(page.get_by_label("Phản hồi của nhà trường")).to_have_value("Đã thay kệ ngày 20/4.")
    page.get_by_role("button", name="Lưu phản hồi").click()
    expect(page.get_by_role("link", name="Biên lai.pdf")).to_be_visible()
    page.get_by_role("link", name="Gửi phản hồi").click()
    page.get_by_role("button", name="Gửi phản hồi").click()
    expect(page.get_by_text("Đã gửi phản hồi cho tổ kiểm tra.")).to_be_visible()

    sign_in(page, case.lead, live_server.url)
    page.goto(_at(case, "replies"))
    page.get_by_role("link", name=re.compile("Quyết định ?: Tiêu chí 1.5")).click()
    page.get_by_text("Sửa nhận xét", exact=True).click()
    page.get_by_label("Nhận xét sau khi sửa").fill("Kệ gỗ đã thay ngày 20/4.")
    page.get_by_role("button", name="Ghi quyết định").click()
    expect(page.get_by_text("Đã đủ để lập biên bản.")).to_be_visible()
    context.close()

    assert replies.ready_for_minutes(Inspection.objects.get(), timezone.localdate()) == []


def test_by_keyboard_a_school_answers(case: Sides, page: Page, live_server: LiveServer) -> None:
    sign_in(page, case.principal, live_server.url)
    page.goto(_at(case, "answer", finding=case.finding.pk))

    page.get_by_label("Phản hồi của nhà trường").focus()
    page.keyboard.type("Đã thay.")
    page.keyboard.press("Tab")  # the chooser of files
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Lưu phản hồi")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Đã lưu phản hồi về “Tiêu chí 1.5”.")).to_be_visible()

    assert Reply.objects.get().body == "Đã thay."


def test_by_keyboard_a_team_decides(case: Sides, page: Page, live_server: LiveServer) -> None:
    inspections.reply(case.finding, case.principal)
    Inspection.objects.update(replied_at=timezone.now(), replied_by=case.principal)
    sign_in(page, case.lead, live_server.url)
    page.goto(_at(case, "decide", finding=case.finding.pk))

    page.get_by_label("Giữ nguyên nhận xét").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_label("Rút nhận xét và kiến nghị kèm theo")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Đã xem biên lai.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Tổ kiểm tra đã rút nhận xét này")).to_be_visible()

    assert Reply.objects.get().decision == "withdraw"
