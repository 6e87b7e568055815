"""An inspection from its campaign to next year's plan: a team of three, two of them on telephones that write into one
field while one is without a network; all of them and the head of the school sign.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from plans.accounts.models import User
from plans.followups.models import FollowUp
from plans.followups.states import FollowUpState
from plans.inspections.enums import Outcome
from plans.inspections.models import Entry, Finding, Inspection, InspectionCampaign
from plans.inspections.states import InspectionState
from plans.issuing.enums import FileRole
from plans.minutes.files import current_pdf
from plans.minutes.models import Paper
from plans.planning.models import Plan
from plans.schools.models import ManagingBody, School
from plans.signing.trust import TrustStore
from plans.signing.verify import verify
from tests.browser.harness import (
    Watch,
    assert_axe_clean,
    assert_no_sideways_scroll,
    keep_picture,
    sign_in,
)
from tests.browser.test_from_last_year import Hand, begin
from tests.browser.test_visit import address, all_sent, go, item_of, jpeg, saved_here
from tests.factories import minutes, pki
from tests.factories.signing import trust_folder

PASSWORD = "mat-khau"
PHONE = {"width": 360, "height": 800}
DESK = {"width": 1280, "height": 900}
OFFLINE = "ERR_INTERNET_DISCONNECTED"
# The team by user name, who leads it first; those with a telephone write the record.
TEAM = {"chuyenvien": "Tổ trưởng", "hieutruong": "Thành viên", "lanhdao": "Thành viên"}
ON_PHONES = ("chuyenvien", "hieutruong")
HEAD = "hieutruong3"

SEEN = "Sân tập đã kẻ vạch; mái che chưa lắp."
OTHERS = "Sân tập đã kẻ vạch, chưa có mái che."
SETTLED = "Sân tập đã kẻ vạch; mái che mới có khung."
ELSEWHERE = "Chiến lược phát triển đã được đánh giá, có biên bản họp."
FIRST = "Lắp xong mái che trước mùa mưa."
SECOND = "Trồng thêm cây bóng mát ở sân sau."

At = Callable[[str], Page]


@pytest.fixture
def school(demo: None, web_fonts: None, settings: Any, tmp_path: Path) -> School:
    """The primary school of the demo, whose plan of 2025-2026 is finished."""
    (tmp_path / "trust").mkdir()
    settings.KCL_TRUST_DIR = trust_folder(tmp_path / "trust", pki.root())
    return School.objects.get(symbol="THBM")


@pytest.fixture
def at(browser: Browser, live_server: LiveServer, watch: Watch) -> Iterator[At]:
    """A page for each person, by user name; who writes the record has a telephone."""
    pages: dict[str, Page] = {}
    with ExitStack() as stack:

        def page_of(name: str) -> Page:
            if name not in pages:
                size = PHONE if name in ON_PHONES else DESK
                context = browser.new_context(
                    base_url=live_server.url,
                    locale="vi-VN",
                    viewport=size,
                    reduced_motion="reduce",
                )
                stack.callback(context.close)
                context.set_default_timeout(15_000)
                watch.follow(context)
                pages[name] = context.new_page()
                sign_in(pages[name], User.objects.get(username=name), live_server.url)
            return pages[name]

        yield page_of
    assert not watch.left(), "\n".join(watch.left())


def test_from_a_campaign_to_next_years_plan(school: School, at: At, watch: Watch) -> None:
    watch.allow(OFFLINE)
    visit = plan_campaign(at("lanhdao"), school)
    open_record(at("chuyenvien"), visit)
    record_offline(at("chuyenvien"), visit)
    write_beside(at("hieutruong"), visit)
    settle(at("chuyenvien"), visit)
    see_settled(at("hieutruong"), visit)
    leave(at("chuyenvien"), visit)
    answer(at(HEAD), visit)
    paper = decide_and_make_minutes(at("chuyenvien"), visit)
    for name in ("chuyenvien", HEAD, "hieutruong", "lanhdao"):
        assert_not_over(visit)
        sign(at(name), paper)
    assert_signed_by_all(paper, visit)
    verify_first(at, school)
    begin_next_year(at(HEAD), school)


# --- what each of them does -------------------------------------------------------------------------------


def plan_campaign(page: Page, school: School) -> Inspection:
    """A campaign of today with three people and one school, begun; the visit is planned for this hour."""
    today = timezone.localdate()
    body = ManagingBody.objects.get(name__startswith="Phòng Văn hóa - Xã hội xã An Phú")
    page.goto(f"/kiem-tra/dot/co-quan/{body.pk}/moi/")
    page.get_by_label("Tên đợt").fill("Kiểm tra việc làm dở của năm học 2025-2026")
    page.get_by_label("Năm học").select_option(label="2025-2026")
    page.get_by_label("Từ ngày").fill(f"{today:%d/%m/%Y}")
    page.get_by_label("Đến ngày").fill(f"{today:%d/%m/%Y}")
    page.get_by_label("Số quyết định thành lập tổ").fill("41/QĐ-UBND")
    page.get_by_role("button", name="Lập đợt").click()
    for name, role in TEAM.items():
        page.get_by_role("radio", name=full_name(name)).check()
        page.locator("main").get_by_label("Vai trò trong tổ").first.select_option(label=role)
        page.get_by_role("button", name="Thêm người được chọn").click()
    look(page, "members")
    page.get_by_role("link", name="Xong thành viên, sang chọn trường").click()
    page.get_by_label(str(school)).check()
    page.get_by_role("button", name="Thêm các trường đã đánh dấu").click()
    page.get_by_role("link", name="Xong, sang xếp lịch").click()
    page.get_by_role("link", name=f"Chọn ngày cho {school}").click()
    page.get_by_label("Ngày kiểm tra").fill(f"{today:%d/%m/%Y}")
    for name in TEAM:
        page.get_by_role("checkbox", name=full_name(name)).check()
    page.get_by_role("button", name="Lên lịch").click()
    expect(page.get_by_role("link", name=str(school)).first).to_be_visible()
    look(page, "calendar")
    campaign = InspectionCampaign.objects.latest("pk")
    page.goto(f"/kiem-tra/dot/{campaign.pk}/")
    page.get_by_role("button", name="Bắt đầu đợt kiểm tra").click()
    expect(page.get_by_role("button", name="Kết thúc đợt này")).to_be_visible()
    look(page, "campaign")
    visit = campaign.inspections.get()
    assert (visit.school, visit.state) == (school, InspectionState.PLANNED)
    assert [one.user.username for one in visit.team if one.user] == list(TEAM)
    return visit


def full_name(name: str) -> str:
    return User.objects.get(username=name).full_name


def open_record(page: Page, visit: Inspection) -> None:
    """Open the record while there is a network, so that the telephone keeps it."""
    page.goto(f"/kiem-tra/{visit.pk}/")
    look(page, "visit")
    page.get_by_role("link", name="Mở biên bản").click()
    page.get_by_role("button", name="Mở biên bản").click()
    expect(page.locator("#ghi")).to_be_visible()
    go(page, visit)


def finding_of(visit: Inspection, criterion: str) -> Finding:
    return visit.findings.get(kind="action", criterion__number=criterion)


def item_on(page: Page, finding: Finding) -> Locator:
    return page.locator(f"#{item_of(finding)}")


def record_offline(page: Page, visit: Inspection) -> None:
    """Lose the network, write a finding with two recommendations and a photo, find it again after a reload."""
    finding = finding_of(visit, "3.1")
    page.context.set_offline(True)
    page.reload()
    page.locator(f'a[href="#{item_of(finding)}"]').click()
    item = item_on(page, finding)
    item.get_by_label("Đang thực hiện").check()
    item.get_by_label("Nhận xét").fill(SEEN)
    for number, (words, due) in enumerate([(FIRST, "30/12/2026"), (SECOND, "hết tháng 3/2027")]):
        item.get_by_role("button", name="Thêm kiến nghị").click()
        item.get_by_label("Nhà trường cần làm gì").nth(number).fill(words)
        item.get_by_label("Người thực hiện").nth(number).fill("Trịnh Xuân Phong")
        item.get_by_label("Hạn hoàn thành").nth(number).fill(due)
    saved_here(page)
    photo = FilePayload(name="san.jpg", mimeType="image/jpeg", buffer=jpeg((1600, 1200)))
    item.locator("input[data-photo]").first.set_input_files(files=[photo])
    expect(item.locator("[data-photos] figure")).to_have_count(1)
    expect(page.locator("#chua-gui-dem")).to_contain_text("chưa gửi")
    look(page, "offline")
    finding.refresh_from_db()
    assert (finding.seen, finding.photos.count()) == ("", 0)
    page.reload()
    expect(item.get_by_label("Nhận xét")).to_have_value(SEEN)


def write_beside(page: Page, visit: Inspection) -> None:
    """The head of another school writes at the same time, with a network: elsewhere, and into the same field."""
    same, other = finding_of(visit, "3.1"), finding_of(visit, "1.1")
    go(page, visit, item_of(other))
    item_on(page, other).get_by_label("Đã thực hiện").check()
    item_on(page, other).get_by_label("Nhận xét").fill(ELSEWHERE)
    page.goto(address(visit, item_of(same)))
    item_on(page, same).get_by_label("Nhận xét").fill(OTHERS)
    all_sent(page)
    same.refresh_from_db()
    assert (same.verdict, same.seen) == ("", OTHERS)


def settle(page: Page, visit: Inspection) -> None:
    """Back online everything arrives; of the field that both wrote both words are shown, and one text is made of them."""
    finding = finding_of(visit, "3.1")
    page.context.set_offline(False)
    box = item_on(page, finding).locator("[data-note=conflict]")
    expect(box).to_contain_text(SEEN)
    expect(box).to_contain_text(OTHERS)
    look(page, "conflict")
    box.get_by_role("button", name="Sửa lại").click()
    box.get_by_label("Bản sửa lại từ hai bản trên").fill(SETTLED)
    box.get_by_role("button", name="Giữ bản sửa lại").click()
    expect(box).to_have_count(0)
    all_sent(page)
    finding.refresh_from_db()
    assert (finding.verdict, finding.seen) == ("doing", SETTLED)
    assert finding.photos.count() == 1
    assert list(finding.recommendations.values_list("body", flat=True)) == [FIRST, SECOND]
    quarrels = Entry.objects.filter(inspection=visit, outcome=Outcome.CONFLICT)
    assert [(one.field, one.settled_at is None) for one in quarrels] == [("seen", False)]


def see_settled(page: Page, visit: Inspection) -> None:
    """The other telephone shows what was settled, and the first one's record holds the other's words."""
    page.reload()
    shown = item_on(page, finding_of(visit, "3.1")).get_by_label("Nhận xét")
    expect(shown).to_have_value(SETTLED)
    assert (finding_of(visit, "1.1").verdict, finding_of(visit, "1.1").seen) == ("done", ELSEWHERE)


def leave(page: Page, visit: Inspection) -> None:
    page.goto(f"/kiem-tra/{visit.pk}/")
    page.get_by_role("link", name="Kết thúc kiểm tra tại trường").click()
    look(page, "conclude")
    page.get_by_role("button", name="Kết thúc kiểm tra tại trường").click()
    visit.refresh_from_db()
    assert visit.state == InspectionState.CONCLUDED


def answer(page: Page, visit: Inspection) -> None:
    page.goto("/")
    look(page, "school-home")
    page.goto(f"/kiem-tra/{visit.pk}/phan-hoi/")
    page.get_by_role("link", name=re.compile(r"^Phản hồi\s*: Tiêu chí 3\.1")).click()
    page.get_by_label("Phản hồi của nhà trường").fill("Mái che đã ký hợp đồng, lắp trong tuần tới.")
    page.get_by_label("Tệp kèm theo").set_input_files(
        files=[FilePayload(name="hop-dong.jpg", mimeType="image/jpeg", buffer=jpeg((300, 200)))]
    )
    page.get_by_role("button", name="Lưu phản hồi").click()
    look(page, "replies")
    page.get_by_role("link", name="Gửi phản hồi").click()
    page.get_by_role("button", name="Gửi phản hồi").click()
    visit.refresh_from_db()
    assert visit.replied_by == User.objects.get(username=HEAD)


def decide_and_make_minutes(page: Page, visit: Inspection) -> Paper:
    page.goto(f"/kiem-tra/{visit.pk}/phan-hoi/")
    page.get_by_role("link", name=re.compile(r"^Quyết định\s*: Tiêu chí 3\.1")).click()
    page.get_by_label("Sửa nhận xét").check()
    page.get_by_label("Nhận xét sau khi sửa").fill("Sân tập đã kẻ vạch; mái che đã ký hợp đồng.")
    look(page, "decide")
    page.get_by_role("button", name="Ghi quyết định").click()
    page.goto(f"/kiem-tra/{visit.pk}/bien-ban/lap/")
    look(page, "make-minutes")
    page.get_by_role("button", name="Lập biên bản").click()
    expect(page.get_by_role("heading", name="Chữ ký của hai bên")).to_be_visible()
    look(page, "paper")
    paper = visit.papers.get(kind="minutes")
    assert FollowUp.objects.filter(inspection=visit).count() == 2
    return paper


def sign(page: Page, paper: Paper) -> None:
    """Sign with a key file made out to whoever is at the page."""
    page.goto(f"/kiem-tra/giay-to/{paper.pk}/")
    page.get_by_role("link", name="Ký số biên bản").click()
    name = page.get_by_role("heading", name=re.compile("Ký ở ô ghi tên")).inner_text()
    person = User.objects.get(full_name=name.partition("ô ghi tên ")[2].strip())
    way = page.locator("#cach-key_file")
    key = minutes.certificate_of(person).p12(PASSWORD)
    way.get_by_label("Tệp khóa (.p12").set_input_files(
        files=[FilePayload(name="khoa.p12", mimeType="application/x-pkcs12", buffer=key)]
    )
    way.get_by_label("Mật khẩu của tệp khóa").fill(PASSWORD)
    look(page, f"sign-{person.username}")
    way.get_by_role("button", name="Ký bằng tệp khóa").click()
    expect(page.get_by_role("status").first).to_be_visible()


def assert_not_over(visit: Inspection) -> None:
    visit.refresh_from_db()
    assert visit.state == InspectionState.MINUTED


def assert_signed_by_all(paper: Paper, visit: Inspection) -> None:
    """The head and the whole team have signed, every signature holds, and with the last one the visit is over."""
    file = current_pdf(paper)
    content = bytes(file.file.content)
    with ThreadPoolExecutor(1) as pool:  # Playwright runs an event loop in this thread
        trust = TrustStore.of([pki.root().certificate])
        report = pool.submit(verify, content, trust=trust, at=timezone.now()).result()
    visit.refresh_from_db()

    assert file.role == FileRole.SIGNED
    assert report.valid, report.words
    signed = [(one.signer, one.field) for one in report.signatures]
    assert signed == [
        ("Phan Thế Tùng Bách", "ToKiemTra1"),
        ("Hoàng Thị Hải Đường", "NhaTruong1"),
        ("Lê Thị Mẫu Đơn", "ToKiemTra2"),
        ("Huỳnh Thị Mộc Lan", "ToKiemTra3"),
    ]
    assert visit.state == InspectionState.DONE


def verify_first(at: At, school: School) -> None:
    """The school reports the first item as done, with proof; somebody of the office sees that it is."""
    item = FollowUp.objects.get(body=FIRST)
    page = at(HEAD)
    page.goto(f"/kien-nghi/{item.pk}/")
    form = page.locator("form.kcl-move").filter(has=page.get_by_role("heading", name="Báo đã làm"))
    form.get_by_role("textbox").fill("Đã lắp mái che, nghiệm thu ngày hôm qua.")
    proof = FilePayload(name="mai-che.jpg", mimeType="image/jpeg", buffer=jpeg((300, 200)))
    form.locator("input[type=file]").set_input_files(files=[proof])
    look(page, "follow-up")
    form.get_by_role("button", name="Báo đã làm xong").click()
    expect(page.get_by_text("Đã báo làm xong").first).to_be_visible()

    page = at("lanhdao")
    page.goto("/")
    look(page, "office-home")
    page.goto("/kien-nghi/tong-hop/?nam=2025")
    look(page, "office-view")
    page.goto(f"/kien-nghi/{item.pk}/")
    page.get_by_role("button", name="Xác nhận đã hoàn thành").click()
    item.refresh_from_db()
    assert item.state == FollowUpState.VERIFIED
    assert item.verified_by != item.reported_by


def begin_next_year(page: Page, school: School) -> None:
    """The head begins next year's plan from last year's; what is still open goes along as one row more."""
    page.goto("/")
    look(page, "school-home-after")
    hand = Hand(page)
    begin(hand)
    look(page, "next-year")
    plan = Plan.objects.get(school=school, school_year__start_year=2026)
    item = FollowUp.objects.get(body=SECOND)
    row = item.carried_to
    assert row is not None
    assert (row.plan, row.lead, SECOND in row.measures) == (plan, "Trịnh Xuân Phong", True)
    assert item.state == FollowUpState.OPEN
    assert FollowUp.objects.get(body=FIRST).carried_to is None
    page.goto(f"/ke-hoach/{plan.pk}/muc/actions/")
    expect(page.locator("main")).to_contain_text(SECOND)
    look(page, "carried")


def look(page: Page, name: str) -> None:
    """axe and the eye: at both widths at a desk, at its own on the telephone, whose page may be open and typed in."""
    widths = (360,) if page.viewport_size == PHONE else (360, 1280)
    for width in widths:
        if len(widths) > 1:
            page.set_viewport_size({"width": width, "height": 900})
        assert_axe_clean(page)
        assert_no_sideways_scroll(page)
        keep_picture(page, f"visit-{name}-{width}")
