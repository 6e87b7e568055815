"""Phiếu đánh giá tiêu chí on paper: what it says, where it leaves room, one page or many."""

from collections.abc import Iterator

from plans.accounts.models import User
from plans.assessment import actions
from plans.assessment.document import sheets_document, verdict_table
from plans.assessment.reading import Sheet, load_sheets
from plans.documents.flatten import document_lines
from plans.documents.parts import cell_texts, placed_rows
from plans.documents.tree import Blank, Document, Heading, Paragraph, Party, SignParties, Title
from plans.planning.export import export_document
from plans.planning.models import Plan
from tests.plans.assessment.helpers import criterion, judge
from tests.plans.documents.reading import docx_text, page_texts, squashed


def sheets(plan: Plan, *numbers: str) -> list[Sheet]:
    return load_sheets(plan, [criterion(plan, number) for number in numbers])


def document(plan: Plan, *numbers: str) -> Document:
    loaded = Plan.objects.for_document().get(pk=plan.pk)
    return sheets_document(loaded, sheets(plan, *numbers))


def grid(plan: Plan, number: str) -> list[list[str]]:
    table = verdict_table(sheets(plan, number)[0])
    rows = placed_rows(table.rows, len(table.columns))
    return [["".join(cell_texts(placed.cell)) for placed in cells] for _, cells in rows]


def lines(found: Document) -> Iterator[str]:
    return (line.text for line in document_lines(found))


def test_phieu_names_school_criterion_indicators_and_five_items(
    plan: Plan, principal: User
) -> None:
    found = criterion(plan, "1.1")
    actions.save_texts(
        plan=plan,
        criterion=found,
        values={"strengths": "Chiến lược đã công khai.", "weaknesses": "- Chưa rà soát"},
        version=0,
        by=principal,
    )
    actions.save_description(
        plan=plan,
        criterion=found,
        level=1,
        body="Có chiến lược [H1-1.1-01].",
        version=0,
        by=principal,
    )
    dots = " "

    told = list(lines(document(plan, "1.1")))

    assert told[:12] == [
        "TRƯỜNG MẦM NON HOA SEN",
        "Nhóm:" + dots * 2,
        "PHIẾU ĐÁNH GIÁ TIÊU CHÍ",
        "Tiêu chuẩn 1: Tổ chức và quản lý nhà trường",
        "Tiêu chí 1.1: Phương hướng, chiến lược xây dựng và phát triển nhà trường",
        "Mức 1",
        "a) Khớp mục tiêu giáo dục, quy hoạch địa phương và nguồn lực của trường",
        "b) Thể hiện bằng văn bản, được cấp có thẩm quyền duyệt",
        "c) Công khai tại trường hoặc trên trang web, phương tiện thông tin đại chúng",
        "Mức 2",
        "Có cách giám sát việc thực hiện chiến lược phát triển",
        "Mức 3",
    ]
    assert told[13:] == [
        "1. Mô tả hiện trạng",
        "Mức 1:",
        "Có chiến lược [H1-1.1-01].",
        "Mức 2:",
        dots,
        dots,
        "Mức 3:",
        dots,
        dots,
        "2. Điểm mạnh",
        "Chiến lược đã công khai.",
        "3. Điểm yếu",
        "- Chưa rà soát",
        "4. Kế hoạch cải tiến chất lượng",
        dots,
        dots,
        "5. Tự đánh giá",
        *["Mức 1", "Mức 2", "Mức 3"],
        *["Chỉ báo", "Đạt/Không đạt"] * 3,
        *["a", "(*)", "(*)"],
        *["b", "–", "–", "–", "–"],
        *["c", "–", "–", "–", "–"],
        *["Cả mức"] * 3,
        "(*) Mức không chia thành các chỉ báo a, b, c.",
        "Tiêu chí 1.1: " + dots,
        "An Phú, ngày   tháng   năm  ",
        "XÁC NHẬN CỦA TRƯỞNG NHÓM",
        "NGƯỜI VIẾT",
    ]


def test_grid_of_item_5_says_each_letter_and_each_level(plan: Plan, principal: User) -> None:
    judge(
        plan,
        principal,
        "1.1",
        {(1, "a"): True, (1, "b"): True, (1, "c"): True, (2, ""): False},
    )

    assert grid(plan, "1.1") == [
        ["a", "Đạt", "(*)", "Không đạt", "(*)", ""],
        ["b", "Đạt", "–", "–", "–", "–"],
        ["c", "Đạt", "–", "–", "–", "–"],
        ["Cả mức", "Đạt", "Cả mức", "Không đạt", "Cả mức", "Không đạt"],
    ]
    assert "Tiêu chí 1.1: Đạt Mức 1." in list(lines(document(plan, "1.1")))


def test_level_chosen_as_a_whole_fills_the_levels_and_no_letter(
    plan: Plan, principal: User
) -> None:
    actions.choose_level(
        plan=plan, criterion=criterion(plan, "1.1"), level=2, version=0, by=principal
    )

    first, *_, total = grid(plan, "1.1")

    assert first == ["a", "", "(*)", "", "(*)", ""]
    assert total == ["Cả mức", "Đạt", "Cả mức", "Đạt", "Cả mức", "Không đạt"]


def test_criterion_not_met_is_said_so(plan: Plan, principal: User) -> None:
    judge(plan, principal, "1.1", {(1, "a"): False})

    assert "Tiêu chí 1.1: Không đạt." in list(lines(document(plan, "1.1")))


def test_criterion_lists_only_the_levels_it_has(plan: Plan) -> None:
    assert len(verdict_table(sheets(plan, "1.2")[0]).columns) == 4


def test_level_without_told_indicators_points_to_the_circular(plan: Plan) -> None:
    told = list(lines(document(plan, "3.2")))

    assert told.count("(Xem nội dung của mức này trong thông tư.)") == 2
    assert grid(plan, "3.2")[0] == ["", "", "", ""]
    assert "(*) Mức không chia thành các chỉ báo a, b, c." not in told


def test_phieu_is_signed_by_writer_and_group_leader(plan: Plan) -> None:
    (section,) = document(plan, "1.1").sections

    assert section.blocks[-1] == SignParties(
        (Party(("XÁC NHẬN CỦA TRƯỞNG NHÓM",)), Party(("NGƯỜI VIẾT",)))
    )


def test_room_to_write_is_a_dotted_line(plan: Plan) -> None:
    (section,) = document(plan, "1.1").sections

    room = [
        block
        for block in section.blocks
        if isinstance(block, Paragraph) and all(isinstance(i, Blank) for i in block.content)
    ]
    assert len(room) == 12
    assert all(blank.dotted for block in room for blank in block.content)  # type: ignore[union-attr]


def test_numbers_begin_anew_with_each_criterion(plan: Plan) -> None:
    found = document(plan, "1.1", "1.2")

    assert [section.new_page for section in found.sections] == [True, True]
    heads = [line.text for line in document_lines(found) if line.part == "heading"]
    assert [text for text in heads if text[0].isdigit()] == [
        "1. Mô tả hiện trạng",
        "2. Điểm mạnh",
        "3. Điểm yếu",
        "4. Kế hoạch cải tiến chất lượng",
        "5. Tự đánh giá",
    ] * 2
    titles = [b for s in found.sections for b in s.blocks if isinstance(b, Title | Heading)]
    assert sum(isinstance(block, Title) for block in titles) == 2


def test_same_rows_give_the_same_tree_and_title_names_the_criterion(plan: Plan) -> None:
    assert document(plan, "1.1") == document(plan, "1.1")
    assert document(plan, "1.1").title == "PHIẾU ĐÁNH GIÁ TIÊU CHÍ 1.1 Năm học 2025-2026"
    assert document(plan, "1.1", "1.2").title == "PHIẾU ĐÁNH GIÁ TIÊU CHÍ Năm học 2025-2026"


def test_files_of_several_criteria_begin_each_on_a_page_of_its_own(plan: Plan) -> None:
    found = document(plan, "1.1", "1.2")

    pages = page_texts(export_document(found, "pdf"))
    words = docx_text(export_document(found, "docx"))

    firsts = [page for page in pages if "PHIẾU ĐÁNH GIÁ TIÊU CHÍ" in page]
    assert ["Tiêu chí 1.1" in firsts[0], "Tiêu chí 1.2" in firsts[1]] == [True, True]
    assert len(firsts) == 2
    assert "Tiêu chí 1.2" not in "".join(pages[: pages.index(firsts[1])])
    assert squashed(words).count(squashed("PHIẾU ĐÁNH GIÁ TIÊU CHÍ")) == 2
