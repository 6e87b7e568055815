"""A copy of a form as people change it: plain values in, plain values out; nothing here is stored."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from criteria.checking import Fault
from plans.planning.form import INDEX, SectionKind

# What a person may change of a section, of a column, and of the form as a whole.
SECTION_TEXTS = ("title", "label", "hint", "text", "example")
FORM_LINES = ("kind_lines", "subject_lines")
LABELS = {
    "title": "Tiêu đề in trong văn bản",
    "label": "Tên mục khi soạn",
    "hint": "Lời hướng dẫn khi soạn",
    "text": "Lời in sẵn",
    "example": "Ví dụ cho người soạn",
    "off": "Tắt",
    "width": "Bề rộng",
    "kind_lines": "Tên loại văn bản",
    "subject_lines": "Trích yếu",
}
_KINDS_WITH_EXAMPLE = {
    SectionKind.TEXT.value,
    SectionKind.LINES.value,
    SectionKind.RECIPIENTS.value,
}
_PLACE = re.compile(r"sections\[(\d+)\](?:\.sections\[(\d+)\])?")


@dataclass(frozen=True, slots=True)
class Place:
    """A section of a form's data with where it stands: its depth from 1, whether others stand before and after."""

    section: Mapping[str, Any]
    depth: int
    first: bool
    last: bool

    @property
    def name(self) -> str:
        """What to call the section."""
        return name_of(self.section)

    @property
    def texts(self) -> tuple[str, ...]:
        """Which texts a section of this kind has."""
        kind = self.section["kind"]
        return tuple(
            name
            for name in SECTION_TEXTS
            if (name != "text" or kind == SectionKind.FIXED.value)
            and (name != "example" or kind in _KINDS_WITH_EXAMPLE)
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One thing in which two states of a form differ, with how it reads in each."""

    what: str
    one: str
    other: str


def name_of(section: Mapping[str, Any]) -> str:
    """Return what to call a section of a form's data."""
    return str(section.get("label") or section.get("title") or section.get("key", ""))


def places(data: Mapping[str, Any]) -> Iterator[Place]:
    """Yield every section in printed order, those that are switched off too."""
    yield from _places(data["sections"], 1)


def _places(sections: Sequence[Mapping[str, Any]], depth: int) -> Iterator[Place]:
    for number, section in enumerate(sections):
        yield Place(section, depth, number == 0, number == len(sections) - 1)
        yield from _places(section.get("sections", ()), depth + 1)


def edited(data: Mapping[str, Any], edits: Mapping[tuple[str, ...], Any]) -> dict[str, Any]:
    """Return a copy of `data` with `edits` in it.

    An edit is named ("kind_lines",), (section, "title") or (section, column, "width"); names of what the form has
    not are passed over. Nothing is checked (see `form_loader.checked_form`).
    """
    changed: dict[str, Any] = copy.deepcopy(dict(data))
    for name in FORM_LINES:
        if (name,) in edits:
            changed[name] = edits[name,]
    for place in list(places(changed)):
        section: Any = place.section
        _put(section, (section["key"],), (*place.texts, "off"), edits)
        for column in section.get("columns", ()):
            _put(column, (section["key"], column["key"]), ("title", "width", "off"), edits)
    return changed


def _put(
    part: dict[str, Any],
    prefix: tuple[str, ...],
    names: Sequence[str],
    edits: Mapping[tuple[str, ...], Any],
) -> None:
    part |= {name: edits[*prefix, name] for name in names if (*prefix, name) in edits}


def moved(data: Mapping[str, Any], key: str, *, up: bool, column: str = "") -> dict[str, Any]:
    """Return a copy of `data` with the section `key`, or a column of its table, one place higher or lower.

    Nothing moves over the edge, and nothing before the column that counts the actions.
    """
    changed: dict[str, Any] = copy.deepcopy(dict(data))
    lists = [changed["sections"], *(s["sections"] for s in changed["sections"] if "sections" in s)]
    for sections in lists:
        found = next((section for section in sections if section["key"] == key), None)
        if found is not None and column:
            _step(found.get("columns", []), column, up=up, first=_first_movable(found))
        elif found is not None:
            _step(sections, key, up=up)
    return changed


def _step(parts: list[Any], key: str, *, up: bool, first: int = 0) -> None:
    """Let the part `key` change places with its neighbour; those before place `first` stand fast."""
    here = next((n for n, part in enumerate(parts) if part["key"] == key), -1)
    there = here + (-1 if up else 1)
    if first <= min(here, there) and max(here, there) < len(parts):
        parts[here], parts[there] = parts[there], parts[here]


def _first_movable(section: Mapping[str, Any]) -> int:
    """Return the place of the first column that may move: the table of actions counts in its first."""
    counts = section["kind"] == SectionKind.ACTIONS.value
    return 1 if counts and section["columns"][0]["key"] == INDEX else 0


def column_steps(section: Mapping[str, Any]) -> list[tuple[bool, bool]]:
    """Return for each column of a section whether it may go up, and whether down."""
    columns, first = section.get("columns", ()), 0
    if columns:
        first = _first_movable(section)
    last = len(columns) - 1
    return [(first < n, first <= n < last) for n in range(len(columns))]


def fault_in_words(fault: Fault, data: Mapping[str, Any]) -> str:
    """Return what is wrong with a form, with the name of the section in which it is."""
    found = _PLACE.match(fault.place)
    what = LABELS.get(re.sub(r"\[\d+\]", "", fault.place.rpartition(".")[2]), "")
    if found is None:
        return f"{what}: {fault.reason}." if what else f"{fault.reason}."
    section = data["sections"][int(found[1])]
    if found[2] is not None:
        section = section["sections"][int(found[2])]
    about = f" ({what.lower()})" if what and what != LABELS["off"] else ""
    return f"Mục “{name_of(section)}”{about}: {fault.reason}."


def changes(one: Mapping[str, Any], other: Mapping[str, Any]) -> list[Change]:
    """Return in what two states of the same form differ, in printed order of the first."""
    first, second = dict(_flat(one)), dict(_flat(other))
    return [
        Change(what, text, second.get(what, ""))
        for what, text in first.items()
        if text != second.get(what, "")
    ]


def _flat(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in FORM_LINES:
        yield LABELS[name], "\n".join(data[name])
    for number, place in enumerate(places(data), start=1):
        section = place.section
        about = f"Mục “{section['key']}”"
        yield f"{about}, thứ tự", str(number)
        yield f"{about}, {LABELS['off'].lower()}", "có" if section.get("off") else "không"
        yield from (
            (f"{about}, {LABELS[name].lower()}", section.get(name, "")) for name in place.texts
        )
        for column in section.get("columns", ()):
            words = f"{column['title']}, {column['width']:g}{', tắt' if column.get('off') else ''}"
            yield f"{about}, cột “{column['key']}”", words
