"""A checklist as an XLSForm workbook, for the tools of the ODK family (Collect, Enketo, KoboToolbox).

Source: xlsform.org, the sheets survey, choices and settings. Names come from the words, not from the place, so a
question keeps its column of data from version to version for as long as it is asked in the same words.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from criteria.models import Criterion, Standard
from plans.checklists.models import Checklist, Question
from plans.checklists.reading import parts_of, seen_checklist
from plans.documents.ooxml import repacked
from plans.documents.xlsx import mended
from plans.text import fold, nfc

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_SURVEY = ("type", "name", "label", "hint", "required", "required_message", "default", "appearance")
_CHOICES = ("list_name", "name", "label")
_SETTINGS = ("form_title", "form_id", "version", "instance_name")
_WIDTHS = {
    "label": 70,
    "hint": 50,
    "type": 32,
    "name": 40,
    "form_title": 60,
    "required_message": 40,
}
_YES_NO = "co_khong"
_NAME_LENGTH = 40
# "${" would name another question; with a word joiner between, it reads the same and names nothing.
_REFERENCE, _HARMLESS = "${", "$\N{WORD JOINER}{"
_NO_NAME = re.compile("[^a-z0-9]+")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Row = dict[str, str]


def xlsform(checklist: Checklist) -> bytes:
    """Return a checklist as a workbook that pyxform turns into an XForm; the same checklist gives the same bytes.

    `checklist` has its body loaded. A draft has a version of its own at every change of its words. Every cell is
    text, also "=1+1". A checklist without questions gives a form that asks for the school alone.
    """
    names = _Names()
    choices = [
        {"list_name": _YES_NO, "name": "co", "label": "Có"},
        {"list_name": _YES_NO, "name": "khong", "label": "Không"},
    ]
    survey = [*_opening()]
    for part in parts_of(checklist, asked_only=True):
        survey.append(_begin(f"tieu_chuan_{part.standard.number}", part.standard))
        for criterion_part in part.criteria:
            number = _slug(criterion_part.criterion.number)
            survey.append(_begin(f"tieu_chi_{number}", criterion_part.criterion))
            for question in criterion_part.questions:
                name = names.free(f"tc_{number}_{_slug(question.words) or 'cau_hoi'}")
                survey.append(_question(question, name))
                choices += _choices(question, name)
            survey.append({"type": "end_group"})
        survey.append({"type": "end_group"})
    sheets = {
        "survey": (_SURVEY, survey),
        "choices": (_CHOICES, choices),
        "settings": (_SETTINGS, [_settings(checklist)]),
    }
    return _workbook(sheets, title=checklist.title)


def file_name(checklist: Checklist) -> str:
    """Return the name of the file: "phieu-bep-an-v2.xlsx"."""
    draft = "-nhap" if checklist.is_draft else ""
    return f"{checklist.code}-v{checklist.number}{draft}.xlsx"


# --- the rows ---------------------------------------------------------------------------------------------


def _opening() -> Iterable[Row]:
    """Yield when the form was filled in, and about which school, by whom."""
    yield from ({"type": name, "name": name} for name in ("start", "end", "today"))
    yield {"type": "begin_group", "name": "truong", "label": "Nhà trường được kiểm tra"}
    must = {"required": "yes", "required_message": "Hãy điền mục này."}
    yield {"type": "text", "name": "ten_truong", "label": "Tên trường", **must}
    yield {
        "type": "text",
        "name": "ma_truong",
        "label": "Mã định danh của trường",
        "hint": "Để trống nếu chưa biết.",
    }
    day = {"label": "Ngày kiểm tra", "default": "today()", **must}
    yield {"type": "date", "name": "ngay_kiem_tra", **day}
    yield {"type": "text", "name": "nguoi_ghi", "label": "Người ghi phiếu", **must}
    yield {"type": "end_group"}


def _begin(name: str, about: Standard | Criterion) -> Row:
    return {"type": "begin_group", "name": name, "label": _words(about.label)}


def _question(question: Question, name: str) -> Row:
    kinds = {
        Question.Kind.YES_NO: f"select_one {_YES_NO}",
        Question.Kind.CHOICE: f"select_one {name}",
        Question.Kind.SEVERAL: f"select_multiple {name}",
        Question.Kind.NUMBER: "decimal",
        Question.Kind.TEXT: "text",
    }
    row = {"type": kinds[Question.Kind(question.kind)], "name": name}
    row |= {"label": _words(question.words), "hint": _words(question.hint)}
    return row | ({"appearance": "multiline"} if question.kind == Question.Kind.TEXT else {})


def _choices(question: Question, list_name: str) -> list[Row]:
    names = _Names()
    return [
        {
            "list_name": list_name,
            "name": names.free(_slug(words) or "lua_chon"),
            "label": _words(words),
        }
        for words in question.choices
    ]


def _settings(checklist: Checklist) -> Row:
    version = str(checklist.number)
    if checklist.is_draft:
        version += f"-nhap-{seen_checklist(checklist)[:8]}"
    return {
        "form_title": _words(f"{checklist.title} – {checklist.body.name}"),
        "form_id": f"kcl_{checklist.body_id}_{_slug(checklist.code)}",
        "version": version,
        "instance_name": "concat(${ten_truong}, ' – ', ${ngay_kiem_tra})",
    }


# --- words and names --------------------------------------------------------------------------------------


class _Names:
    """Gives names that differ, also where capitals do not count."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def free(self, wanted: str) -> str:
        """Return the name wanted, or that with the first number free: "tc_1_1_co_so", "tc_1_1_co_so_2"."""
        wanted = wanted[:_NAME_LENGTH].rstrip("_")
        name, count = wanted, 1
        while name in self.taken:
            count += 1
            name = f"{wanted}_{count}"
        self.taken.add(name)
        return name


def _slug(words: str) -> str:
    """Return words as a name in XML: letters without marks, figures and underscores; "" where nothing is left."""
    return _NO_NAME.sub("_", fold(words)).strip("_")


def _words(text: str) -> str:
    """Return typed words for a cell: on one line, with nothing that the form's tools would take for a command."""
    bare = _UNPRINTABLE.sub("", nfc(text))
    return " ".join(bare.split()).replace(_REFERENCE, _HARMLESS)


# --- the workbook -----------------------------------------------------------------------------------------


def _workbook(sheets: Mapping[str, tuple[Sequence[str], list[Row]]], *, title: str) -> bytes:
    from openpyxl import Workbook  # slow import

    book = Workbook()
    book.remove(book.active)
    for name, (columns, rows) in sheets.items():
        _write(book.create_sheet(name), columns, rows)
    book.properties.title, book.properties.creator = _words(title), "KCL"
    out = io.BytesIO()
    book.save(out)
    return repacked(out.getvalue(), mended)


def _write(sheet: Any, columns: Sequence[str], rows: list[Row]) -> None:
    from openpyxl.styles import Alignment, Font  # slow import

    table = [dict(zip(columns, columns, strict=True)), *rows]
    for number, row in enumerate(table, 1):
        for place, column in enumerate(columns, 1):
            if text := row.get(column, ""):
                cell = sheet.cell(number, place)
                cell.value = text
                cell.data_type = "s"  # whatever openpyxl took it for: a formula, an error, a number
                cell.quotePrefix = text.startswith(
                    ("=", "+", "-", "@")
                )  # nor does Excel, on an edit
                cell.alignment = Alignment(vertical="top", wrap_text=True)
                cell.font = Font(bold=number == 1)
    for place, column in enumerate(columns):
        sheet.column_dimensions["ABCDEFGH"[place]].width = _WIDTHS.get(column, 18)
    sheet.freeze_panes = "A2"
