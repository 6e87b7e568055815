"""The public check in a real browser: by code, and by a file that never leaves the machine."""

import pytest
from playwright.sync_api import Page, Request, expect
from pytest_django.live_server_helper import LiveServer

from plans.issuing.enums import FileRole
from plans.issuing.models import IssuedDocument
from plans.planning.models import Plan
from tests.browser.harness import assert_axe_clean, assert_no_sideways_scroll
from tests.factories import issuing


@pytest.fixture
def document(demo: None) -> IssuedDocument:
    """An issued document of the kindergarten."""
    plan = Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)
    return issuing.issued_document(plan)


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_paper_is_checked_by_code_and_by_file(
    document: IssuedDocument, page: Page, live_server: LiveServer, width: int
) -> None:
    content = bytes(document.files.get(role=FileRole.PDF).file.content)
    sent: list[Request] = []
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/tra-cuu/")
    assert_axe_clean(page)
    page.get_by_label("Mã tra cứu").fill(document.shown_code.lower())
    page.get_by_role("button", name="Tra cứu").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Văn bản đang có hiệu lực")
    assert_axe_clean(page)
    assert_no_sideways_scroll(page)

    page.on("request", lambda request: sent.append(request) if request.method == "POST" else None)
    for bytes_of_file, words in [
        (content, "Đúng là bản đã phát hành (bản PDF chưa ký)."),
        (content + b" ", "Không phải: tệp này khác"),
    ]:
        file = {"name": "a.pdf", "mimeType": "application/pdf", "buffer": bytes_of_file}
        page.get_by_label("Tệp PDF, Word hoặc bảng tính").set_input_files([file])  # type: ignore[list-item]
        page.get_by_role("button", name="So tệp").click()
        expect(page.locator("[data-answer]")).to_contain_text(words)

    assert sent == []
    assert page.context.cookies() == []
