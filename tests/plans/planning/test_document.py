"""The plan as a document: what is printed, in which order, and what is left out."""

from datetime import date

import pytest

from criteria.models import Criterion
from plans.accounts.models import User
from plans.documents.tree import (
    Cell,
    Document,
    Heading,
    ItemList,
    Letterhead,
    Orientation,
    Paragraph,
    RowKind,
    Run,
    SignBlock,
    Table,
)
from plans.planning import actions
from plans.planning.document import plan_document
from plans.planning.models import CriterionResult, Plan


def document(plan: Plan) -> Document:
    return plan_document(Plan.objects.for_document().get(pk=plan.pk))


def blocks(plan: Plan, kind: type) -> list:
    return [b for section in document(plan).sections for b in section.blocks if isinstance(b, kind)]


def words(content: tuple) -> str:
    return "".join(part.text if isinstance(part, Run) else "…" for part in content)


def cell_words(cell: Cell) -> str:
    told = []
    for block in cell.blocks:
        items = [block.content] if isinstance(block, Paragraph) else block.items
        told += [words(item) for item in items]
    return " | ".join(told)


def write(plan: Plan, user: User, **texts: str) -> None:
    for section, body in texts.items():
        actions.save_text(plan=plan, section=section, body=body, version=0, by=user)


def test_letterhead_leaves_room_for_number_and_day(plan: Plan) -> None:
    (head,) = blocks(plan, Letterhead)

    assert (head.parent_body, head.issuer) == ("UBND XÃ AN PHÚ", "TRƯỜNG MẦM NON HOA SEN")
    assert words(head.number) == "Số: …/KH-MNHS"
    assert words(head.place_and_date) == "An Phú, ngày … tháng 9 năm 2025"


def test_letterhead_prints_number_and_date_once_they_are_given(plan: Plan, principal: User) -> None:
    values = {"number": "5", "document_date": date(2025, 9, 8)}
    actions.save_heading(plan=plan, values=values, version=plan.version, by=principal)

    (head,) = blocks(plan, Letterhead)

    assert words(head.number) == "Số: 05/KH-MNHS"
    assert words(head.place_and_date) == "An Phú, ngày 08 tháng 9 năm 2025"


def test_heads_are_those_of_the_form_and_an_empty_optional_one_is_left_out(plan: Plan) -> None:
    told = [(head.level, words(head.content)) for head in blocks(plan, Heading)]

    assert [text for level, text in told if level == 1] == [
        "MỤC ĐÍCH, YÊU CẦU",
        "CĂN CỨ XÂY DỰNG KẾ HOẠCH",
        "NỘI DUNG KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC",
        "TỔ CHỨC THỰC HIỆN",
    ]
    assert "Báo cáo đánh giá ngoài" not in [text for _, text in told]


def test_the_head_of_last_years_results_names_last_year(plan: Plan) -> None:
    told = [words(head.content) for head in blocks(plan, Heading)]

    assert [text for text in told if "2024-2025" in text] == [
        "Kết quả thực hiện cải tiến chất lượng của nhà trường đã đạt được trong năm học 2024-2025"
    ]


def test_only_the_table_of_actions_lies_across(plan: Plan) -> None:
    sections = document(plan).sections

    assert [section.orientation for section in sections] == [
        Orientation.PORTRAIT,
        Orientation.LANDSCAPE,
        Orientation.PORTRAIT,
    ]
    assert [type(block) for block in sections[1].blocks] == [Heading, Table]


def test_result_grid_marks_every_level_up_to_the_one_reached(plan: Plan, principal: User) -> None:
    for number, level in (("1.1", 2), ("1.2", 2), ("1.3", 0)):
        criterion = Criterion.objects.get(standard__framework=plan.framework, number=number)
        actions.save_result(plan=plan, criterion=criterion, level=level, version=0, by=principal)

    grid = blocks(plan, Table)[0]
    rows = [[cell_words(cell) for cell in row.cells] for row in grid.rows]

    assert rows[:5] == [
        ["Tiêu chuẩn 1", "", "", "", ""],
        ["Tiêu chí 1.1", "", "x", "x", ""],
        ["Tiêu chí 1.2", "", "x", "x", "*"],
        ["Tiêu chí 1.3", "x", "", "", ""],
        ["Tiêu chí 1.4", "", "", "", ""],
    ]
    assert rows[-1] == ["Tổng hợp chung", "", "", "", ""]


def test_the_total_stands_once_every_criterion_is_assessed(plan: Plan) -> None:
    for criterion in Criterion.objects.filter(standard__framework=plan.framework):
        level = 3 if criterion.has_level(3) else 2
        CriterionResult.objects.create(plan=plan, criterion=criterion, level=level)

    total = blocks(plan, Table)[0].rows[-1]

    assert [cell_words(cell) for cell in total.cells] == ["Tổng hợp chung", "", "x", "x", "x"]


def test_action_table_groups_by_band_and_counts_the_standards_shown(
    plan: Plan, principal: User
) -> None:
    for number, band, typed in (
        ("3.1", "2", "Sửa mái"),
        ("1.4", "1,2,3", "- Họp;\n- Ghi biên bản."),
    ):
        criterion = Criterion.objects.get(standard__framework=plan.framework, number=number)
        action = actions.add_action(plan=plan, by=principal, criterion=criterion, band=band)
        values = {"measures": typed, "current_state": "Hiện trạng", "target_result": "Đạt mức 2"}
        actions.save_action(action=action, values=values, version=1, by=principal)

    table = blocks(plan, Table)[1]

    assert [(row.kind, [cell_words(cell) for cell in row.cells[:4]]) for row in table.rows] == [
        (RowKind.BAND, ["MỨC 1, 2, 3"]),
        (RowKind.GROUP, ["1", "Tiêu chuẩn 1: Tổ chức và quản lý nhà trường"]),
        (
            RowKind.BODY,
            [
                "",
                "Tiêu chí 1.4: Hiệu trưởng, phó hiệu trưởng, tổ chuyên môn và tổ văn phòng",
                "Hiện trạng | Đạt mức 2",
                "Họp; | Ghi biên bản.",
            ],
        ),
        (RowKind.BAND, ["MỨC 2"]),
        (RowKind.GROUP, ["2", "Tiêu chuẩn 3: Cơ sở vật chất và thiết bị dạy học"]),
        (
            RowKind.BODY,
            ["", "Tiêu chí 3.1: Địa điểm, quy mô, diện tích", "Hiện trạng | Đạt mức 2", "Sửa mái"],
        ),
    ]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Đề nghị các bộ phận thực hiện.", "Đề nghị các bộ phận thực hiện./."),
        ("Đề nghị các bộ phận thực hiện./.", "Đề nghị các bộ phận thực hiện./."),
        ("Đề nghị các bộ phận thực hiện", "Đề nghị các bộ phận thực hiện./."),
    ],
)
def test_the_content_ends_with_its_mark_once(
    plan: Plan, principal: User, typed: str, printed: str
) -> None:
    write(plan, principal, closing=typed)

    assert words(blocks(plan, Paragraph)[-1].content) == printed


def test_recipients_and_signer_stand_in_the_sign_block(plan: Plan, principal: User) -> None:
    write(plan, principal, recipients="- Phòng Văn hóa - Xã hội (để b/c);\n- Lưu: VT.")
    values = {
        "signing_capacity": "KT. HIỆU TRƯỞNG\nPHÓ HIỆU TRƯỞNG",
        "signer_name": "Trần Văn Minh Họa",
    }
    actions.save_heading(plan=plan, values=values, version=plan.version, by=principal)

    (sign,) = blocks(plan, SignBlock)

    assert sign.recipients == ("Phòng Văn hóa - Xã hội (để b/c);", "Lưu: VT.")
    assert (sign.capacity, sign.signer) == (
        ("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG"),
        "Trần Văn Minh Họa",
    )


def test_typed_lists_become_lists(plan: Plan, principal: User) -> None:
    write(plan, principal, purpose="1. Một\n2. Hai\n- a\n- b")

    assert [len(found.items) for found in blocks(plan, ItemList)] == [2, 2]


def test_the_same_rows_give_the_same_tree(plan: Plan, principal: User) -> None:
    write(plan, principal, purpose="1. Một\n2. Hai")

    assert document(plan) == document(plan)
