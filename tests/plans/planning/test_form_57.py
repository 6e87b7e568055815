"""The form of TT 57/2026 (Mẫu 2, Phụ lục V): its sections and columns, what it counts and what it prints."""

import os
from collections import Counter
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from criteria.models import Criterion
from plans.accounts.models import User
from plans.documents.docx import docx_bytes
from plans.documents.flatten import document_lines
from plans.documents.pdf import pdf_bytes
from plans.documents.tree import Heading, Orientation, Table
from plans.management.demo import make_demo
from plans.planning import actions, rows
from plans.planning.document import plan_document
from plans.planning.form import read_form
from plans.planning.form_loader import FORMS_DIR, read_form_file
from plans.planning.models import Plan, PlanAction
from plans.planning.progress import missing_parts, plan_progress
from plans.schools.models import School
from tests.plans.documents.reading import docx_text, lies_across, page_words, squashed
from tests.plans.documents.test_parity import head_texts, uncounted_lines
from tests.plans.planning.test_document import blocks, cell_words, document, words

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "ke-hoach-thcshd-2026.txt"


def gaps(plan: Plan) -> list[str]:
    return [gap.what for gap in missing_parts(Plan.objects.for_editing().get(pk=plan.pk))]


def add(plan: Plan, by: User, **values: object) -> PlanAction:
    action = actions.add_action(plan=plan, by=by)
    return actions.save_action(action=action, values=values, version=1, by=by)


# --- the file -----------------------------------------------------------------------------------------------


def test_the_form_has_its_sections_and_columns_in_order() -> None:
    file = read_form_file(FORMS_DIR / "kh-57-2026.json")
    spec = read_form(file.data)

    assert (file.first_year, file.last_year) == (2026, None)
    assert [section.title for section in spec.sections] == [
        "Thông tin chung",
        "Căn cứ xây dựng kế hoạch",
        "Mục đích, yêu cầu",
        "Tóm tắt các vấn đề trọng tâm cần cải tiến",
        "Kế hoạch cải tiến chất lượng",
        "Theo dõi và đánh giá thực hiện (giám sát nội bộ)",
        "Tổ chức thực hiện",
        "Cơ chế đánh giá và báo cáo",
        "",
    ]
    columns = {s.key: [c.title for c in s.columns] for s in spec.walk() if s.columns}
    assert columns == {
        "priorities": [
            "TT",
            "Tiêu chuẩn",
            "Tiêu chí liên quan (nếu có)",
            "Đánh giá hiện trạng",
            "Điểm hạn chế",
            "Nguyên nhân",
        ],
        "actions": [
            "TT",
            "Nội dung cải tiến",
            "Mục tiêu cải tiến",
            "Hoạt động/giải pháp",
            "Chỉ số đánh giá kết quả",
            "Thời gian thực hiện",
            "Đơn vị/cá nhân phụ trách",
            "Nguồn lực bảo đảm",
            "Thông tin, dữ liệu hoặc minh chứng dự kiến",
            "Mức độ thực hiện",
        ],
        "monitoring": [
            "Thời điểm",
            "Nội dung theo dõi",
            "Kết quả thực hiện",
            "Điều chỉnh",
            "Người đánh giá",
        ],
    }
    assert all(
        sum(column.width for column in section.columns) == pytest.approx(100)
        for section in spec.walk()
        if section.columns
    )
    assert all(section.hint for section in spec.leaves())


# --- the document -------------------------------------------------------------------------------------------


def test_the_wide_tables_lie_across_and_the_words_do_not(plan57: Plan) -> None:
    sections = document(plan57).sections

    assert [section.orientation for section in sections] == [
        Orientation.PORTRAIT,
        Orientation.LANDSCAPE,
        Orientation.PORTRAIT,
    ]
    assert [type(block) for block in sections[1].blocks] == [Heading, Table] * 3


def test_what_the_program_knows_is_filled_in_and_nobody_types_it(
    plan57: Plan, kindergarten: School
) -> None:
    School.objects.update(address="Đường Bờ Sen, {school_year}")

    lines = [text for _, text in document_lines(document(plan57))]

    assert [line for line in lines if line.startswith(("1. Tên", "2. Loại", "3. Địa"))] == [
        "1. Tên cơ sở giáo dục: Trường Mầm non Hoa Sen",
        "2. Loại hình: Trường mầm non",
        "3. Địa chỉ: Đường Bờ Sen, {school_year}",
    ]
    assert "Báo cáo tự đánh giá năm học 2025-2026" in [
        words(head.content) for head in blocks(plan57, Heading)
    ]


def test_an_address_that_nobody_noted_leaves_room(plan57: Plan) -> None:
    lines = [text for _, text in document_lines(document(plan57))]

    assert "3. Địa chỉ: …………………………" in lines


def test_monitoring_prints_its_rows_blank_from_the_first_day(plan57: Plan) -> None:
    monitoring = blocks(plan57, Table)[-1]

    assert [[cell_words(cell) for cell in row.cells] for row in monitoring.rows] == [
        ["Cuối học kỳ I", "", "", "", ""],
        ["Cuối năm học", "", "", "", ""],
    ]


def test_actions_are_counted_in_the_order_the_school_gives_them(
    plan57: Plan, principal: User
) -> None:
    late = Criterion.objects.of(plan57.framework).last()
    first = add(plan57, principal, subject="Một", criterion=late, progress="done")
    add(plan57, principal, subject="Hai", progress="not_done")
    third = actions.add_action(plan=plan57, by=principal, after=first)
    actions.save_action(action=third, values={"subject": "Ba"}, version=1, by=principal)

    moved = actions.move_action(action=third, up=True, by=principal)
    table = blocks(plan57, Table)[1]

    assert moved
    assert [[cell_words(row.cells[n]) for n in (0, 1, 9)] for row in table.rows] == [
        ["1", "Ba", ""],
        ["2", "Một", "Hoàn thành"],
        ["3", "Hai", "Chưa hoàn thành"],
    ]


def test_a_filled_plan_prints_the_golden_text_in_every_format(db: None, settings: Settings) -> None:
    settings.KCL_DEMO = True
    make_demo()
    plan = Plan.objects.for_document().get(school__symbol="THCSHD", school_year__start_year=2026)
    tree = plan_document(plan)
    lines = list(document_lines(tree))
    told = "".join(f"{part:12}{text}".rstrip() + "\n" for part, text in lines)
    if os.environ.get("KCL_WRITE_GOLDEN"):
        GOLDEN.write_text(told, encoding="utf-8")

    pdf = pdf_bytes(tree)

    assert told == GOLDEN.read_text(encoding="utf-8")
    printed = squashed(page_words(pdf))
    for head in map(squashed, head_texts(tree)):
        assert head in printed
        printed = printed.replace(head, "")
    assert Counter(printed) == Counter(squashed("".join(t for p, t in lines if p != "head")))
    assert squashed(docx_text(docx_bytes(tree))) == squashed("".join(uncounted_lines(tree)))
    assert lies_across(pdf) == [False, False, True, True, True, False]


# --- what is missing ----------------------------------------------------------------------------------------


def test_a_new_plan_lacks_what_people_write_and_nothing_that_is_given(plan57: Plan) -> None:
    assert gaps(plan57) == [
        "Báo cáo tự đánh giá: chưa có nội dung",
        "Kết quả rà soát kế hoạch năm trước: chưa có nội dung",
        "Kế hoạch năm học, định hướng phát triển: chưa có nội dung",
        "Tóm tắt các vấn đề trọng tâm cần cải tiến: chưa có vấn đề nào",
        "Bảng nội dung: chưa có việc nào",
        "Người đứng đầu cơ sở giáo dục: chưa có nội dung",
        "Hội đồng tự đánh giá: chưa có nội dung",
        "Các tổ chuyên môn và bộ phận liên quan: chưa có nội dung",
        "Nơi nhận, người ký: chưa có nội dung",
    ]


def test_an_issue_and_an_action_are_named_by_their_number(plan57: Plan, principal: User) -> None:
    row = rows.add_row(plan=plan57, section="priorities", by=principal)
    rows.save_row(
        row=row, cells={"standard": "Tiêu chuẩn 1", "causes": "  "}, version=1, by=principal
    )
    add(plan57, principal, subject="Kho hồ sơ", measures="Họp", lead="PHT", timeframe="HKI")

    told = gaps(plan57)

    assert "Vấn đề 1: chưa ghi đánh giá hiện trạng, điểm hạn chế, nguyên nhân" in told
    assert "Việc 1: chưa ghi mục tiêu cải tiến, chỉ số đánh giá kết quả" in told


def test_the_side_list_says_what_is_given_what_is_free_and_how_many(
    plan57: Plan, principal: User
) -> None:
    rows.add_row(plan=plan57, section="priorities", by=principal)

    pages = plan_progress(Plan.objects.for_editing().get(pk=plan57.pk))

    assert {page.key: page.words for page in pages} == {
        "general": "Có sẵn theo mẫu",
        "grounds": "Chưa điền",
        "purpose": "Có sẵn theo mẫu",
        "priorities": "1 vấn đề, 1 chỗ thiếu",
        "actions": "Chưa điền",
        "monitoring": "Không bắt buộc",
        "duties": "Chưa điền",
        "review": "Có sẵn theo mẫu",
        "recipients": "Chưa điền",
    }


def test_a_table_that_is_not_required_lacks_nothing(plan57: Plan, principal: User) -> None:
    rows.add_row(plan=plan57, section="monitoring", by=principal)

    assert [what for what in gaps(plan57) if "theo dõi" in what.lower()] == []
