"""Self-assessment in the browser: by keyboard, from an indicator to a row of the plan, and without script."""

from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from criteria.models import Criterion
from plans.accounts.models import User
from plans.planning.models import CriterionResult, Plan, PlanAction
from tests.browser.harness import (
    assert_axe_clean,
    assert_no_sideways_scroll,
    screenshot,
    sign_in,
)

WEAKNESS = "Chưa có người theo dõi việc thực hiện chiến lược"


def plan_of_principal(page: Page, live_server: LiveServer) -> Plan:
    sign_in(page, User.objects.get(username="hieutruong"), live_server.url)
    return Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)


def criterion(plan: Plan, number: str) -> Criterion:
    return Criterion.objects.of(plan.framework).get(number=number)


def level(plan: Plan, found: Criterion) -> int | None:
    return CriterionResult.objects.get(plan=plan, criterion=found).level


def test_matrix_is_filled_by_keyboard(demo: None, page: Page, live_server: LiveServer) -> None:
    plan = plan_of_principal(page, live_server)
    found = criterion(plan, "1.10")  # Mức 1 holds the school back
    page.goto(reverse("assessing:matrix", args=[plan.pk]))
    school = page.locator("#muc-cua-truong")
    expect(school).to_contain_text("Tiêu chí 1.10 chỉ đạt Mức 1, cần đạt Mức 2.")

    page.locator(f"#tieu-chi-{found.pk} input:checked").focus()
    page.keyboard.press("ArrowRight")

    expect(page.locator(f"#luu-kq-{found.pk}")).to_contain_text("Đã lưu lúc")
    expect(school).not_to_contain_text("Tiêu chí 1.10 chỉ đạt")
    assert level(plan, found) == 2
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    focused = page.evaluate("document.activeElement.form?.id")
    assert focused == f"kq-{criterion(plan, '2.1').pk}"


def test_from_indicators_to_a_confirmed_row(
    demo: None, page: Page, live_server: LiveServer
) -> None:
    plan = plan_of_principal(page, live_server)
    found = criterion(plan, "1.1")
    page.goto(reverse("assessing:sheet", args=[plan.pk, found.pk]))
    for line in page.locator(".kcl-judge").all()[:3]:
        line.get_by_label("Đạt", exact=True).check()
        expect(line.locator(".kcl-saved-place")).to_contain_text("Đã lưu lúc")
    page.locator(".kcl-judge").nth(3).get_by_label("Không đạt", exact=True).check()
    conclusion = page.locator("#ket-luan")
    expect(conclusion).to_contain_text("Mức đạt: Mức 1")
    expect(conclusion).to_contain_text("chưa đạt Mức 2 vì yêu cầu của mức này không đạt")
    assert level(plan, found) == 1

    page.get_by_role("textbox", name="Điểm yếu").fill(f"- {WEAKNESS}\n- Trang web cập nhật chậm")
    page.get_by_role("button", name=f"Đề xuất việc cho điểm yếu: {WEAKNESS}").click()
    expect(page.locator("#cac-diem-yeu")).to_contain_text("Đã đưa một việc đề xuất vào bảng")
    for width in (360, 1280):
        screenshot(page, "sheet-judged", width)
        assert_no_sideways_scroll(page)
        assert_axe_clean(page)
    page.get_by_role("link", name="Mở việc ấy").click()
    row = page.locator("form[data-open-row]")
    expect(page.locator(".kcl-open")).to_contain_text("Đề xuất, chưa xác nhận")
    assert_axe_clean(page)
    row.get_by_label("Công việc/giải pháp cần thực hiện").fill("Cử người theo dõi từng quý")
    expect(page.locator(".kcl-open")).not_to_contain_text("Đề xuất, chưa xác nhận")

    made = PlanAction.objects.get(plan=plan, proposed_for=WEAKNESS)
    assert (made.proposed_at, made.current_state, made.target_result, made.band) == (
        None,
        WEAKNESS,
        "Đạt Mức 2",
        "2",
    )


def test_a_judged_criterion_leads_from_the_matrix_to_its_sheet(
    demo: None, page: Page, live_server: LiveServer
) -> None:
    plan = plan_of_principal(page, live_server)
    found = criterion(plan, "1.1")
    page.goto(reverse("assessing:sheet", args=[plan.pk, found.pk]))
    page.locator(".kcl-judge").first.get_by_label("Không đạt", exact=True).check()
    expect(page.locator("#ket-luan")).to_contain_text("Mức đạt: không đạt")

    page.goto(reverse("assessing:matrix", args=[plan.pk]))

    row = page.locator(f"#tieu-chi-{found.pk}")
    expect(row).to_contain_text("Theo phiếu: Không đạt Mức 1 vì chỉ báo a không đạt.")
    expect(row.get_by_role("radio")).to_have_count(0)
    assert_axe_clean(page)
    row.get_by_role("link", name="Mở phiếu 1.1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Tiêu chí 1.1")


def test_without_script_everything_is_done_by_ordinary_buttons(
    demo: None, browser: Browser, live_server: LiveServer
) -> None:
    context = browser.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    plan = plan_of_principal(page, live_server)
    found, other = criterion(plan, "1.1"), criterion(plan, "1.10")

    page.goto(reverse("assessing:matrix", args=[plan.pk]))
    row = page.locator(f"#tieu-chi-{other.pk}")
    row.get_by_label("Mức 2").check()
    row.get_by_role("button", name="Lưu").click()
    assert level(plan, other) == 2
    page.goto(reverse("assessing:sheet", args=[plan.pk, found.pk]))
    line = page.locator(".kcl-judge").first
    line.get_by_label("Không đạt", exact=True).check()
    line.get_by_role("button", name="Lưu").click()
    expect(page.locator("#ket-luan")).to_contain_text("Mức đạt: không đạt")
    page.get_by_role("textbox", name="Điểm yếu").fill(WEAKNESS)
    page.get_by_role("button", name="Lưu điểm mạnh, điểm yếu, kế hoạch").click()
    page.get_by_role("button", name="Đề xuất việc").click()
    expect(page.get_by_text("Đã đưa một việc đề xuất vào bảng của kế hoạch.")).to_be_visible()
    page.get_by_role("link", name="Mở việc cho điểm yếu").click()
    page.get_by_role("button", name="Xác nhận").click()

    assert PlanAction.objects.get(plan=plan, proposed_for=WEAKNESS).proposed_at is None
    context.close()
