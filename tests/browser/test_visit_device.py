"""What the device itself does for the record: reads a date, offers names, keeps others' photos, tells of a full disk."""

from __future__ import annotations

from datetime import date

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.inspections.models import Finding, Inspection, Recommendation
from plans.phrases.times import read_time
from plans.planning.readings import general_book
from tests.browser.harness import Watch, assert_axe_clean, sign_in
from tests.browser.test_visit import OFFLINE, PHONE, address, all_sent, go, item_of, saved_here
from tests.factories import accounts, inspections, planning


@pytest.fixture
def lead(transactional_db: None) -> User:
    return accounts.user(full_name="Nguyễn Văn Mẫu")


@pytest.fixture
def visit(lead: User) -> Inspection:
    made = planning.plan()
    planning.action(made, measures="Mua đồ chơi.", lead="Phó Hiệu trưởng; phối hợp: kế toán")
    return inspections.inspection(made, lead=lead)


@pytest.fixture
def first(visit: Inspection) -> Finding:
    found = visit.findings.filter(kind="action").first()
    assert found is not None
    return found


@pytest.fixture
def phone(page: Page, lead: User, visit: Inspection, live_server: LiveServer) -> Page:
    """The tổ trưởng's telephone, on the list of the record."""
    page.set_viewport_size(PHONE)
    sign_in(page, lead, live_server.url)
    go(page, visit)
    return page


# --- due dates --------------------------------------------------------------------------------------------


def test_a_due_date_says_how_it_was_read_with_a_network_and_without(
    phone: Page, visit: Inspection, first: Finding, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    phone.goto(address(visit, item_of(first)))
    item = phone.locator(f"#{item_of(first)}")
    context.set_offline(True)
    item.get_by_role("button", name="Thêm kiến nghị").click()
    due, reading = item.get_by_label("Hạn hoàn thành"), item.locator("[data-reading]")
    for typed, words in (
        ("15/12/2026", "Đọc là hết ngày 15/12/2026"),
        ("2/2027", "Đọc là hết ngày 28/02/2027"),
        ("31/2/2027", ""),
        ("constructor", ""),
        ("trước 30/4/2026", ""),  # not sure of it without the server
    ):
        due.fill(typed)
        expect(reading).to_have_text(words)
    saved_here(phone)

    context.set_offline(False)
    all_sent(phone)
    expect(reading).to_have_text("Đọc là hết ngày 29/04/2026")
    expect(due).to_have_value("trước 30/4/2026")
    assert Recommendation.objects.get().due == "trước 30/4/2026"
    assert_axe_clean(phone)

    context.set_offline(True)  # what the server said is known by now
    phone.reload()
    expect(reading).to_have_text("Đọc là hết ngày 29/04/2026")
    due.fill("khi nào có tiền")
    expect(reading).to_have_text("")
    context.set_offline(False)
    all_sent(phone)
    expect(reading).to_have_text("Chưa đọc được thành ngày nên chương trình không nhắc hạn.")


def test_the_device_reads_a_date_as_the_server_does_or_not_at_all(phone: Page) -> None:
    days = [f"{day}/{month}/2026" for day in (0, 1, 9, 28, 29, 30, 31, 32) for month in range(14)]
    months = [f"{month:02}/{year}" for month in range(14) for year in (1999, 2024, 2027, 2100)]
    odd = ["", " 1/2/2026 ", "01/02/2026", "1/1/26", "1-2-2026", "hè 2026", "1/2/2026, 3/4/2026"]
    texts = [*days, *months, *odd]

    read = phone.evaluate("(texts) => texts.map(KCLFields.readDay)", texts)

    book = general_book()
    ends: list[date | None] = [read_time(text, 2025, book).end for text in texts]
    server = [f"{end:%d/%m/%Y}" if end else "" for end in ends]
    differ = [
        (t, mine, its) for t, mine, its in zip(texts, read, server, strict=True) if mine != its
    ]
    assert [one for one in differ if one[1]] == []
    assert sum(map(bool, read)) == 91  # the control: it does read


# --- names ------------------------------------------------------------------------------------------------


def test_who_was_written_down_is_offered_in_the_next_field_without_a_network(
    phone: Page, visit: Inspection, first: Finding, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    context.set_offline(True)
    phone.goto(address(visit, "thanh-phan"))
    phone.get_by_role("button", name="Thêm người dự").click()
    row = phone.locator("[data-rows=attendee] [data-row]").last
    row.get_by_label("Họ và tên").fill("Lê Văn Thí Dụ")
    row.get_by_label("Chức vụ").fill("Thủ kho")
    saved_here(phone)
    phone.goto(address(visit, item_of(first)))
    item = phone.locator(f"#{item_of(first)}")
    item.get_by_role("button", name="Thêm kiến nghị").click()

    owner = item.get_by_label("Người thực hiện")
    owner.focus()

    offered = owner.evaluate("(one) => [...one.list.options].map((option) => option.value)")
    assert offered == ["Phó hiệu trưởng", "Kế toán", "Lê Văn Thí Dụ, Thủ kho"]
