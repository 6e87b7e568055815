"""Two people at one plan: each sees the other's words within seconds, and nobody's letter is lost."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import Membership, User
from plans.planning import rows
from plans.planning.form import SectionKind
from plans.planning.models import Plan, PlanAction, PlanText
from tests.browser.harness import Watch, assert_axe_clean, screenshot, sign_in

SEEN_WITHIN = 5000  # milliseconds


@pytest.fixture
def plan(demo: None, web_fonts: None) -> Plan:
    return Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)


@contextmanager
def at_browser(
    browser: Browser, live_server: LiveServer, name: str, watch: Watch
) -> Iterator[Page]:
    """A person at a browser of their own."""
    context = browser.new_context(base_url=live_server.url, locale="vi-VN", reduced_motion="reduce")
    context.set_default_timeout(10_000)
    watch.follow(context)
    page = context.new_page()
    sign_in(page, User.objects.get(username=name), live_server.url)
    yield page
    context.close()


@pytest.fixture
def hers(browser: Browser, live_server: LiveServer, watch: Watch, plan: Plan) -> Iterator[Page]:
    """The principal's browser."""
    with at_browser(browser, live_server, "hieutruong", watch) as page:
        yield page


@pytest.fixture
def deputys(browser: Browser, live_server: LiveServer, watch: Watch, plan: Plan) -> Iterator[Page]:
    """Her deputy's browser."""
    with at_browser(browser, live_server, "hieupho", watch) as page:
        yield page


def section(plan: Plan, key: str) -> str:
    return reverse("planning:section", args=[plan.pk, key])


def first_action(plan: Plan) -> PlanAction:
    return PlanAction.objects.in_print_order().filter(plan=plan)[0]


def field(page: Page, name: str):  # type: ignore[no-untyped-def]
    return page.locator(f"form[data-open-row] [name={name}]")


def test_two_people_in_one_row_see_both_texts_and_settle(
    hers: Page, deputys: Page, plan: Plan, watch: Watch
) -> None:
    watch.allow("status of 409")
    action = first_action(plan)
    for page in (hers, deputys):
        page.goto(f"{section(plan, 'actions')}?mo={action.pk}")
    # Both begin to write into one field at once: hers is saved first, before the deputy's page hears of it.
    deputys.route("**/moi/?**", lambda route: route.abort())
    watch.allow("ERR_FAILED")
    watch.allow("console: htmx:")
    field(hers, "remarks").fill("Chữ của hiệu trưởng")
    expect(hers.locator(f"#luu-{action.pk}")).to_contain_text("Đã lưu lúc")

    field(deputys, "remarks").fill("Chữ của phó hiệu trưởng")
    conflict = deputys.locator("[data-conflict]")
    expect(conflict).to_contain_text("Lê Thị Mẫu Đơn vừa lưu nội dung khác ở chỗ này")
    expect(conflict).to_contain_text("Chữ của hiệu trưởng")
    expect(conflict).to_contain_text("Chữ của phó hiệu trưởng")
    assert_axe_clean(deputys)
    field(deputys, "remarks").fill("Chữ của cả hai")
    deputys.get_by_role("button", name="Lưu bản của thầy cô").click()

    expect(deputys.locator(f"#luu-{action.pk}")).to_contain_text("Đã lưu lúc")
    expect(field(hers, "remarks")).to_have_value("Chữ của cả hai", timeout=SEEN_WITHIN)
    action.refresh_from_db()
    assert action.remarks == "Chữ của cả hai"
    assert not watch.left()


def test_anothers_words_come_within_five_seconds_while_one_types_elsewhere(
    hers: Page, deputys: Page, plan: Plan, watch: Watch
) -> None:
    for page in (hers, deputys):
        page.goto(section(plan, "duties"))
    mine = deputys.locator("#chu-duty_council")
    mine.fill("")
    typed = "Hội đồng họp mỗi tháng một lần, thư ký ghi biên bản và gửi cho từng thành viên. "

    hers.locator("#chu-duty_principal").fill("Hiệu trưởng chủ trì")
    expect(hers.locator("#luu-duty_principal")).to_contain_text("Đã lưu lúc")
    started = time.monotonic()
    took = None
    for letter in typed:
        mine.press_sequentially(letter, delay=70)
        if (
            took is None
            and deputys.locator("#chu-duty_principal").input_value() == "Hiệu trưởng chủ trì"
        ):
            took = time.monotonic() - started

    print(f"seen after {took} s")
    assert took is not None and took < SEEN_WITHIN / 1000
    expect(mine).to_have_value(typed)
    expect(mine).to_be_focused()
    expect(deputys.locator("#tin-moi-loi")).to_contain_text("Cô Lê Thị Mẫu Đơn vừa sửa “")
    expect(deputys.locator("#luu-duty_council")).to_contain_text("Đã lưu lúc")
    deputys.wait_for_timeout(1500)
    assert PlanText.objects.get(plan=plan, section="duty_council").body == typed
    screenshot(deputys, "live", 1280)
    assert_axe_clean(deputys)
    assert not watch.left()


def test_what_was_understood_of_anothers_words_comes_with_them(
    hers: Page, deputys: Page, plan: Plan, watch: Watch
) -> None:
    action = first_action(plan)
    for page in (hers, deputys):
        page.goto(f"{section(plan, 'actions')}?mo={action.pk}")
    field(deputys, "remarks").click()
    understood = f"#hieu-{action.pk}-timeframe span"

    field(hers, "timeframe").fill("Từ tháng 10/2025 đến tháng 12/2025")
    expect(hers.locator(f"#luu-{action.pk}")).to_contain_text("Đã lưu lúc")
    expect(hers.locator(understood).first).to_contain_text("12/2025")
    words = hers.locator(understood).first.inner_text()

    expect(deputys.locator(understood).first).to_have_text(words, timeout=SEEN_WITHIN)
    expect(field(deputys, "timeframe")).to_have_value("Từ tháng 10/2025 đến tháng 12/2025")
    expect(field(deputys, "remarks")).to_be_focused()
    assert not watch.left()


def test_a_reading_that_one_is_putting_right_is_not_taken_away(
    hers: Page, deputys: Page, plan: Plan, watch: Watch
) -> None:
    action = first_action(plan)
    PlanAction.objects.filter(pk=action.pk).update(budget_text="2 triệu đồng", readings={})
    for page in (hers, deputys):
        page.goto(f"{section(plan, 'actions')}?mo={action.pk}")
    line = deputys.locator(f"#hieu-{action.pk}-budget_text")
    line.get_by_text("Sửa cách hiểu").click()
    least = deputys.locator(f"#tu-hieu-{action.pk}-budget_text")
    least.fill("3000000")
    field(deputys, "remarks").click()

    field(hers, "budget_text").fill("5 triệu đồng")
    expect(hers.locator(f"#luu-{action.pk}")).to_contain_text("Đã lưu lúc")

    expect(field(deputys, "budget_text")).to_have_value("5 triệu đồng", timeout=SEEN_WITHIN)
    expect(least).to_have_value("3000000")
    assert not watch.left()


def test_two_fields_of_one_row_are_brought_together_without_a_conflict(
    hers: Page, deputys: Page, plan: Plan, watch: Watch
) -> None:
    action = first_action(plan)
    for page in (hers, deputys):
        page.goto(f"{section(plan, 'actions')}?mo={action.pk}")
    field(deputys, "remarks").click()
    deputys.keyboard.press("Control+End")
    before = field(deputys, "remarks").input_value()

    field(hers, "lead").fill("Kế toán")
    expect(hers.locator(f"#luu-{action.pk}")).to_contain_text("Đã lưu lúc")
    expect(field(deputys, "lead")).to_have_value("Kế toán", timeout=SEEN_WITHIN)
    expect(field(deputys, "remarks")).to_be_focused()
    deputys.keyboard.type(" thêm")

    expect(deputys.locator(f"#luu-{action.pk}")).to_contain_text("Đã lưu lúc")
    action.refresh_from_db()
    assert (action.lead, action.remarks) == ("Kế toán", f"{before} thêm")
    assert not watch.left()


def test_rows_that_others_add_change_and_delete_follow_around_an_open_one(
    hers: Page, deputys: Page, plan: Plan, watch: Watch
) -> None:
    opened, other, gone = PlanAction.objects.in_print_order().filter(plan=plan)[:3]
    deputys.goto(f"{section(plan, 'actions')}?mo={opened.pk}")
    field(deputys, "remarks").click()
    hers.goto(f"{section(plan, 'actions')}?mo={other.pk}")

    field(hers, "measures").fill("Việc vừa được sửa")
    hers.get_by_role("button", name="Xong").click()
    expect(hers.locator("form[data-open-row]")).to_have_count(0)
    hers.locator(f"#viec-{gone.pk} a", has_text="Sửa").click()
    hers.get_by_role("button", name="Xóa việc này").click()
    expect(hers.get_by_role("button", name="Hoàn tác")).to_be_visible()

    expect(deputys.locator(f"#viec-{other.pk}")).to_contain_text(
        "Việc vừa được sửa", timeout=SEEN_WITHIN
    )
    expect(deputys.locator(f"#viec-{gone.pk}")).to_have_count(0, timeout=SEEN_WITHIN)
    expect(field(deputys, "remarks")).to_be_focused()
    expect(deputys.locator("#tin-moi-loi")).to_contain_text("vừa xóa")
    deputys.locator(f"#viec-{other.pk} a", has_text="Sửa").click()
    expect(field(deputys, "measures")).to_have_value("Việc vừa được sửa")
    assert not watch.left()


def test_table_without_an_open_row_follows_and_keeps_the_keyboards_place(
    hers: Page, deputys: Page, plan: Plan, watch: Watch
) -> None:
    changed, other = PlanAction.objects.in_print_order().filter(plan=plan)[:2]
    deputys.goto(section(plan, "actions"))
    link = deputys.locator(f"#viec-{other.pk} a", has_text="Sửa")
    link.focus()
    hers.goto(f"{section(plan, 'actions')}?mo={changed.pk}")

    field(hers, "measures").fill("Việc vừa được sửa")

    row = deputys.locator(f"#viec-{changed.pk}")
    expect(row).to_contain_text("Việc vừa được sửa", timeout=SEEN_WITHIN)
    expect(link).to_be_focused()
    expect(deputys.locator("#bang-viec nav")).to_have_count(0)
    row.locator("a", has_text="Sửa").click()
    expect(field(deputys, "measures")).to_have_value("Việc vừa được sửa")
    assert_axe_clean(deputys)
    assert not watch.left()


def test_small_table_follows_around_its_open_row(
    hers: Page, deputys: Page, plan: Plan, watch: Watch
) -> None:
    shared = Plan.objects.filter(form__code="KH-57-2026").latest("pk")
    for name in ("hieutruong", "hieupho"):
        Membership.objects.create(
            user=User.objects.get(username=name), school=shared.school, role="principal"
        )
    table = next(s for s in shared.spec.walk() if s.kind is SectionKind.TABLE)
    by = User.objects.get(username="hieutruong")
    first, second = (rows.add_row(plan=shared, section=table.key, by=by) for _ in range(2))
    deputys.goto(f"{section(shared, table.key)}?dong={first.pk}")
    mine = deputys.locator("form[data-open-row] textarea, form[data-open-row] input[type=text]")
    mine.first.fill("Chữ đang gõ")
    hers.goto(f"{section(shared, table.key)}?dong={second.pk}")

    hers.locator("form[data-open-row] textarea, form[data-open-row] input[type=text]").first.fill(
        "Chữ của hiệu trưởng"
    )

    other = deputys.locator(f"#dong-{second.pk}")
    expect(other).to_contain_text("Chữ của hiệu trưởng", timeout=SEEN_WITHIN)
    expect(mine.first).to_have_value("Chữ đang gõ")
    expect(mine.first).to_be_focused()
    assert not watch.left()


def test_one_word_typed_by_both_stays_and_is_settled_at_the_next_save(
    hers: Page, deputys: Page, plan: Plan, watch: Watch
) -> None:
    watch.allow("status of 409")
    for page in (hers, deputys):
        page.goto(section(plan, "purpose"))
    # The deputy's saves do not get through for a while; her own words stand in the field.
    deputys.route("**/muc/purpose/", lambda route: route.abort())
    watch.allow("ERR_FAILED")
    watch.allow("console: htmx:")
    deputys.locator("#chu-purpose").fill("Chữ của phó hiệu trưởng")
    expect(deputys.locator("#luu-purpose")).to_contain_text("Chưa lưu được")
    hers.locator("#chu-purpose").fill("Chữ của hiệu trưởng")
    expect(hers.locator("#luu-purpose")).to_contain_text("Đã lưu lúc")
    deputys.wait_for_timeout(SEEN_WITHIN)
    expect(deputys.locator("#chu-purpose")).to_have_value("Chữ của phó hiệu trưởng")

    deputys.unroute("**/muc/purpose/")
    deputys.locator("#chu-purpose").press_sequentially("!")

    expect(deputys.locator("[data-conflict]")).to_contain_text("Chữ của hiệu trưởng")
    assert not watch.left()


def test_what_is_said_in_a_panel_stays_there_and_waits_for_its_person(
    hers: Page, deputys: Page, plan: Plan, watch: Watch
) -> None:
    deputys.goto(section(plan, "purpose"))
    panel = deputys.locator("#trao-doi-muc-purpose")
    panel.locator("summary").click()
    panel.get_by_label("Nội dung trao đổi").fill("Cô xem lại câu đầu")
    panel.get_by_label("Gửi tới").select_option(label="Cô Lê Thị Mẫu Đơn")
    panel.get_by_role("button", name="Gửi trao đổi").click()
    expect(panel).to_contain_text("Trao đổi: 1 đang chờ")
    assert_axe_clean(deputys)

    hers.goto("/")
    hers.get_by_role("link", name="Xem 1 trao đổi gửi tới thầy cô").click()
    expect(hers.get_by_text("Cô xem lại câu đầu")).to_be_visible()
    hers.get_by_role("link", name="Mở trao đổi").click()
    hers.get_by_role("button", name="Đã giải quyết").click()

    expect(hers.get_by_text("ghi đã giải quyết lúc")).to_be_visible()
    assert not watch.left()
