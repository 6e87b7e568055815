"""Everything of an issue that needs no lock: the plan as it will be printed, its checks, its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.checking.context import Member, load_checked, same_person
from plans.checking.enums import Grade
from plans.checking.report import report
from plans.checking.vocabulary import vocabulary
from plans.documents.tree import Document
from plans.formats.layouts import layout_of, plan_layout_row
from plans.history.models import ChainHead
from plans.issuing.lookup import new_code
from plans.issuing.models import IssuedDocument
from plans.issuing.numbers import Wanted, next_number
from plans.issuing.official import Draft, OfficialFinding, official_findings
from plans.issuing.rendering import Paper, render, with_check
from plans.planning.document import plan_document
from plans.planning.models import BodyLayout, Plan
from plans.schools.letterhead import letterhead
from plans.schools.models import School

SIGNING_ROLES = (Role.PRINCIPAL, Role.VICE_PRINCIPAL)


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would be issued: the plan with date, number and signer set, its tree, and what speaks against it.

    `errors` are what the rules of the plan still find, whole sentences; `official` is what the decree finds.
    """

    plan: Plan
    signer: User | None
    tree: Document
    number: Wanted
    errors: tuple[str, ...]
    official: tuple[OfficialFinding, ...]

    @property
    def may_be_issued(self) -> bool:
        """Say whether nothing keeps the plan from being issued."""
        return not self.errors and all(one.grade is not Grade.ERROR for one in self.official)

    def refuse_errors(self) -> None:
        """Raise ValidationError that names everything that keeps the plan from being issued."""
        grave = [one.sentence for one in self.official if one.grade is Grade.ERROR]
        if self.errors or grave:
            raise ValidationError([*self.errors, *grave])


@dataclass(frozen=True, slots=True)
class Prepared:
    """A proposal with its files and its code, ready to be written down."""

    proposal: Proposal
    tree: Document
    code: str
    paper: Paper
    basis: dict[str, Any]


def default_series(plan: Plan) -> str:
    """Return the series in which a plan is numbered: that of its type of document, "KH"."""
    return plan.spec.type_symbol


def signers(school: School, on: date) -> list[User]:
    """Return who may sign for the school on the day `on`: the head first, then the deputies."""
    rows = (
        school.memberships.in_force(on)
        .filter(role__in=SIGNING_ROLES, user__is_active=True)
        .select_related("user")
        .order_by("role", "pk")  # "principal" before "vice_principal"
    )
    return list(dict.fromkeys(row.user for row in rows))


def propose(
    plan: Plan, *, signer: User | None, on: date, today: date, series: str, number: str | None
) -> Proposal:
    """Return what issuing the plan on the day `on` would make; nothing is held or written.

    Raises ValidationError for a number that cannot be given.
    """
    given = next_number(plan.school, on.year, series, number)
    loaded = Plan.objects.for_document().get(pk=plan.pk)
    errors = report(load_checked(Plan.objects.for_page().get(pk=plan.pk), on=today)).errors
    members = _members(loaded.school)
    loaded.number, loaded.document_date = given.words, on
    loaded.document_month = on.replace(day=1)
    if signer is not None:
        loaded.signing_capacity = _capacity(loaded, signer, members, on)
        loaded.signer_name = signer.full_name
    tree = plan_document(loaded)
    draft = Draft(loaded, tree, members, today, _last_date(loaded.school, on.year, series))
    told = tuple(f"{error.message}." for error in errors)
    return Proposal(loaded, signer, tree, given, told, official_findings(draft))


def prepare(proposal: Proposal) -> Prepared:
    """Return the proposal with its files. The one place where a document is rendered."""
    code = new_code()
    tree = with_check(proposal.tree, code)
    row = plan_layout_row(proposal.plan)
    paper = render(tree, layout_of(row))
    return Prepared(proposal, tree, code, paper, _basis(proposal.plan, row))


def _members(school: School) -> tuple[Member, ...]:
    rows = school.memberships.filter(role__in=SIGNING_ROLES).select_related("user").order_by("pk")
    return tuple(Member(row.user.full_name, row.role, row.valid_from, row.valid_to) for row in rows)


def _capacity(plan: Plan, signer: User, members: tuple[Member, ...], on: date) -> str:
    """Return in which capacity the signer signs: an acting one that the plan names, else that of the role."""
    words, said = vocabulary(), plan.signing_capacity
    if said.upper().startswith(words.acting_marks) and same_person(
        plan.signer_name, signer.full_name
    ):
        return said
    is_head = any(
        m.holds(Role.PRINCIPAL, on) and same_person(m.name, signer.full_name) for m in members
    )
    usual = [one for one in plan.spec.signing_capacities if not one.startswith(words.acting_marks)]
    fitting = [one for one in usual if one.startswith(words.deputy_mark) is not is_head]
    return fitting[0] if fitting else said


def _last_date(school: School, year: int, series: str) -> date | None:
    """Return the date of the document that bears the highest number of a year's series."""
    register = {"entry__register__year": year, "entry__register__series": series}
    last = IssuedDocument.objects.filter(school=school, **register)
    return (
        last.order_by("-entry__number", "-entry__suffix").values_list("issued_on", flat=True)
    ).first()


def _basis(plan: Plan, row: BodyLayout | None) -> dict[str, Any]:
    """Return from what the document was made: revisions of the catalogue, layout, names, the record so far."""
    lines = letterhead(plan.school, plan.names_on)
    chain = ChainHead.objects.filter(chain=f"school:{plan.school_id}").first()
    return {
        "framework": {
            "id": plan.framework_id,
            "code": plan.framework.code,
            "revision": plan.framework.revision,
            "number": plan.framework.number,
        },
        "form": {
            "id": plan.form_id,
            "code": plan.form.code,
            "revision": plan.form.revision,
            "digest": plan.form.digest,
        },
        "layout": row.pk if row else None,
        "names": {
            "on": plan.names_on.isoformat(),
            "parent_body": lines.parent_body,
            "issuer": lines.issuer,
            "school": lines.name,
            "place": lines.place,
        },
        "history": {"sequence": chain.sequence, "hash": chain.hash} if chain else None,
    }
