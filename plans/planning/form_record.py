"""The JSON objects of a form file, read with the checks that only forms need."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from criteria.checking import MISSING, Record, Report
from plans.planning.placeholders import PLACEHOLDERS

MAX_LINE = 1000

_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


class FormRecord(Record):
    """A JSON object of a form file: the checks of Record, and those that only forms need."""

    @classmethod
    def of(cls, value: object, place: str, report: Report) -> FormRecord:
        """Return `value` as a record; what is no object is one fault, not one for each key it lacks."""
        record = cls(value, place, report)
        return record if isinstance(value, dict) else cls({}, place, Report(report.file))

    def lines(self, key: str, *, required: bool = False) -> str:
        """Return a text of one or more lines, joined by line breaks; "" when it is absent or faulty."""
        if not required and self._values.get(key) in (None, ""):
            self._asked.add(key)
            return ""
        value = self._get(key)
        return "" if value is MISSING else self._joined(self.at(key), value)

    def line_list(self, key: str) -> list[str]:
        """Return a list of texts, each of one or more lines; a missing or empty list is a fault."""
        values = self._list(key)
        if not values and self.has(key):
            self.fault(key, "không được để trống")
        return [self._joined(f"{self.at(key)}[{n}]", value) for n, value in enumerate(values)]

    def integer_or_none(self, key: str, *, low: int, high: int) -> int | None:
        """Return the whole number, None when the file says null; a missing key is a fault."""
        if self.has(key) and self._values[key] is None:
            self._asked.add(key)
            return None
        return self.integer(key, low=low, high=high)

    def share(self, key: str) -> float:
        """Return a number greater than 0; 1 when it is faulty."""
        value = self._get(key)
        if isinstance(value, int | float) and not isinstance(value, bool):
            if 0 < value < math.inf:
                return float(value)
            self.fault(key, "phải lớn hơn 0")
        elif value is not MISSING:
            self._wrong_type(self.at(key), value, "một số")
        return 1.0

    def word(self, key: str, pattern: re.Pattern[str], shape: str) -> str:
        """Return a text that fits `pattern`; `shape` tells a person what fits."""
        text = self.text(key, max_length=60)
        if text and not pattern.fullmatch(text):
            self.fault(key, f"“{text}” phải {shape}")
        return text

    def part(self, key: str) -> FormRecord:
        """Return the object under `key`; a missing one is a fault and reads as an empty object."""
        value = self._get(key)
        if value is MISSING:
            # What is missing has been said; its own keys would only be noise.
            return FormRecord({}, self.at(key), Report(self.report.file))
        return FormRecord.of(value, self.at(key), self.report)

    def parts(self, key: str, *, required: bool = True) -> list[FormRecord]:
        """Return the list of objects; a missing or empty list is a fault if required."""
        if not required and not self.has(key):
            return []
        values = self._list(key)
        if required and not values and self.has(key):
            self.fault(key, "không được để trống")
        return [
            FormRecord.of(value, f"{self.at(key)}[{n}]", self.report)
            for n, value in enumerate(values)
        ]

    def texts_by_key(self, known: Sequence[str], whose: str) -> dict[str, str]:
        """Return this whole object as key → text; a key not among `known` is a fault."""
        for key in self._values:
            if key not in known:
                self._asked.add(key)
                self.fault(key, f"không phải {whose}")
        return {key: self.lines(key) for key in self._values if key in known}

    def _joined(self, place: str, value: object) -> str:
        """Return lines (one string with line breaks, or a list) as one checked text."""
        values = value.split("\n") if isinstance(value, str) else value
        if not isinstance(values, list) or not values:
            self._wrong_type(place, value, "chuỗi ký tự hoặc danh sách dòng")
            return ""
        single = len(values) == 1
        text = "\n".join(
            self._checked_text(place if single else f"{place}[{n}]", line, max_length=MAX_LINE)
            for n, line in enumerate(values)
        )
        for name in _PLACEHOLDER.findall(text):
            if name not in PLACEHOLDERS:
                known = ", ".join(f"{{{one}}}" for one in sorted(PLACEHOLDERS))
                self.report.add(place, f"chỗ điền {{{name}}} không có; chỉ dùng được {known}")
        return text
