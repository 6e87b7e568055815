"""A principal writes the whole plan of a kindergarten through the forms and takes the files away."""

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from plans.documents.flatten import document_lines
from plans.documents.tree import Table
from plans.inspections.models import Inspection
from plans.management.demo import ACTION_TEXTS, DEMO_DIR, PASSWORD
from plans.planning.document import plan_document
from plans.planning.models import Plan
from tests.browser.harness import assert_axe_clean, log_in, screenshot
from tests.plans.documents.reading import docx_text, page_words, squashed
from tests.plans.documents.test_parity import head_texts, uncounted_lines

GOLDEN = Path(__file__).resolve().parents[1] / "golden" / "ke-hoach-mnhs-2025.txt"
TOLD = json.loads((DEMO_DIR / "plan-mnhs-2025.json").read_text(encoding="utf-8"))
FIELDS = [name for name in ACTION_TEXTS if name in TOLD["actions"][0]]


@pytest.fixture
def unwritten(demo: None) -> None:
    """The demo without the plan that is to be written, nor the visit arranged to look at it."""
    plan = Plan.objects.get(school__symbol="MNHS", school_year__start_year=2025)
    Inspection.objects.filter(plan=plan).delete()
    plan.delete()


def typed(value: Any) -> str:
    return value if isinstance(value, str) else "\n".join(value)


def open_page(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Các mục của kế hoạch").get_by_role(
        "link", name=name
    ).click()


def write_texts(page: Page, *keys: str) -> None:
    for key in keys:
        if not TOLD["texts"].get(key):
            continue
        page.locator(f"#chu-{key}").fill(typed(TOLD["texts"][key]))
        expect(page.locator(f"#luu-{key}")).to_contain_text("Đã lưu lúc", timeout=5000)


def choose_results(page: Page) -> None:
    for number, level in TOLD["results"].items():
        label = page.locator("label", has_text=f"Tiêu chí {number}: ")
        select = page.locator(f"#{label.get_attribute('for')}")
        select.select_option(str(level))
        saved = page.locator(f"#luu-kq-{(label.get_attribute('for') or '').rsplit('-', 1)[1]}")
        expect(saved).to_contain_text("Đã lưu lúc")


def write_row(page: Page, told: dict[str, Any]) -> None:
    page.get_by_role("button", name="Thêm việc ở tiêu chuẩn khác").or_(
        page.get_by_role("button", name="Thêm việc đầu tiên")
    ).click()
    row = page.locator("form[data-open-row]")
    for field in FIELDS:
        expect(row.locator(f"[name={field}]")).to_have_value("")
    row.get_by_label("Tiêu chuẩn, tiêu chí").select_option(
        value=row.locator("option", has_text=f"Tiêu chí {told['criterion']}: ").get_attribute(
            "value"
        )
    )
    for level in "123":
        row.get_by_label(f"Mức {level}", exact=True).set_checked(level in told["band"].split(","))
    for field in FIELDS:
        row.locator(f"[name={field}]").fill(typed(told.get(field, "")))
    row.get_by_role("button", name="Xong").click()
    expect(page.locator("form[data-open-row]")).to_have_count(0)


def test_the_whole_kindergarten_plan_from_the_form_to_the_files(
    unwritten: None, page: Page, tmp_path: Path
) -> None:
    log_in(page, "hieutruong", PASSWORD)
    page.get_by_role("link", name="Kế hoạch", exact=True).first.click()
    page.get_by_role("link", name="Lập kế hoạch mới").click()
    page.get_by_label("Năm học").select_option(label="Năm học 2025-2026")
    page.get_by_role("button", name="Lập kế hoạch").click()

    write_texts(page, "purpose")
    screenshot(page, "editor-text", 1280)
    open_page(page, "II. Căn cứ xây dựng kế hoạch")
    write_texts(page, "self_assessment", "external_evaluation", "legal_grounds", "previous_results")
    choose_results(page)
    write_texts(page, "orientation")
    open_page(page, "III. Nội dung kế hoạch")
    for told in TOLD["actions"]:
        write_row(page, told)
    assert_axe_clean(page)
    open_page(page, "IV. Tổ chức thực hiện")
    write_texts(page, "duty_principal", "duty_council", "duty_monitoring", "duty_staff")
    open_page(page, "Lời kết")
    write_texts(page, "closing")
    open_page(page, "Nơi nhận")
    write_texts(page, "recipients")
    page.get_by_label("Họ và tên người ký").fill(TOLD["signer_name"])
    expect(page.locator("#luu-van-ban")).to_contain_text("Đã lưu lúc")

    page.get_by_role("link", name="Kiểm tra và soạn xong").click()
    expect(page.get_by_text("Không còn lỗi")).to_be_visible()
    page.get_by_role("button", name="Soạn xong").click()
    expect(page.get_by_text("Kế hoạch đã soạn xong.")).to_be_visible()
    files = {kind: download(page, kind, tmp_path) for kind in ("PDF", "Word", "Excel")}

    check_files(files)


def download(page: Page, kind: str, folder: Path) -> Path:
    with page.expect_download() as coming:
        page.locator(".kcl-downloads a").filter(has_text=kind).click()
    path = folder / coming.value.suggested_filename
    coming.value.save_as(path)
    return path


def check_files(files: dict[str, Path]) -> None:
    """Hold the plan in the database and its three files against the golden tree."""
    plan = Plan.objects.for_document().get(school__symbol="MNHS", school_year__start_year=2025)
    document = plan_document(plan)
    lines = list(document_lines(document))
    told = "".join(f"{part:12}{text}".rstrip() + "\n" for part, text in lines)
    if os.environ.get("KCL_WRITE_GOLDEN"):
        GOLDEN.write_text(told, encoding="utf-8")
    assert told == GOLDEN.read_text(encoding="utf-8")

    assert {kind: path.name for kind, path in files.items()} == {
        "PDF": "KH-CTCL-MNHS-2025-2026.pdf",
        "Word": "KH-CTCL-MNHS-2025-2026.docx",
        "Excel": "KH-CTCL-MNHS-2025-2026.xlsx",
    }
    tables = [b for s in document.sections for b in s.blocks if isinstance(b, Table)]
    # A row that goes over a page's end is drawn in two pieces, so the PDF is held by its letters here; that
    # it reads in the tree's order is the business of tests/plans/documents/test_parity.py.
    pdf = squashed(page_words(files["PDF"].read_bytes()))
    for head in map(squashed, head_texts(document)):
        assert head in pdf
        pdf = pdf.replace(head, "")
    assert Counter(pdf) == Counter(squashed("".join(t for part, t in lines if part != "head")))
    docx = docx_text(files["Word"].read_bytes())
    assert squashed(docx) == squashed("".join(uncounted_lines(document)))
    workbook = load_workbook(files["Excel"])
    assert len(workbook.sheetnames) == len(tables)
