"""An invented kindergarten's documents, as trees: short, long, and a record with two sides signing."""

from __future__ import annotations

from datetime import date

from plans.documents import tree
from plans.documents.tree import (
    Align,
    Blank,
    Cell,
    Column,
    Document,
    Heading,
    ItemList,
    Letterhead,
    Marker,
    Orientation,
    Paragraph,
    Party,
    Row,
    RowKind,
    Run,
    Section,
    SignBlock,
    SignParties,
    Table,
    Title,
)
from plans.documents.wording import document_number, place_and_date

COLUMNS = (
    Column("TT", 4),
    Column("Tiêu chuẩn, tiêu chí", 11),
    Column("Kết quả cần đạt (so với hiện trạng)", 14),
    Column("Công việc/giải pháp cần thực hiện", 26),
    Column("Chủ trì và phối hợp thực hiện", 11),
    Column("Thời gian thực hiện và hoàn thành", 11),
    Column("Dự kiến kinh phí", 9),
    Column("Điều kiện hỗ trợ khác", 9),
    Column("Ghi chú", 5),
)

MEASURE = (
    "Hiệu trưởng xây dựng kế hoạch bồi dưỡng, cử giáo viên tham gia các lớp kỹ năng giáo dục trẻ khuyết tật học "
    "hòa nhập; tổ chuyên môn dự giờ, góp ý và rút kinh nghiệm sau mỗi chủ đề."
)


def text(words: str) -> tree.Inlines:
    return (Run(words),)


def cell(words: str, *, colspan: int = 1, rowspan: int = 1, align: Align = Align.LEFT) -> Cell:
    blocks = (Paragraph(text(words)),) if words else ()
    return Cell(blocks, colspan=colspan, rowspan=rowspan, align=align)


def letterhead(
    parent: str = "UBND XÃ AN PHÚ",
    issuer: str = "TRƯỜNG MẦM NON HOA SEN",
    number: int | None = None,
) -> Letterhead:
    return Letterhead(
        parent,
        issuer,
        document_number(number, "KH-MNHS"),
        place_and_date("An Phú", None, month=9, year=2025),
    )


def action_row(number: int) -> Row:
    measures = Cell(
        (
            Paragraph(text(f"Việc {number}: {MEASURE}")),
            ItemList(
                (text("Khảo sát nhu cầu của từng nhóm, lớp"), text("Mua sắm đồ chơi, học liệu mở"))
            ),
        )
    )
    return Row(
        (
            cell(""),
            cell(f"Tiêu chí 1.{number}: Tổ chức nhóm trẻ và lớp mẫu giáo"),
            cell("Giáo viên có kiến thức, kỹ năng cơ bản về giáo dục trẻ khuyết tật"),
            measures,
            cell("CB-GV-NV, Ban đại diện CMHS"),
            cell("Từ tháng 9/2025 đến 31/5/2026"),
            cell("30-40 triệu đồng/năm"),
            cell("Tài liệu chuyên môn"),
            cell(""),
        )
    )


def action_table(rows: int) -> Table:
    body = [Row((cell("MỨC 1, 2, 3"),), RowKind.BAND)]
    for number in range(1, rows + 1):
        if number % 3 == 1:
            title = f"Tiêu chuẩn {number // 3 + 1}: Tổ chức và quản lý nhà trường"
            group = (cell(str(number // 3 + 1), align=Align.CENTER), cell(title, colspan=8))
            body.append(Row(group, RowKind.GROUP))
        body.append(action_row(number))
    return Table("Nội dung kế hoạch cải tiến", COLUMNS, (), tuple(body))


def result_table(criteria: int = 6) -> Table:
    head = (
        Row((cell("Tiêu chuẩn, tiêu chí", rowspan=3), cell("Kết quả", colspan=4))),
        Row((cell("Không đạt", rowspan=2), cell("Đạt", colspan=3))),
        Row((cell("Mức 1"), cell("Mức 2"), cell("Mức 3"))),
    )
    rows = [Row((cell("Tiêu chuẩn 1"), *map(cell, ("", "", "", ""))), RowKind.GROUP)]
    for number in range(1, criteria + 1):
        marks = [cell(mark, align=Align.CENTER) for mark in ("", "x", "x", "*")]
        rows.append(Row((cell(f"Tiêu chí 1.{number}"), *marks)))
    rows.append(Row((cell("Tổng hợp chung"),), RowKind.TOTAL))
    columns = tuple(Column("", width) for width in (40, 15, 15, 15, 15))
    return Table("Kết quả tự đánh giá theo tiêu chí", columns, head, tuple(rows))


def plan(
    rows: int = 4, *, paragraphs: int = 2, closing: int = 1, number: int | None = None
) -> Document:
    """A plan: portrait, the wide table across, portrait again; each part as long as wanted."""
    purpose = ItemList(
        tuple(
            text(
                f"Mục đích thứ {n}: đưa ra các giải pháp phát huy điểm mạnh, khắc phục điểm yếu, từng bước nâng cao "
                "chất lượng nuôi dưỡng, chăm sóc và giáo dục trẻ trong năm học 2025-2026 và các năm tiếp theo."
            )
            for n in range(1, paragraphs + 1)
        ),
        Marker.NUMBER,
    )
    first = (
        letterhead(number=number),
        Title(("KẾ HOẠCH", "CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC"), ("Năm học 2025-2026",)),
        Heading(1, text("MỤC ĐÍCH, YÊU CẦU")),
        purpose,
        Heading(1, text("CĂN CỨ XÂY DỰNG KẾ HOẠCH")),
        Heading(2, text("Báo cáo tự đánh giá của Trường Mầm non Hoa Sen")),
        Paragraph(text("Quyết định thành lập Hội đồng tự đánh giá chất lượng giáo dục.")),
        Heading(2, text("Các văn bản quy phạm pháp luật, văn bản hướng dẫn hiện hành")),
        Paragraph(
            text(
                "Thông tư số 19/2018/TT-BGDĐT ngày 22 tháng 8 năm 2018 của Bộ Giáo dục và Đào tạo ban hành quy định về "
                "kiểm định chất lượng giáo dục và công nhận đạt chuẩn quốc gia đối với trường mầm non;"
            )
        ),
        Heading(
            2, text("Kết quả thực hiện cải tiến chất lượng đã đạt được trong năm học 2024-2025")
        ),
        result_table(),
        Heading(3, text("Nhận định chung")),
        Paragraph(
            (
                Run("Nhà trường "),
                Run("giữ vững", bold=True),
                Run(" kết quả ", italic=True),
                Run("đã đạt."),
            )
        ),
        Heading(3, text("Việc còn lại")),
        Paragraph(text("Tiếp tục tham mưu để bổ sung nhân viên y tế, văn thư.")),
    )
    wide = (Heading(1, text("NỘI DUNG KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC")), action_table(rows))
    duties = ItemList(
        (
            text("Rà soát các tiêu chuẩn, tiêu chí; triển khai kế hoạch tới toàn thể CB-GV-NV;"),
            text(
                "Phân công nhiệm vụ cụ thể, kiểm tra và giám sát từng nhiệm vụ của người thực hiện."
            ),
        )
    )
    last = (
        Heading(1, text("TỔ CHỨC THỰC HIỆN")),
        Heading(2, text("Hiệu trưởng - Chủ tịch Hội đồng tự đánh giá")),
        duties,
        Heading(2, text("Cán bộ, giáo viên, nhân viên của trường")),
        *(
            Paragraph(
                text(
                    f"Câu kết {n}. Trên đây là kế hoạch cải tiến chất lượng giáo dục; trong quá trình thực hiện nếu có khó "
                    "khăn, các bộ phận báo cáo Chủ tịch Hội đồng tự đánh giá để thống nhất thực hiện./."
                )
            )
            for n in range(1, closing + 1)
        ),
        SignBlock(("Phòng VH-XH xã (để b/c)", "Lưu: VT"), ("HIỆU TRƯỞNG",), "Trần Thị Thử Nghiệm"),
    )
    sections = (Section(first), Section(wide, Orientation.LANDSCAPE), Section(last))
    return Document(
        "Kế hoạch cải tiến chất lượng giáo dục năm học 2025-2026",
        "Trường Mầm non Hoa Sen",
        sections,
    )


def minutes() -> Document:
    """A record of a check: no number, dotted room to write, two sides signing."""
    head = Letterhead(
        "UBND XÃ AN PHÚ", "PHÒNG VĂN HÓA - XÃ HỘI", (), place_and_date("An Phú", date(2026, 1, 5))
    )
    when = (
        Run("Vào lúc "),
        Blank(6, dotted=True),
        Run(" giờ "),
        Blank(6, dotted=True),
        Run(" phút, ngày 05/01/2026."),
    )
    blocks: tuple[tree.Block, ...] = (
        head,
        Title(
            ("BIÊN BẢN", "KIỂM TRA KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC"), ("Năm học 2025-2026",)
        ),
        Paragraph(when),
        Paragraph((Run("Tại trường: "), Blank(70, dotted=True))),
        Heading(1, text("THÀNH PHẦN")),
        Heading(2, text("Tổ kiểm tra"), numbered=False),
        ItemList(
            tuple(text(f"Bà Nguyễn Thị Mẫu {n}, Chuyên viên - Thành viên") for n in range(1, 8)),
            Marker.LETTER,
        ),
        Heading(2, text("Phía nhà trường"), numbered=False),
        ItemList((text("Bà Trần Thị Thử Nghiệm, Hiệu trưởng"),), Marker.NUMBER),
        Heading(1, text("NHẬN XÉT CỦA ĐOÀN KIỂM TRA")),
        Paragraph((Run("Nhận xét: "), Blank(200, dotted=True))),
        SignParties(
            (
                Party(("HIỆU TRƯỞNG",), ("Trần Thị Thử Nghiệm",)),
                Party(("TM. ĐOÀN KIỂM TRA", "TRƯỞNG ĐOÀN"), ("Lê Văn Ví Dụ",)),
            )
        ),
    )
    return Document(
        "Biên bản kiểm tra kế hoạch cải tiến chất lượng", "UBND xã An Phú", (Section(blocks),)
    )


def paragraph(words: str) -> Paragraph:
    return Paragraph(text(words))


def document(*blocks: tree.Block, orientation: Orientation = Orientation.PORTRAIT) -> Document:
    """A document of one section with these blocks."""
    return Document("Văn bản thử", "Trường Mầm non Hoa Sen", (Section(blocks, orientation),))


def tall_table(lines: int) -> Table:
    """A table of one row whose fourth cell has so many lines."""
    words = Cell(tuple(paragraph(f"v{number}") for number in range(1, lines + 1)))
    return Table(
        "Bảng cao", COLUMNS, (), (Row(tuple(words if n == 3 else cell("") for n in range(9))),)
    )
