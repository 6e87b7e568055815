"""Which layout (thể thức) a school's documents have on a day: that of its nearest body, else the general one."""

from datetime import date

from django.db.models import Q

from plans.documents.style import DEFAULT_LAYOUT, Layout, layout_from_dict
from plans.planning.models import BodyLayout, Plan
from plans.schools.above import bodies_above, nearest, upward
from plans.schools.models import ManagingBody, School


def layout_row(school: School, on: date) -> BodyLayout | None:
    """Return the row that decides the school's layout on the day `on`, None where nobody has decided.

    The nearest body that has decided comes first, then what holds for every school; of one body's rows the one
    with the latest day, of one day's the last written.
    """
    return _nearest_row(bodies_above(school, on), on)


def body_layout_row(body: ManagingBody, on: date) -> BodyLayout | None:
    """Return the row that decides the layout of a body's own papers on the day `on`, None where nobody has decided.

    Its own decision comes first, then that of what stands above it, then what holds for everybody.
    """
    return _nearest_row(upward([body.pk]), on)


def _nearest_row(above: list[int], on: date) -> BodyLayout | None:
    rows = BodyLayout.objects.filter(Q(body__in=above) | Q(body__isnull=True), valid_from__lte=on)
    return min(rows, key=lambda row: nearest(row.body_id, above), default=None)


def layout_for(school: School, on: date) -> Layout:
    """Return the layout of the school's documents on the day `on`; the program's own where nobody decided."""
    return layout_of(layout_row(school, on))


def layout_of(row: BodyLayout | None) -> Layout:
    """Return the layout that a row holds, the program's own for None."""
    return layout_from_dict(row.data) if row else DEFAULT_LAYOUT


def plan_layout_row(plan: Plan) -> BodyLayout | None:
    """Return the row that decides the layout of a plan's document, on the day whose names it prints."""
    return layout_row(plan.school, plan.names_on)


def plan_layout(plan: Plan) -> Layout:
    """Return the layout of a plan's document; what every export is written with."""
    return layout_of(plan_layout_row(plan))


def current_row(body: ManagingBody | None, on: date) -> BodyLayout | None:
    """Return what a body itself (None: everybody) decided last of what holds on the day `on`."""
    return BodyLayout.objects.filter(body=body, valid_from__lte=on).first()
