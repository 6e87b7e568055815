"""Nothing typed is lost: not by a dropped line, a closed tab, an ended log-in, or a second writer."""

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.management.demo import PASSWORD
from plans.planning.models import CriterionResult, Plan, PlanAction, PlanText
from tests.browser.harness import Watch, assert_axe_clean, sign_in


@pytest.fixture
def plan(demo: None) -> Plan:
    return Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)


@pytest.fixture
def purpose(plan: Plan, page: Page, live_server: LiveServer) -> Page:
    """The first page of the editor, with the principal at it."""
    sign_in(page, User.objects.get(username="hieutruong"), live_server.url)
    page.goto(reverse("planning:section", args=[plan.pk, "purpose"]))
    return page


def keep_news_away(page: Page, watch: Watch) -> None:
    """Let the page hear of nobody else's words before its own next save does."""
    watch.allow("ERR_FAILED")
    watch.allow("console: htmx:")
    page.route("**/moi/?**", lambda route: route.abort())


def kept(plan: Plan, section: str = "purpose") -> str:
    return PlanText.objects.get(plan=plan, section=section).body


def test_what_is_typed_is_saved_within_two_seconds_and_says_so(purpose: Page, plan: Plan) -> None:
    field = purpose.locator("#chu-purpose")

    field.fill("Chữ mới")

    expect(purpose.locator("#luu-purpose")).to_contain_text("Đã lưu lúc", timeout=2000)
    assert kept(plan) == "Chữ mới"


@pytest.mark.parametrize("moment", ["readystatechange", "DOMContentLoaded"])
def test_what_is_typed_before_the_scripts_are_ready_is_saved_too(
    purpose: Page, plan: Plan, moment: str
) -> None:
    purpose.add_init_script(
        f"""document.addEventListener("{moment}", () => {{
            const field = document.querySelector("#chu-purpose");
            if (document.readyState !== "interactive" || !field) return;
            field.value = "Gõ sớm";
            field.dispatchEvent(new Event("input", {{ bubbles: true }}));
        }});"""
    )

    purpose.reload()

    expect(purpose.locator("#luu-purpose")).to_contain_text("Đã lưu lúc")
    assert kept(plan) == "Gõ sớm"


def test_typing_on_while_a_save_is_under_way_never_meets_itself(purpose: Page, plan: Plan) -> None:
    field = purpose.locator("#chu-purpose")

    field.fill("")
    for piece in ("Bước một. ", "Bước hai. ", "Bước ba."):
        field.press_sequentially(piece, delay=60)
        purpose.wait_for_timeout(900)

    expect(purpose.locator("#luu-purpose")).to_contain_text("Đã lưu lúc")
    purpose.wait_for_timeout(1500)
    assert kept(plan) == "Bước một. Bước hai. Bước ba."


def test_without_a_line_the_words_stay_and_go_out_when_it_is_back(
    purpose: Page, plan: Plan, context: BrowserContext, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    watch.allow("console: htmx:")  # htmx writes a lost request to the console
    before = kept(plan)

    context.set_offline(True)
    purpose.locator("#chu-purpose").fill("Gõ khi mất mạng")
    status = purpose.locator("#luu-purpose")
    expect(status).to_contain_text("Chưa lưu được: mất mạng. Chữ vẫn giữ trên máy này")
    assert kept(plan) == before

    context.set_offline(False)
    expect(status).to_contain_text("Đã lưu lúc")
    assert kept(plan) == "Gõ khi mất mạng"


def test_a_tab_closed_without_a_line_brings_the_words_back(
    purpose: Page, plan: Plan, context: BrowserContext, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    watch.allow("console: htmx:")  # htmx writes a lost request to the console
    context.set_offline(True)
    purpose.locator("#chu-purpose").fill("Gõ rồi đóng trang")
    expect(purpose.locator("#luu-purpose")).to_contain_text("Chưa lưu được")
    url = purpose.url
    purpose.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(url)

    expect(again.locator("#chu-purpose")).to_have_value("Gõ rồi đóng trang")
    expect(again.locator("#luu-purpose")).to_contain_text("Đã lưu lúc")
    assert kept(plan) == "Gõ rồi đóng trang"


def test_an_ended_log_in_says_so_and_the_words_are_there_after_the_next(
    purpose: Page, plan: Plan, live_server: LiveServer, watch: Watch
) -> None:
    watch.allow("status of 401")
    Session.objects.all().delete()
    purpose.locator("#chu-purpose").fill("Gõ khi phiên đã hết")
    expect(purpose.locator("#luu-purpose")).to_contain_text("Phiên đăng nhập đã hết")
    url = purpose.url

    sign_in(purpose, User.objects.get(username="hieutruong"), live_server.url)
    purpose.goto(url)

    expect(purpose.locator("#luu-purpose")).to_contain_text("Đã lưu lúc")
    assert kept(plan) == "Gõ khi phiên đã hết"


def test_the_way_back_leads_through_the_log_in_to_the_very_page(
    purpose: Page, plan: Plan, watch: Watch
) -> None:
    watch.allow("status of 401")
    Session.objects.all().delete()
    purpose.locator("#chu-purpose").fill("Gõ rồi đăng nhập lại")
    purpose.get_by_role("link", name="Đăng nhập lại").click()

    purpose.get_by_label("Tên đăng nhập").fill("hieutruong")
    purpose.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    purpose.get_by_role("button", name="Đăng nhập").click()

    expect(purpose.locator("#chu-purpose")).to_have_value("Gõ rồi đăng nhập lại")
    expect(purpose.locator("#luu-purpose")).to_contain_text("Đã lưu lúc")
    assert kept(plan) == "Gõ rồi đăng nhập lại"


def test_a_level_chosen_without_a_line_is_saved_when_it_is_back(
    purpose: Page, plan: Plan, context: BrowserContext, watch: Watch
) -> None:
    watch.allow("ERR_INTERNET_DISCONNECTED")
    watch.allow("console: htmx:")
    result = CriterionResult.objects.get(plan=plan, criterion__number="1.1")
    purpose.goto(reverse("planning:section", args=[plan.pk, "grounds"]))
    status = purpose.locator(f"#luu-kq-{result.criterion_id}")

    context.set_offline(True)
    purpose.locator(f"#kq-chon-{result.criterion_id}").select_option("1")
    expect(status).to_contain_text("Chưa lưu được: mất mạng")
    context.set_offline(False)

    expect(status).to_contain_text("Đã lưu lúc")
    result.refresh_from_db()
    assert result.level == 1


def test_moving_a_row_keeps_the_keyboard_on_its_button(purpose: Page, plan: Plan) -> None:
    first = PlanAction.objects.in_print_order().filter(plan=plan)[0]
    twin = PlanAction.objects.create(
        plan=plan, criterion=first.criterion, band=first.band, measures="Việc sau", position=999
    )
    purpose.goto(reverse("planning:section", args=[plan.pk, "actions"]) + f"?mo={twin.pk}")

    purpose.get_by_role("button", name="Chuyển lên").focus()
    purpose.keyboard.press("Enter")

    expect(purpose.locator(f"#viec-{twin.pk} + #viec-{first.pk}")).to_have_count(1)
    expect(purpose.get_by_role("button", name="Chuyển lên")).to_be_focused()
    assert list(
        PlanAction.objects.in_print_order().filter(plan=plan, criterion=first.criterion)
    ) == [twin, first]


def test_the_second_of_two_sees_both_texts_and_chooses(
    purpose: Page, plan: Plan, browser: Browser, live_server: LiveServer, watch: Watch
) -> None:
    watch.allow("status of 409")
    keep_news_away(purpose, watch)
    other = browser.new_context(base_url=live_server.url).new_page()
    sign_in(other, User.objects.get(username="hieupho"), live_server.url)
    other.goto(purpose.url)
    other.locator("#chu-purpose").fill("Chữ của thầy phó hiệu trưởng")
    expect(other.locator("#luu-purpose")).to_contain_text("Đã lưu lúc")

    purpose.locator("#chu-purpose").fill("Chữ của cô hiệu trưởng")
    conflict = purpose.locator("[data-conflict]")
    expect(conflict).to_contain_text("vừa lưu nội dung khác ở chỗ này")
    expect(conflict).to_contain_text("Chữ của thầy phó hiệu trưởng")
    expect(conflict).to_contain_text("Chữ của cô hiệu trưởng")
    assert kept(plan) == "Chữ của thầy phó hiệu trưởng"
    assert_axe_clean(purpose)

    conflict.get_by_role("button", name="Lưu bản của thầy cô").click()
    expect(purpose.locator("#luu-purpose")).to_contain_text("Đã lưu lúc")
    assert kept(plan) == "Chữ của cô hiệu trưởng"
    other.context.close()


def test_the_second_of_two_may_keep_what_is_there(
    purpose: Page, plan: Plan, live_server: LiveServer, watch: Watch
) -> None:
    watch.allow("status of 409")
    keep_news_away(purpose, watch)
    PlanText.objects.filter(plan=plan, section="purpose").update(
        body="Chữ của người khác", version=50
    )
    purpose.locator("#chu-purpose").fill("Chữ của cô")

    purpose.get_by_role("link", name="Bỏ bản của thầy cô").click()

    expect(purpose.locator("#chu-purpose")).to_have_value("Chữ của người khác")
    purpose.wait_for_timeout(1500)
    assert kept(plan) == "Chữ của người khác"


def test_words_typed_a_moment_before_a_row_is_copied_are_saved_first(
    purpose: Page, plan: Plan
) -> None:
    first = PlanAction.objects.in_print_order().filter(plan=plan).first()
    assert first is not None
    purpose.goto(reverse("planning:section", args=[plan.pk, "actions"]))
    purpose.get_by_role("link", name="Sửa Việc ở Tiêu chí").first.click()
    row = purpose.locator("form[data-open-row]")

    row.get_by_label("Ghi chú").fill("Gõ ngay trước khi nhân đôi")
    purpose.get_by_role("button", name="Nhân đôi").click()

    expect(purpose.locator(f"#viec-{first.pk} form")).to_have_count(0)
    assert list(
        PlanAction.objects.kept()
        .filter(plan=plan, remarks="Gõ ngay trước khi nhân đôi")
        .values_list("plan", flat=True)
    ) == [plan.pk, plan.pk]


def test_delete_is_undone_by_keyboard_alone(purpose: Page, plan: Plan) -> None:
    count = PlanAction.objects.kept().filter(plan=plan).count()
    purpose.set_viewport_size({"width": 360, "height": 800})
    purpose.goto(reverse("planning:section", args=[plan.pk, "actions"]))
    link = purpose.get_by_role("link", name="Sửa Việc ở Tiêu chí").first
    link.focus()
    purpose.keyboard.press("Enter")
    row = purpose.locator("form[data-open-row]")
    expect(row.get_by_label("Hiện trạng, điểm yếu")).to_be_focused()

    purpose.get_by_role("button", name="Xóa việc này").focus()
    purpose.keyboard.press("Enter")
    undo = purpose.get_by_role("button", name="Hoàn tác")
    expect(undo).to_be_focused()
    expect(undo).to_be_in_viewport()
    assert PlanAction.objects.kept().filter(plan=plan).count() == count - 1

    purpose.keyboard.press("Enter")
    expect(purpose.locator("form[data-open-row]")).to_be_visible()
    assert PlanAction.objects.kept().filter(plan=plan).count() == count


def test_lists_go_on_and_bold_is_a_key_as_in_word(purpose: Page, plan: Plan) -> None:
    field = purpose.locator("#chu-purpose")
    field.fill("")

    field.press_sequentially("- Rà soát;")
    field.press("Enter")
    field.press_sequentially("Mua sắm.")
    field.press("Enter")
    field.press("Enter")
    field.press_sequentially("Hết.")
    field.press("Control+b")

    expect(field).to_have_value("- Rà soát;\n- Mua sắm.\n\nHết.**chữ**")
    expect(purpose.locator("#luu-purpose")).to_contain_text("Đã lưu lúc")


def test_words_from_word_keep_lists_and_bold_and_nothing_else(purpose: Page) -> None:
    field = purpose.locator("#chu-purpose")
    field.fill("")
    html = (
        "<html><head><style>p{color:red}</style></head><body>"
        "<p class=MsoNormal>Nhà trường <b>đạt</b> <i>Mức 2</i>&nbsp;năm 2025.</p>"
        "<p class=MsoListParagraph><span style='mso-list:Ignore'>·&nbsp;&nbsp; </span>Rà soát;</p>"
        "<ol><li>Một</li><li>Hai</li></ol>"
        "<img src='file:///C:/anh.png' onerror='alert(1)'><script>alert(1)</script></body></html>"
    )

    field.evaluate(
        """(area, html) => {
            area.focus();
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", "x");
            area.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        html,
    )

    expect(field).to_have_value(
        "Nhà trường **đạt** __Mức 2__ năm 2025.\n- Rà soát;\n1. Một\n2. Hai"
    )
    expect(purpose.locator("#luu-purpose")).to_contain_text("Đã lưu lúc")
