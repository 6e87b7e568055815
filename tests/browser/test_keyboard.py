"""A principal at the keyboard alone: from the log-in to the locked plan, without a mouse."""

import re
from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import CDPSession, Page, expect

from plans.management.demo import PASSWORD
from plans.planning.models import Plan, PlanAction

MOST_STOPS = 150  # presses of Tab until a person would have given up

# What the eye needs at a stop: a drawn ring, in the window, not under something else (WCAG 2.4.7, 2.4.11).
RING = """() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const box = one.getBoundingClientRect();
    const [left, right] = [Math.max(box.left, 0), Math.min(box.right, innerWidth)];
    const [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    const seen = right > left && bottom > top
        && document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
    const free = seen && (one.contains(seen) || seen.contains(one) || seen.control === one);
    return [style.outlineStyle, parseFloat(style.outlineWidth), Boolean(free)];
}"""


@dataclass(frozen=True)
class Stop:
    """Where the keyboard is, in the words that the browser gives a screen reader."""

    role: str
    name: str


NOWHERE = Stop("", "")  # beyond the last stop, before the first


class Keys:
    """A person's keyboard: nothing here knows a mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.browser: CDPSession = page.context.new_cdp_session(page)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, words: str) -> None:
        """Type in place of what the field holds."""
        self.press("Control+a")
        self.page.keyboard.insert_text(words)

    def stop(self) -> Stop:
        """Return the stop that has the keyboard, NOWHERE when none has."""
        for _ in range(5):
            found = self.browser.send("Runtime.evaluate", {"expression": "document.activeElement"})
            if found["result"]["className"] == "HTMLBodyElement":
                return NOWHERE
            told = self.browser.send(
                "Accessibility.getPartialAXTree",
                {"objectId": found["result"]["objectId"], "fetchRelatives": False},
            )
            node = told["nodes"][0]
            if not node["ignored"]:
                break
            self.page.wait_for_timeout(50)  # drawn anew between the two questions: ask again
        return Stop(node["role"]["value"], node.get("name", {}).get("value", ""))

    def to(self, role: str, name: str, *, back: bool = False) -> None:
        """Press Tab (Shift+Tab: `back`) until the stop of that role has a name that `name` matches whole.

        Each stop on the way must be named and must be seen to have the keyboard.
        """
        passed = []
        for _ in range(MOST_STOPS):
            self.press("Shift+Tab" if back else "Tab")
            stop = self.stop()
            passed.append(stop)
            if stop == NOWHERE:
                continue
            assert stop.name, f"a stop without a name: {stop} {self.page.url}"
            outline, width, free = self.page.evaluate(RING)
            assert outline != "none" and width >= 2, f"no ring at {stop}"
            assert free, f"hidden: {stop}"
            if stop.role == role and re.fullmatch(name, stop.name):
                return
        raise AssertionError(f"no {role} {name!r} among {passed}")

    def follow(self, role: str, name: str, *, back: bool = False) -> None:
        """Go there and press Enter."""
        self.to(role, name, back=back)
        self.press("Enter")

    def skip(self) -> None:
        """Leave out the head of the page, by the first stop of a fresh page."""
        self.page.wait_for_load_state()
        self.press("Tab")
        assert self.stop() == Stop("link", "Đến nội dung chính")
        self.press("Enter")
        expect(self.page.locator("main")).to_be_focused()


@pytest.fixture
def plan(demo: None) -> Plan:
    """The kindergarten's plan for 2025-2026, without an error."""
    return Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)


@pytest.fixture
def keys(plan: Plan, page: Page) -> Keys:
    page.goto(reverse("accounts:login"))
    keys = Keys(page)
    keys.to("textbox", "Tên đăng nhập.*")
    keys.type("hieutruong")
    keys.to("textbox", "Mật khẩu")
    keys.type(PASSWORD)
    keys.press("Enter")
    page.wait_for_url("/")
    return keys


def test_the_principal_needs_no_mouse_from_log_in_to_the_locked_plan(
    keys: Keys, plan: Plan
) -> None:
    page = keys.page
    open_plan(keys)
    open_row(keys)
    change_row(keys)
    delete_and_undo(keys)
    write_comment(keys)
    judge(keys)
    follow_finding(keys)

    keys.follow("link", "Kiểm tra", back=True)
    expect(page.get_by_text("Không còn lỗi")).to_be_visible()
    keys.skip()
    keys.follow("button", "Soạn xong")

    expect(page.get_by_text("Kế hoạch đã soạn xong.")).to_be_visible()
    check_plan(plan)


def test_a_proposal_is_made_and_confirmed_without_a_mouse(keys: Keys, plan: Plan) -> None:
    """Each press draws a part of the page anew; the keyboard goes on from there, not from the page's top."""
    page = keys.page
    open_plan(keys)
    open_matrix(keys)
    open_sheet(keys)
    keys.to("textbox", "Điểm yếu.*")
    keys.type("Chưa có người theo dõi chiến lược")
    expect(page.get_by_role("button", name="Đề xuất việc")).to_be_visible()

    keys.follow("button", "Đề xuất việc.*")
    expect(page.get_by_text("Đã đưa một việc đề xuất vào bảng")).to_be_focused()
    keys.press("Tab")
    assert keys.stop() == Stop("link", "Mở việc ấy")
    keys.press("Enter")
    expect(page.locator("form[data-open-row]")).to_be_visible()
    keys.follow("link", "III. Nội dung kế hoạch.*", back=True)
    expect(page.locator("form[data-open-row]")).to_have_count(0)
    keys.follow("button", "Xác nhận Việc ở Tiêu chí 1.1")

    expect(page.get_by_role("button", name="Xác nhận")).to_have_count(0)
    expect(page.get_by_role("link", name="Sửa Việc ở Tiêu chí 1.1", exact=True)).to_be_focused()
    assert PlanAction.objects.get(plan=plan, criterion__number="1.1").proposed_at is None


def test_the_list_of_sections_is_drawn_anew_under_the_keyboard(keys: Keys) -> None:
    page = keys.page
    open_plan(keys)
    keys.skip()
    keys.follow("link", "Sửa Việc ở Tiêu chí 1.6")
    expect(page.get_by_label("Hiện trạng, điểm yếu")).to_be_focused()
    keys.to("textbox", "Thời gian thực hiện và hoàn thành")
    keys.type("Tháng 5 năm 2024")

    keys.to("link", "Lời kết.*", back=True)

    expect(page.locator(".kcl-sections")).to_contain_text("2 cảnh báo")
    assert keys.stop() == Stop("link", "Lời kết Đủ")


def open_plan(keys: Keys) -> None:
    keys.follow("link", "Kế hoạch")
    expect(keys.page).to_have_title(re.compile("^Kế hoạch của trường"))
    keys.skip()
    keys.follow("link", "Năm học 2025-2026")
    expect(keys.page).to_have_title(re.compile("^I. Mục đích"))
    keys.skip()
    keys.follow("link", "III. Nội dung kế hoạch.*")
    expect(keys.page).to_have_title(re.compile("^III. Nội dung"))


def open_row(keys: Keys) -> None:
    """The row takes the keyboard into its first field of words."""
    keys.skip()
    keys.follow("link", "Sửa Việc ở Tiêu chí 1.6")
    expect(keys.page.get_by_label("Hiện trạng, điểm yếu")).to_be_focused()
    # The boxes stand before that field; they too show where the keyboard is.
    keys.to("checkbox", "Mức 1", back=True)


def change_row(keys: Keys) -> None:
    page = keys.page
    saved = page.locator("form[data-open-row] .kcl-rowbar .kcl-saved-place")
    keys.to("textbox", "Chủ trì")
    keys.type("Kế toán")
    keys.to("textbox", "Thời gian thực hiện và hoàn thành")
    keys.type("Từ năm học 2022 đến 2024")
    choices = page.locator(".kcl-reading-options button")
    expect(choices).to_have_count(2)
    expect(saved).to_contain_text("Đã lưu lúc")

    keys.follow("button", ".*đến.*2025")

    expect(page.get_by_text("(thầy cô đã sửa)")).to_be_visible()
    expect(page.get_by_label("Thời gian thực hiện và hoàn thành")).to_be_focused()
    keys.follow("button", "Xong")
    expect(page.locator("form[data-open-row]")).to_have_count(0)
    expect(page.get_by_role("link", name="Sửa Việc ở Tiêu chí 1.6")).to_be_focused()


def delete_and_undo(keys: Keys) -> None:
    """A row added below is deleted, brought back, and deleted for good."""
    page = keys.page
    rows = page.locator("tr[data-row]")
    before = rows.count()
    keys.press("Enter")
    expect(page.get_by_label("Hiện trạng, điểm yếu")).to_be_focused()
    keys.follow("button", "Thêm việc bên dưới")
    expect(page.get_by_label("Hiện trạng, điểm yếu")).to_have_value("")
    expect(page.get_by_label("Hiện trạng, điểm yếu")).to_be_focused()
    keys.type("Thêm bằng bàn phím")
    expect(page.locator("form[data-open-row]").get_by_text("Đã lưu lúc")).to_be_visible()

    undo = page.get_by_role("button", name="Hoàn tác")
    for _ in range(2):
        keys.follow("button", "Xóa việc này")
        expect(undo).to_be_focused()
        keys.press("Enter")
        expect(page.get_by_label("Hiện trạng, điểm yếu")).to_have_value("Thêm bằng bàn phím")
        expect(page.get_by_label("Hiện trạng, điểm yếu")).to_be_focused()
    keys.follow("button", "Xóa việc này")
    expect(undo).to_be_focused()
    expect(rows).to_have_count(before)


def write_comment(keys: Keys) -> None:
    """Under the table: the hand stays where the words stand after they are sent."""
    page = keys.page
    keys.follow("DisclosureTriangle", "Trao đổi")
    keys.to("textbox", "Nội dung trao đổi")
    keys.type("Cô Vi xem lại dòng này giúp.")
    keys.to("combobox", "Gửi tới")
    keys.press("ArrowDown")
    keys.follow("button", "Gửi trao đổi")
    talk = page.locator("#trao-doi-muc-actions")
    expect(talk).to_contain_text("Cô Vi xem lại dòng này giúp.")
    expect(talk.locator("summary")).to_be_focused()


def open_matrix(keys: Keys) -> None:
    keys.follow("link", "Tự đánh giá", back=True)
    expect(keys.page).to_have_title(re.compile("^Tự đánh giá"))
    keys.skip()


def open_sheet(keys: Keys, *, back: bool = False) -> None:
    keys.follow("link", "Mở phiếu 1.1", back=back)
    expect(keys.page.get_by_role("heading", level=1)).to_contain_text("Tiêu chí 1.1")
    keys.skip()


def judge(keys: Keys) -> None:
    """A criterion by its level in the matrix, another by an indicator of its phiếu: arrows choose."""
    page = keys.page
    open_matrix(keys)
    keys.to("radio", "Tiêu chí 1.10: Mức 1")
    keys.press("ArrowRight")
    assert keys.stop() == Stop("radio", "Tiêu chí 1.10: Mức 2")
    expect(page.get_by_text("Đã lưu lúc")).to_be_visible()
    assert keys.stop() == Stop("radio", "Tiêu chí 1.10: Mức 2")
    open_sheet(keys, back=True)
    keys.to("radio", "Chưa đánh giá")
    keys.press("ArrowUp")
    assert keys.stop() == Stop("radio", "Không đạt")
    expect(page.locator("#ket-luan")).to_contain_text("không đạt")
    keys.press("ArrowUp")
    assert keys.stop() == Stop("radio", "Đạt")
    for _ in range(page.locator(".kcl-judge").count() - 1):
        keys.to("radio", "Chưa đánh giá")
        keys.press("ArrowDown")  # from the last around to the first
    assert keys.stop() == Stop("radio", "Đạt")
    expect(page.locator("#ket-luan")).to_contain_text("Mức đạt: Mức 3")


def follow_finding(keys: Keys) -> None:
    """A line of the check page puts the keyboard into the very field, where the words are put right."""
    page = keys.page
    keys.follow("link", "Kiểm tra", back=True)
    expect(page).to_have_title(re.compile("^Kiểm tra kế hoạch"))
    keys.skip()
    keys.follow("link", ".*31/05/2025 ở trước năm học 2025-2026")
    expect(page.get_by_label("Thời gian thực hiện và hoàn thành")).to_be_focused()
    keys.type("Tháng 9 năm 2025")
    expect(page.locator("form[data-open-row]").get_by_text("Đã lưu lúc")).to_be_visible()


def check_plan(plan: Plan) -> None:
    plan = Plan.objects.for_editing().get(pk=plan.pk)
    row = plan.actions.get(criterion__number="1.6")
    assert plan.state == "finished"
    assert (row.lead, row.timeframe) == ("Kế toán", "Tháng 9 năm 2025")
