"""What people decide about forms and layouts; every decision is a new row, so that old documents keep theirs."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from plans.accounts.models import User
from plans.documents.style import layout_to_dict
from plans.formats.form_copies import fault_in_words
from plans.formats.layout_rules import checked_layout
from plans.history.actions import record
from plans.moves import MoveNotAllowed
from plans.planning.form_loader import FormFileError, checked_form, form_digest
from plans.planning.models import BodyLayout, FormInForce, PlanForm
from plans.planning.saving import Conflict, save_fields
from plans.schools.models import ManagingBody

__all__ = [
    "Conflict",
    "change_draft",
    "copy_form",
    "drop_draft",
    "put_in_force",
    "set_layout",
]

CODE_LENGTH = 28


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


# --- copies of forms --------------------------------------------------------------------------------------


@transaction.atomic
def copy_form(*, form: PlanForm, body: ManagingBody | None, by: User) -> PlanForm:
    """Return a new draft with the content of `form`, for a body (None: the administrator) to change.

    Raises MoveNotAllowed for a draft, ValidationError.
    """
    if form.is_draft:
        raise MoveNotAllowed("Bản đang sửa thì sửa tiếp, không chép thêm.")
    draft = PlanForm(
        code=f"{form.code[:CODE_LENGTH]}-{secrets.token_hex(4)}",
        title=f"{form.title[:190]} (bản chép)",
        source=form.source,
        first_year=form.first_year,
        last_year=form.last_year,
        data=form.data,
        digest=form.digest,
        based_on=form,
        body=body,
        is_draft=True,
    )
    draft.full_clean()
    draft.save()
    record("form.copy", draft, by=by, body_id=draft.body_id)
    return draft


@transaction.atomic
def change_draft(
    *, form: PlanForm, title: str, data: Mapping[str, Any], version: int, by: User
) -> PlanForm:
    """Save title and content of a draft and return it.

    Raises ValidationError with all that a form file would be refused for, Conflict when somebody saved the draft
    after the version seen, MoveNotAllowed when it is no draft any more.
    """
    draft = _locked_draft(form)
    try:
        checked = checked_form(data)
    except FormFileError as error:
        raise ValidationError([fault_in_words(fault, data) for fault in error.faults]) from error
    values = {"title": title, "data": checked}
    return save_fields(draft, values, version, by=by, school_id=None)


@transaction.atomic
def put_in_force(
    *, form: PlanForm, body: ManagingBody | None, valid_from: date, by: User
) -> FormInForce:
    """Let new plans of a body's schools (None: of every school) take `form` from `valid_from` on.

    A draft is frozen by that and never changes again. Returns the decision. Raises ValidationError.
    """
    form = PlanForm.objects.select_for_update().get(pk=form.pk)
    if form.is_draft:
        form.is_draft, form.digest = False, form_digest(form)
        form.save(update_fields=["is_draft", "digest"])
        record("form.freeze", form, by=by, before={"is_draft": True}, body_id=form.body_id)
    decision = FormInForce(form=form, body=body, valid_from=valid_from, decided_by=by)
    decision.full_clean()
    decision.save()
    record("form.in_force", decision, by=by, body_id=body.pk if body else None)
    return decision


@transaction.atomic
def drop_draft(*, form: PlanForm, by: User) -> None:
    """Throw a draft away; the record keeps its content. Raises MoveNotAllowed when it is no draft any more."""
    draft = _locked_draft(form)
    before = {"title": draft.title, "data": draft.data}
    record("form.drop", draft, by=by, before=before, body_id=draft.body_id)
    draft.delete()


def _locked_draft(form: PlanForm) -> PlanForm:
    """Hold the draft for this transaction, so that nobody freezes it meanwhile."""
    draft = PlanForm.objects.select_for_update().filter(pk=form.pk, is_draft=True).first()
    if draft is None:
        raise MoveNotAllowed(
            "Mẫu đã áp dụng nên không sửa được nữa. Hãy chép mẫu ra bản mới để sửa."
        )
    return draft
