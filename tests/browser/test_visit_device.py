"""What the device itself does for the record: reads a date, offers names, keeps others' photos, tells of a full disk."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpRequest, StreamingHttpResponse
from django.urls import include, path, reverse
from django.utils import timezone
from PIL import Image
from playwright.sync_api import BrowserContext, FilePayload, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.inspections.models import Entry, Finding, Inspection, Photo, Recommendation
from plans.phrases.times import read_time
from plans.planning.readings import general_book
from plans.recording.photos import add_photo, redraw
from tests.browser.harness import (
    Watch,
    assert_axe_clean,
    assert_no_sideways_scroll,
    keep_picture,
    sign_in,
)
from tests.browser.test_visit import (
    OFFLINE,
    PHONE,
    address,
    all_sent,
    go,
    item_of,
    jpeg,
    saved_here,
)
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


# --- photos of others -------------------------------------------------------------------------------------


@pytest.fixture
def theirs(visit: Inspection, first: Finding) -> Photo:
    """A photo that somebody else of the team sent."""
    second = accounts.user(full_name="Trần Thị Thí Dụ")
    inspections.member(visit, second)
    out = io.BytesIO()
    Image.effect_noise((640, 480), 20).convert("RGB").save(out, "JPEG")
    return add_photo(
        inspection=visit,
        client_id=uuid4(),
        key=first.key,
        picture=redraw(out.getvalue()),
        caption="Kệ ở bếp",
        by=second,
    )


def small(visit: Inspection, photo: Photo) -> str:
    return reverse("visits:photo", args=[visit.pk, photo.pk]) + "?co=nho"


def kept_photos(page: Page, count: int) -> list[str]:
    """Wait until the device keeps so many photos of others, and return their addresses."""
    kept: list[str] = []
    for _ in range(100):
        kept = page.evaluate(
            "async () => (await (await caches.open('kcl-anh')).keys())"
            ".map((one) => one.url.slice(location.origin.length))"
        )
        if len(kept) == count:
            break
        page.wait_for_timeout(100)
    assert len(kept) == count
    return kept


def drawn_width(page: Page, finding: Finding) -> int:
    """Wait until the one picture of an item was fetched or missed, and return its width."""
    image = page.locator(f"#{item_of(finding)} figure img")
    expect(image).to_have_count(1)
    width: int = image.evaluate(
        "async (one) => { await one.decode().catch(() => {}); return one.naturalWidth; }"
    )
    return width


def test_photos_of_others_are_there_without_a_network_and_go_when_taken_back(
    theirs: Photo,
    phone: Page,
    visit: Inspection,
    first: Finding,
    context: BrowserContext,
    watch: Watch,
) -> None:
    watch.allow(OFFLINE)
    watch.allow("ERR_FAILED")
    assert kept_photos(phone, 1) == [small(visit, theirs)]
    context.set_offline(True)
    phone.goto(address(visit, item_of(first)))
    phone.reload()
    assert drawn_width(phone, first) == 320
    expect(phone.get_by_label("Chú thích ảnh")).to_have_value("Kệ ở bếp")

    # Nobody but whom it was fetched for.
    phone.evaluate(
        "async () => (await caches.open('kcl-nguoi')).put('/kcl-nguoi', new Response('0'))"
    )
    missed = "async (url) => (await fetch(url).catch(() => null)) === null"
    assert phone.evaluate(missed, small(visit, theirs))

    Photo.objects.update(removed="1")
    context.set_offline(False)
    assert kept_photos(phone, 0) == []


def _endless(request: HttpRequest, visit: int, photo: int) -> StreamingHttpResponse:
    """A picture of which no more than the first bytes come."""

    def parts() -> Iterator[bytes]:
        yield b"\xff\xd8\xff"
        time.sleep(3)

    return StreamingHttpResponse(parts(), content_type="image/jpeg")


def test_a_picture_that_breaks_off_on_its_way_leaves_the_copy_of_before(
    theirs: Photo,
    phone: Page,
    visit: Inspection,
    context: BrowserContext,
    watch: Watch,
    settings: Any,
) -> None:
    watch.allow(OFFLINE)
    watch.allow("ERR_FAILED")
    [url] = kept_photos(phone, 1)
    settings.ROOT_URLCONF = (
        path("kiem-tra/<int:visit>/anh/<int:photo>/", _endless),
        path("", include("kcl.urls")),
    )

    phone.evaluate(
        """async (url) => {
            const line = new AbortController();
            await fetch(url, { signal: line.signal });
            line.abort();
        }""",
        url,
    )

    context.set_offline(True)
    size = "(url) => fetch(url).then((one) => one.blob()).then((one) => one.size, () => 0)"
    assert phone.evaluate(size, url) == len(bytes(theirs.small.content))


def test_photos_on_the_device_are_bounded(theirs: Photo, phone: Page, visit: Inspection) -> None:
    kept_photos(phone, 1)
    phone.evaluate(
        """async () => {
            const cache = await caches.open("kcl-anh");
            for (let n = 1; n <= 203; n += 1) {
                const headers = { "KCL-Bytes": n === 150 ? String(61 * 1024 * 1024) : "1", "KCL-User": "0" };
                await cache.put(`/kiem-tra/99999/anh/${n}/?co=nho`, new Response("x", { headers }));
            }
        }"""
    )
    phone.evaluate("(url) => fetch(url).then((one) => one.blob())", small(visit, theirs))

    kept = kept_photos(phone, 54)
    assert kept[-1] == small(visit, theirs)
    assert kept[0] == "/kiem-tra/99999/anh/151/?co=nho"


def _left(page: Page) -> dict[str, Any]:
    """What the device still holds: kept pages, photos of others, visits with how much of each record is known."""
    left: dict[str, Any] = page.evaluate(
        """async () => ({
            pages: (await (await caches.open("kcl-trang")).keys()).length,
            photos: (await (await caches.open("kcl-anh")).keys()).length,
            visits: await new Promise((resolve) => {
                indexedDB.open("kcl-kiem-tra").onsuccess = ({ target: { result: db } }) => {
                    const ask = db.transaction("visits").objectStore("visits").getAll();
                    ask.onsuccess = () => {
                        resolve(ask.result.map((one) => Object.keys(one.values).length));
                        db.close();
                    };
                };
            }),
        })"""
    )
    return left


@pytest.mark.parametrize("unsent", [False, True])
def test_who_is_off_the_team_loses_the_copy_at_the_next_contact(
    theirs: Photo,
    phone: Page,
    visit: Inspection,
    first: Finding,
    lead: User,
    context: BrowserContext,
    watch: Watch,
    unsent: bool,
) -> None:
    watch.allow(OFFLINE)
    watch.allow("status of 403")
    kept_photos(phone, 1)
    phone.goto(address(visit, item_of(first)))
    all_sent(phone)
    before = _left(phone)
    assert (before["pages"], before["photos"], len(before["visits"])) == (1, 1, 1)
    assert before["visits"][0] > 3
    if unsent:
        context.set_offline(True)
        phone.get_by_label("Nhận xét").locator("visible=true").fill("Chưa kịp gửi")
        saved_here(phone)
    visit.members.filter(user=lead).update(removed_at=timezone.now(), removed_by=lead)
    if unsent:
        context.set_offline(False)  # the page itself meets the server
        expect(phone.locator("#loi-gui")).to_contain_text("không còn trong tổ")
    else:
        phone.goto(reverse("visits:list"))  # another page of the program does

    wanted = {"pages": 0, "photos": 0, "visits": [0] if unsent else []}
    for _ in range(100):
        if (left := _left(phone)) == wanted:
            break
        phone.wait_for_timeout(100)
    assert left == wanted
    if unsent:
        phone.goto(address(visit))
        phone.reload()
        expect(phone.locator("#dang-giu")).to_contain_text("Chưa kịp gửi")


# --- a full disk ------------------------------------------------------------------------------------------


@pytest.fixture
def quota(page: Page, live_server: LiveServer) -> Callable[[int], None]:
    """Sets how much the browser lets the site keep, in bytes; 20 MB to begin with.

    Chromium asks for a quota anew only where the room that it found at the last look is used up.
    """
    devtools = page.context.new_cdp_session(page)

    def allow(size: int) -> None:
        order = {"origin": live_server.url, "quotaSize": size}
        devtools.send("Storage.overrideQuotaForOrigin", order)

    allow(20_000_000)
    return allow


@contextmanager
def full_disk(page: Page, quota: Callable[[int], None]) -> Iterator[None]:
    """Take all the room that is left, with bytes of nobody's; it is there again afterwards."""
    page.evaluate(
        """async () => {
            const made = (ask) => new Promise((resolve) => (ask.onsuccess = () => resolve(ask.result)));
            const ask = indexedDB.open("day");
            ask.onupgradeneeded = () => ask.result.createObjectStore("day", { autoIncrement: true });
            const db = await made(ask);
            for (let size = 8 * 1024 * 1024; size > 64; ) {
                const bytes = new Uint8Array(size);
                for (let at = 0; at < size; at += 65536) crypto.getRandomValues(bytes.subarray(at, at + 65536));
                const isKept = await new Promise((resolve) => {
                    const tx = db.transaction("day", "readwrite", { durability: "strict" });
                    tx.oncomplete = () => resolve(true);
                    tx.onabort = () => resolve(false);
                    tx.objectStore("day").add(bytes);
                });
                if (!isKept) size /= 2;
            }
            db.close();
        }"""
    )
    quota(1)
    yield
    quota(400_000_000)


def test_a_full_disk_is_told_at_the_field_and_what_was_typed_is_saved_once_there_is_room(
    quota: Callable[[int], None], phone: Page, visit: Inspection, first: Finding
) -> None:
    phone.goto(address(visit, item_of(first)))
    all_sent(phone)
    item = phone.locator(f"#{item_of(first)}")
    with full_disk(phone, quota):
        item.get_by_label("Nhận xét").fill("Ghi khi máy hết chỗ")
        note = item.locator("[data-note=unkept]")
        expect(note).to_contain_text("Máy này hết chỗ nên ô này chưa lưu được.")
        expect(phone.locator("#da-luu")).to_contain_text("Chưa lưu được trên máy này")
        expect(phone.locator("#chua-gui-dem")).to_have_text("1 mục chưa lưu")
        item.get_by_label("Nhận xét").fill("Ghi khi máy hết chỗ, rồi sửa")
        phone.wait_for_timeout(4000)  # longer than the time until the next try
        expect(note).to_be_visible()
        expect(phone.locator("#da-luu")).to_contain_text("Chưa lưu được trên máy này")
        expect(item.get_by_label("Nhận xét")).to_have_value("Ghi khi máy hết chỗ, rồi sửa")
        assert_axe_clean(phone)
        keep_picture(phone, "visit-full-disk-360")
        assert not Entry.objects.exists()

    expect(note).to_have_count(0)
    saved_here(phone)
    all_sent(phone)
    assert [one.value for one in Entry.objects.all()] == ["Ghi khi máy hết chỗ, rồi sửa"]


def test_a_photo_that_finds_no_room_is_told_and_saved_once_there_is(
    quota: Callable[[int], None], phone: Page, visit: Inspection, first: Finding
) -> None:
    phone.goto(address(visit, item_of(first)))
    all_sent(phone)
    item = phone.locator(f"#{item_of(first)}")
    picture = jpeg((400, 300))
    files: list[FilePayload] = [
        {"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": picture} for n in range(3)
    ]
    files[0]["buffer"] = b"no picture"
    with full_disk(phone, quota):
        item.locator("input[data-photo][multiple]").set_input_files(files)
        figure = item.locator("figure")
        expect(figure).to_contain_text("Máy này hết chỗ nên chưa lưu được.")
        expect(item.locator("[data-photo-status]")).to_contain_text("không đọc được 1 trong 3 ảnh")
        expect(item.locator("[data-photo-status]")).to_contain_text("Còn 1 ảnh chưa lấy")
        expect(phone.locator("#da-luu")).to_contain_text("Chưa lưu được trên máy này")
        expect(phone.locator("#chua-gui-dem")).to_have_text("1 mục chưa lưu")
        item.get_by_label("Chú thích ảnh").fill("Kệ mới")
        item.get_by_label("Chú thích ảnh").press("Tab")
        assert_axe_clean(phone)
        assert not Photo.objects.exists()

    expect(figure).to_contain_text("đã gửi")
    saved_here(phone)
    all_sent(phone)
    assert [one.caption for one in Photo.objects.all()] == ["Kệ mới"]


# --- many large photos ------------------------------------------------------------------------------------


def heavy_photos(folder: Path, count: int) -> list[Path]:
    """Photos as a good camera makes them, about 12 MB each, with the place in them; alike but for a comment."""
    exif = Image.Exif()
    exif[0x010F] = "Máy của ai đó"
    exif.get_ifd(0x8825)[1] = "N"
    noise = Image.effect_noise((4000, 3000), 90)
    out = io.BytesIO()
    Image.merge("RGB", [noise] * 3).save(out, "JPEG", exif=exif, quality=94)
    made = []
    for number in range(count):
        comment = f"anh {number:02}".encode()
        head = b"\xff\xd8\xff\xfe" + (len(comment) + 2).to_bytes(2, "big") + comment
        made.append(folder / f"IMG_{number:02}.jpg")
        made[-1].write_bytes(head + out.getvalue()[2:])
    return made


@pytest.mark.slow
def test_forty_photos_of_twelve_megabytes_arrive_once_and_the_page_stays_usable(
    phone: Page,
    visit: Inspection,
    first: Finding,
    context: BrowserContext,
    watch: Watch,
    tmp_path: Path,
) -> None:
    watch.allow(OFFLINE)
    files = heavy_photos(tmp_path, 40)
    weight = files[0].stat().st_size
    assert 11_000_000 < weight < 14_000_000
    phone.goto(address(visit, item_of(first)))
    all_sent(phone)
    context.set_offline(True)
    item = phone.locator(f"#{item_of(first)}")
    status = item.locator("[data-photo-status]")
    item.locator("input[data-photo][capture]").set_input_files(files[0])
    expect(item.locator("figure")).to_have_count(1, timeout=30_000)
    item.locator("input[data-photo][multiple]").set_input_files(files[1:])

    # Some are done already; which, depends on when one looks.
    under_way = re.compile(r"Đang thu nhỏ ảnh và xóa vị trí khỏi ảnh… \(\d+ trên 39\)")
    expect(status).to_contain_text(under_way, timeout=30_000)
    expect(item.locator("figure").nth(2)).to_be_attached(timeout=30_000)
    item.get_by_label("Nhận xét").fill("Ghi trong khi ảnh còn đang thu nhỏ")
    saved_here(phone)
    expect(status).to_contain_text("trên 39")
    expect(item.locator("figure")).to_have_count(40, timeout=180_000)
    expect(status).to_have_text("")
    saved_here(phone)
    expect(phone.locator("#chua-gui-dem")).to_have_text("41 mục chưa gửi")
    assert_no_sideways_scroll(phone)
    assert not Photo.objects.exists()

    context.set_offline(False)
    expect(phone.locator("#chua-gui-dem")).to_have_text("Đã gửi hết", timeout=180_000)
    photos = list(Photo.objects.select_related("file").order_by("taken_at", "pk"))
    assert (len(photos), len({one.client_id for one in photos})) == (40, 40)
    for one in photos:
        image = Image.open(io.BytesIO(bytes(one.file.content)))
        assert (image.size, image.format, dict(image.getexif())) == ((2000, 1500), "JPEG", {})
        assert "comment" not in image.info
        assert len(one.file.content) < weight / 3
    first.refresh_from_db()
    assert first.seen == "Ghi trong khi ảnh còn đang thu nhỏ"
