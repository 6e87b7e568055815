"""Issued documents with small real files, without the half second that rendering a plan takes."""

from __future__ import annotations

import hashlib
import io
from datetime import UTC, date, datetime
from itertools import count

import pikepdf

from plans.accounts.models import User
from plans.documents.storing import tree_as_json
from plans.issuing.enums import (
    DocumentKind,
    DocumentState,
    EntryKind,
    FileRole,
    KeyWay,
    SignatureRole,
)
from plans.issuing.models import (
    DocumentFile,
    FrozenFile,
    IssuedDocument,
    NumberEntry,
    NumberRegister,
    Signature,
)
from plans.planning.document import plan_document
from plans.planning.models import Plan
from plans.planning.states import PlanState
from tests.factories import accounts, planning

_numbers = count(1)


def small_pdf(title: str = "Kế hoạch") -> bytes:
    """A real PDF of one empty page whose bytes differ by `title`."""
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    pdf.docinfo["/Title"] = title
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True)
    return out.getvalue()


def frozen(content: bytes, media_type: str = "application/pdf") -> FrozenFile:
    """Bytes as they are kept; the same bytes twice are the same row."""
    digest = hashlib.sha256(content).hexdigest()
    defaults = {"content": content, "size": len(content), "media_type": media_type}
    return FrozenFile.objects.get_or_create(sha256=digest, defaults=defaults)[0]


def add_file(
    document: IssuedDocument,
    content: bytes,
    role: FileRole = FileRole.SIGNED,
    *,
    name: str = "van-ban.pdf",
    by: User | None = None,
) -> DocumentFile:
    """One more file of a document, after those of its role."""
    sequence = document.files.filter(role=role).count()
    return DocumentFile.objects.create(
        document=document,
        file=frozen(content),
        role=role,
        sequence=sequence,
        name=name,
        added_by=by or document.issued_by,
    )


def issued_document(
    plan: Plan | None = None,
    *,
    by: User | None = None,
    issued_on: date = date(2025, 9, 5),
    state: DocumentState = DocumentState.IN_FORCE,
    replaces: IssuedDocument | None = None,
    pdf: bytes | None = None,
) -> IssuedDocument:
    """A document of `plan` with a number, a code, a PDF and a Word file; the plan is then issued."""
    plan = plan or planning.plan()
    by = by or accounts.user()
    number = next(_numbers)
    register = NumberRegister.objects.get_or_create(
        school=plan.school, year=issued_on.year, series="KH"
    )[0]
    entry = NumberEntry.objects.create(
        register=register, number=number, kind=EntryKind.DOCUMENT, by=by
    )
    document = IssuedDocument.objects.create(
        kind=DocumentKind.PLAN,
        school=plan.school,
        plan=plan,
        entry=entry,
        title=f"Kế hoạch cải tiến chất lượng giáo dục năm học {plan.school_year.label}",
        number=entry.words,
        symbol=f"KH-{plan.school.symbol}",
        issued_on=issued_on,
        place="An Phú",
        issuer="TRƯỜNG MẪU",
        issuer_name=str(plan.school),
        signing_capacity="HIỆU TRƯỞNG",
        signer_name="Lê Thị Mẫu Đơn",
        state=state,
        ended_at=None if state == DocumentState.IN_FORCE else plan.changed_at,
        replaces=replaces,
        code=hashlib.sha256(f"ma-{plan.pk}-{number}".encode()).hexdigest()[:12].upper(),
        pages=1,
        tree={},
        issued_by=by,
    )
    add_file(document, pdf or small_pdf(f"{document}"), FileRole.PDF, name="van-ban.pdf")
    add_file(document, b"PK van ban " + document.code.encode(), FileRole.DOCX, name="van-ban.docx")
    if plan.state in (PlanState.DRAFT, PlanState.FINISHED):
        plan.state, plan.finished_at = PlanState.ISSUED, plan.finished_at or plan.created_at
        plan.save()
    return document


def signature(
    document: IssuedDocument,
    role: SignatureRole = SignatureRole.SIGNER,
    *,
    subject: str = "Lê Thị Mẫu Đơn",
    certificate_issuer: str = "Tổ chức chứng thực Minh Họa",
    content: bytes | None = None,
) -> Signature:
    """A signature with the signed copy it came about in."""
    content = content or f"%PDF-1.7 {document.code} {role}".encode()
    return Signature.objects.create(
        document=document,
        role=role,
        way=KeyWay.KEY_FILE,
        file=add_file(document, content),
        subject=subject,
        certificate_issuer=certificate_issuer,
        serial="0A1B",
        signed_at=datetime(2025, 9, 5, 1, 52, tzinfo=UTC),
        by=document.issued_by,
    )


def with_tree(document: IssuedDocument) -> IssuedDocument:
    """Freeze in a document the tree of its plan as the rows stand now."""
    plan = Plan.objects.for_document().get(pk=document.plan_id)
    document.tree = tree_as_json(plan_document(plan))
    document.save(update_fields=["tree"])
    return document
