"""Two versions of a plan side by side: which rows differ, in which fields, in which words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from plans.planning.form import Grouping
from plans.planning.models import Plan
from plans.together.diffing import Run, new_side, old_side, word_diff
from plans.together.naming import Names, shown_fields
from plans.together.versions import Key, Row, Version

# Rows that are there even when nothing is written in them.
_ALWAYS = frozenset({"plan", "planaction", "planrow"})


@dataclass(frozen=True, slots=True)
class FieldDiff:
    """One field that differs, as runs of the older and of the newer text."""

    label: str
    old: tuple[Run, ...]
    new: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """One row that differs: its kind and number, what it is called, what became of it."""

    kind: str
    pk: int
    title: str
    became: str
    fields: tuple[FieldDiff, ...]

    @property
    def anchor(self) -> str:
        """The block's place on the page."""
        return f"{self.kind}-{self.pk}"


def differing(old: Version, new: Version) -> list[Key]:
    """Return the keys of the rows whose words differ, or which stand in one version alone."""
    keys = dict.fromkeys([*old.rows, *new.rows])
    return [key for key in keys if _content(old.rows.get(key)) != _content(new.rows.get(key))]


def _content(row: Row | None) -> dict[str, Any] | None:
    """Return the words of a row; None where it does not stand, or is a text or result that says nothing."""
    if row is None or not row.stands:
        return None
    words = {name: row.values.get(name) for name in shown_fields(row.kind)}
    said = row.kind in _ALWAYS or any(value not in (None, "") for value in words.values())
    return words if said else None


def compare(plan: Plan, old: Version, new: Version) -> list[Block]:
    """Return one block for each row that differs, in the order in which the plan prints them."""
    names = Names(plan)
    changed = [(old.rows.get(key), new.rows.get(key)) for key in differing(old, new)]
    changed.sort(key=lambda pair: names.place(_best(*pair)))
    return [_block(names, *pair) for pair in changed] + list(_moved(names, old, new))


def _stood(row: Row | None) -> bool:
    return row is not None and row.stands


def _best(old: Row | None, new: Row | None) -> Row:
    """Return the row by which a pair is named and placed: the newer one, where it stands."""
    found = new if _stood(new) else old
    assert found is not None  # two rows of which neither stands do not differ
    return found


def _block(names: Names, old: Row | None, new: Row | None) -> Block:
    best = _best(old, new)
    became = "thay đổi"
    if best.kind in {"planaction", "planrow"} and not (_stood(old) and _stood(new)):
        became = "thêm mới" if _stood(new) else "đã xóa"
    return Block(
        kind=best.kind,
        pk=best.pk,
        title=row_title(names, best),
        became=became,
        fields=tuple(_fields(names, old, new)),
    )


def row_title(names: Names, row: Row) -> str:
    """Return the row's name, with its first words where several rows share the name."""
    name = names.row(row)
    words = names.first_words(row)
    return f"{name}: {words}" if words else name


def _fields(names: Names, old: Row | None, new: Row | None) -> Iterator[FieldDiff]:
    before = names.words(old) if old and old.stands else {}
    after = names.words(new) if new and new.stands else {}
    for name in dict.fromkeys([*before, *after]):
        left, right = before.get(name, ""), after.get(name, "")
        if left != right:
            runs = word_diff(left, right)
            yield FieldDiff(name, old_side(runs), new_side(runs))


Group = tuple[str, str, int]


def order_of(plan: Plan, version: Version) -> dict[Group, list[int]]:
    """Return the standing rows of each group that people put in order themselves, in that order.

    Actions are ordered within band and criterion, or in the whole table where the form does not group them;
    rows of a small table within the table.
    """
    rows = [*version.of("planaction"), *version.of("planrow")]
    places = {row.key: _group(plan, row) for row in rows}
    rows.sort(key=lambda row: (places[row.key], row.values.get("position") or 0, row.pk))
    return {
        group: [row.pk for row in same]
        for group, same in groupby(rows, key=lambda row: places[row.key])
    }


def _group(plan: Plan, row: Row) -> Group:
    if row.kind == "planrow":
        return (row.kind, str(row.values.get("section", "")), 0)
    table = plan.spec.actions()
    grouped = table is None or table.grouping is not Grouping.NONE
    band = str(row.values.get("band") or "") if grouped or (table and table.bands) else ""
    return (row.kind, band, (row.values.get("criterion") or 0) if grouped else 0)


def _moved(names: Names, old: Version, new: Version) -> Iterator[Block]:
    """Yield a block for each group of rows that stand in both versions, in another order."""
    before, after = order_of(names.plan, old), order_of(names.plan, new)
    for group, order in after.items():
        both = set(order) & set(before.get(group, []))
        left = [pk for pk in before.get(group, []) if pk in both]
        right = [pk for pk in order if pk in both]
        if left != right:
            kind = group[0]
            where = names.row(new.rows[kind, right[0]])
            runs = word_diff(_listed(names, new, kind, left), _listed(names, new, kind, right))
            diff = FieldDiff("Thứ tự", old_side(runs), new_side(runs))
            yield Block("order", right[0], f"Thứ tự các dòng: {where}", "đổi chỗ", (diff,))


def _listed(names: Names, version: Version, kind: str, order: list[int]) -> str:
    """Return rows as numbered lines of their first words."""
    firsts = [names.first_words(version.rows[kind, pk]) or "(chưa ghi)" for pk in order]
    return "\n".join(f"{number}. {words}" for number, words in enumerate(firsts, 1))
