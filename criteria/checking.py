"""Reading JSON files that people wrote: every fault collected with its place, nothing trusted.

Ground under `loader` (frameworks) and `level_rules`. A reader asks a `Record` for the values it
wants; each comes back checked, or as a harmless stand-in with a `Fault` noted in the `Report`, so
that one run names all that is wrong with a file. Whoever reads must end with
`Report.refuse_if_faulty()`: values read before it may be stand-ins. Knows no model.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from django.db.models import TextChoices

from criteria.enums import Verification

MAX_FILE_BYTES = 4 * 1024 * 1024
MOST_FAULTS_SHOWN = 100
MAX_TITLE = 500
MAX_TEXT = 2000
KINDS_OF_VALUE = {
    str: "chuỗi ký tự",
    bool: "giá trị đúng/sai",
    int: "số nguyên",
    float: "số thập phân",
    list: "danh sách",
    dict: "nhóm khóa – giá trị",
    type(None): "giá trị rỗng (null)",
}
# Control, format (zero width, direction), surrogate and private characters.
UNPRINTABLE = {"Cc", "Cf", "Cs", "Co"}

Choice = TypeVar("Choice", bound=StrEnum | TextChoices)


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a file: where (`standards[2].title`, "" = the whole file) and why."""

    file: str
    place: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.file, self.place, self.reason) if part)


class FileError(Exception):
    """A file was refused and nothing of it used; `faults` says why, the text shows the first."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = tuple(faults)
        lines = [str(fault) for fault in self.faults[:MOST_FAULTS_SHOWN]]
        if len(self.faults) > MOST_FAULTS_SHOWN:
            lines.append(f"… và {len(self.faults) - MOST_FAULTS_SHOWN} lỗi khác")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a record comes from and how far it was verified (mức độ xác minh)."""

    state: Verification = Verification.INFERRED
    note: str = ""
    sources: tuple[str, ...] = ()


class Report:
    """The faults found so far in one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    @property
    def count(self) -> int:
        """The number of faults; compared before and after, it tells whether a part is sound."""
        return len(self.faults)

    def add(self, place: str, reason: str) -> None:
        self.faults.append(Fault(self.file, place, reason))

    def refuse_if_faulty(self, error: type[FileError] = FileError) -> None:
        """Raise `error` with all faults, if there is any."""
        if self.faults:
            raise error(self.faults)


class Record:
    """One JSON object being read; a value of another type reads as an empty object."""

    def __init__(self, value: object, place: str, report: Report) -> None:
        self.place = place
        self.report = report
        self._asked: set[str] = set()
        self._values: dict[str, object] = {}
        if isinstance(value, dict):
            self._values = value
        else:
            self._wrong_type(place, value, "nhóm khóa – giá trị")
            # That it is no object says it all; the keys it lacks go to a report that nobody reads.
            self.report = Report(report.file)

    def at(self, key: str) -> str:
        """Return the place of `key` as a person finds it: `standards[2].title`."""
        return f"{self.place}.{key}" if self.place else key

    def fault(self, key: str, reason: str) -> None:
        self.report.add(self.at(key), reason)

    def text(self, key: str, *, max_length: int, blank: bool = False) -> str:
        """Return the text in NFC with single spaces; "" when it is faulty (or blank and may be)."""
        if blank and self._values.get(key) is None:
            self._asked.add(key)
            return ""
        value = self._get(key)
        return self._checked_text(self.at(key), value, max_length=max_length, blank=blank)

    def integer(self, key: str, *, low: int, high: int, otherwise: int | None = None) -> int:
        """Return the whole number, `low` and `high` inclusive; when faulty `otherwise` or `low`."""
        stand_in = low if otherwise is None else otherwise
        value = self._get(key)
        if value is MISSING:
            return stand_in
        # bool is an int to Python, and a level of `true` would pass for 1.
        if isinstance(value, bool) or not isinstance(value, int):
            self._wrong_type(self.at(key), value, "số nguyên")
            return stand_in
        if not low <= value <= high:
            self.fault(key, f"phải từ {low} đến {high}")
            return stand_in
        return value

    def number(self, key: str) -> float:
        """Return the number, whole or not; 0 when it is faulty."""
        value = self._get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(value)
        if value is not MISSING:
            self._wrong_type(self.at(key), value, "một số")
        return 0.0

    def flag(self, key: str) -> bool:
        """Return true or false; a missing key is false."""
        self._asked.add(key)
        value = self._values.get(key, False)
        if not isinstance(value, bool):
            self._wrong_type(self.at(key), value, "giá trị đúng/sai")
        return value is True

    def day(self, key: str) -> date | None:
        """Return the date (written YYYY-MM-DD), None when it is faulty."""
        text = self.text(key, max_length=10)
        if not text:
            return None
        try:
            # fromisoformat also takes "20181010" and week dates; a file says a date in one way.
            if len(text) == 10:
                return date.fromisoformat(text)
        except ValueError:
            pass
        self.fault(key, "phải là ngày có thật, viết theo mẫu NĂM-THÁNG-NGÀY, ví dụ 2018-10-10")
        return None

    def day_or_none(self, key: str) -> date | None:
        """Return the date, None when the file says null."""
        if key in self._values and self._values[key] is None:
            self._asked.add(key)
            return None
        return self.day(key)

    def choice(self, key: str, among: type[Choice]) -> Choice | None:
        """Return the member of `among` whose value is written, None when there is none."""
        return self._as_choice(self.at(key), self.text(key, max_length=60), among)

    def choices(self, key: str, among: type[Choice]) -> tuple[Choice, ...]:
        """Return the members written, each once, in file order."""
        found: list[Choice] = []
        for number, text in enumerate(self.texts(key, max_length=60)):
            member = self._as_choice(f"{self.at(key)}[{number}]", text, among)
            if member is not None and member in found:
                self.fault(key, f"“{text}” bị lặp lại")
            elif member is not None:
                found.append(member)
        return tuple(found)

    def texts(self, key: str, *, max_length: int) -> tuple[str, ...]:
        """Return the list of texts; a missing key is a fault, an empty list is none."""
        return tuple(
            self._checked_text(f"{self.at(key)}[{number}]", value, max_length=max_length)
            for number, value in enumerate(self._list(key))
        )

    def records(self, key: str, *, required: bool = True) -> list[Record]:
        """Return the list of objects as records; a missing key is a fault if `required`."""
        if not required and key not in self._values:
            return []
        return [
            Record(value, f"{self.at(key)}[{number}]", self.report)
            for number, value in enumerate(self._list(key))
        ]

    def record(self, key: str) -> Record | None:
        """Return the object under `key`, None when it is missing or null."""
        self._asked.add(key)
        value = self._values.get(key)
        return None if value is None else Record(value, self.at(key), self.report)

    def provenance(self, key: str = "verification") -> Provenance:
        """Return how far the record is verified; a record that does not say counts as inferred."""
        record = self.record(key)
        if record is None:
            return Provenance()
        provenance = Provenance(
            state=record.choice("state", Verification) or Verification.INFERRED,
            note=record.text("note", max_length=MAX_TEXT, blank=True),
            sources=record.texts("sources", max_length=MAX_TITLE) if record.has("sources") else (),
        )
        record.refuse_other_keys()
        return provenance

    def has(self, key: str) -> bool:
        return key in self._values

    def is_null(self, key: str) -> bool:
        """Say whether the file gives null for `key`, which then counts as asked for."""
        self._asked.add(key)
        return key in self._values and self._values[key] is None

    def refuse_other_keys(self) -> None:
        """Note every key nobody asked for: a misspelt key must not be lost in silence."""
        for key in self._values:
            if key not in self._asked:
                self.report.add(self.place, f"khóa {_short(key)} không có trong mẫu tệp")

    def _get(self, key: str) -> object:
        self._asked.add(key)
        if key not in self._values:
            self.fault(key, "thiếu khóa này")
            return MISSING
        return self._values[key]

    def _list(self, key: str) -> list[object]:
        value = self._get(key)
        if value is MISSING:
            return []
        if not isinstance(value, list):
            self._wrong_type(self.at(key), value, "danh sách")
            return []
        return value

    def _checked_text(
        self, place: str, value: object, *, max_length: int, blank: bool = False
    ) -> str:
        if value is MISSING:
            return ""
        if not isinstance(value, str):
            self._wrong_type(place, value, "chuỗi ký tự")
            return ""
        fault = next((char for char in value if unicodedata.category(char) in UNPRINTABLE), None)
        if fault is not None:
            self.report.add(place, f"có ký tự không in được (U+{ord(fault):04X})")
            return ""
        text = " ".join(unicodedata.normalize("NFC", value).split())
        if not text and not blank:
            self.report.add(place, "không được để trống")
        if len(text) > max_length:
            self.report.add(place, f"dài {len(text)} ký tự, tối đa {max_length}")
            return ""
        return text

    def _as_choice(self, place: str, text: str, among: type[Choice]) -> Choice | None:
        if not text:
            return None
        if text in [member.value for member in among]:
            return among(text)
        known = ", ".join(member.value for member in among)
        self.report.add(place, f"{_short(text)} không có trong danh sách: {known}")
        return None

    def _wrong_type(self, place: str, value: object, wanted: str) -> None:
        kind = KINDS_OF_VALUE.get(type(value), "kiểu lạ")
        self.report.add(place, f"phải là {wanted}, đang là {kind}")


MISSING = object()


def read_json(path: Path, report: Report) -> object:
    """Return the JSON value in the file, None with a fault noted when it cannot be read as JSON.

    Refuses what the JSON of Python would let pass: a key given twice, NaN, Infinity. A byte order
    mark at the start is ignored, as editors on Windows write one.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError:
        report.add("", "không mở được tệp")
        return None
    if len(content) > MAX_FILE_BYTES:
        report.add("", f"tệp lớn hơn {MAX_FILE_BYTES // 1024 // 1024} MB")
        return None
    try:
        return json.loads(
            content.decode("utf-8-sig"),
            object_pairs_hook=lambda pairs: _object_without_repeats(pairs, report),
            parse_constant=_refuse_constant,
        )
    except UnicodeDecodeError:
        report.add("", "không phải tệp văn bản UTF-8")
    except RecursionError:
        report.add("", "lồng nhau quá sâu")
    except json.JSONDecodeError as error:
        report.add("", f"không đọc được JSON ở dòng {error.lineno}, cột {error.colno}")
    except ValueError:
        # A number of thousands of digits, NaN or Infinity.
        report.add("", "có số không dùng được")
    return None


def read_record(path: Path, report: Report, *, schema: str) -> Record:
    """Return the file's object after checking that its `schema` is the one wanted."""
    value = read_json(path, report)
    if report.faults:
        # What could not be parsed has been said; missing keys on top of it would only confuse.
        return Record({}, "", Report(report.file))
    record = Record(value, "", report)
    if record.text("schema", max_length=40) not in ("", schema):
        record.fault("schema", f"phải là “{schema}”")
    return record


def _object_without_repeats(pairs: list[tuple[str, Any]], report: Report) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            report.add("", f"khóa {_short(key)} bị lặp lại trong cùng một nhóm")
        result[key] = value
    return result


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _short(text: str) -> str:
    """Return `text` in quotes for a message, unprintables escaped, at most 40 characters."""
    shown = text if len(text) <= 40 else text[:39] + "…"
    return "“" + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in shown) + "”"
