"""A deputy principal with a telephone in one hand: 360 px wide, fingers for a mouse."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.planning.models import Plan, PlanAction, PlanText
from plans.together import actions as together
from tests.browser.harness import (
    Watch,
    assert_axe_clean,
    assert_no_sideways_scroll,
    keep_picture,
    sign_in,
)

WIDTH, HEIGHT = 360, 740
QUESTION = "Nội dung 1.6 cô xem lại thời gian giúp."
ANSWER = "Em đã ghi lại thời gian, cô xem ạ."
LEAST, BUTTON = 24, 44  # px: WCAG 2.5.8; the project's own rule for buttons and fields

# Every target that shows, with its words and its size; a box or radio counts with its label. Left out: a link
# inside a sentence, which is as high as its line (2.5.8, "inline"), and the skip link, which only a keyboard sees.
TARGETS = """() => {
    const shown = (one) => one.checkVisibility({ visibilityProperty: true }) && one.getClientRects().length;
    const frame = (one) => {
        const target = one.matches("[type=radio], [type=checkbox]") ? one.closest("label") || one.labels[0] || one : one;
        const boxes = target === one ? [one] : [target, one];
        const rects = boxes.map((box) => box.getBoundingClientRect());
        return [
            Math.max(...rects.map((r) => r.right)) - Math.min(...rects.map((r) => r.left)),
            Math.max(...rects.map((r) => r.bottom)) - Math.min(...rects.map((r) => r.top)),
        ];
    };
    const inSentence = (one) => one.matches("a") && getComputedStyle(one).display === "inline"
        && [...one.parentElement.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim().length > 1);
    return [...document.querySelectorAll("a[href], button, summary, input, select, textarea")]
        .filter((one) => one.type !== "hidden" && shown(one) && !one.matches(".kcl-skip") && !inSentence(one))
        .map((one) => ({
            kind: one.matches("a:not(.btn)") ? "link" : "button",
            words: (one.innerText || one.name || "").trim().slice(0, 60),
            classes: one.className + " in " + one.parentElement.className,
            size: frame(one).map(Math.round),
        }));
}"""


def look(page: Page, name: str) -> None:
    """Hold the page as it stands to what a thumb and an eye need."""
    page.wait_for_load_state()
    keep_picture(page, f"phone-{name}")
    assert_no_sideways_scroll(page)
    small = [
        target
        for target in page.evaluate(TARGETS)
        if min(target["size"]) < LEAST
        or (target["kind"] == "button" and target["size"][1] < BUTTON)
    ]
    assert not small, "\n".join([f"{name}: too small for a thumb", *map(str, small)])
    assert_axe_clean(page)


@pytest.fixture
def plan(demo: None) -> Plan:
    """The kindergarten's plan: the principal has given a section to her deputy, and asked her something."""
    plan = Plan.objects.for_editing().get(school__symbol="MNHS", school_year__start_year=2025)
    principal, deputy = (User.objects.get(username=name) for name in ("hieutruong", "hieupho"))
    together.assign_part(plan=plan, user=deputy, section="duty_staff", by=principal)
    together.write_comment(
        plan=plan, section="actions", body=QUESTION, addressed_to=deputy, by=principal
    )
    return plan


@pytest.fixture
def phone(
    browser: Browser, web_fonts: None, live_server: LiveServer, watch: Watch, plan: Plan
) -> Iterator[Page]:
    context = browser.new_context(
        base_url=live_server.url,
        locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh",
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=2,
        has_touch=True,
        is_mobile=True,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    watch.follow(context)
    page = context.new_page()
    sign_in(page, User.objects.get(username="hieupho"), live_server.url)
    yield page
    context.close()
    assert not watch.left(), "\n".join(watch.left())


def test_a_deputy_does_her_part_on_a_telephone(phone: Page, plan: Plan) -> None:
    phone.goto("/")
    look(phone, "home")
    phone.get_by_role("link", name="Mở phần của thầy cô").tap()
    expect(phone.get_by_text(QUESTION)).to_be_visible()
    look(phone, "mine")

    write_section(phone)
    edit_row(phone)
    judge(phone)
    read_checks(phone)
    answer(phone)

    open_page(phone, "Phần của tôi")
    expect(phone.get_by_text(QUESTION)).to_have_count(0)
    check_plan(plan)


def open_page(phone: Page, name: str) -> None:
    """Another page of the plan, by the list that stands folded under its head."""
    phone.get_by_text("Các trang khác của kế hoạch", exact=True).tap()
    phone.locator("details[open]").get_by_role("link", name=name, exact=True).tap()


def write_section(phone: Page) -> None:
    phone.locator("ul.kcl-tasks a").first.tap()
    field = phone.locator("#chu-duty_staff")
    expect(field).to_be_in_viewport()
    field.tap()
    field.fill("Mỗi lớp báo cáo kết quả vào ngày 25 hằng tháng.")
    expect(phone.locator("#luu-duty_staff")).to_contain_text("Đã lưu lúc")
    look(phone, "section")


def edit_row(phone: Page) -> None:
    sections = phone.locator(".kcl-sections-m")
    sections.locator("summary").tap()
    look(phone, "sections")
    sections.get_by_role("link", name=re.compile("III. Nội dung kế hoạch")).tap()
    expect(phone).to_have_title(re.compile("^III. Nội dung"))
    look(phone, "table")
    phone.get_by_role("link", name="Sửa Việc ở Tiêu chí 1.6").tap()
    row = phone.locator("form[data-open-row]")
    # The page brings the hand to the row's first field; a field filled before that would lose its letters to it.
    expect(row.get_by_label("Hiện trạng, điểm yếu")).to_be_focused()
    row.get_by_label("Thời gian thực hiện và hoàn thành").fill("Từ năm học 2022 đến 2024")
    choices = row.locator(".kcl-reading-options button")
    expect(choices).to_have_count(2)
    look(phone, "row-readings")
    choices.last.tap()
    expect(row.get_by_text("(thầy cô đã sửa)")).to_be_visible()
    row.get_by_label("Dự kiến kinh phí").fill("30-40 triệu/năm")
    expect(row.get_by_text("30–40 triệu đồng mỗi năm")).to_be_visible()
    for more in row.get_by_text("Sửa cách hiểu").all():
        more.tap()
    look(phone, "row")
    row.get_by_role("button", name="Xong").tap()
    expect(row).to_have_count(0)


def judge(phone: Page) -> None:
    open_page(phone, "Tự đánh giá")
    expect(phone).to_have_title(re.compile("^Tự đánh giá"))
    look(phone, "matrix")
    phone.get_by_role("link", name="Mở phiếu 1.1", exact=True).tap()
    line = phone.locator(".kcl-judge").first
    line.get_by_text("Không đạt", exact=True).tap()
    expect(phone.locator("#ket-luan")).to_contain_text("Mức đạt: không đạt")
    look(phone, "sheet")


def read_checks(phone: Page) -> None:
    open_page(phone, "Kiểm tra")
    expect(phone).to_have_title(re.compile("^Kiểm tra kế hoạch"))
    look(phone, "checks")
    phone.get_by_role("link", name=re.compile("ở trước năm học 2025-2026")).tap()
    field = phone.get_by_label("Thời gian thực hiện và hoàn thành")
    expect(field).to_be_focused()
    expect(field).to_be_in_viewport()
    field.fill("Tháng 9 năm 2025")
    expect(phone.locator("form[data-open-row]").get_by_text("Đã lưu lúc")).to_be_visible()


def answer(phone: Page) -> None:
    open_page(phone, "Trao đổi")
    expect(phone.get_by_text(QUESTION)).to_be_visible()
    look(phone, "comments")
    phone.get_by_label("Về mục hoặc việc").select_option(value="muc-actions")
    phone.get_by_label("Gửi tới").select_option(label="Cô Lê Thị Mẫu Đơn")
    phone.get_by_label("Nội dung trao đổi").fill(ANSWER)
    phone.get_by_role("button", name="Gửi trao đổi").tap()
    expect(phone.get_by_text(ANSWER)).to_be_visible()
    phone.get_by_role("button", name="Đã giải quyết trao đổi của Cô Lê Thị Mẫu Đơn").tap()
    expect(phone.locator("#da-giai-quyet")).to_be_visible()
    look(phone, "answered")


def check_plan(plan: Plan) -> None:
    row = PlanAction.objects.get(plan=plan, criterion__number="1.6")
    assert (row.timeframe, row.budget_text) == ("Tháng 9 năm 2025", "30-40 triệu/năm")
    body = PlanText.objects.get(plan=plan, section="duty_staff").body
    assert body == "Mỗi lớp báo cáo kết quả vào ngày 25 hằng tháng."
    said = plan.comments.order_by("pk")
    assert [one.body for one in said] == [QUESTION, ANSWER]
    assert [one.solved_at is None for one in said] == [False, True]
