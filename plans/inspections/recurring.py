"""What counts as a remark that may come again, for the report of a campaign and the overview of an office alike.

A remark is a shortcoming (hạn chế), words on an action that is not carried out yet, or a recommendation that
stands. Praise is none, and neither is what the team withdrew after the school's answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q

from plans.inspections.enums import Decision, Verdict
from plans.inspections.models import Finding, Recommendation

if TYPE_CHECKING:
    from django.db.models import QuerySet

MANY_SCHOOLS = 3  # from so many on, what is remarked on in several schools is told
_SAYS = r"\S"


def with_remarks(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return findings with `remarked` and `recommended`: whether words were said against it, a recommendation stands.

    Both are False of a finding that was withdrawn.
    """
    stands = ~Q(reply__decision=Decision.WITHDRAW)
    undone = Q(seen__regex=_SAYS, verdict__in=[Verdict.DOING, Verdict.NOT_DONE])
    live = Recommendation.objects.filter(finding=OuterRef("pk"), removed="", body__regex=_SAYS)
    return findings.annotate(
        remarked=stands & (Q(limits__regex=_SAYS) | undone), recommended=stands & Q(Exists(live))
    )


def remarks_among(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    """Return those of the findings that are a remark, as `with_remarks` returns them."""
    return with_remarks(findings).filter(Q(remarked=True) | Q(recommended=True))
