"""What people decide about forms and layouts; every decision is a new row, so that old documents keep theirs."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from plans.accounts.models import User
from plans.documents.style import layout_to_dict
from plans.formats.layout_rules import checked_layout
from plans.history.actions import record
from plans.planning.models import BodyLayout
from plans.schools.models import ManagingBody


@transaction.atomic
def set_layout(
    *, body: ManagingBody | None, values: Mapping[str, float], valid_from: date, by: User
) -> BodyLayout:
    """Let the documents of a body's schools (None: of every school) look so from `valid_from` on.

    `values` are measures by name (see `layout_rules`). Returns the new row. Raises ValidationError by measure
    for what Nghị định 30/2020/NĐ-CP does not allow.
    """
    row = BodyLayout(
        body=body,
        valid_from=valid_from,
        data=layout_to_dict(checked_layout(values)),
        decided_by=by,
    )
    row.full_clean()
    row.save()
    record("layout.set", row, by=by, body_id=body.pk if body else None)
    return row
