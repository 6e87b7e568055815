"""The principal of a primary school makes next year's plan from last year's, in fewer than 40 actions."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.planning.models import Plan, PlanAction
from tests.browser.harness import assert_axe_clean, assert_no_sideways_scroll, screenshot, sign_in

FEWER_THAN = 40
# What last year's form had no column for, so that a person writes it: how the school will know.
INDICATORS = (
    "36/36 giáo viên có bằng đạt chuẩn; có giáo viên Tiếng Anh trong biên chế.",
    "Hai phòng có biên bản nghiệm thu và có lịch sử dụng.",
    "Bảng kiểm kê thiết bị đạt từ 90% danh mục.",
    "Tỷ lệ bản sách trên học sinh đạt từ 5; số lượt đọc từng tháng.",
    "Không lớp nào quá 35 học sinh.",
    "Không có tai nạn ở khu vực cổng trường trong năm học.",
)
PRIORITY = {
    "current_state": "Có 22 phòng học cho 22 lớp, chưa có phòng Khoa học - Công nghệ.",
    "weaknesses": "Thiếu phòng học bộ môn.",
    "causes": "Sĩ số tăng nhanh, kinh phí đầu tư chưa được bố trí.",
}


class Hand:
    """A person's hand: every click and every field filled goes through it and is counted."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.actions = 0

    def click(self, target: Locator) -> None:
        self.actions += 1
        target.click()

    def fill(self, field: Locator, words: str) -> None:
        self.actions += 1
        field.fill(words)

    def choose(self, field: Locator, label: str) -> None:
        self.actions += 1
        field.select_option(label=label)


@pytest.fixture
def hand(demo: None, page: Page, live_server: LiveServer) -> Hand:
    sign_in(page, User.objects.get(username="hieutruong3"), live_server.url)
    page.goto("/")
    return Hand(page)


def test_a_plan_from_last_years_in_fewer_than_forty_actions(hand: Hand) -> None:
    page = hand.page

    begin(hand)
    move_years_on(hand)
    hand.click(page.locator("main").get_by_role("link", name="Kiểm tra", exact=True).first)
    write_indicators(hand)
    write_priority(hand)
    hand.click(page.locator("main").get_by_role("link", name="Kiểm tra", exact=True).first)

    expect(page.get_by_text("Không còn lỗi")).to_be_visible()
    screenshot(page, "from-last-year-clean", 1280)
    assert_axe_clean(page)
    assert hand.actions < FEWER_THAN, f"{hand.actions} actions"
    check_plan()


def begin(hand: Hand) -> None:
    """The first task of the day: last year's actions, one of which nobody has told of yet."""
    page = hand.page
    hand.click(page.get_by_role("link", name=re.compile("từ kế hoạch năm học 2025-2026")))
    assert_axe_clean(page)
    row = page.get_by_role("row").filter(has_text="Tiêu chí 1.10:")
    hand.choose(row.get_by_role("combobox"), "Đang thực hiện")
    screenshot(page, "from-last-year-begin", 1280)
    hand.click(page.get_by_role("button", name="Lập kế hoạch từ năm trước"))
    expect(page.get_by_text("6 việc chuyển tiếp")).to_be_visible()


def move_years_on(hand: Hand) -> None:
    """All dates and years that are beyond doubt, in one press."""
    screenshot(hand.page, "from-last-year-years", 1280)
    assert_axe_clean(hand.page)
    hand.click(hand.page.get_by_role("button", name="Đổi năm ở những chỗ đã chọn"))
    expect(hand.page.get_by_text("Đã đổi năm ở 8 chỗ.")).to_be_visible()


def write_indicators(hand: Hand) -> None:
    """Each action that goes on lacks one cell that last year's form did not have."""
    page = hand.page
    hand.click(page.get_by_role("link", name="Việc 1: chưa ghi chỉ số đánh giá kết quả"))
    for number, words in enumerate(INDICATORS, start=1):
        if number > 1:
            hand.click(page.get_by_role("link", name=f"Sửa việc {number}", exact=True))
            # The page has brought the eye to the row that was asked for.
            expect(page.locator("form[data-open-row] [name=subject]")).to_be_focused()
        row = page.locator("form[data-open-row]")
        field = row.get_by_label("Chỉ số đánh giá kết quả")
        expect(field).to_have_value("")
        hand.fill(field, words)
        expect(row.get_by_text("Đã lưu lúc")).to_be_visible()
    assert_axe_clean(page)


def write_priority(hand: Hand) -> None:
    """The issues that the plan is about; the circular asks for the most pressing ones alone."""
    page = hand.page
    sections = page.get_by_role("navigation", name="Các mục của kế hoạch")
    hand.click(sections.get_by_role("link", name=re.compile("Tóm tắt các vấn đề trọng tâm")))
    hand.click(page.get_by_role("button", name=re.compile("Thêm vấn đề")))
    row = page.locator("form[data-open-row]")
    standard = row.locator("[name=standard]")
    option = row.locator("datalist option").first.get_attribute("value") or ""
    hand.fill(standard, option)
    for name, words in PRIORITY.items():
        hand.fill(row.locator(f"[name={name}]"), words)
    expect(row.get_by_text("Đã lưu lúc")).to_be_visible()


def check_plan() -> None:
    """Hold the plan in the database against what was carried, moved on, typed and left behind."""
    plan = Plan.objects.for_editing().get(school__symbol="THBM", school_year__start_year=2026)
    old = Plan.objects.for_editing().get(school__symbol="THBM", school_year__start_year=2025)
    actions = list(plan.actions.all())
    assert plan.form.code == "KH-57-2026"
    assert [action.success_measures for action in actions] == list(INDICATORS)
    for action in actions:
        before = action.carried_from
        assert before is not None
        assert (action.thread, action.measures.count("\n")) == (
            before.thread,
            before.measures.count("\n"),
        )
        assert (action.criterion, action.progress) == (None, "")
        assert action.subject == before.current_state
    times = [action.timeframe for action in actions]
    assert times[:2] == ["Từ 05/9/2026 đến 31/8/2027", "Từ tháng 10 năm 2026 đến tháng 4 năm 2027"]
    assert (plan.number, plan.document_date, plan.signer_name) == ("", None, "Hoàng Thị Hải Đường")
    assert old.state == "finished"
    assert PlanAction.objects.get(plan=old, criterion__number="1.10").progress == "under_way"
    assert plan.text("previous_results").startswith(
        "Kế hoạch năm học 2025-2026 có 14 việc: 8 việc hoàn thành, 4 việc đang thực hiện, 2 việc chưa hoàn thành."
    )


def test_a_done_action_unticks_itself_and_may_be_ticked_again(hand: Hand) -> None:
    page = hand.page
    begin_page = page.get_by_role("link", name=re.compile("từ kế hoạch năm học 2025-2026"))
    hand.click(begin_page)
    row = page.get_by_role("row").filter(has_text="Tiêu chí 1.10:")
    box = row.get_by_role("checkbox")
    expect(box).to_be_checked()

    row.get_by_role("combobox").select_option(label="Hoàn thành")
    expect(box).not_to_be_checked()
    box.check()

    expect(box).to_be_checked()


def test_on_a_telephone_nothing_scrolls_sideways(hand: Hand) -> None:
    page = hand.page
    page.set_viewport_size({"width": 360, "height": 800})
    page.get_by_role("link", name=re.compile("từ kế hoạch năm học 2025-2026")).click()
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Lập kế hoạch từ năm trước").click()
    assert_no_sideways_scroll(page)
    page.get_by_role("button", name="Đổi năm ở những chỗ đã chọn").click()
    plan = Plan.objects.get(school__symbol="THBM", school_year__start_year=2026)

    page.goto(f"{plan.get_absolute_url()}muc/actions/")
    page.get_by_role("link", name="Hứa lần thứ 2").first.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Một việc qua các năm")
    assert_no_sideways_scroll(page)


def test_the_shelf_answers_while_typing(hand: Hand) -> None:
    page = hand.page
    page.get_by_role("link", name=re.compile("từ kế hoạch năm học 2025-2026")).click()
    page.get_by_role("button", name="Lập kế hoạch từ năm trước").click()
    plan = Plan.objects.get(school__symbol="THBM", school_year__start_year=2026)
    page.goto(f"{plan.get_absolute_url()}tu-van-ban/")

    page.get_by_label("Tìm theo số, cơ quan, trích yếu").fill("bao dam chat luong 57/2026")
    expect(page.locator("#van-ban li")).to_have_count(1)
    page.get_by_role("button", name="Thêm vào căn cứ: Thông tư 57/2026/TT-BGDĐT").click()

    expect(page.get_by_text("Đã thêm Thông tư 57/2026/TT-BGDĐT vào căn cứ.")).to_be_visible()
    plan = Plan.objects.for_editing().get(pk=plan.pk)
    assert (
        plan.text("legal_grounds")
        .splitlines()[-1]
        .startswith(
            "Thông tư số 57/2026/TT-BGDĐT ngày 07 tháng 7 năm 2026 của Bộ Giáo dục và Đào tạo"
        )
    )
