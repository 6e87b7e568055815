"""Where a plan still names a year of the past, field by field, and the one write that moves the years on."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction

from plans.accounts.models import User
from plans.planning.actions import save_action, save_text
from plans.planning.form import TYPED_KINDS, SectionKind, SectionSpec
from plans.planning.models import Plan, PlanAction, PlanRow
from plans.planning.progress import field_label
from plans.planning.rows import save_row
from plans.planning.stale import Mention, shifted, stale_mentions
from plans.planning.tables import TableRow, fixed_cells, table_rows

AROUND = 40  # characters on each side of a mention
_TELLS_OF_LAST_YEAR = "{previous_school_year}"


@dataclass(frozen=True, slots=True)
class StalePlace:
    """One text of a plan that names a year of the past: on which page, in which field, what, and its version.

    `key` names the place in a form: "muc-purpose", "viec-12-timeframe", "dong-7-content". `field` is the field
    of an action, or the column of a small table's row.
    """

    key: str
    page: str
    label: str
    text: str
    mentions: tuple[Mention, ...]
    version: int
    section: str = ""
    action: int | None = None
    row: int | None = None
    field: str = ""

    @property
    def excerpts(self) -> list[tuple[str, Mention, str]]:
        """Return each mention with a few words before and behind it, as the page shows them."""
        return [(self._before(m.start), m, self._after(m.end)) for m in self.mentions]

    def _before(self, place: int) -> str:
        words = self.text[max(0, place - AROUND) : place]
        return f"…{words}" if place > AROUND else words

    def _after(self, place: int) -> str:
        words = self.text[place : place + AROUND]
        return f"{words}…" if place + AROUND < len(self.text) else words

    @property
    def can_shift(self) -> bool:
        """Whether one click would change something here."""
        return any(mention.shifted is not None for mention in self.mentions)


def years_back(plan: Plan) -> int:
    """Return how many years the words of the plan lie behind it: those of the plan that it was begun from, or 1.

    Reads `started_from` with its year where the plan has one.
    """
    if plan.started_from is None:
        return 1
    return max(1, plan.school_year.start_year - plan.started_from.school_year.start_year)


def section_mentions(plan: Plan, section: SectionSpec, text: str) -> tuple[Mention, ...]:
    """Return the years of the past in the text of a section, as its kind and its subject want them read."""
    return stale_mentions(
        text,
        year=plan.school_year.start_year,
        back=years_back(plan),
        past=section.past or _TELLS_OF_LAST_YEAR in section.title,
        lines=section.kind is SectionKind.LINES,
    )


def action_mentions(
    plan: Plan, action: PlanAction, section: SectionSpec
) -> dict[str, tuple[Mention, ...]]:
    """Return field → years of the past in it, for the fields of an action that the table `section` prints."""
    year, back = plan.school_year.start_year, years_back(plan)
    found = {
        name: stale_mentions(action.shown(name), year=year, back=back) for name in section.fields
    }
    return {name: mentions for name, mentions in found.items() if mentions}


def row_mentions(plan: Plan, row: PlanRow, table: SectionSpec) -> dict[str, tuple[Mention, ...]]:
    """Return column → years of the past in it, for what was typed into a row of the small table `table`."""
    year, back = plan.school_year.start_year, years_back(plan)
    given = fixed_cells(table, row)
    found = {
        column.key: stale_mentions(row.text(column.key), year=year, back=back)
        for column in table.typed_columns
        if column.key not in given
    }
    return {key: mentions for key, mentions in found.items() if mentions}


def stale_places(plan: Plan) -> list[StalePlace]:
    """Return every text of the plan that names a year of the past, in printed order; [] is clean.

    Reads rows loaded by `Plan.objects.for_editing()`; no further query but the plan that it was begun from.
    """
    return [place for top in plan.spec.sections for place in _places(plan, top)]


def _places(plan: Plan, top: SectionSpec) -> Iterator[StalePlace]:
    for section in (top, *top.sections):
        if section.kind in TYPED_KINDS:
            yield from _text_places(plan, top.key, section)
        if section.kind is SectionKind.ACTIONS:
            for place, action in enumerate(plan.actions.all(), start=1):
                yield from _action_places(plan, top.key, section, place, action)
        if section.kind is SectionKind.TABLE:
            for shown in table_rows(plan.rows.all(), section):
                yield from _row_places(plan, top.key, section, shown)


def _text_places(plan: Plan, page: str, section: SectionSpec) -> Iterator[StalePlace]:
    row = next((row for row in plan.texts.all() if row.section == section.key), None)
    mentions = section_mentions(plan, section, row.body) if row else ()
    if row and mentions:
        yield StalePlace(
            key=f"muc-{section.key}",
            page=page,
            label=_name(section),
            text=row.body,
            mentions=mentions,
            version=row.version,
            section=section.key,
        )


def _action_places(
    plan: Plan, page: str, section: SectionSpec, number: int, action: PlanAction
) -> Iterator[StalePlace]:
    name = f"Tiêu chí {action.criterion.number}" if action.criterion else f"Việc thứ {number}"
    for field, mentions in action_mentions(plan, action, section).items():
        yield StalePlace(
            key=f"viec-{action.pk}-{field}",
            page=page,
            label=f"{name}: {field_label(field, section)}",
            text=action.shown(field),
            mentions=mentions,
            version=action.version,
            action=action.pk,
            field=field,
        )


def _row_places(
    plan: Plan, page: str, section: SectionSpec, shown: TableRow
) -> Iterator[StalePlace]:
    if shown.row is None:  # a row that only the form shows; nothing was typed there
        return
    titles = {column.key: column.title for column in section.columns}
    for key, mentions in row_mentions(plan, shown.row, section).items():
        yield StalePlace(
            key=f"dong-{shown.row.pk}-{key}",
            page=page,
            label=f"{_name(section)}, {shown.name(section)}: {titles[key]}",
            text=shown.row.text(key),
            mentions=mentions,
            version=shown.row.version,
            row=shown.row.pk,
            field=key,
        )


def _name(section: SectionSpec) -> str:
    return section.name.replace(_TELLS_OF_LAST_YEAR, "trước")


@transaction.atomic
def shift_years(*, plan: Plan, keys: Collection[str], by: User) -> int:
    """Move the years on in the places that `keys` names and return how many texts changed.

    Only what a place proposes changes; the rest stays to the letter. A key that names no place with a proposal
    (somebody has just changed it) is passed over. Raises Conflict, MoveNotAllowed, ValidationError as saves do.
    """
    plan = Plan.objects.for_editing().get(pk=plan.pk)
    places = [place for place in stale_places(plan) if place.key in keys and place.can_shift]
    for place in places:
        if place.section:
            new = shifted(place.text, place.mentions)
            save_text(plan=plan, section=place.section, body=new, version=place.version, by=by)
    for action in plan.actions.all():
        own = [place for place in places if place.action == action.pk]
        if own:
            action.plan = plan
            save_action(action=action, values=_moved_on(own), version=action.version, by=by)
    for row in plan.rows.all():
        own = [place for place in places if place.row == row.pk]
        if own:
            row.plan = plan
            save_row(row=row, cells=_moved_on(own), version=row.version, by=by)
    return len(places)


def _moved_on(places: Iterable[StalePlace]) -> dict[str, str]:
    return {place.field: shifted(place.text, place.mentions) for place in places}
