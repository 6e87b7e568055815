"""A document to sign: its PDF has both fields, empty; whom to trust lies in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.issuing.enums import DocumentState
from plans.issuing.models import IssuedDocument
from plans.planning.models import Plan
from plans.signing.fields import prepare_fields, signature_places
from tests.factories import accounts, issuing, pki, planning


@dataclass(frozen=True)
class Scene:
    """A document with the principal that it names as signer and the clerk who keeps the seal."""

    document: IssuedDocument
    principal: User
    clerk: User


@cache
def prepared_pdf(title: str = "Kế hoạch") -> bytes:
    """A small PDF with both signature fields, empty."""
    places = signature_places(0, (330.0, 300.0, 470.0, 360.0))
    return prepare_fields(issuing.small_pdf(title), places)


def scene(
    plan: Plan | None = None,
    *,
    state: DocumentState = DocumentState.IN_FORCE,
    title: str = "Kế hoạch",
) -> Scene:
    """A document that may be signed, and the two people."""
    plan = plan or planning.plan()
    principal = accounts.member(school=plan.school, full_name="Lê Thị Mẫu Đơn")
    clerk = accounts.member(Role.CLERK, school=plan.school, full_name="Trần Văn Thư")
    document = issuing.issued_document(plan, by=principal, state=state, pdf=prepared_pdf(title))
    return Scene(document, principal, clerk)


def trust_folder(folder: Path, *roots: pki.Identity) -> str:
    """A folder of trust with the tests' own root, or with those given; for KCL_TRUST_DIR."""
    for number, root in enumerate(roots or (pki.root(),)):
        (folder / f"goc-{number}.pem").write_bytes(root.pem)
    return str(folder)
