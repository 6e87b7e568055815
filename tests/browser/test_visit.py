"""The record on the spot at 360 px: with a network and without, two of one team, faults of line, server and clock."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.history.models import Event
from plans.inspections.enums import Outcome
from plans.inspections.models import (
    Attendee,
    Entry,
    Finding,
    Inspection,
    Photo,
    Recommendation,
)
from plans.planning.models import Plan
from plans.recording.entries import SentEntry, apply_entries
from tests.browser.harness import (
    Watch,
    assert_axe_clean,
    assert_no_sideways_scroll,
    keep_picture,
    screenshot,
    sign_in,
)
from tests.factories import accounts, inspections, issuing, planning

OFFLINE = "ERR_INTERNET_DISCONNECTED"
PHONE = {"width": 360, "height": 800}


@pytest.fixture
def lead(transactional_db: None) -> User:
    return accounts.user(full_name="Nguyễn Văn Mẫu")


@pytest.fixture
def plan(transactional_db: None) -> Plan:
    made = planning.plan()
    words = ("Sắp xếp lại bếp theo nguyên tắc một chiều; thay kệ gỗ bằng kệ inox.", "Mua đồ chơi.")
    for one in words:
        planning.action(made, measures=one, lead="Phó Hiệu trưởng")
    return made


@pytest.fixture
def visit(plan: Plan, lead: User) -> Inspection:
    made = inspections.inspection(plan, lead=lead)
    Attendee.objects.create(
        inspection=made,
        client_id="3e7d1f1e-8f43-4c3e-9a4b-0b7b1c2d3e4f",
        honorific="Bà",
        full_name="Phạm Thị Minh Họa",
        position="Phó Hiệu trưởng",
    )
    return made


@pytest.fixture
def first(visit: Inspection) -> Finding:
    found = visit.findings.filter(kind="action").first()
    assert found is not None
    return found


def address(visit: Inspection, item: str = "") -> str:
    return reverse("visits:record", args=[visit.pk]) + (f"#{item}" if item else "")


def item_of(finding: Finding) -> str:
    return f"finding-{finding.key}"


def go(page: Page, visit: Inspection, item: str = "") -> None:
    """Open the record page and wait until it is kept on the device."""
    page.goto(address(visit, item))
    expect(page.locator("#ghi")).to_have_attribute("data-ready", "1")
    expect(page.locator("#ghi")).to_have_attribute("data-kept", "kept")


def saved_here(page: Page) -> None:
    expect(page.locator("#da-luu")).to_contain_text("Đã lưu trên máy này lúc")


def all_sent(page: Page) -> None:
    """Wait until what was written is kept, and then sent."""
    expect(page.locator("#da-luu")).not_to_contain_text("Đang lưu")
    expect(page.locator("#chua-gui-dem")).to_have_text("Đã gửi hết")


def jpeg(size: tuple[int, int] = (3000, 2250)) -> bytes:
    """A photo as a telephone makes it: larger than needed, with the place in it."""
    exif = Image.Exif()
    exif[0x010F] = "Máy của ai đó"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", (21.0, 2.0, 3.0)
    exif[0x8825] = gps
    out = io.BytesIO()
    Image.effect_noise(size, 20).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


@pytest.fixture
def phone(page: Page, lead: User, visit: Inspection, live_server: LiveServer) -> Page:
    """The tổ trưởng's telephone, on the list of the record."""
    page.set_viewport_size(PHONE)
    sign_in(page, lead, live_server.url)
    go(page, visit)
    return page


@pytest.fixture
def routed(
    browser: Browser,
    web_fonts: None,
    lead: User,
    visit: Inspection,
    live_server: LiveServer,
    watch: Watch,
) -> Iterator[Page]:
    """A telephone without a service worker, whose presence hides requests from the routes of a test."""
    context = browser.new_context(
        base_url=live_server.url,
        locale="vi-VN",
        viewport=PHONE,
        reduced_motion="reduce",
        service_workers="block",
    )
    context.set_default_timeout(10_000)
    watch.follow(context)
    page = context.new_page()
    sign_in(page, lead, live_server.url)
    yield page
    context.close()
    assert not watch.left(), "\n".join(watch.left())


@contextmanager
def device_of(
    browser: Browser, user: User, live_server: LiveServer, watch: Watch
) -> Iterator[Page]:
    """A telephone of their own for somebody."""
    context = browser.new_context(
        base_url=live_server.url, locale="vi-VN", viewport=PHONE, reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    watch.follow(context)
    page = context.new_page()
    sign_in(page, user, live_server.url)
    yield page
    context.close()


# --- with a network ---------------------------------------------------------------------------------------


def test_a_field_is_kept_on_the_device_and_then_in_the_record(
    phone: Page, visit: Inspection, first: Finding
) -> None:
    phone.locator(f'a[href="#{item_of(first)}"]').click()
    item = phone.locator(f"#{item_of(first)}")

    item.get_by_label("Đang thực hiện").check()
    item.get_by_label("Nhận xét").fill("Bếp đã đi theo một chiều.")

    saved_here(phone)
    all_sent(phone)
    first.refresh_from_db()
    assert (first.verdict, first.seen) == ("doing", "Bếp đã đi theo một chiều.")


def test_rows_come_and_go_and_come_back(phone: Page, visit: Inspection, first: Finding) -> None:
    phone.goto(address(visit, item_of(first)))
    item = phone.locator(f"#{item_of(first)}")
    item.get_by_role("button", name="Thêm kiến nghị").click()
    item.get_by_label("Nhà trường cần làm gì").fill("Thay 2 kệ gỗ bằng kệ inox.")
    item.get_by_label("Người thực hiện").fill("Phạm Thị Minh Họa")
    item.get_by_label("Hạn hoàn thành").fill("30/4/2026")
    all_sent(phone)
    made = Recommendation.objects.get()
    assert (made.finding, made.body, made.owner, made.due) == (
        first,
        "Thay 2 kệ gỗ bằng kệ inox.",
        "Phạm Thị Minh Họa",
        "30/4/2026",
    )

    item.get_by_role("button", name="Bỏ kiến nghị này").click()
    undo = item.get_by_role("button", name="Hoàn tác")
    expect(undo).to_be_focused()
    all_sent(phone)
    made.refresh_from_db()
    assert made.removed == "1"

    undo.click()
    expect(item.get_by_label("Nhà trường cần làm gì")).to_be_visible()
    all_sent(phone)
    made.refresh_from_db()
    assert made.removed == ""
    assert Recommendation.objects.count() == 1


def test_people_and_hours_are_written_with_few_touches(phone: Page, visit: Inspection) -> None:
    phone.goto(address(visit, "buoi"))
    phone.get_by_role("button", name="Bây giờ").first.click()
    phone.goto(address(visit, "thanh-phan"))
    phone.get_by_role("button", name="Thêm người dự").click()
    row = phone.locator("[data-rows=attendee] [data-row]").last
    row.get_by_label("Họ và tên").fill("Lê Văn Thí Dụ")
    row.get_by_label("Chức vụ").fill("Kế toán")

    all_sent(phone)
    visit.refresh_from_db()
    assert visit.began.endswith("phút")
    assert list(visit.attendees.values_list("full_name", "position")) == [
        ("Phạm Thị Minh Họa", "Phó Hiệu trưởng"),
        ("Lê Văn Thí Dụ", "Kế toán"),
    ]


def test_the_steps_lead_through_every_item_and_back_to_the_list(
    phone: Page, visit: Inspection
) -> None:
    phone.goto(address(visit, "buoi"))
    seen = []
    for _ in range(visit.findings.count() + 3):
        shown = phone.locator(".kcl-item:not([hidden])")
        expect(shown).to_have_count(1)
        seen.append(shown.get_attribute("id"))
        phone.locator("#muc-sau").click()

    expect(phone.locator("#danh-sach")).to_be_visible()
    keys = [f"finding-{key}" for key in visit.findings.values_list("key", flat=True)]
    assert seen == ["buoi", "thanh-phan", *keys, "ket-thuc"]


# --- without a network ------------------------------------------------------------------------------------


def test_a_visit_is_written_without_a_network_and_arrives_once(
    phone: Page, visit: Inspection, first: Finding, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    context.set_offline(True)
    phone.goto(address(visit, item_of(first)))
    expect(phone.locator("#ghi")).to_have_attribute("data-ready", "1")
    item = phone.locator(f"#{item_of(first)}")
    item.get_by_label("Chưa thực hiện").check()
    item.get_by_label("Nhận xét").fill("Ghi khi không có mạng.")
    item.get_by_role("button", name="Thêm kiến nghị").click()
    item.get_by_label("Nhà trường cần làm gì").fill("Niêm yết quy trình.")
    item.locator("input[data-photo][multiple]").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    expect(item.locator("figure img")).to_be_visible()
    item.get_by_label("Chú thích ảnh").fill("Kệ ở khu chia thức ăn")
    item.get_by_label("Chú thích ảnh").press("Tab")
    saved_here(phone)
    expect(phone.locator("#chua-gui-dem")).to_have_text("3 mục chưa gửi")
    expect(phone.locator("#loi-gui")).to_contain_text("Đang không có mạng")
    assert not Entry.objects.exists()

    phone.reload()
    expect(item.get_by_label("Nhận xét")).to_have_value("Ghi khi không có mạng.")
    expect(item.get_by_label("Chưa thực hiện")).to_be_checked()
    expect(item.get_by_label("Nhà trường cần làm gì")).to_have_value("Niêm yết quy trình.")
    expect(item.locator("figure img")).to_be_visible()
    keep_picture(phone, "visit-offline-360")

    context.set_offline(False)
    all_sent(phone)
    first.refresh_from_db()
    assert (first.verdict, first.seen) == ("not_done", "Ghi khi không có mạng.")
    assert [r.body for r in Recommendation.objects.all()] == ["Niêm yết quy trình."]
    photo = Photo.objects.get()
    assert (photo.caption, photo.finding) == ("Kệ ở khu chia thức ăn", first)
    image = Image.open(io.BytesIO(bytes(photo.file.content)))
    assert (max(image.size), dict(image.getexif())) == (2000, {})
    assert set(Entry.objects.values_list("field", "outcome")) == {
        ("verdict", Outcome.SAVED),
        ("seen", Outcome.SAVED),
        ("finding", Outcome.SAVED),
        ("body", Outcome.SAVED),
    }
    assert Entry.objects.count() == 4


def test_what_leaves_the_device_holds_no_place(
    phone: Page, visit: Inspection, first: Finding
) -> None:
    sent: list[bytes] = []

    def keep(route: Route) -> None:
        sent.append(route.request.post_data_buffer or b"")
        route.continue_()

    phone.route("**/anh/", keep)
    phone.goto(address(visit, item_of(first)))
    picture = jpeg()
    assert b"Exif" in picture
    phone.locator(f"#{item_of(first)} input[data-photo][multiple]").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture}
    )
    expect(phone.locator("figure")).to_contain_text("đã gửi")
    phone.unroute_all()

    assert len(sent) == 1
    assert b"Exif" not in sent[0] and b"\xff\xd8\xff" in sent[0]


def test_a_page_that_was_never_opened_here_says_what_is_kept(
    phone: Page, visit: Inspection, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    watch.allow("status of 503")
    watch.allow("answer 503")
    context.set_offline(True)

    phone.goto(reverse("visits:list"))

    expect(phone.get_by_role("heading", level=1)).to_have_text("Đang không có mạng")
    link = phone.get_by_role("link", name="Kiểm tra")
    expect(link).to_have_attribute("href", address(visit))
    assert_axe_clean(phone)
    keep_picture(phone, "visit-kept-360")
    link.click()
    expect(phone.locator("#danh-sach")).to_be_visible()


def test_a_photo_taken_back_before_it_was_sent_never_leaves(
    phone: Page, visit: Inspection, first: Finding, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    phone.goto(address(visit, item_of(first)))
    context.set_offline(True)
    item = phone.locator(f"#{item_of(first)}")
    item.locator("input[data-photo][multiple]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg((400, 300))}
    )
    item.get_by_role("button", name="Bỏ ảnh").click()
    expect(item.get_by_role("button", name="Hoàn tác")).to_be_focused()

    context.set_offline(False)
    item.get_by_label("Nhận xét").fill("Không cần ảnh")
    all_sent(phone)
    assert not Photo.objects.exists()

    item.get_by_role("button", name="Hoàn tác").click()
    item.get_by_label("Nhận xét").fill("Vẫn cần ảnh")
    all_sent(phone)
    expect(item.locator("figure")).to_contain_text("đã gửi")
    assert Photo.objects.get().removed == ""


def test_a_hundred_findings_go_in_three_requests(
    phone: Page, plan: Plan, lead: User, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    big = inspections.inspection(plan, lead=lead)
    Finding.objects.bulk_create(
        Finding(inspection=big, kind="action", key=f"viec-x{n}", title=f"Việc {n}", position=10 + n)
        for n in range(100)
    )
    go(phone, big)
    sent: list[str] = []
    phone.on("request", lambda one: sent.append(one.url) if "/dong-bo/" in one.url else None)
    context.set_offline(True)
    phone.evaluate(
        """async () => {
            const say = (one) => one.dispatchEvent(new Event("input", { bubbles: true }));
            for (const link of document.querySelectorAll(".kcl-toc a[href^='#finding-viec-x']")) {
                location.hash = link.hash;
                await new Promise((resolve) => window.addEventListener("hashchange", resolve, { once: true }));
                const item = document.querySelector(link.hash);
                const radio = item.querySelector('input[value=done]');
                radio.checked = true;
                say(radio);
                for (const name of ["seen", "evidence"]) {
                    const area = item.querySelector(`[data-field=${name}]`);
                    area.value = `${name} ${item.dataset.title}`;
                    say(area);
                }
            }
        }"""
    )
    expect(phone.locator("#chua-gui-dem")).to_have_text("100 mục chưa gửi")
    saved_here(phone)
    sent.clear()

    context.set_offline(False)

    all_sent(phone)
    written = Event.objects.filter(action="inspection.write", subject_id=str(big.pk)).count()
    assert 1 <= written <= 3
    assert 1 <= len(sent) <= 3
    rows = big.findings.filter(verdict="done").exclude(seen="").exclude(evidence="")
    assert rows.count() == 100


# --- faults -----------------------------------------------------------------------------------------------


def test_a_server_that_fails_for_ten_minutes_costs_nothing(
    page: Page, visit: Inspection, first: Finding, lead: User, live_server: LiveServer, watch: Watch
) -> None:
    watch.allow("status of 500")
    watch.allow("answer 500")
    page.clock.install()
    page.set_viewport_size(PHONE)
    sign_in(page, lead, live_server.url)
    go(page, visit, item_of(first))
    tried: list[str] = []

    def fail(route: Route) -> None:
        tried.append(route.request.url)
        route.fulfill(status=500, body="")

    page.route("**/dong-bo/", fail)
    page.get_by_label("Nhận xét").locator("visible=true").fill("Ghi khi máy chủ lỗi")
    page.clock.run_for(1000)
    expect(page.locator("#loi-gui")).to_contain_text("Máy chủ đang bận")
    for _ in range(20):
        page.clock.run_for(30_000)
        page.wait_for_timeout(30)
    saved_here(page)
    expect(page.locator("#chua-gui-dem")).to_have_text("1 mục chưa gửi")
    assert 5 <= len(tried) <= 30

    page.unroute("**/dong-bo/", fail)
    page.clock.run_for(120_000)
    all_sent(page)
    first.refresh_from_db()
    assert first.seen == "Ghi khi máy chủ lỗi"
    assert Entry.objects.count() == 1


def test_an_answer_lost_on_the_way_doubles_nothing(
    routed: Page, visit: Inspection, first: Finding, watch: Watch
) -> None:
    watch.allow("ERR_CONNECTION_RESET")
    routed.goto(address(visit, item_of(first)))
    expect(routed.locator("#ghi")).to_have_attribute("data-ready", "1")
    lost: list[int] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().status)
        route.abort("connectionreset")

    routed.route("**/dong-bo/", lose)
    item = routed.locator(f"#{item_of(first)}")
    item.get_by_role("button", name="Thêm kiến nghị").click()
    item.get_by_label("Nhà trường cần làm gì").fill("Một lần thôi")
    expect(routed.locator("#loi-gui")).to_contain_text("Máy chủ đang bận", timeout=20_000)
    item.get_by_label("Nhà trường cần làm gì").fill("Một lần thôi, sửa lại")
    routed.unroute("**/dong-bo/", lose)

    all_sent(routed)
    assert lost[0] == 200
    assert [r.body for r in Recommendation.objects.all()] == ["Một lần thôi, sửa lại"]
    assert not Entry.objects.filter(outcome=Outcome.CONFLICT).exists()


def test_a_packet_that_comes_twice_counts_once_and_is_told_as_sent(
    routed: Page, visit: Inspection, first: Finding
) -> None:
    routed.goto(address(visit, item_of(first)))
    expect(routed.locator("#ghi")).to_have_attribute("data-ready", "1")
    all_sent(routed)
    answers: list[list[str]] = []

    def double(route: Route) -> None:
        twice = [route.fetch(), route.fetch()]
        answers.append([one["outcome"] for answer in twice for one in answer.json()["results"]])
        route.fulfill(response=twice[1])

    routed.route("**/dong-bo/", double)
    item = routed.locator(f"#{item_of(first)}")
    item.get_by_role("button", name="Thêm kiến nghị").click()
    item.get_by_label("Nhà trường cần làm gì").fill("Một lần thôi")
    saved_here(routed)
    all_sent(routed)
    routed.unroute_all()

    # Place and words, in one packet or in two, and each again as before.
    assert sum(answers, []) == ["saved"] * 4
    assert [one.body for one in Recommendation.objects.all()] == ["Một lần thôi"]
    assert sorted(one.field for one in Entry.objects.all()) == ["body", "finding"]
    expect(routed.locator("#loi-gui")).to_be_hidden()
    expect(item.locator("[data-note]")).to_have_count(0)


def test_a_plan_issued_anew_in_mid_visit_is_told_and_the_record_goes_on(
    phone: Page, visit: Inspection, first: Finding
) -> None:
    phone.goto(address(visit, item_of(first)))
    expect(phone.locator("#loi-may-chu")).to_be_hidden()
    assert visit.plan is not None
    new = issuing.issued_document(visit.plan)

    phone.get_by_label("Nhận xét").locator("visible=true").fill("Ghi theo bản đã mở")
    all_sent(phone)

    words = f"Nhà trường vừa ban hành bản mới: Kế hoạch số {new.full_number}"
    expect(phone.locator("#loi-may-chu")).to_be_visible()
    expect(phone.locator("#loi-may-chu")).to_contain_text(words)
    expect(phone.locator("#loi-may-chu")).to_contain_text("biên bản vẫn theo")
    assert_axe_clean(phone)
    first.refresh_from_db()
    assert first.seen == "Ghi theo bản đã mở"


def _lose_photo(routed: Page, visit: Inspection, first: Finding, watch: Watch) -> None:
    """Take a photo that the server has and whose answer never comes; the line is whole again then."""
    watch.allow("ERR_CONNECTION_RESET")
    routed.goto(address(visit, item_of(first)))
    expect(routed.locator("#ghi")).to_have_attribute("data-ready", "1")

    def lose(route: Route) -> None:
        route.fetch()
        route.abort("connectionreset")

    routed.route("**/anh/", lose)
    routed.locator(f"#{item_of(first)} input[data-photo][multiple]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg((400, 300))}
    )
    expect(routed.locator("#loi-gui")).to_contain_text("Máy chủ đang bận", timeout=20_000)
    assert Photo.objects.get().caption == ""


def test_a_caption_written_while_the_answer_to_its_photo_was_lost_arrives(
    routed: Page, visit: Inspection, first: Finding, watch: Watch
) -> None:
    _lose_photo(routed, visit, first, watch)
    item = routed.locator(f"#{item_of(first)}")
    item.get_by_label("Chú thích ảnh").fill("Kệ mới")
    item.get_by_label("Chú thích ảnh").press("Tab")
    saved_here(routed)
    routed.unroute_all()

    all_sent(routed)
    assert Photo.objects.get().caption == "Kệ mới"


def test_a_photo_taken_back_while_its_answer_was_lost_is_taken_back_there(
    routed: Page, visit: Inspection, first: Finding, watch: Watch
) -> None:
    _lose_photo(routed, visit, first, watch)
    routed.locator(f"#{item_of(first)}").get_by_role("button", name="Bỏ ảnh").click()
    expect(routed.locator("#chua-gui-dem")).to_have_text("1 mục chưa gửi")
    routed.unroute_all()

    all_sent(routed)
    assert Photo.objects.get().removed == "1"


def test_what_the_disk_refuses_is_not_called_saved_and_stays_in_its_box(
    phone: Page, visit: Inspection, first: Finding
) -> None:
    phone.goto(address(visit, item_of(first)))
    item = phone.locator(f"#{item_of(first)}")
    phone.evaluate(
        """() => {
            const real = KCLStore.write;
            KCLStore.write = () => Promise.reject(new DOMException("full", "QuotaExceededError"));
            self.heal = () => (KCLStore.write = real);
        }"""
    )
    item.get_by_label("Nhận xét").fill("Đĩa không nhận")
    expect(phone.locator("#da-luu")).to_contain_text("Chưa lưu được trên máy này")

    item.locator("input[data-photo][multiple]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg((400, 300))}
    )
    expect(item.locator("figure")).to_contain_text("đã gửi")  # and everything was drawn anew

    expect(item.get_by_label("Nhận xét")).to_have_value("Đĩa không nhận")
    expect(phone.locator("#da-luu")).to_contain_text("Chưa lưu được trên máy này")
    phone.evaluate("() => { heal(); }")
    saved_here(phone)
    all_sent(phone)
    first.refresh_from_db()
    assert first.seen == "Đĩa không nhận"


def test_a_page_says_sent_only_where_it_or_another_page_has_sent(
    phone: Page, visit: Inspection, first: Finding
) -> None:
    phone.goto(address(visit, item_of(first)))
    expect(phone.locator("#ghi")).to_have_attribute("data-sync", "sent")
    phone.evaluate(
        """(name) => new Promise((held) => navigator.locks.request(name, () => {
            held();
            return new Promise((over) => (self.letGo = over));
        }))""",
        f"kcl-gui-{visit.pk}",
    )
    phone.get_by_label("Nhận xét").locator("visible=true").fill("Trang khác đang gửi")
    saved_here(phone)
    expect(phone.locator("#ghi")).to_have_attribute("data-sync", "sending")
    phone.wait_for_timeout(1500)
    expect(phone.locator("#ghi")).to_have_attribute("data-sync", "sending")
    assert not Entry.objects.exists()

    phone.evaluate("letGo()")
    all_sent(phone)
    expect(phone.locator("#ghi")).to_have_attribute("data-sync", "sent")
    assert Entry.objects.get().value == "Trang khác đang gửi"


def test_a_clock_that_is_a_day_ahead_is_told_and_the_words_count(
    page: Page, visit: Inspection, first: Finding, lead: User, live_server: LiveServer
) -> None:
    page.clock.install(time=datetime.now() + timedelta(days=1))  # noqa: DTZ005  # the device's own
    page.set_viewport_size(PHONE)
    sign_in(page, lead, live_server.url)
    go(page, visit, item_of(first))

    expect(page.locator("#dong-ho")).to_contain_text("chạy nhanh 1 ngày")
    page.get_by_label("Nhận xét").locator("visible=true").fill("Máy sai giờ")
    page.clock.run_for(2000)

    all_sent(page)
    entry = Entry.objects.get()
    assert entry.value == "Máy sai giờ"
    assert abs(entry.received_at - timezone.now()) < timedelta(minutes=1)


def test_an_ended_log_in_keeps_everything_and_goes_on_after_the_next(
    phone: Page,
    visit: Inspection,
    first: Finding,
    lead: User,
    live_server: LiveServer,
    watch: Watch,
) -> None:
    watch.allow("status of 401")
    phone.goto(address(visit, item_of(first)))
    Session.objects.all().delete()
    phone.get_by_label("Nhận xét").locator("visible=true").fill("Ghi khi phiên đã hết")

    expect(phone.locator("#loi-gui")).to_contain_text("Phiên đăng nhập đã hết")
    expect(phone.get_by_role("link", name="Đăng nhập lại")).to_be_visible()
    expect(phone.locator("#chua-gui-dem")).to_have_text("1 mục chưa gửi")

    sign_in(phone, lead, live_server.url)
    phone.goto(address(visit, "chua-gui"))
    phone.get_by_role("button", name="Gửi ngay").click()
    all_sent(phone)
    first.refresh_from_db()
    assert first.seen == "Ghi khi phiên đã hết"


def test_who_was_taken_off_the_team_keeps_what_was_not_sent(
    phone: Page,
    visit: Inspection,
    first: Finding,
    lead: User,
    context: BrowserContext,
    watch: Watch,
) -> None:
    watch.allow(OFFLINE)
    watch.allow("status of 403")
    phone.goto(address(visit, item_of(first)))
    context.set_offline(True)
    phone.get_by_label("Nhận xét").locator("visible=true").fill("Chưa kịp gửi")
    saved_here(phone)
    visit.members.filter(user=lead).update(removed_at=timezone.now(), removed_by=lead)

    context.set_offline(False)
    expect(phone.locator("#loi-gui")).to_contain_text("không còn trong tổ")
    expect(phone.locator("#chua-gui-dem")).to_have_text("1 mục chưa gửi")
    first.refresh_from_db()
    assert first.seen == ""

    phone.goto(address(visit))
    phone.reload()
    expect(phone.get_by_role("heading", level=1)).to_have_text(
        "Buổi kiểm tra không còn mở cho quý vị"
    )
    expect(phone.locator("#dang-giu")).to_contain_text("Chưa kịp gửi")


def test_a_refused_field_says_why_and_is_sent_once_put_right(
    phone: Page, visit: Inspection, first: Finding
) -> None:
    phone.goto(address(visit, item_of(first)))
    item = phone.locator(f"#{item_of(first)}")
    item.get_by_role("button", name="Thêm kiến nghị").click()
    item.get_by_label("Hạn hoàn thành").fill("x" * 101)

    note = item.locator("[data-note=refused]")
    expect(note).to_contain_text("nhận nhiều nhất 100 ký tự")
    expect(phone.locator("#chua-gui-dem")).to_have_text("1 mục chưa gửi")

    item.get_by_label("Hạn hoàn thành").fill("30/4/2026")
    all_sent(phone)
    expect(note).to_have_count(0)
    assert Recommendation.objects.get().due == "30/4/2026"


def test_a_field_too_long_for_any_packet_is_told_and_holds_up_nothing(
    phone: Page, visit: Inspection, first: Finding
) -> None:
    def write(
        words: str,
    ) -> None:  # as it is pasted; fill() marks so long a text first, which takes minutes
        item.get_by_label("Nhận xét").evaluate(
            """(box, words) => {
                box.value = words;
                box.dispatchEvent(new Event("input", { bubbles: true }));
            }""",
            words,
        )

    phone.goto(address(visit, item_of(first)))
    item = phone.locator(f"#{item_of(first)}")
    write(f"{'ế' * 59}\n" * 12_000)

    note = item.locator("[data-note=refused]")
    expect(note).to_contain_text("Lời ghi dài quá nên không gửi được.")
    assert item.get_by_label("Nhận xét").evaluate("(box) => box.value.length") == 720_000
    phone.goto(address(visit, "ket-thuc"))
    phone.get_by_label("Số bản").locator("visible=true").fill("03")
    for _ in range(100):
        visit.refresh_from_db()
        if visit.copies:
            break
        phone.wait_for_timeout(100)
    assert visit.copies == "03"
    expect(phone.locator("#chua-gui-dem")).to_have_text("1 mục chưa gửi")

    phone.goto(address(visit, item_of(first)))
    write("Bếp sạch.")
    all_sent(phone)
    expect(note).to_have_count(0)
    first.refresh_from_db()
    assert first.seen == "Bếp sạch."


# --- two of one team --------------------------------------------------------------------------------------


@pytest.fixture
def second(visit: Inspection) -> User:
    user = accounts.user(full_name="Trần Thị Thí Dụ")
    inspections.member(visit, user)
    return user


def _both_write(
    phone: Page, other: Page, visit: Inspection, first: Finding, context: BrowserContext
) -> None:
    """The one is without a network while the other writes into the same field."""
    phone.goto(address(visit, item_of(first)))
    context.set_offline(True)
    phone.get_by_label("Nhận xét").locator("visible=true").fill("Lời của tổ trưởng")
    saved_here(phone)
    go(other, visit, item_of(first))
    other.get_by_label("Nhận xét").locator("visible=true").fill("Lời của thành viên")
    all_sent(other)
    context.set_offline(False)


@pytest.mark.parametrize(
    ("button", "kept"),
    [("Giữ của tôi", "Lời của tổ trưởng"), ("Giữ của Trần Thị Thí Dụ", "Lời của thành viên")],
)
def test_both_words_are_shown_and_one_is_chosen(
    phone: Page,
    visit: Inspection,
    first: Finding,
    second: User,
    browser: Browser,
    context: BrowserContext,
    live_server: LiveServer,
    watch: Watch,
    button: str,
    kept: str,
) -> None:
    watch.allow(OFFLINE)
    with device_of(browser, second, live_server, watch) as other:
        _both_write(phone, other, visit, first, context)
        box = phone.locator(f"#{item_of(first)} [data-note=conflict]")
        expect(box).to_contain_text("Lời của tổ trưởng")
        expect(box).to_contain_text("Lời của thành viên")
        assert_axe_clean(phone)
        keep_picture(phone, "visit-conflict-360")

        box.get_by_role("button", name=button).click()

        expect(box).to_have_count(0)
        all_sent(phone)
        first.refresh_from_db()
        assert first.seen == kept
        assert not Entry.objects.filter(outcome="conflict", settled_at=None).exists()
        other.reload()
        expect(other.get_by_label("Nhận xét").locator("visible=true")).to_have_value(kept)


def test_a_third_text_may_be_made_of_both(
    phone: Page,
    visit: Inspection,
    first: Finding,
    second: User,
    browser: Browser,
    context: BrowserContext,
    live_server: LiveServer,
    watch: Watch,
) -> None:
    watch.allow(OFFLINE)
    with device_of(browser, second, live_server, watch) as other:
        _both_write(phone, other, visit, first, context)
        box = phone.locator(f"#{item_of(first)} [data-note=conflict]")
        box.get_by_role("button", name="Sửa lại").click()
        area = box.get_by_label("Bản sửa lại từ hai bản trên")
        expect(area).to_have_value("Lời của tổ trưởng\nLời của thành viên")
        area.fill("Lời chung")
        box.get_by_role("button", name="Giữ bản sửa lại").click()

        all_sent(phone)
        first.refresh_from_db()
        assert first.seen == "Lời chung"


def _written(visit: Inspection, by: User, target: str, *values: str, base: int = 0) -> None:
    """Let a device of `by` write `removed` of a row, one value after another."""
    for number, value in enumerate(values):
        sent = SentEntry(uuid4(), target, "removed", value, base + number)
        apply_entries(inspection=visit, sent=[sent], by=by, device=f"may-{by.pk}")


def test_a_row_that_was_taken_back_and_given_again_is_taken_back_without_a_quarrel(
    phone: Page, visit: Inspection, first: Finding, second: User
) -> None:
    given = inspections.recommendation(first)
    _written(visit, second, f"recommendation:{given.client_id}", "1", "")
    go(phone, visit, item_of(first))
    phone.reload()
    phone.locator(f"#{item_of(first)}").get_by_role("button", name="Bỏ kiến nghị này").click()

    all_sent(phone)
    given.refresh_from_db()
    assert given.removed == "1"
    assert not Entry.objects.filter(outcome=Outcome.CONFLICT).exists()


def test_a_quarrel_about_what_has_no_box_is_told_at_the_head_of_its_item(
    phone: Page, visit: Inspection, first: Finding, second: User, lead: User
) -> None:
    given = inspections.recommendation(first)
    target = f"recommendation:{given.client_id}"
    _written(visit, second, target, "1", "")
    _written(visit, lead, target, "1")
    assert Entry.objects.filter(outcome=Outcome.CONFLICT).count() == 1

    phone.goto(address(visit, item_of(first)))
    phone.reload()

    note = phone.locator(f"#{item_of(first)} [data-loose]")
    expect(note).to_contain_text("ghi khác nhau")
    expect(note.get_by_role("link")).to_have_attribute(
        "href", reverse("visits:entries", args=[visit.pk])
    )
    assert_axe_clean(phone)


def test_settling_what_others_wrote_keeps_ones_own_unsent_words(phone: Page) -> None:
    left = phone.evaluate(
        """async () => {
            const who = { user: "1", visit: "0" };
            const one = { target: "finding:a", field: "seen", base: 0, at: "" };
            const found = {};
            for (const isOwn of [false, true]) {
                await KCLStore.write(who, { ...one, field: `f-${isOwn}`, value: "của tôi" });
                await KCLStore.write(who, { ...one, field: `f-${isOwn}`, value: "của người", settles: "x", isOwn });
            }
            for (const { field, value } of await KCLStore.pending(who)) (found[field] ||= []).push(value);
            return found;
        }"""
    )

    assert left == {"f-false": ["của tôi", "của người"], "f-true": ["của người"]}


def test_others_words_come_by_themselves_where_nobody_writes(
    phone: Page,
    visit: Inspection,
    first: Finding,
    second: User,
    browser: Browser,
    live_server: LiveServer,
    watch: Watch,
) -> None:
    with device_of(browser, second, live_server, watch) as other:
        go(other, visit, item_of(first))
        phone.goto(address(visit, item_of(first)))
        phone.get_by_label("Nhận xét").locator("visible=true").fill("Viết trước")
        all_sent(phone)

        expect(other.get_by_label("Nhận xét").locator("visible=true")).to_have_value(
            "Viết trước", timeout=20_000
        )


# --- who else uses the device -----------------------------------------------------------------------------


def _kept_pages(page: Page) -> list[str]:
    return page.evaluate(
        "async () => (await (await caches.open('kcl-trang')).keys()).map((one) => new URL(one.url).pathname)"
    )


def test_logging_out_takes_everything_from_the_device(phone: Page, visit: Inspection) -> None:
    assert _kept_pages(phone) == [address(visit)]
    phone.goto("/")

    phone.locator("[data-logout] button").locator("visible=true").click()

    phone.wait_for_url("**/dang-nhap/**")
    assert _kept_pages(phone) == []
    assert "kcl-kiem-tra" not in phone.evaluate(
        "async () => (await indexedDB.databases()).map((one) => one.name)"
    )


def test_logging_out_with_unsent_words_asks_first(
    phone: Page, visit: Inspection, first: Finding, context: BrowserContext, watch: Watch
) -> None:
    watch.allow("status of 500")
    watch.allow("answer 500")
    phone.route("**/dong-bo/", lambda route: route.fulfill(status=500, body=""))
    phone.goto(address(visit, item_of(first)))
    phone.get_by_label("Nhận xét").locator("visible=true").fill("Chưa gửi")
    expect(phone.locator("#chua-gui-dem")).to_have_text("1 mục chưa gửi")
    phone.goto("/")
    expect(phone.locator(".kcl-pending")).to_contain_text("1 mục chưa gửi")
    asked: list[str] = []
    phone.once("dialog", lambda box: (asked.append(box.message), box.dismiss()))

    phone.locator("[data-logout] button").locator("visible=true").click()

    assert len(asked) == 1
    phone.goto(address(visit, item_of(first)))
    expect(phone.get_by_label("Nhận xét").locator("visible=true")).to_have_value("Chưa gửi")


def test_another_person_at_the_device_sees_nothing_and_sends_nothing(
    phone: Page,
    visit: Inspection,
    first: Finding,
    second: User,
    lead: User,
    context: BrowserContext,
    live_server: LiveServer,
    watch: Watch,
) -> None:
    watch.allow(OFFLINE)
    phone.goto(address(visit, item_of(first)))
    context.set_offline(True)
    phone.get_by_label("Nhận xét").locator("visible=true").fill("Của tổ trưởng, chưa gửi")
    saved_here(phone)
    sign_in(phone, second, live_server.url)

    context.set_offline(False)
    expect(phone.locator("#loi-gui")).to_contain_text("người khác đang đăng nhập")
    assert not Entry.objects.exists()

    phone.goto("/")
    for _ in range(50):
        if "kcl-trang" not in phone.evaluate("caches.keys()"):
            break
        phone.wait_for_timeout(100)
    assert "kcl-trang" not in phone.evaluate("caches.keys()")
    go(phone, visit, item_of(first))
    expect(phone.get_by_label("Nhận xét").locator("visible=true")).to_have_value("")

    sign_in(phone, lead, live_server.url)
    phone.goto(address(visit))
    phone.reload()
    all_sent(phone)
    first.refresh_from_db()
    assert first.seen == "Của tổ trưởng, chưa gửi"
    assert Entry.objects.get().person == lead


def _kept_rows(page: Page) -> dict[str, list[list[str]]]:
    """Whose rows lie in each store of the device, and what an entry says; {} where there is no database."""
    rows: dict[str, list[list[str]]] = page.evaluate(
        """async () => {
            if (!(await indexedDB.databases()).some((one) => one.name === "kcl-kiem-tra")) return {};
            const answer = (ask) => new Promise((resolve) => (ask.onsuccess = () => resolve(ask.result)));
            const db = await answer(indexedDB.open("kcl-kiem-tra"));
            const found = {};
            for (const name of db.objectStoreNames) {
                const all = await answer(db.transaction(name).objectStore(name).getAll());
                found[name] = all.map((one) => [one.user || "", one.value || one.caption || Object.keys(one.values || {}).join()]);
            }
            db.close();
            return found;
        }"""
    )
    return rows


def test_who_logs_out_takes_ones_own_along_and_leaves_the_unsent_words_of_others(
    phone: Page,
    visit: Inspection,
    first: Finding,
    second: User,
    lead: User,
    context: BrowserContext,
    live_server: LiveServer,
    watch: Watch,
) -> None:
    watch.allow(OFFLINE)
    phone.goto(address(visit, item_of(first)))
    context.set_offline(True)
    phone.get_by_label("Nhận xét").locator("visible=true").fill("Của tổ trưởng, chưa gửi")
    saved_here(phone)
    phone.locator(f"#{item_of(first)} input[data-photo][multiple]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg((300, 200))}
    )
    expect(phone.locator("#chua-gui-dem")).to_have_text("2 mục chưa gửi")
    sign_in(phone, second, live_server.url)
    context.set_offline(False)
    phone.goto("/")
    go(phone, visit, item_of(first))
    phone.get_by_label("Minh chứng").locator("visible=true").fill("Của thành viên")
    all_sent(phone)
    theirs = _kept_rows(phone)
    assert [one[0] for one in theirs["visits"]] == [str(lead.pk), str(second.pk)]
    phone.goto("/")

    phone.locator("[data-logout] button").locator("visible=true").click()

    phone.wait_for_url("**/dang-nhap/**")
    assert _kept_pages(phone) == []
    assert _kept_rows(phone) == {
        "visits": [[str(lead.pk), ""]],
        "entries": [[str(lead.pk), "Của tổ trưởng, chưa gửi"]],
        "photos": [[str(lead.pk), ""]],
        "bytes": [["", ""]],
    }
    sign_in(phone, lead, live_server.url)
    phone.goto(address(visit))
    phone.reload()
    all_sent(phone)
    first.refresh_from_db()
    assert first.seen == "Của tổ trưởng, chưa gửi"
    assert Photo.objects.get().added_by == lead

    phone.goto("/")
    phone.locator("[data-logout] button").locator("visible=true").click()

    phone.wait_for_url("**/dang-nhap/**")
    assert _kept_rows(phone) == {}


def test_a_database_that_the_browser_dropped_is_made_anew_whole(
    phone: Page, visit: Inspection, second: User, live_server: LiveServer
) -> None:
    phone.goto("/")
    phone.evaluate(
        "() => new Promise((done) => { indexedDB.deleteDatabase('kcl-kiem-tra').onsuccess = done; })"
    )
    sign_in(phone, second, live_server.url)
    phone.goto("/")
    seen = "async () => (await caches.match('/kcl-nguoi'))?.text()"
    for _ in range(100):
        if phone.evaluate(seen) == str(second.pk):
            break
        phone.wait_for_timeout(100)
    assert phone.evaluate(seen) == str(second.pk)

    go(phone, visit)

    expect(phone.locator("#khong-giu")).to_be_hidden()


def test_what_is_kept_is_shown_to_its_writer_alone(
    phone: Page,
    visit: Inspection,
    first: Finding,
    second: User,
    context: BrowserContext,
    watch: Watch,
) -> None:
    watch.allow(OFFLINE)
    watch.allow("status of 503")
    watch.allow("answer 503")
    phone.goto(address(visit, item_of(first)))
    context.set_offline(True)
    phone.get_by_label("Nhận xét").locator("visible=true").fill("Lời chưa gửi")
    saved_here(phone)
    phone.goto(reverse("visits:list"))
    expect(phone.locator("#dang-giu")).to_contain_text("Lời chưa gửi")  # the control: to the writer
    # As a page of the other person leaves it, before what lies here is tidied away.
    phone.evaluate(
        "async (who) => (await caches.open('kcl-nguoi')).put('/kcl-nguoi', new Response(who))",
        str(second.pk),
    )

    for page in (reverse("visits:list"), address(visit)):
        phone.goto(page)
        phone.reload()
        expect(phone.get_by_role("heading", level=1)).to_have_text("Đang không có mạng")
        expect(phone.locator("#dang-giu")).to_contain_text("Người khác còn 1 mục chưa gửi")
        expect(phone.locator("body")).not_to_contain_text("Lời chưa gửi")


def test_what_waits_is_told_in_words_and_counted_alike(
    phone: Page, visit: Inspection, first: Finding, context: BrowserContext, watch: Watch
) -> None:
    watch.allow(OFFLINE)
    watch.allow("status of 503")
    watch.allow("answer 503")
    phone.goto(address(visit, item_of(first)))
    context.set_offline(True)
    item = phone.locator(f"#{item_of(first)}")
    item.get_by_role("button", name="Thêm kiến nghị").click()
    expect(item.get_by_label("Nhà trường cần làm gì")).to_be_focused()
    item.get_by_label("Nhà trường cần làm gì").fill("Thay 2 kệ gỗ.")
    item.get_by_label("Người thực hiện").fill("Phó Hiệu trưởng")
    saved_here(phone)
    item.get_by_role("button", name="Bỏ kiến nghị này").click()
    expect(item.get_by_role("button", name="Hoàn tác")).to_be_focused()
    saved_here(phone)
    about = item.get_attribute("data-title")

    words = [
        f"{about} · Nhà trường cần làm gì",
        "Thay 2 kệ gỗ.",
        f"{about} · Người thực hiện",
        "Phó Hiệu trưởng",
        about,
        "Đã bỏ kiến nghị",
    ]
    expect(phone.locator("#chua-gui-dem")).to_have_text("1 mục chưa gửi")
    phone.goto(address(visit, "chua-gui"))
    assert phone.locator("#chua-gui-ds li > *").all_inner_texts() == words
    phone.goto(reverse("visits:list"))
    expect(phone.locator("#dang-giu .kcl-unsent")).to_have_text("1 mục chưa gửi")
    assert phone.locator("#dang-giu dl > *").all_inner_texts() == words

    context.set_offline(False)
    phone.goto(address(visit, "chua-gui"))
    all_sent(phone)
    expect(phone.get_by_text("Mọi điều đã ghi đều đã gửi.")).to_be_visible()
    expect(phone.get_by_role("button", name="Gửi ngay")).to_be_hidden()


# --- for everybody ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_every_screen_is_clean_for_everybody(
    phone: Page, visit: Inspection, first: Finding, width: int
) -> None:
    inspections.recommendation(first)
    phone.reload()
    for screen in ("danh-sach", "chua-gui", "buoi", "thanh-phan", item_of(first), "ket-thuc"):
        phone.goto(address(visit, screen))
        expect(phone.locator(f"#{screen}")).to_be_visible()
        screenshot(phone, f"visit-{screen.split('-')[0]}-{screen[-4:]}", width)
        assert_no_sideways_scroll(phone)
        if width != 768:
            assert_axe_clean(phone)


def test_an_item_is_written_by_keyboard_alone(
    phone: Page, visit: Inspection, first: Finding
) -> None:
    phone.goto(address(visit, "danh-sach"))
    phone.locator(f'a[href="#{item_of(first)}"]').focus()
    phone.keyboard.press("Enter")
    item = phone.locator(f"#{item_of(first)}")
    expect(item.get_by_role("heading", level=2)).to_be_focused()
    phone.keyboard.press("Tab")
    phone.keyboard.press("Space")
    expect(item.get_by_label("Đã thực hiện")).to_be_checked()
    phone.keyboard.press("Tab")
    phone.keyboard.type("Gõ bằng bàn phím")
    expect(item.get_by_label("Nhận xét")).to_have_value("Gõ bằng bàn phím")

    all_sent(phone)
    first.refresh_from_db()
    assert (first.verdict, first.seen) == ("done", "Gõ bằng bàn phím")


def test_targets_are_large_enough_for_a_thumb(
    phone: Page, visit: Inspection, first: Finding
) -> None:
    phone.goto(address(visit, item_of(first)))
    low = phone.evaluate(
        """() => [...document.querySelectorAll("main .kcl-choice, main .btn, main .kcl-link, main input[type=text], main textarea, .kcl-stepbar a")]
            .filter((one) => one.offsetParent && one.getBoundingClientRect().height < 55.5)
            .map((one) => one.outerHTML.slice(0, 120))"""
    )
    assert low == []


def test_without_a_script_each_item_is_a_form(
    browser: Browser, visit: Inspection, first: Finding, lead: User, live_server: LiveServer
) -> None:
    context = browser.new_context(
        base_url=live_server.url, viewport=PHONE, java_script_enabled=False
    )
    page = context.new_page()
    sign_in(page, lead, live_server.url)
    page.goto(address(visit))
    item = page.locator(f"#{item_of(first)}")
    item.get_by_label("Đã thực hiện").check()
    item.get_by_label("Nhận xét").fill("Không có JavaScript")
    item.get_by_role("button", name="Lưu", exact=True).click()

    expect(page.locator(".kcl-note")).to_contain_text("Đã ghi vào biên bản")
    first.refresh_from_db()
    assert (first.verdict, first.seen) == ("done", "Không có JavaScript")
    screenshot(page, "visit-nojs", 360)
    context.close()
