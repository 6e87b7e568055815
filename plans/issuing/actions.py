"""Ban hành: number, files, hash and the plan's move, in one transaction; never rendered again afterwards.

Rendering takes seconds, so it is done before anything is held: with the number that is next. Only where somebody
else took that number meanwhile, or the plan moved on, is it done anew.
"""

from __future__ import annotations

import hashlib
from datetime import date

from django.db import transaction
from django.utils import timezone

from plans.accounts.models import User
from plans.documents.storing import tree_as_json
from plans.documents.wording import document_symbol
from plans.history.actions import record
from plans.issuing.ending import replace_document
from plans.issuing.enums import DocumentKind, DocumentState
from plans.issuing.files import add_file
from plans.issuing.models import IssuedDocument, NumberEntry
from plans.issuing.numbers import give_number, hold_register
from plans.issuing.preparing import Prepared, Proposal, default_series, prepare, propose
from plans.issuing.telling import tell_to_sign
from plans.planning.export import file_name
from plans.planning.models import Plan
from plans.planning.moving import locked, move_plan
from plans.planning.states import MOVES, PlanState
from plans.schools.letterhead import letterhead

_TRIES = 2  # without holding the register; the one after holds it and cannot be overtaken


class _Overtaken(Exception):
    """The number was given to somebody else, or the plan changed, while the files were being rendered."""


def issue_plan(
    *,
    plan: Plan,
    by: User,
    on: date,
    number: str | None = None,
    series: str | None = None,
    signer: User | None = None,
) -> IssuedDocument:
    """Issue a finished plan on the day `on` and return its document; an earlier one is then replaced.

    `number` is the next of the register unless one is wanted ("20a"), `series` that of the plan's type of
    document, `signer` the person who issues it. Raises ValidationError that names what speaks against it,
    MoveNotAllowed from any other state, FontMissing; then nothing is written and no number used.
    """
    series = default_series(plan) if series is None else series
    MOVES.target(
        "issue", source=PlanState(Plan.objects.values_list("state", flat=True).get(pk=plan.pk))
    )
    for _ in range(_TRIES):
        prepared = prepare(_checked(plan, signer or by, on, series, number))
        try:
            return _written(prepared, by=by, series=series, number=number)
        except _Overtaken:
            continue
    return _issue_while_holding(plan, signer or by, on, series, number, by)


@transaction.atomic
def _issue_while_holding(
    plan: Plan, signer: User, on: date, series: str, number: str | None, by: User
) -> IssuedDocument:
    locked(plan)
    hold_register(plan.school, on.year, series)
    prepared = prepare(_checked(plan, signer, on, series, number))
    return _written(prepared, by=by, series=series, number=number)


def _checked(plan: Plan, signer: User, on: date, series: str, number: str | None) -> Proposal:
    """Return the proposal that nothing speaks against. Raises ValidationError."""
    today = timezone.localdate()
    proposal = propose(plan, signer=signer, on=on, today=today, series=series, number=number)
    proposal.refuse_errors()
    return proposal


@transaction.atomic
def _written(prepared: Prepared, *, by: User, series: str, number: str | None) -> IssuedDocument:
    """Write number, document, files, move and record. Raises _Overtaken when they would not fit any more."""
    plan = prepared.proposal.plan
    held = locked(plan)
    MOVES.target("issue", source=PlanState(held.state))
    if held.changed_at != plan.changed_at:
        raise _Overtaken
    on = plan.names_on
    entry = give_number(school=plan.school, on=on, series=series, wanted=number, by=by)
    if entry.words != plan.number:
        raise _Overtaken
    document = _document(prepared, entry, _replaced(plan, by), by)
    _add_files(document, prepared, by)
    move_plan(
        plan=held,
        name="issue",
        by=by,
        number=plan.number,
        document_date=plan.document_date,
        document_month=plan.document_month,
        signing_capacity=plan.signing_capacity,
        signer_name=plan.signer_name,
    )
    _record(document, prepared, by)
    tell_to_sign(document, prepared.proposal.signer or by, by)
    return document


def _replaced(plan: Plan, by: User) -> IssuedDocument | None:
    """End the plan's document in force, if there is one, and return it."""
    old = plan.documents.in_force().first()
    return replace_document(document=old, by=by) if old else None


def _document(
    prepared: Prepared, entry: NumberEntry, replaced: IssuedDocument | None, by: User
) -> IssuedDocument:
    plan = prepared.proposal.plan
    lines = letterhead(plan.school, plan.names_on)
    document = IssuedDocument(
        kind=DocumentKind.PLAN,
        school=plan.school,
        plan=plan,
        entry=entry,
        title=prepared.tree.title[:300],
        number=plan.number,
        symbol=document_symbol(f"{plan.spec.type_symbol}-{plan.school.symbol}"),
        issued_on=plan.names_on,
        place=lines.place,
        parent_body=lines.parent_body,
        issuer=lines.issuer,
        issuer_name=lines.name,
        signing_capacity=plan.signing_capacity,
        signer_name=plan.signer_name,
        state=DocumentState.IN_FORCE,
        replaces=replaced,
        code=prepared.code,
        pages=prepared.paper.pages,
        tree=tree_as_json(prepared.tree),
        basis=prepared.basis,
        issued_by=by,
    )
    document.full_clean()
    document.save()
    return document


def _add_files(document: IssuedDocument, prepared: Prepared, by: User) -> None:
    for role, content in prepared.paper.files.items():
        name = file_name(prepared.proposal.plan, role.value)
        add_file(document=document, content=content, role=role, name=name, by=by)


def _record(document: IssuedDocument, prepared: Prepared, by: User) -> None:
    """Write the record: under which number, with which bytes."""
    after = {
        "number": document.full_number,
        "issued_on": document.issued_on.isoformat(),
        "code": document.code,
        "replaces": document.replaces.full_number if document.replaces else "",
        "sha256": {
            role.value: hashlib.sha256(content).hexdigest()
            for role, content in prepared.paper.files.items()
        },
    }
    record("document.issue", document, by=by, after=after, school_id=document.school_id)
