"""Form files (mẫu kế hoạch) → rows of PlanForm; run twice, same result.

A file is checked whole before anything is written and all its faults are named at once, with their places.
A form in use is never changed in place: a file whose content differs from the newest revision of its code
makes a new revision, and plans already begun keep theirs. Content, not bytes: order of keys, spacing and the
form in which an editor stored the Vietnamese letters make no difference.

How a file is written: the files in `fixtures/forms/` and the classes of `form`. Texts may hold the names of
`placeholders` in braces; a text of several lines is one string with line breaks or a list of lines.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from django.db import transaction

from criteria.checking import Fault, FileError, Report, read_json
from plans.planning.form import INDEX, TYPED_KINDS, Grouping, Options, SectionKind, StartsAs
from plans.planning.form_record import FormRecord
from plans.planning.models import PlanAction, PlanForm, TypedField

FORMS_DIR = Path(__file__).resolve().parents[2] / "fixtures" / "forms"
SCHEMA = "plan-form/1"
# What a column may print: the texts of an action, and the one word for how far it has come.
ACTION_FIELDS = frozenset(
    {f.name for f in PlanAction._meta.get_fields() if isinstance(f, TypedField)} | {"progress"}
)
# Columns whose cells the program fills; no text of the action stands in them.
COMPUTED_COLUMNS = frozenset({INDEX, "criterion"})
# Names that the page posts beside the cells of a row.
RESERVED_KEYS = frozenset({"version", "take_version", "sent", "done", "csrfmiddlewaretoken"})
MAX_DEPTH = 2
FIRST_YEAR, LAST_YEAR = 2000, 2100

_KEY = re.compile(r"[a-z][a-z0-9_]{0,59}")
_SEAT = re.compile(r"[a-z][a-z_]{0,39}(\.[a-z][a-z_]{0,39})?")
_SYMBOL = re.compile(r"[\w&.-]{1,20}")
_FILE_PREFIX = re.compile(r"[A-Za-z0-9-]{1,20}")
_KINDS_WITH_COLUMNS = frozenset({SectionKind.ACTIONS, SectionKind.TABLE})
# Sections without which nobody could write or sign a plan, and why.
_ALWAYS_ON = {
    SectionKind.ACTIONS: "bảng việc là phần chính của kế hoạch nên không tắt được",
    SectionKind.RECIPIENTS: "ở mục nơi nhận còn ghi số, ngày và người ký nên không tắt được",
}
_ONCE = (SectionKind.ACTIONS, SectionKind.RESULT_GRID, SectionKind.RECIPIENTS)


class FormFileError(FileError):
    """A form file was refused; nothing was written."""


class Outcome(Enum):
    """What loading a file did."""

    CREATED = "đã nạp mới"
    REVISED = "đã thêm lần sửa mới"
    UNCHANGED = "không thay đổi"


@dataclass(frozen=True, slots=True)
class LoadResult:
    """The form as it stands after loading `file` (a file name), and what was done."""

    file: str
    form: PlanForm
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class FormFile:
    """What a form file says, checked; `data` is what `read_form` reads."""

    code: str
    title: str
    source: str
    first_year: int
    last_year: int | None
    data: dict[str, Any]

    @property
    def digest(self) -> str:
        """The sha256 of the content, whatever the spelling of the file."""
        content = [self.code, self.title, self.source, self.first_year, self.last_year, self.data]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


# --- loading ----------------------------------------------------------------------------------------------


def load_form(path: Path) -> LoadResult:
    """Load one form file. Raises FormFileError, nothing written, when the file is broken."""
    return _load([path])[0]


def load_all(directory: Path = FORMS_DIR) -> list[LoadResult]:
    """Load all *.json files of `directory`, in order of name, all or nothing.

    Raises FormFileError with the faults of all files, also when there is no file to load.
    """
    paths = sorted(directory.glob("*.json"))
    if not paths:
        raise FormFileError([Fault(directory.name, "", "không có tệp .json nào")])
    return _load(paths)


def _load(paths: Sequence[Path]) -> list[LoadResult]:
    files: dict[str, FormFile] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            files[path.name] = read_form_file(path)
        except FormFileError as error:
            faults += error.faults
    faults += _repeated_codes(files)
    if faults:
        raise FormFileError(faults)
    with transaction.atomic():
        return [_store(name, file) for name, file in files.items()]


def _repeated_codes(files: Mapping[str, FormFile]) -> Iterator[Fault]:
    seen: dict[str, str] = {}
    for name, file in files.items():
        if file.code in seen:
            yield Fault(name, "code", f"“{file.code}” đã có ở tệp {seen[file.code]}")
        seen.setdefault(file.code, name)


def _store(name: str, file: FormFile) -> LoadResult:
    newest = PlanForm.objects.current().filter(code=file.code).order_by("revision").last()
    if newest is not None and newest.digest == file.digest:
        return LoadResult(name, newest, Outcome.UNCHANGED)
    form = PlanForm(
        code=file.code,
        revision=newest.revision + 1 if newest else 1,
        title=file.title,
        source=file.source,
        first_year=file.first_year,
        last_year=file.last_year,
        data=file.data,
        digest=file.digest,
    )
    form.full_clean()
    form.save()
    return LoadResult(name, form, Outcome.REVISED if newest else Outcome.CREATED)


# --- reading and checking ---------------------------------------------------------------------------------


def read_form_file(path: Path) -> FormFile:
    """Return what the file says; raises FormFileError with all its faults. Writes nothing."""
    report = Report(path.name)
    value = read_json(path, report)
    report.refuse_if_faulty(FormFileError)
    record = FormRecord.of(value, "", report)
    if record.text("schema", max_length=40) not in {"", SCHEMA}:
        record.fault("schema", f"phải là “{SCHEMA}”")
    record.lines("note")  # for whoever maintains the file; not stored
    years = record.part("school_years")
    first_year = years.integer("from", low=FIRST_YEAR, high=LAST_YEAR)
    file = FormFile(
        code=record.text("code", max_length=40),
        title=record.text("title", max_length=200),
        source=record.text("source", max_length=300, blank=True),
        first_year=first_year,
        last_year=years.integer_or_none("to", low=first_year, high=LAST_YEAR),
        data=_read_form(record.part("form")),
    )
    years.refuse_other_keys()
    record.refuse_other_keys()
    report.refuse_if_faulty(FormFileError)
    return file


def checked_form(data: object) -> dict[str, Any]:
    """Return a form's `form` object as a file with it would be read.

    What comes back goes in again unchanged. Raises FormFileError with every fault and its place in `data`.
    """
    report = Report("")
    checked = _read_form(FormRecord.of(data, "", report))
    report.refuse_if_faulty(FormFileError)
    return checked


def form_digest(form: PlanForm) -> str:
    """Return the sha256 of a form's content as it is for a file with the same content."""
    years = form.first_year, form.last_year
    return FormFile(form.code, form.title, form.source, *years, form.data).digest


def _read_form(record: FormRecord) -> dict[str, Any]:
    """Return the `form` object checked, as `read_form` wants it."""
    data: dict[str, Any] = {
        "kind_lines": record.line_list("kind_lines"),
        "subject_lines": record.line_list("subject_lines"),
        "type_symbol": record.word("type_symbol", _SYMBOL, "gồm 1–20 chữ, số, dấu chấm, gạch nối"),
        "file_prefix": record.word(
            "file_prefix", _FILE_PREFIX, "gồm 1–20 chữ không dấu, số, gạch nối"
        ),
        "end_mark": record.text("end_mark", max_length=10, blank=True),
        "signing_capacities": record.line_list("signing_capacities"),
        "sections": [_read_section(part, 1) for part in record.parts("sections")],
    }
    record.refuse_other_keys()
    _check_whole(record, data["sections"])
    return data


def _read_section(record: FormRecord, depth: int) -> dict[str, Any]:
    kind = _read_kind(record)
    data: dict[str, Any] = {
        "key": record.word("key", _KEY, "gồm chữ thường không dấu, số, gạch dưới"),
        "kind": kind.value if kind else "",
        **{name: record.lines(name) for name in ("title", "label", "hint", "example")},
        "required": record.flag("required") if record.has("required") else True,
    }
    if not (data["title"] or data["label"]):
        record.fault("label", "mục không có tên: cần title hoặc label")
    if depth == 1 or kind in _KINDS_WITH_COLUMNS:
        data["landscape"] = record.flag("landscape")
        if data["landscape"] and depth > 1:
            record.fault("landscape", "chỉ mục ngoài cùng mới đặt được trang ngang")
    data |= _read_content(record, kind, depth) | _read_off(record)
    if kind in _ALWAYS_ON and data.get("off"):
        record.fault("off", _ALWAYS_ON[kind])
    if kind in TYPED_KINDS:
        data |= _read_beginning(record)
    if kind is not None:
        # Which keys a section may have depends on its kind; of an unknown kind nothing more can be said.
        record.refuse_other_keys()
    return {name: value for name, value in data.items() if value not in ("", [], {}, None)}


def _read_beginning(record: FormRecord) -> dict[str, Any]:
    """Return how a typed section begins from last year's plan; what is not said is left out."""
    data: dict[str, Any] = {"past": record.flag("past") or None}
    for name, shape in (("continues", _KEY), ("drawn_from", _SEAT)):
        keys = record.texts(name, max_length=80) if record.has(name) else ()
        for key in keys:
            if not shape.fullmatch(key):
                record.fault(name, f"“{key}” phải gồm chữ thường không dấu, số, gạch dưới")
        data[name] = list(keys)
    if record.has("starts_as"):
        data["starts_as"] = record.text("starts_as", max_length=40)
        known = [one.value for one in StartsAs]
        if data["starts_as"] not in known:
            record.fault("starts_as", f"không có trong danh sách: {', '.join(known)}")
    return data


def _read_off(record: FormRecord) -> dict[str, bool]:
    """Return {"off": True} for a section or column that is switched off, {} for one that is not."""
    return {"off": True} if record.flag("off") else {}


def _read_kind(record: FormRecord) -> SectionKind | None:
    text = record.text("kind", max_length=40)
    found = next((kind for kind in SectionKind if kind.value == text), None)
    if text and found is None:
        known = ", ".join(kind.value for kind in SectionKind)
        record.fault("kind", f"“{text}” không có trong danh sách: {known}")
    return found


def _read_content(record: FormRecord, kind: SectionKind | None, depth: int) -> dict[str, Any]:
    """Return what only sections of this kind hold."""
    match kind:
        case SectionKind.GROUP:
            parts = record.parts("sections")
            if depth >= MAX_DEPTH:
                record.fault("kind", f"mục chỉ được lồng {MAX_DEPTH} tầng")
                return {}
            below = [_read_section(part, depth + 1) for part in parts]
            if below and not record.flag("off") and all(part.get("off") for part in below):
                record.fault("sections", "mọi mục con đã tắt; hãy tắt cả mục này")
            return {"sections": below}
        case SectionKind.FIXED:
            return {"text": record.lines("text", required=True)}
        case SectionKind.ACTIONS:
            return _read_actions(record)
        case SectionKind.TABLE:
            return _read_table(record)
        case _:
            return {}


def _read_table(record: FormRecord) -> dict[str, Any]:
    columns = [_read_column(part, SectionKind.TABLE) for part in record.parts("columns")]
    keys = [key for key in _check_columns(record, columns) if key != INDEX]
    shown = {column["key"] for column in columns if not column.get("off")} - {INDEX}
    if columns and not shown:
        record.fault("columns", "bảng không có cột nào để ghi")
    rows = [
        row.texts_by_key(keys, "cột để ghi của bảng này")
        for row in record.parts("fixed_rows", required=False)
    ]
    for number, row in enumerate(rows):
        if not row:
            record.fault(f"fixed_rows[{number}]", "dòng có sẵn phải ghi sẵn ít nhất một ô")
        elif shown and set(row) >= shown:
            record.fault(f"fixed_rows[{number}]", "dòng có sẵn phải còn ít nhất một ô để ghi")
    _check_off(record, columns, {key for row in rows for key in row}, "có chữ sẵn của mẫu")
    _check_off(record, columns, {c["key"] for c in columns if c.get("required")}, "phải ghi")
    going_on = (
        record.texts("continues_columns", max_length=60) if record.has("continues_columns") else ()
    )
    for key in going_on:
        if key not in keys:
            record.fault("continues_columns", f"“{key}” không phải cột để ghi của bảng này")
    return {
        "columns": columns,
        "fixed_rows": rows,
        "continues_columns": list(going_on),
        "row_name": record.text("row_name", max_length=40) if record.has("row_name") else "",
    }


def _read_actions(record: FormRecord) -> dict[str, Any]:
    columns = [_read_column(part, SectionKind.ACTIONS) for part in record.parts("columns")]
    _check_columns(record, columns)
    printed = [name for column in columns for name in column["fields"]]
    for name in sorted({name for name in printed if printed.count(name) > 1}):
        record.fault("columns", f"trường “{name}” đứng ở hai chỗ")
    required = (
        record.texts("required_fields", max_length=60) if record.has("required_fields") else ()
    )
    for name in required:
        if name not in {*printed, "criterion"}:
            record.fault("required_fields", f"“{name}” không có trong cột nào")
    holding = {c["key"] for c in columns if {*c["fields"], c["key"]} & set(required)}
    _check_off(record, columns, holding, "có ô phải ghi")
    _check_off(record, columns, {INDEX}, "đếm các dòng của bảng việc")
    if columns and not any(c["fields"] for c in columns if not c.get("off")):
        record.fault("columns", "bảng không còn cột nào để ghi")
    labels = (
        record.part("field_labels").texts_by_key(printed, "trường có trong một cột")
        if (record.has("field_labels"))
        else {}
    )
    grouping = record.choice("grouping", Grouping) if record.has("grouping") else None
    if grouping is Grouping.NONE and "criterion" in required:
        record.fault("grouping", "việc không xếp theo tiêu chuẩn thì không bắt buộc chọn tiêu chí")
    return {
        "columns": columns,
        "required_fields": list(required),
        "field_labels": labels,
        "continues_fields": _read_sources(record, printed),
        "bands": record.flag("bands"),
        "grouping": grouping.value if grouping else "",
    }


def _read_sources(record: FormRecord, printed: Sequence[str]) -> dict[str, list[str]]:
    """Return field → the fields of another form whose words it takes when an action goes on into this form."""
    if not record.has("continues_fields"):
        return {}
    part = record.part("continues_fields")
    sources = {name: list(part.texts(name, max_length=60)) for name in printed if part.has(name)}
    for name in sorted({one for names in sources.values() for one in names} - ACTION_FIELDS):
        record.fault("continues_fields", f"“{name}” không phải trường của một việc")
    part.refuse_other_keys()
    return sources


def _read_column(record: FormRecord, kind: SectionKind) -> dict[str, Any]:
    key = record.word("key", _KEY, "gồm chữ thường không dấu, số, gạch dưới")
    column: dict[str, Any] = {
        "key": key,
        "title": record.lines("title", required=True),
        "width": record.share("width"),
        "fields": list(record.texts("fields", max_length=60)) if record.has("fields") else [],
    }
    if kind is SectionKind.ACTIONS and key not in COMPUTED_COLUMNS:
        if not column["fields"]:
            record.fault("fields", "cột không in trường nào")
        for name in column["fields"]:
            if name not in ACTION_FIELDS:
                record.fault("fields", f"“{name}” không phải trường của một việc")
    elif column["fields"]:
        record.fault("fields", "cột này không in trường nào của việc, phải để trống")
    if kind is SectionKind.TABLE and key != INDEX:
        column |= _read_cells(record, key)
    column |= _read_off(record)
    record.refuse_other_keys()
    return column


def _read_cells(record: FormRecord, key: str) -> dict[str, Any]:
    """Return what only the columns have in which people type cell by cell; {} where none of it is said."""
    if key in RESERVED_KEYS:
        record.fault("key", f"“{key}” là tên chương trình giữ cho việc khác")
    options = record.choice("options", Options) if record.has("options") else None
    said = {"required": record.flag("required"), "options": options.value if options else ""}
    return {name: value for name, value in said.items() if value}


def _check_off(
    record: FormRecord, columns: Sequence[Mapping[str, Any]], needed: set[str], why: str
) -> None:
    """Note a fault for each column that is switched off and needed."""
    for column in columns:
        if column.get("off") and column["key"] in needed:
            record.fault("columns", f"cột “{column['title']}” {why} nên không tắt được")


def _check_columns(record: FormRecord, columns: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the keys of the columns; note a fault for each that stands twice."""
    keys = [column["key"] for column in columns]
    for key in sorted({key for key in keys if key and keys.count(key) > 1}):
        record.fault("columns", f"cột “{key}” bị lặp lại")
    return keys


def _check_whole(record: FormRecord, sections: Sequence[Mapping[str, Any]]) -> None:
    """Note what only shows in the form as a whole: keys used twice, kinds of which there is one."""
    flat = [part for section in sections for part in (section, *section.get("sections", ()))]
    keys = [part.get("key", "") for part in flat]
    for key in sorted({key for key in keys if key and keys.count(key) > 1}):
        record.fault("sections", f"khóa mục “{key}” bị lặp lại")
    for kind in _ONCE:
        if sum(part.get("kind") == kind.value for part in flat) > 1:
            record.fault("sections", f"chỉ được có một mục loại {kind.value}")
