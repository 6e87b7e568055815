"""The demo's signed minutes and what followed from them.

The files were rendered and signed once, by `python -m tests.demo_minutes`, with certificates of the tests' own
authority, which no installation trusts: a demo starts without seconds of rendering, and what it shows as signed is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from plans.accounts.models import User
from plans.followups.models import FollowUp, FollowUpStep
from plans.followups.states import FollowUpState
from plans.inspections.models import Inspection, Recommendation
from plans.inspections.states import InspectionState
from plans.issuing.enums import FileRole
from plans.issuing.files import signed_name
from plans.minutes.files import add_file
from plans.minutes.models import Paper, PaperFile, PaperKind, PaperSigner
from plans.minutes.papers import file_name
from plans.planning.models import PlanAction

_MOVES = {
    "report": FollowUpState.REPORTED,
    "verify": FollowUpState.VERIFIED,
    "reopen": FollowUpState.OPEN,
}


def keep_minutes(
    visit: Inspection, entry: Mapping[str, Any], papers: Path, people: Mapping[str, User]
) -> Paper:
    """Write down the minutes that lie in `papers` ("demo-minutes/1"), signed by everybody; the visit is over then.

    Each signature is an update after the bytes before it, so that every state of the PDF is a beginning of the last.
    """
    place = papers / entry["paper"]
    told = json.loads(place.with_suffix(".json").read_text(encoding="utf-8"))
    pdf, docx = (place.with_suffix(end).read_bytes() for end in (".pdf", ".docx"))
    made_at, maker = datetime.fromisoformat(entry["made"]), people[entry["by"]]
    paper = Paper(
        kind=PaperKind.MINUTES,
        body=visit.body,
        inspection=visit,
        issued_on=date.fromisoformat(told["issued_on"]),
        made_at=made_at,
        made_by=maker,
        **{name: told[name] for name in ("title", "number", "issuer", "code", "pages", "tree")},
    )
    paper.full_clean()
    paper.save()
    _add(paper, docx, FileRole.DOCX, made_at, maker)
    _add(paper, pdf[: told["length"]], FileRole.PDF, made_at, maker)
    signed_at = [_sign(paper, row, pdf, people) for row in told["signers"]]
    Inspection.objects.filter(pk=visit.pk).update(
        state=InspectionState.DONE, minuted_at=made_at, done_at=max(signed_at)
    )
    return paper


def _sign(paper: Paper, row: Mapping[str, Any], pdf: bytes, people: Mapping[str, User]) -> datetime:
    """Write down a signer with the file that ends with the signature; return when it was made."""
    signed_at, signer = datetime.fromisoformat(row["signed_at"]), people[row["user"]]
    words = ("side", "place", "field", "full_name", "capacity", "way", "subject", "serial")
    one = PaperSigner(
        paper=paper,
        user=signer,
        by=signer,
        file=_add(paper, pdf[: row["length"]], FileRole.SIGNED, signed_at, signer),
        certificate_issuer=row["certificate_issuer"],
        signed_at=signed_at,
        **{word: row[word] for word in words},
    )
    one.full_clean()
    one.save()
    return signed_at


def _add(paper: Paper, content: bytes, role: FileRole, at: datetime, by: User) -> PaperFile:
    is_signed = role == FileRole.SIGNED
    name = signed_name(file_name(paper, FileRole.PDF)) if is_signed else file_name(paper, role)
    row = add_file(paper=paper, content=content, role=role, name=name, by=by)
    PaperFile.objects.filter(pk=row.pk).update(added_at=at)
    return row


# --- what followed ----------------------------------------------------------------------------------------


def keep_items(
    visit: Inspection, entries: Sequence[Mapping[str, Any]], people: Mapping[str, User]
) -> None:
    """Make the item of each recommendation, with the steps that were taken; `goes_on_in` is a later plan's year."""
    visit.refresh_from_db()
    for entry in entries:
        given = Recommendation.objects.select_related("finding__criterion").get(
            finding__inspection=visit, finding__criterion__number=entry["criterion"]
        )
        item = _item(visit, given)
        item.carried_to = _row_of(item, entry)
        _walk(item, entry["steps"], people)
        item.full_clean()
        item.save()
        FollowUpStep.objects.bulk_create(
            FollowUpStep(
                follow_up=item,
                kind=step["kind"],
                note=step["note"],
                at=datetime.fromisoformat(step["at"]),
                by=people[step["by"]],
            )
            for step in entry["steps"]
        )


def _item(visit: Inspection, given: Recommendation) -> FollowUp:
    finding = given.finding
    assert visit.minuted_at is not None  # its minutes were kept before
    return FollowUp(
        school=visit.school,
        inspection=visit,
        recommendation=given,
        about=finding.title,
        criterion=finding.criterion,
        standard_number=finding.standard_number,
        created_at=visit.minuted_at,
        **{name: getattr(given, name) for name in ("body", "owner", "due", "due_on")},
    )


def _row_of(item: FollowUp, entry: Mapping[str, Any]) -> PlanAction | None:
    """Return the row of a later plan that goes on with the action which the item is about."""
    if "goes_on_in" not in entry or item.inspection.plan is None:
        return None
    action = item.inspection.plan.actions.get(criterion=item.criterion)
    return PlanAction.objects.get(
        plan__school=item.school,
        plan__school_year__start_year=entry["goes_on_in"],
        thread=action.thread,
    )


def _walk(item: FollowUp, steps: Sequence[Mapping[str, Any]], people: Mapping[str, User]) -> None:
    """Let the item stand where its steps have led it."""
    for step in steps:
        if step["kind"] not in _MOVES:
            continue
        at, by = datetime.fromisoformat(step["at"]), people[step["by"]]
        item.state = _MOVES[step["kind"]]
        if item.state == FollowUpState.REPORTED:
            item.reported_at, item.reported_by = at, by
        elif item.state == FollowUpState.VERIFIED:
            item.verified_at, item.verified_by = at, by
        else:
            item.reported_at = item.reported_by = None
