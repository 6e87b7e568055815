"""Layouts of bodies, and forms that people change."""

from datetime import date
from typing import Any

from plans.accounts.models import User
from plans.documents.style import DEFAULT_LAYOUT
from plans.formats.actions import set_layout
from plans.formats.layout_rules import measures_of
from plans.planning.models import BodyLayout
from plans.schools.models import ManagingBody
from tests.factories import accounts


def layout(
    body: ManagingBody | None = None,
    *,
    valid_from: date = date(2025, 1, 1),
    by: User | None = None,
    **measures: float,
) -> BodyLayout:
    """The program's own layout with `measures` changed, put in force."""
    values: dict[str, Any] = measures_of(DEFAULT_LAYOUT) | measures
    return set_layout(body=body, values=values, valid_from=valid_from, by=by or accounts.user())
