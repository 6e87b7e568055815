"""Minutes as a document: every field of the offices' own paper has its place, said or left to be written."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pdfua
import pytest
from django.test.utils import CaptureQueriesContext

from plans.documents.docx import docx_bytes
from plans.documents.flatten import document_lines
from plans.documents.pdf import pdf_bytes
from plans.documents.style import DEFAULT_LAYOUT
from plans.documents.tree import (
    Blank,
    Document,
    Heading,
    Letterhead,
    Orientation,
    Paragraph,
    Run,
    SignBlock,
    SignParties,
    Table,
    Title,
)
from plans.inspections.enums import MinutesTitle
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.issuing.enums import FileRole
from plans.minutes.blank import blank_form, embedded
from plans.minutes.document import day_words, hour_words, minutes_document
from plans.minutes.fields import field_names
from plans.minutes.notice import notice_document
from plans.minutes.remarks import shortened
from plans.minutes.rendering import render_minutes
from plans.planning.models import Plan
from tests.factories import checklists, inspections, schools
from tests.plans.documents.reading import docx_text, page_words, schema_faults, squashed
from tests.plans.documents.standards import assert_keeps_standards
from tests.plans.documents.test_parity import head_texts, uncounted_lines
from tests.plans.minutes.conftest import load

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "minutes"
ON = date(2026, 4, 22)
# What stands outside of tables is never cut by the head of one that goes on.
WHOLE = {"letterhead", "title", "signature"}
NAMES = [
    "Trần Văn Thí Dụ",
    "Nguyễn Thị Minh Họa",
    "Lê Văn Ví Dụ",
    "Phạm Thị Mẫu",
    "Võ Văn Làm Mẫu",
]


def texts(document: Document) -> list[str]:
    return [line.text for line in document_lines(document)]


def blocks(document: Document, kind: type) -> list:
    return [b for section in document.sections for b in section.blocks if isinstance(b, kind)]


def said(visit: Inspection) -> list[str]:
    return texts(minutes_document(load(visit), on=ON))


def after(lines: list[str], head: str) -> list[str]:
    """Return the lines from the last one that says `head` on, without it."""
    return lines[len(lines) - lines[::-1].index(head) :]


# --- the golden trees -------------------------------------------------------------------------------------


def _golden(name: str, document: Document) -> None:
    read = "".join(f"{part:12}{text}".rstrip() + "\n" for part, text in document_lines(document))
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("KCL_WRITE_GOLDEN"):
        path.write_text(read, encoding="utf-8")

    assert read == path.read_text(encoding="utf-8")


def test_full_minutes_read_as_they_did(visit: Inspection) -> None:
    _golden("full", minutes_document(load(visit), on=ON))


def test_minutes_called_bien_ban_read_as_they_did(visit: Inspection) -> None:
    visit.minutes_title = MinutesTitle.MINUTES
    visit.save()

    _golden("called-bien-ban", minutes_document(load(visit), on=ON, number="12/BB-VHXH"))


def test_the_empty_form_reads_as_it_did(planned: Inspection, clean: Plan) -> None:
    _golden("blank", blank_form(load(planned), embedded(clean)))


def test_files_say_what_the_tree_says(visit: Inspection, tmp_path: Path) -> None:
    document = minutes_document(load(visit), on=ON)
    wanted = squashed("".join(text for part, text in document_lines(document) if part != "head"))
    pdf, docx = pdf_bytes(document), docx_bytes(document)

    assert schema_faults(docx, "docx", tmp_path) == []
    assert squashed(docx_text(docx)) == squashed("".join(uncounted_lines(document)))
    printed = squashed(page_words(pdf))
    for line in (line.text for line in document_lines(document) if line.part in WHOLE):
        assert squashed(line) in printed
    for head in map(squashed, head_texts(document)):
        assert head in printed
        printed = printed.replace(head, "")
    assert Counter(printed) == Counter(wanted)


def test_the_pdf_is_accessible_and_archivable_with_its_fields(
    visit: Inspection, tmp_path: Path
) -> None:
    document = minutes_document(load(visit), on=ON)
    path = tmp_path / "minutes.pdf"
    rendered = render_minutes(document, DEFAULT_LAYOUT, field_names(1, len(NAMES)))
    path.write_bytes(rendered.files[FileRole.PDF])

    assert [str(finding) for finding in pdfua.validate(path).findings] == []
    assert_keeps_standards([path])


# --- every field of the offices' own paper ----------------------------------------------------------------

# Sample 000 from top to bottom, with invented names; what is written by hand there has its own list below.
SAMPLE_000 = {
    "chủ quản": "UBND XÃ AN PHÚ",
    "cơ quan kiểm tra": "PHÒNG VĂN HÓA - XÃ HỘI",
    "quốc hiệu": "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
    "tiêu ngữ": "Độc lập - Tự do - Hạnh phúc",
    "địa danh, ngày": "An Phú, ngày",
    "tên, dòng 1": "KIỂM TRA KẾ HOẠCH",
    "tên, dòng 2": "CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC",
    "năm học": "Năm học 2025-2026",
    "giờ": "Vào lúc",
    "nơi": "Tại",
    "thành phần": "1. Thành phần:",
    "tổ kiểm tra": "Tổ kiểm tra:",
    "người của tổ: họ tên, chức vụ, đơn vị, vai trò": (
        "1. Ông Trần Văn Thí Dụ, Phó Trưởng phòng Phòng Văn hóa - Xã hội - Tổ trưởng;"
    ),
    "hiệu trưởng trường khác": "4. Bà Phạm Thị Mẫu, Hiệu trưởng Trường Mầm non Sao Mai - Thành viên;",
    "phía nhà trường": "Phía nhà trường:",
    "hiệu trưởng": "1. Bà Lê Thị Mẫu Đơn, chức vụ: Hiệu trưởng;",
    "phó hiệu trưởng": "2. Ông Trần Văn Minh Họa, chức vụ: Phó",
    "người thứ ba": "3.",
    "căn cứ thông tư": "Căn cứ Thông tư số 19/2018/TT-BGDĐT ngày 22/8/2018",
    "phần I": "I. MỤC ĐÍCH, YÊU CẦU",
    "phần II": "II. CĂN CỨ XÂY DỰNG KẾ HOẠCH",
    "phần III": "III. NỘI DUNG KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC",
    "cột 1": "TT",
    "cột 2": "Tiêu chuẩn, tiêu chí",
    "cột 3": "Kết quả cần đạt (so với hiện trạng)",
    "cột 4": "Công việc/giải pháp cần thực hiện",
    "cột 5": "Chủ trì và phối hợp thực hiện",
    "cột 6": "Thời gian thực hiện và hoàn thành",
    "cột 7": "Dự kiến kinh phí",
    "cột 8": "Điều kiện hỗ trợ khác",
    "cột 9": "Ghi chú",
    "dải mức": "MỨC 2",
    "tổ chức thực hiện": "IV. TỔ CHỨC THỰC HIỆN",
    "nhận xét": "Nhận xét của đoàn kiểm tra",
    "ký, trái": "HIỆU TRƯỞNG",
    "ký, phải": "THÀNH VIÊN ĐOÀN KIỂM TRA",
}


def in_order(lines: list[str], wanted: dict[str, str]) -> list[str]:
    """Return the fields that do not follow, one after the other, in the lines."""
    missing, rest = [], iter(lines)
    for name, words in wanted.items():
        kept = list(rest)
        place = next((i for i, line in enumerate(kept) if line.startswith(words)), None)
        if place is None:
            missing.append(name)
        rest = iter(kept if place is None else kept[place + 1 :])
    return missing


def test_every_field_of_the_offices_paper_stands_on_the_form(
    planned: Inspection, clean: Plan
) -> None:
    assert in_order(texts(blank_form(load(planned), embedded(clean))), SAMPLE_000) == []


def test_every_field_of_the_offices_paper_stands_in_the_minutes(visit: Inspection) -> None:
    written = {
        "giờ": "Vào lúc 8 giờ 10 phút, ngày 14 tháng 4 năm 2026",
        "nơi": "Tại Trường Mầm non Hoa Sen",
        "địa danh, ngày": "An Phú, ngày 22 tháng 4 năm 2026",
        "người thứ ba": "3. Bà Đỗ Thị Thử, chức vụ: Chủ tịch Công đoàn.",
    }

    assert in_order(said(visit), SAMPLE_000 | written) == []


# --- head, title, hour ------------------------------------------------------------------------------------


def test_the_letterhead_is_that_of_the_inspecting_body_with_its_parent(visit: Inspection) -> None:
    (head,) = blocks(minutes_document(load(visit), on=ON), Letterhead)

    assert (head.parent_body, head.issuer) == ("UBND XÃ AN PHÚ", "PHÒNG VĂN HÓA - XÃ HỘI")
    assert head.number == ()
    assert head.place_and_date == (Run("An Phú, ngày 22 tháng 4 năm 2026"),)


def test_a_number_is_printed_as_it_is_given(visit: Inspection) -> None:
    (head,) = blocks(minutes_document(load(visit), number=" 12/BB-VHXH "), Letterhead)

    assert head.number == (Run("Số: 12/BB-VHXH"),)


@pytest.mark.parametrize(
    ("title", "lines"),
    [
        (MinutesTitle.CHECK, ("KIỂM TRA KẾ HOẠCH", "CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC")),
        (
            MinutesTitle.MINUTES,
            ("BIÊN BẢN KIỂM TRA", "KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC"),
        ),
    ],
)
def test_both_titles_of_the_offices_are_there(
    visit: Inspection, title: MinutesTitle, lines: tuple[str, ...]
) -> None:
    visit.minutes_title = title
    visit.save()

    (found,) = blocks(minutes_document(load(visit)), Title)

    assert found == Title(lines, ("Năm học 2025-2026",))


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("8:10", "8 giờ 10 phút"),
        ("8h10", "8 giờ 10 phút"),
        ("8 giờ", "8 giờ 00 phút"),
        ("08g05", "08 giờ 05 phút"),
        ("Đầu buổi sáng", "Đầu buổi sáng"),
        ("29:77", "29:77"),
    ],
)
def test_an_hour_is_printed_in_words_or_as_it_was_typed(typed: str, printed: str) -> None:
    assert hour_words(typed) == (Run(printed),)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("14/4/2026", "ngày 14 tháng 4 năm 2026"),
        ("05-01-2026", "ngày 05 tháng 01 năm 2026"),
        ("31/2/2026", "ngày 31/2/2026"),
        ("sáng thứ ba", "ngày sáng thứ ba"),
    ],
)
def test_a_day_is_printed_in_words_or_as_it_was_typed(typed: str, printed: str) -> None:
    assert day_words(typed) == (Run(printed),)


# --- people -----------------------------------------------------------------------------------------------


def test_everybody_present_of_the_team_signs_and_who_was_absent_is_named_as_such(
    visit: Inspection,
) -> None:
    visit.members.filter(full_name="Lê Văn Ví Dụ").update(present="no")

    document = minutes_document(load(visit), on=ON)

    (signed,) = blocks(document, SignParties)
    assert signed.parties[0].names == ("Lê Thị Mẫu Đơn",)
    assert signed.parties[0].capacity == ("HIỆU TRƯỞNG",)
    assert signed.parties[1].capacity == ("THÀNH VIÊN ĐOÀN KIỂM TRA",)
    assert signed.parties[1].names == tuple(name for name in NAMES if name != "Lê Văn Ví Dụ")
    line = "3. Ông Lê Văn Ví Dụ, Chuyên viên Phòng Văn hóa - Xã hội - Thành viên (vắng mặt);"
    assert line in texts(document)


def test_a_deputy_signs_for_a_head_who_is_not_there(visit: Inspection) -> None:
    visit.attendees.filter(position="Hiệu trưởng").update(removed="1")

    (signed,) = blocks(minutes_document(load(visit), on=ON), SignParties)

    assert signed.parties[0].capacity == ("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG")
    assert signed.parties[0].names == ("Trần Văn Minh Họa",)


def test_the_head_of_the_day_signs_where_nobody_present_is_one(visit: Inspection) -> None:
    visit.attendees.exclude(position="Chủ tịch Công đoàn").update(removed="1")

    (signed,) = blocks(minutes_document(load(visit), on=ON), SignParties)

    assert signed.parties[0].names == ("Lê Thị Mẫu Đơn",)


def test_a_member_taken_off_in_mid_visit_does_not_sign_but_is_told_of(visit: Inspection) -> None:
    gone = visit.members.get(full_name="Phạm Thị Mẫu")
    gone.removed_at = datetime(2026, 4, 14, 2, 5, tzinfo=UTC)
    gone.removed_by = visit.opened_by
    gone.save()

    document = minutes_document(load(visit), on=ON)

    (signed,) = blocks(document, SignParties)
    assert "Phạm Thị Mẫu" not in signed.parties[1].names
    assert (
        "Thành viên thôi tham gia tổ kiểm tra: Bà Phạm Thị Mẫu, Hiệu trưởng Trường Mầm non Sao Mai - "
        "Thành viên (thôi tham gia lúc 9 giờ 05 phút ngày 14/4/2026)."
    ) in texts(document)


def test_a_member_taken_off_before_the_visit_is_not_told_of(visit: Inspection) -> None:
    gone = visit.members.get(full_name="Phạm Thị Mẫu")
    gone.removed_at = datetime(2026, 4, 13, 2, 5, tzinfo=UTC)
    gone.removed_by = visit.opened_by
    gone.save()

    assert not [line for line in said(visit) if "Phạm Thị Mẫu" in line]


# --- the plan inside --------------------------------------------------------------------------------------


def test_the_plan_is_embedded_without_its_head_and_signature_and_its_wide_table_lies_across(
    visit: Inspection,
) -> None:
    document = minutes_document(load(visit), on=ON)

    assert len(blocks(document, Letterhead)) == len(blocks(document, Title)) == 1
    assert blocks(document, SignBlock) == []
    lies = [section.orientation for section in document.sections]
    portrait, landscape = Orientation.PORTRAIT, Orientation.LANDSCAPE
    assert lies == [portrait, portrait, landscape, portrait, portrait]
    lines = texts(document)
    assert "Trên đây là kế hoạch cải tiến chất lượng giáo dục của nhà trường." in lines
    assert [line for line in lines if line.endswith("./.")] == [
        "Biên bản được lập thành 02 bản, mỗi bên giữ 01 bản./."
    ]


def test_the_plans_heads_keep_their_numbers(visit: Inspection) -> None:
    heads = [
        line.text for line in document_lines(minutes_document(load(visit))) if line[0] == "heading"
    ]

    assert heads[0] == "1. Thành phần:"
    assert [one for one in heads if one[:2] in ("I.", "II", "IV") or one[:3] == "III"] == [
        "I. MỤC ĐÍCH, YÊU CẦU",
        "II. CĂN CỨ XÂY DỰNG KẾ HOẠCH",
        "III. NỘI DUNG KẾ HOẠCH CẢI TIẾN CHẤT LƯỢNG GIÁO DỤC",
        "IV. TỔ CHỨC THỰC HIỆN",
    ]


def test_no_head_is_counted_before_the_plans_first(visit: Inspection) -> None:
    counted = [one for one in blocks(minutes_document(load(visit)), Heading) if one.numbered]

    assert (counted[0].level, counted[0].content) == (1, (Run("MỤC ĐÍCH, YÊU CẦU"),))


def test_papers_name_the_school_year_of_the_plan_that_is_looked_at(visit: Inspection) -> None:
    Inspection.objects.filter(pk=visit.pk).update(school_year=schools.school_year(2026))

    minutes = minutes_document(load(visit))
    notice = notice_document(load(visit), on=ON)

    (title,) = blocks(minutes, Title)
    assert title.subject_lines == ("Năm học 2025-2026",)
    assert "Năm học 2025-2026" in minutes.title
    assert "2026-2027" not in minutes.title + notice.title + " ".join(texts(notice))


def test_without_a_plan_the_papers_name_the_school_year_of_the_visit(visit: Inspection) -> None:
    year = schools.school_year(2026)
    Inspection.objects.filter(pk=visit.pk).update(school_year=year, plan=None, plan_tree={})

    (title,) = blocks(minutes_document(load(visit)), Title)

    assert title.subject_lines == ("Năm học 2026-2027",)


def test_a_school_without_a_plan_is_said_to_have_none(visit: Inspection) -> None:
    Inspection.objects.filter(pk=visit.pk).update(
        plan_tree={}, plan=None, plan_words="Nhà trường chưa có kế hoạch trên chương trình"
    )

    lines = said(visit)

    assert "Kế hoạch được kiểm tra: Nhà trường chưa có kế hoạch trên chương trình." in lines
    assert "I. MỤC ĐÍCH, YÊU CẦU" not in lines


# --- what was found ---------------------------------------------------------------------------------------


def test_a_recommendation_names_its_person_and_day(visit: Inspection) -> None:
    assert (
        "- Ngăn kho thực phẩm; người thực hiện: Phạm Thị Minh Họa, Phó Hiệu trưởng; hạn: 30/5/2026"
    ) in said(visit)


def test_a_withdrawn_remark_stays_in_the_record_and_its_recommendations_do_not_hold(
    visit: Inspection,
) -> None:
    finding = visit.findings.get(key="muc-duty_staff")
    inspections.recommendation(finding, body="Ghi rõ người.")

    lines = said(visit)

    assert not [line for line in lines if "Ghi rõ người" in line]
    assert "Tổ kiểm tra đã rút nhận xét này sau khi nghe nhà trường phản hồi." in lines
    assert "Phân công chưa rõ người." in after(
        lines, "Phản hồi của nhà trường và kết luận của tổ kiểm tra"
    )


def test_the_schools_answers_are_not_printed_while_they_are_its_own_draft(
    visit: Inspection,
) -> None:
    Inspection.objects.filter(pk=visit.pk).update(replied_at=None, replied_by=None)
    answer = "Nhà trường phản hồi ngày 17/4/2026: Nhà trường nhất trí."

    before = texts(minutes_document(load(visit), on=date(2026, 4, 20)))
    later = texts(minutes_document(load(visit), on=date(2026, 4, 21)))

    assert answer not in before
    assert answer in later


def test_answers_to_a_checklist_are_printed_under_their_criterion(visit: Inspection) -> None:
    asked = checklists.checklist(visit.body, framework=visit.plan.framework, title="Bếp ăn")
    visit.answers.create(question=asked.questions.get(), value="Có")

    lines = said(visit)

    assert "Kết quả theo phiếu kiểm tra: Bếp ăn" in lines
    start = lines.index("Kết quả theo phiếu kiểm tra: Bếp ăn")
    assert lines[start + 1 : start + 4] == ["TT", "Câu hỏi", "Trả lời"]
    assert lines[start + 5 : start + 8] == [
        "1",
        "Bếp ăn có theo nguyên tắc một chiều không?",
        "Có",
    ]


def test_a_long_action_is_quoted_by_its_first_words() -> None:
    assert shortened("một hai ba bốn", 11) == "một hai ba…"
    assert shortened("một\nhai", 11) == "một hai"


# --- the empty form ---------------------------------------------------------------------------------------


def test_the_empty_form_leaves_room_for_everything_that_a_visit_says(
    planned: Inspection, clean: Plan
) -> None:
    document = blank_form(load(planned), embedded(clean))

    lines = [
        b for b in blocks(document, Paragraph) if b.content and isinstance(b.content[0], Blank)
    ]
    assert len(lines) == 12
    (signed,) = blocks(document, SignParties)
    assert signed.parties[0].names == ()
    assert signed.parties[1].names == tuple(NAMES)
    (head,) = blocks(document, Letterhead)
    assert [one for one in head.place_and_date if isinstance(one, Blank)] != []


def test_the_form_of_an_open_record_is_as_empty(visit: Inspection, planned: Inspection) -> None:
    Inspection.objects.filter(pk=visit.pk).update(state=InspectionState.OPEN)

    lines = texts(blank_form(load(visit)))

    assert "Nhà trường thực hiện nghiêm túc kế hoạch." not in lines
    assert "Nhà trường cảm ơn đoàn kiểm tra." not in lines
    assert "I. MỤC ĐÍCH, YÊU CẦU" in lines
    assert not [line for line in lines if "8 giờ 10" in line]


def test_the_form_without_a_plan_leaves_room_to_name_it(planned: Inspection) -> None:
    lines = texts(blank_form(load(planned)))

    assert [line for line in lines if line.startswith("Kế hoạch được kiểm tra: số")] != []
    assert "I. MỤC ĐÍCH, YÊU CẦU" not in lines


# --- loading ----------------------------------------------------------------------------------------------


def test_loading_costs_the_same_for_many_findings(
    visit: Inspection, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
) -> None:
    with django_assert_num_queries(11) as first:
        minutes_document(load(visit), on=ON)
    for finding in visit.findings.all():
        inspections.recommendation(finding)
    inspections.member(visit)

    with django_assert_num_queries(len(first)):
        document = minutes_document(load(visit), on=ON)

    assert blocks(document, Heading) and blocks(document, Table)
