"""Tra cứu: what anybody who holds a paper of a visit may know of it by the code at its foot. Nothing that was found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from plans.inspections.states import InspectionState
from plans.issuing.enums import FileRole
from plans.issuing.lookup import asked_code, public_name
from plans.minutes.models import Paper, PaperFile, PaperKind


def find_paper(code: str) -> Paper | None:
    """Return the paper whose code was typed, loaded for its public page; None where there is none."""
    wanted = asked_code(code)
    if not wanted:
        return None
    files = PaperFile.objects.select_related("file").defer("file__content")
    return (
        Paper.objects.filter(code=wanted)
        .exclude(waits=True)
        .defer("tree")
        .select_related("inspection__school", "campaign")
        .prefetch_related("inspection__school__names", Prefetch("files", files), "signers")
        .first()
    )


@dataclass(frozen=True, slots=True)
class ShownSigner:
    """A signature as the public sees it: whose it is, by the name in the certificate, and when it was made."""

    side: str
    name: str
    capacity: str
    issuer: str
    signed_at: datetime
    has_timestamp: bool


def shown_signers(paper: Paper) -> list[ShownSigner]:
    """Return who has signed; whoever has not is not named to the public."""
    return [
        ShownSigner(
            side=one.get_side_display(),
            name=public_name(one.subject) or one.full_name,
            capacity=one.capacity,
            issuer=public_name(one.certificate_issuer),
            signed_at=one.signed_at,
            has_timestamp=one.has_timestamp,
        )
        for one in paper.signers.all()
        if one.signed_at is not None
    ]


def unsigned_count(paper: Paper) -> int:
    """Return how many of those who sign the minutes have made no signature in the file."""
    return sum(one.signed_at is None for one in paper.signers.all())


def waits_for_signatures(paper: Paper) -> bool:
    """Say whether minutes in force are not complete yet."""
    visit = paper.inspection
    is_minutes = paper.kind == PaperKind.MINUTES
    return is_minutes and visit is not None and visit.state != InspectionState.DONE


def has_scan(paper: Paper) -> bool:
    """Say whether a scan of the paper with ink is kept beside the file."""
    return any(row.role == FileRole.SCAN for row in paper.files.all())


def paper_in_force(paper: Paper) -> Paper | None:
    """Return the paper of the same kind that holds in place of one that does not; None where there is none."""
    of_kind = Paper.objects.in_force().filter(kind=paper.kind).exclude(pk=paper.pk)
    if paper.inspection_id is not None:
        return of_kind.filter(inspection=paper.inspection_id).first()
    return of_kind.filter(campaign=paper.campaign_id).order_by("-made_at").first()
