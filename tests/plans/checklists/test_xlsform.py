"""The XLSForm: read back cell by cell, and turned into an XForm by pyxform itself."""

import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from lxml import etree
from pyxform.xls2xform import convert

from criteria.models import Criterion
from plans.checklists import actions
from plans.checklists.models import Checklist, Question
from plans.checklists.xlsform import file_name, xlsform
from tests.factories import accounts, checklists, criteria, schools
from tests.plans.documents.reading import schema_faults

pytestmark = pytest.mark.django_db

XF = {"h": "http://www.w3.org/1999/xhtml", "f": "http://www.w3.org/2002/xforms"}
OPENING = 9  # rows of the survey before the first standard
JOINER = "\N{WORD JOINER}"


@pytest.fixture
def checklist() -> Checklist:
    """A published checklist of two criteria that asks nothing yet."""
    made = checklists.checklist(
        schools.body("UBND xã An Phú"), title="Phiếu bếp ăn", code="phieu-bep-an"
    )
    made.questions.all().delete()
    return made


def ask(checklist: Checklist, words: str, kind: Question.Kind, **values: Any) -> Question:
    return checklists.question(checklist, words=words, kind=kind, **values)


def rows(content: bytes, sheet: str) -> list[dict[str, str]]:
    """Return the rows of a sheet as field tools see them: column → text, empty cells left out."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    head, *body = book[sheet].iter_rows()
    names = [cell.value for cell in head]
    assert {cell.data_type for row in body for cell in row if cell.value is not None} <= {"s"}
    return [
        {name: cell.value for name, cell in zip(names, row, strict=True) if cell.value is not None}
        for row in body
    ]


def converted(content: bytes) -> Any:
    """Return the XForm that pyxform makes; it has nothing to warn of."""
    result = convert(io.BytesIO(content), file_type=".xlsx")
    assert result.warnings == []
    return etree.fromstring(result.xform.encode())


def labels(xform: Any) -> list[str]:
    return [
        " ".join("".join(one.itertext()).split())
        for one in xform.iterfind(".//h:body//f:label", XF)
    ]


def test_every_kind_of_question_stands_under_its_standard_and_criterion(
    checklist: Checklist,
) -> None:
    second = Criterion.objects.of(checklist.framework)[1]
    ask(checklist, "Bếp có một chiều không?", Question.Kind.YES_NO, hint="Xem sơ đồ")
    ask(checklist, "Nước từ đâu?", Question.Kind.CHOICE, choices=["Máy", "Giếng"])
    ask(checklist, "Có những sổ nào?", Question.Kind.SEVERAL, choices=["Sổ 1", "Sổ 2"])
    ask(checklist, "Bao nhiêu suất ăn?", Question.Kind.NUMBER, criterion=second)
    ask(checklist, "Nhận xét khác", Question.Kind.TEXT, criterion=second)

    content = xlsform(checklist)

    title = second.title
    assert rows(content, "survey")[OPENING:] == [
        {
            "type": "begin_group",
            "name": "tieu_chuan_1",
            "label": "Tiêu chuẩn 1: Tổ chức và quản lý nhà trường",
        },
        {"type": "begin_group", "name": "tieu_chi_1_1", "label": f"Tiêu chí 1.1: {title}"},
        {
            "type": "select_one co_khong",
            "name": "tc_1_1_bep_co_mot_chieu_khong",
            "label": "Bếp có một chiều không?",
            "hint": "Xem sơ đồ",
        },
        {
            "type": "select_one tc_1_1_nuoc_tu_dau",
            "name": "tc_1_1_nuoc_tu_dau",
            "label": "Nước từ đâu?",
        },
        {
            "type": "select_multiple tc_1_1_co_nhung_so_nao",
            "name": "tc_1_1_co_nhung_so_nao",
            "label": "Có những sổ nào?",
        },
        {"type": "end_group"},
        {"type": "begin_group", "name": "tieu_chi_1_2", "label": f"Tiêu chí 1.2: {title}"},
        {"type": "decimal", "name": "tc_1_2_bao_nhieu_suat_an", "label": "Bao nhiêu suất ăn?"},
        {
            "type": "text",
            "name": "tc_1_2_nhan_xet_khac",
            "label": "Nhận xét khác",
            "appearance": "multiline",
        },
        {"type": "end_group"},
        {"type": "end_group"},
    ]
    assert rows(content, "choices") == [
        {"list_name": "co_khong", "name": "co", "label": "Có"},
        {"list_name": "co_khong", "name": "khong", "label": "Không"},
        {"list_name": "tc_1_1_nuoc_tu_dau", "name": "may", "label": "Máy"},
        {"list_name": "tc_1_1_nuoc_tu_dau", "name": "gieng", "label": "Giếng"},
        {"list_name": "tc_1_1_co_nhung_so_nao", "name": "so_1", "label": "Sổ 1"},
        {"list_name": "tc_1_1_co_nhung_so_nao", "name": "so_2", "label": "Sổ 2"},
    ]
    converted(content)


def test_form_asks_first_when_where_and_who(checklist: Checklist) -> None:
    content = xlsform(checklist)

    opening = rows(content, "survey")
    assert [(row["type"], row.get("name")) for row in opening] == [
        *(("start", "start"), ("end", "end"), ("today", "today")),
        ("begin_group", "truong"),
        *(("text", "ten_truong"), ("text", "ma_truong")),
        *(("date", "ngay_kiem_tra"), ("text", "nguoi_ghi")),
        ("end_group", None),
    ]
    converted(content)


def test_settings_tell_checklists_and_versions_apart(checklist: Checklist) -> None:
    ask(checklist, "Bếp có một chiều không?", Question.Kind.YES_NO)
    person = accounts.user()
    draft = actions.begin_version(checklist=checklist, by=person)

    (settings,) = rows(xlsform(checklist), "settings")
    (of_draft,) = rows(xlsform(draft), "settings")
    actions.remove_question(question=draft.questions.get(), by=person)
    (later,) = rows(xlsform(draft), "settings")

    assert settings == {
        "form_title": "Phiếu bếp ăn – UBND xã An Phú",
        "form_id": f"kcl_{checklist.body_id}_phieu_bep_an",
        "version": "1",
        "instance_name": "concat(${ten_truong}, ' – ', ${ngay_kiem_tra})",
    }
    assert of_draft["form_id"] == later["form_id"] == settings["form_id"]
    versions = [of_draft["version"], later["version"]]
    assert all(one.startswith("2-nhap-") for one in versions) and len(set(versions)) == 2
    assert (file_name(checklist), file_name(draft)) == (
        "phieu-bep-an-v1.xlsx",
        "phieu-bep-an-v2-nhap.xlsx",
    )


def test_xform_has_the_forms_id_and_version(checklist: Checklist) -> None:
    xform = converted(xlsform(checklist))

    root = xform.find(".//f:model/f:instance/*", XF)
    assert (root.get("id"), root.get("version")) == (
        f"kcl_{checklist.body_id}_phieu_bep_an",
        "1",
    )


NASTY = {
    "quotes": "Có \"một chiều\" và 'hai chiều' không?",
    "markup": "Nhiệt độ < 4 °C & > 60 °C </label><script>",
    "commas": "Sổ, phiếu; hồ sơ, ảnh: có đủ?",
    "formula": "=1+1",
    "command": "=cmd|' /C calc'!A0",
    "plus": "+84 là số của ai?",
    "at": "@SUM(A1)",
    "error": "#N/A",
    "truth": "TRUE",
    "number": "007",
    "very long": "Rất dài " * 62 + "hết",
    "nothing to name it by": "???",
    "no letters of ours": "检查",
    "starts with a figure": "3 bước rửa tay",
    "composed": "Sổ theo dõi",
    "curly": "{{ x }} {% y %} }",
    "percent": "100% trẻ?",
    "backslash": "C:\\hồ sơ\\a",
}


@pytest.mark.parametrize("words", NASTY.values(), ids=NASTY)
def test_words_come_through_to_the_letter(checklist: Checklist, words: str) -> None:
    choices = [words[:100], "Khác"]
    ask(checklist, words, Question.Kind.SEVERAL, choices=choices, hint=words)
    Checklist.objects.filter(pk=checklist.pk).update(title=words[:200])
    checklist.refresh_from_db()

    content = xlsform(checklist)
    xform = converted(content)

    row = rows(content, "survey")[OPENING + 2]
    kept = " ".join(words.split())
    assert (row["label"], row["hint"]) == (kept, kept)
    assert kept in labels(xform)
    (hint,) = xform.iterfind(".//f:select/f:hint", XF)
    assert hint.text == kept
    offered = ["".join(one.itertext()) for one in xform.iterfind(".//f:instance[@id]//f:label", XF)]
    assert " ".join(choices[0].split()) in offered


@pytest.mark.parametrize("words", ["Giá ${ten_truong}", "Giá ${khong_co}", "Giá ${", "${a b}"])
def test_words_that_would_name_another_question_name_none(checklist: Checklist, words: str) -> None:
    ask(checklist, words, Question.Kind.CHOICE, choices=[words, "Khác"], hint=words)

    xform = converted(xlsform(checklist))

    assert words.replace("${", f"${JOINER}{{") in labels(xform)
    assert xform.find(".//f:output", XF) is None


def test_choices_that_look_alike_have_names_of_their_own(checklist: Checklist) -> None:
    choices = ["Có", "có ", "Co", "co-2", "...", "!!", "a" * 200, "a" * 199 + "b"]
    ask(checklist, "Chọn?", Question.Kind.SEVERAL, choices=choices)

    content = xlsform(checklist)

    names = [row["name"] for row in rows(content, "choices")[2:]]
    assert names == [
        *("co", "co_2", "co_3", "co_2_2", "lua_chon", "lua_chon_2"),
        *("a" * 40, "a" * 40 + "_2"),
    ]
    converted(content)


def test_questions_in_the_same_words_have_names_of_their_own(checklist: Checklist) -> None:
    second = Criterion.objects.of(checklist.framework)[1]
    for criterion in (None, None, second):
        about = {"criterion": criterion} if criterion else {}
        ask(checklist, "Đủ chưa?", Question.Kind.CHOICE, choices=["Đủ", "Thiếu"], **about)

    content = xlsform(checklist)

    names = [row["name"] for row in rows(content, "survey") if "select" in row["type"]]
    assert names == ["tc_1_1_du_chua", "tc_1_1_du_chua_2", "tc_1_2_du_chua"]
    converted(content)


def test_question_keeps_its_name_when_it_is_moved_and_in_the_next_version(
    checklist: Checklist,
) -> None:
    person = accounts.user()
    for words in ("Một?", "Hai?", "Ba?"):
        ask(checklist, words, Question.Kind.YES_NO)
    draft = actions.begin_version(checklist=checklist, by=person)
    last = draft.questions.get(words="Ba?")
    actions.move_question(question=last, up=True, by=person)

    def names(one: Checklist) -> list[str]:
        return [row["name"] for row in rows(xlsform(one), "survey") if "select" in row["type"]]

    assert names(checklist) == ["tc_1_1_mot", "tc_1_1_hai", "tc_1_1_ba"]
    assert names(draft) == ["tc_1_1_mot", "tc_1_1_ba", "tc_1_1_hai"]


def test_signs_that_no_file_holds_are_left_out(checklist: Checklist) -> None:
    """The actions let none in; a row from elsewhere still makes no broken workbook."""
    ask(checklist, "Bếp\x0b \x01sạch\ufffe\nkhông?", Question.Kind.YES_NO, hint="\x1f")

    content = xlsform(checklist)

    row = rows(content, "survey")[OPENING + 2]
    assert (row["label"], "hint" in row) == ("Bếp sạch không?", False)
    converted(content)


def test_same_checklist_gives_the_same_bytes(checklist: Checklist) -> None:
    ask(checklist, "Một?", Question.Kind.YES_NO)

    assert xlsform(checklist) == xlsform(checklist)


def test_workbook_keeps_to_the_rules_of_its_format(checklist: Checklist, tmp_path: Path) -> None:
    for words in NASTY.values():
        ask(checklist, words, Question.Kind.CHOICE, choices=[words[:100], "Khác"], hint=words)

    assert schema_faults(xlsform(checklist), "xlsx", tmp_path) == []


@pytest.mark.slow
def test_checklist_of_five_hundred_questions_is_accepted() -> None:
    framework = criteria.framework(criteria=25)
    made = checklists.checklist(framework=framework)
    Question.objects.bulk_create(
        Question(
            checklist=made,
            criterion=criterion,
            position=number,
            words=f"{'Câu hỏi dài như nhau ' * 20}{number}?",
            kind=Question.Kind.CHOICE,
            choices=[f"Lựa chọn {n}" for n in range(10)],
        )
        for criterion in Criterion.objects.of(framework)
        for number in range(20)
    )

    xform = converted(xlsform(made))

    assert len(list(xform.iterfind(".//h:body//f:select1", XF))) == 501


def test_pyxform_does_refuse_what_is_wrong() -> None:
    """The control: otherwise its consent would say nothing."""
    book = openpyxl.Workbook()
    book.active.title = "survey"
    book.active.append(["type", "name", "label"])
    book.active.append(["text", "a", "Giá ${khong_co}"])
    out = io.BytesIO()
    book.save(out)

    with pytest.raises(Exception, match="khong_co"):
        convert(io.BytesIO(out.getvalue()), file_type=".xlsx")
