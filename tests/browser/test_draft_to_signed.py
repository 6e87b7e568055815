"""From draft to a signed document: council, issue, both signatures, the office, its return, a revision.

Six people at six browsers; keys of an authority of the test's own, which the program is told to trust.
"""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.issuing.enums import DocumentState, FileRole, SignatureRole
from plans.issuing.files import current_pdf
from plans.issuing.models import IssuedDocument
from plans.notices.models import Notice
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.signing.fields import SIGNER_FIELD
from plans.signing.trust import TrustStore
from plans.signing.verify import verify
from tests.browser.harness import (
    Watch,
    assert_axe_clean,
    assert_no_sideways_scroll,
    screenshot,
    sign_in,
)
from tests.factories import accounts, pki
from tests.factories.signing import trust_folder
from tests.plans.signing import making

PASSWORD = "mat-khau"

At = Callable[[str], Page]


@pytest.fixture
def plan(demo: None, web_fonts: None, settings: Any, tmp_path: Path) -> Plan:
    """The kindergarten's draft, in which no rule finds an error; the office works here, and so does a council."""
    (tmp_path / "trust").mkdir()
    settings.KCL_TRUST_DIR = trust_folder(tmp_path / "trust", pki.root())
    found = Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)
    accounts.membership(
        accounts.user(username="uyvien", full_name="Trần Thị Thử"),
        school=found.school,
        role=Role.COUNCIL_MEMBER,
    )
    return found


@pytest.fixture
def at(browser: Browser, live_server: LiveServer, watch: Watch) -> Iterator[At]:
    """A page for each person, by user name; the same page when asked again."""
    pages: dict[str, Page] = {}
    with ExitStack() as stack:

        def page_of(name: str) -> Page:
            if name not in pages:
                context = browser.new_context(base_url=live_server.url, locale="vi-VN")
                stack.callback(context.close)
                context.set_default_timeout(10_000)
                watch.follow(context)
                pages[name] = context.new_page()
                sign_in(pages[name], User.objects.get(username=name), live_server.url)
            return pages[name]

        yield page_of
    assert not watch.left(), "\n".join(watch.left())


def test_from_draft_to_a_revision_that_supersedes(plan: Plan, at: At) -> None:
    finish(at("thuky"), plan)
    agree(at("uyvien"), plan)
    first = issue(at("hieutruong"), plan)
    sign(at("hieutruong"), first, pki.principal(), "signer")
    sign(at("vanthu"), first, pki.school(), "seal")
    assert_wholly_signed(first)
    send(at("vanthu"), plan)
    receive(at("chuyenvien"), plan)
    give_back(at("chuyenvien"), plan)
    answer_and_revise(at("hieutruong"), plan)
    second = issue_again(at, plan)

    first.refresh_from_db()
    assert (first.state, second.replaces) == (DocumentState.REPLACED, first)
    assert current_pdf(first).role == FileRole.SIGNED
    look_up_the_old_one(at("chuyenvien"), first, second)
    told = dict(Notice.objects.filter(person__username="hieutruong").values_list("kind", "text"))
    assert {"council", "received", "returned"} <= told.keys()


def test_a_file_signed_by_another_program_is_taken_and_a_tampered_one_is_not(
    plan: Plan, at: At, watch: Watch, tmp_path: Path
) -> None:
    watch.allow("status of 422")  # the tampered file
    finish(at("thuky"), plan)
    document = issue(at("hieutruong"), plan)
    page = at("hieutruong")
    page.goto(f"/van-ban/{document.pk}/ky/")
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Tải bản hiện tại")).click()
    page.set_default_timeout(10_000)
    taken = Path(download.value.path()).read_bytes()
    assert taken == bytes(current_pdf(document).file.content)
    signed = making.Nss(tmp_path, pki.principal()).sign(taken, pki.principal(), SIGNER_FIELD)

    upload_signed(page, signed + b"\n%them")
    expect(page.get_by_role("alert")).to_be_visible()
    assert not document.signatures.exists()
    upload_signed(page, signed)

    expect(page.get_by_text("Đã ký", exact=True)).to_be_visible()
    assert document.signatures.get().role == SignatureRole.SIGNER
    assert bytes(current_pdf(document).file.content) == signed


# --- what each of them does -------------------------------------------------------------------------------


def finish(page: Page, plan: Plan) -> None:
    page.goto(f"/ke-hoach/{plan.pk}/kiem-tra/")
    page.get_by_role("button", name="Soạn xong").click()
    expect(page.get_by_text("Kế hoạch đã soạn xong.").first).to_be_visible()


def agree(page: Page, plan: Plan) -> None:
    page.goto(f"/ke-hoach/{plan.pk}/trinh-gui/")
    page.get_by_label("Ý kiến của thầy cô").select_option("yes")
    page.get_by_role("button", name="Ghi ý kiến").click()
    expect(page.get_by_text("đồng ý ban hành").first).to_be_visible()
    look(page, "council")


def issue(page: Page, plan: Plan) -> IssuedDocument:
    page.goto(f"/ke-hoach/{plan.pk}/trinh-gui/")
    page.get_by_role("link", name="Ban hành kế hoạch").click()
    look(page, "issue")
    page.get_by_role("button", name="Ban hành", exact=True).click()
    expect(page.get_by_text("Đã ban hành văn bản số")).to_be_visible()
    look(page, "documents")
    return plan.documents.in_force().get()


def sign(page: Page, document: IssuedDocument, key: pki.Identity, whose: str) -> None:
    page.goto(f"/van-ban/{document.pk}/ky/")
    look(page, f"sign-{whose}")
    way = page.locator("#cach-key_file")
    way.get_by_label("Tệp khóa (.p12").set_input_files(
        [FilePayload(name="khoa.p12", mimeType="application/x-pkcs12", buffer=key.p12(PASSWORD))]
    )
    way.get_by_label("Mật khẩu của tệp khóa").fill(PASSWORD)
    way.get_by_role("button", name="Ký bằng tệp khóa").click()
    expect(page.get_by_text(key_name(key)).first).to_be_visible()


def key_name(key: pki.Identity) -> re.Pattern[str]:
    return re.compile(
        re.escape(key.certificate.subject.rfc4514_string().split(",")[0].removeprefix("CN="))
    )


def assert_wholly_signed(document: IssuedDocument) -> None:
    content = bytes(current_pdf(document).file.content)
    original = bytes(document.files.get(role=FileRole.PDF).file.content)

    # Playwright runs an event loop in this thread, and judging a signature wants one of its own.
    with ThreadPoolExecutor(1) as thread:
        trust = TrustStore.of([pki.root().certificate])
        report = thread.submit(verify, content, trust=trust).result()

    assert report.valid, [(one.signer, one.words) for one in report.signatures]
    assert [one.signer for one in report.signatures] == [
        "Lê Thị Mẫu Đơn",
        "Trường Mầm non Hoa Sen Mẫu",
    ]
    assert content.startswith(original)


def send(page: Page, plan: Plan) -> None:
    page.goto(f"/ke-hoach/{plan.pk}/trinh-gui/")
    page.get_by_role("button", name="Gửi cơ quan quản lý").click()
    plan.refresh_from_db()
    assert plan.state == PlanState.SENT
    look(page, "sent")


def receive(page: Page, plan: Plan) -> None:
    page.goto("/thong-bao/")
    page.get_by_role("link", name=re.compile("gửi kế hoạch năm học 2025-2026")).first.click()
    page.get_by_role("button", name="Tiếp nhận", exact=True).click()
    plan.refresh_from_db()
    assert plan.state == PlanState.RECEIVED


def give_back(page: Page, plan: Plan) -> None:
    page.goto(f"/ke-hoach/{plan.pk}/lan-gui/1/")
    place = page.locator("#viec-" + str(plan.actions.kept().earliest("pk").pk))
    remark(place, "Đề nghị ghi rõ nguồn kinh phí của việc này.")
    look(page, "submission")
    page.get_by_label("Lý do").fill("Một số việc chưa rõ nguồn kinh phí.")
    page.get_by_role("button", name="Trả lại", exact=True).click()
    plan.refresh_from_db()
    assert plan.state == PlanState.RETURNED


def remark(place: Locator, words: str) -> None:
    place.locator("summary").click()
    place.get_by_label("Ý kiến").fill(words)
    place.get_by_role("button", name="Ghi ý kiến").click()
    expect(place.get_by_text(words)).to_be_visible()


def answer_and_revise(page: Page, plan: Plan) -> None:
    page.goto(f"/ke-hoach/{plan.pk}/trinh-gui/")
    expect(page.get_by_text("Đề nghị ghi rõ nguồn kinh phí của việc này.")).to_be_visible()
    look(page, "returned")
    page.get_by_label("Trả lời của trường").fill("Đã ghi nguồn ngân sách nhà nước.")
    page.get_by_role("button", name="Lưu câu trả lời").click()
    page.get_by_label("Lý do").first.fill("Sửa theo ý kiến của cơ quan quản lý.")
    page.get_by_role("button", name="Sửa đổi, ban hành lại").click()
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT


def issue_again(at: At, plan: Plan) -> IssuedDocument:
    finish(at("thuky"), plan)
    return issue(at("hieutruong"), plan)


def look_up_the_old_one(page: Page, old: IssuedDocument, new: IssuedDocument) -> None:
    page.goto("/tra-cuu/")
    page.get_by_label("Mã tra cứu").fill(old.shown_code)
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("thay thế"))
    look(page, "replaced")
    page.locator(f'main a[href="/tra-cuu/{new.code}/"]').first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Văn bản đang có hiệu lực")


def upload_signed(page: Page, content: bytes) -> None:
    way = page.locator("#cach-outside")
    way.get_by_label("Tệp PDF đã ký").set_input_files(
        [FilePayload(name="da-ky.pdf", mimeType="application/pdf", buffer=content)]
    )
    way.get_by_role("button", name="Tải tệp đã ký lên").click()


def look(page: Page, name: str) -> None:
    """axe and the eye, at the width of a telephone and of an office screen."""
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        assert_axe_clean(page)
        assert_no_sideways_scroll(page)
        screenshot(page, f"signed-{name}", width)
