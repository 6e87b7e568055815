"""Numbers of an office's notices and reports: one series for each kind and calendar year (NĐ 30/2020, Điều 15)."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.db.models import Q

from plans.inspections.models import Inspection, InspectionCampaign
from plans.issuing.enums import DocumentState
from plans.minutes.models import Paper, PaperKind
from plans.schools.models import ManagingBody
from plans.text import fold

TAKEN = "Số {number} đã dùng cho {title}. Vui lòng ghi số khác."
_NUMBERED = re.compile(r"\s*(\d{1,6})\s*(/.*\S)\s*")


def next_number(*, body_id: int, kind: PaperKind, on: date) -> str:
    """Return the number after the greatest that the body gave papers of `kind` in the year of `on`: "08/TB-VHXH".

    Its symbol is that of the paper with that number. "" before the first: a symbol is the body's to choose.
    """
    given = Paper.objects.filter(body=body_id, kind=kind, issued_on__year=on.year)
    # The number of a paper that was handed in and never went out is free again.
    given = given.exclude(waits=True, state__in=[DocumentState.REPLACED, DocumentState.WITHDRAWN])
    found = (_NUMBERED.fullmatch(one) for one in given.values_list("number", flat=True))
    known = [(int(one[1]), one[2]) for one in found if one]
    if not known:
        return ""
    last, symbol = max(known)
    return f"{last + 1:02d}{symbol}"


def hold_number(
    *, body_id: int, kind: PaperKind, number: str, on: date, about: Inspection | InspectionCampaign
) -> None:
    """Hold the body's numbers for the caller's transaction; it holds visits and campaigns after that.

    Raises ValidationError under "number" where another paper of that kind and year that is in force or waits has it;
    the paper that this one replaces may.
    """
    ManagingBody.objects.select_for_update(no_key=True).get(pk=body_id)
    if not number.strip():
        return
    own = Q(inspection=about) if isinstance(about, Inspection) else Q(campaign=about)
    rows = Paper.objects.filter(
        body=body_id, kind=kind, issued_on__year=on.year, state=DocumentState.IN_FORCE
    )
    for one in rows.exclude(own).exclude(number="").defer("tree").order_by("pk"):
        if _same(one.number, number):
            raise ValidationError({"number": TAKEN.format(number=number.strip(), title=one)})


def _same(one: str, other: str) -> bool:
    """Say whether two numbers are one: "07/TB-VHXH" and "7 / tb-vhxh"."""
    bare = [fold(re.sub(r"\s+", "", text)).lstrip("0") for text in (one, other)]
    return bare[0] == bare[1]
