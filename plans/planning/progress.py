"""What is filled in a plan and what is still missing: one reading for the side list, the review and the tasks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from plans.documents.wording import roman
from plans.planning.form import TYPED_KINDS, SectionKind, SectionSpec
from plans.planning.grouping import action_bands
from plans.planning.models import Plan, PlanAction
from plans.planning.results import framework_tree
from plans.planning.tables import table_rows


class Fill(Enum):
    """How far a section is filled; the words are the page's."""

    EMPTY = "empty"
    PART = "part"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is still missing: where it is filled, what is missing, what to do about it.

    `page` and `anchor` lead to the field; `action` or `row` is the number of the row to open, in the table of
    actions or in a small table, None for other fields. `what` is a clause for a list, `step` goes on after "Bước tiếp theo:".
    """

    page: str
    anchor: str
    what: str
    step: str
    action: int | None = None
    row: int | None = None


@dataclass(frozen=True, slots=True)
class PageProgress:
    """One page of the editor: a top section of the form, its printed number, what is filled of it.

    `count` is how many rows its table has, None for a page without one; `total` and `done` count the parts in
    which somebody has to write.
    """

    section: SectionSpec
    number: str
    done: int
    total: int
    count: int | None
    gaps: tuple[Gap, ...]

    @property
    def key(self) -> str:
        """The page's key in its address."""
        return self.section.key

    @property
    def title(self) -> str:
        """The page's name with its printed number: "II. Căn cứ xây dựng kế hoạch"."""
        return f"{self.number}. {self.section.name}" if self.number else self.section.name

    @property
    def fill(self) -> Fill:
        """How far the page is filled."""
        if not self.gaps:
            return Fill.FULL
        return Fill.PART if self.done or self.count else Fill.EMPTY

    @property
    def words(self) -> str:
        """The same in words, for the side list."""
        if self.count and self.total:
            wanting = len(self.gaps)
            lacks = f"{wanting} chỗ thiếu" if wanting else "đủ"
            return f"{self.count} {self.section.row_name}, {lacks}"
        if self.fill is Fill.PART:
            return f"Còn thiếu {self.total - self.done} trên {self.total}"
        if self.fill is Fill.EMPTY:
            return "Chưa điền"
        return "Đủ" if self.total else self._free_words

    @property
    def _free_words(self) -> str:
        """The words for a page on which nobody has to write."""
        given = all(part.kind is SectionKind.FIXED for part in _leaves(self.section))
        return "Có sẵn theo mẫu" if given else "Không bắt buộc"


def plan_progress(plan: Plan) -> list[PageProgress]:
    """Return the pages of the plan in printed order, each with what it lacks.

    Reads rows loaded by `Plan.objects.for_editing()`; no further query.
    """
    pages, numbered = [], 0
    for section in plan.spec.sections:
        if section.title:
            numbered += 1
        pages.append(_page(plan, section, roman(numbered) if section.title else ""))
    return pages


def missing_parts(plan: Plan) -> list[Gap]:
    """Return what still keeps the plan from being finished, in page order; [] means ready."""
    return [gap for page in plan_progress(plan) for gap in page.gaps]


def _page(plan: Plan, section: SectionSpec, number: str) -> PageProgress:
    parts = [p for p in _leaves(section) if p.required and p.kind is not SectionKind.FIXED]
    gaps_of = {part.key: list(_gaps(plan, section, part)) for part in parts}
    gaps = tuple(gap for part in parts for gap in gaps_of[part.key])
    done = sum(1 for part in parts if not gaps_of[part.key])
    return PageProgress(section, number, done, len(parts), _count(plan, section), gaps)


def _count(plan: Plan, section: SectionSpec) -> int | None:
    if section.kind is SectionKind.ACTIONS:
        return len(plan.actions.all())
    if section.kind is SectionKind.TABLE:
        return len(table_rows(plan.rows.all(), section))
    return None


def _leaves(section: SectionSpec) -> Iterator[SectionSpec]:
    if section.kind is not SectionKind.GROUP:
        yield section
    for part in section.sections:
        yield from _leaves(part)


def _gaps(plan: Plan, page: SectionSpec, part: SectionSpec) -> Iterator[Gap]:
    if part.kind in TYPED_KINDS and not plan.text(part.key).strip():
        yield Gap(
            page.key, f"chu-{part.key}", f"{part.name}: chưa có nội dung", f"viết mục “{part.name}”"
        )
    if part.kind is SectionKind.RECIPIENTS and not plan.signer_name.strip():
        yield Gap(page.key, "id_signer_name", "Chưa có họ tên người ký", "ghi họ và tên người ký")
    if part.kind is SectionKind.RESULT_GRID:
        yield from _grid_gaps(plan, page, part)
    if part.kind is SectionKind.ACTIONS:
        yield from _action_gaps(plan, page, part)
    if part.kind is SectionKind.TABLE:
        yield from _row_gaps(plan, page, part)


def _grid_gaps(plan: Plan, page: SectionSpec, part: SectionSpec) -> Iterator[Gap]:
    assessed = {result.criterion_id for result in plan.results.all() if result.level is not None}
    missing = [c for c in framework_tree(plan).all_criteria() if c.pk not in assessed]
    if missing:
        numbers = ", ".join(c.number for c in missing[:5]) + (" …" if len(missing) > 5 else "")
        yield Gap(
            page.key,
            f"kq-chon-{missing[0].pk}",
            f"{part.name}: {len(missing)} tiêu chí chưa đánh giá ({numbers})",
            f"chọn mức của {len(missing)} tiêu chí chưa đánh giá",
        )


def _action_gaps(plan: Plan, page: SectionSpec, part: SectionSpec) -> Iterator[Gap]:
    actions = plan.actions.all()
    if not actions:
        yield Gap(
            page.key, f"muc-{part.key}", "Bảng nội dung: chưa có việc nào", "thêm việc đầu tiên"
        )
    for number, action in _numbered(plan, part):
        missing = missing_fields(action, part)
        if missing:
            yield _action_gap(action, number, missing, page, part)


def _numbered(plan: Plan, part: SectionSpec) -> Iterator[tuple[int | None, PlanAction]]:
    """Yield the actions in printed order, with their own numbers where the form counts them."""
    for band in action_bands(plan.actions.all(), bands=part.bands, grouping=part.grouping):
        for group in band.standards:
            yield from group.numbered


def _action_gap(
    action: PlanAction,
    number: int | None,
    missing: list[str],
    page: SectionSpec,
    part: SectionSpec,
) -> Gap:
    anchor = f"viec-{action.pk}"
    fields = ", ".join(lower_first(field_label(name, part)) for name in missing)
    if number is not None:
        where, told = f"Việc {number}", f"việc {number}"
    elif action.criterion is not None:
        where = told = f"Tiêu chí {action.criterion.number}"
    else:
        others = len(missing) - 1
        more = f", còn thiếu {others} ô" if others else ""
        what = f"Một việc chưa chọn tiêu chí{more}"
        return Gap(page.key, anchor, what, "chọn tiêu chí cho một việc trong bảng", action.pk)
    step = f"ghi {fields} cho {told}"
    return Gap(page.key, anchor, f"{where}: chưa ghi {fields}", step, action.pk)


def _row_gaps(plan: Plan, page: SectionSpec, part: SectionSpec) -> Iterator[Gap]:
    rows = table_rows(plan.rows.all(), part)
    if not rows:
        what = f"{part.name}: chưa có {part.row_name} nào"
        yield Gap(page.key, f"bang-{part.key}", what, f"thêm {part.row_name} đầu tiên")
    for row in rows:
        missing = row.missing(part)
        if missing and row.row:
            fields = ", ".join(lower_first(column.title) for column in missing)
            name = row.name(part)
            what = f"{name[:1].upper()}{name[1:]}: chưa ghi {fields}"
            step = f"ghi {fields} cho {lower_first(name)}"
            yield Gap(page.key, f"dong-{row.row.pk}", what, step, row=row.row.pk)


def lower_first(text: str) -> str:
    """Return `text` as it stands inside a sentence."""
    return text[:1].lower() + text[1:]


def missing_fields(action: PlanAction, part: SectionSpec) -> list[str]:
    """Return the required fields of the form that are empty in an action, in the form's order."""
    return [name for name in part.required_fields if not str(getattr(action, name) or "").strip()]


def field_label(name: str, part: SectionSpec) -> str:
    """Return what the form calls a field of an action, else its own name, with a capital."""
    field = PlanAction._meta.get_field(name)
    label = part.field_labels.get(name) or str(getattr(field, "verbose_name", name))
    return label[:1].upper() + label[1:]
