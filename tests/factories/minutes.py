"""Papers of a visit with small real files, without the half second that rendering takes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from plans.accounts.models import User
from plans.inspections.enums import Side
from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.issuing.enums import FileRole
from plans.minutes.fields import field_names
from plans.minutes.models import Paper, PaperFile, PaperKind, PaperSigner
from plans.signing.fields import FieldPlace, prepare_fields
from tests.factories import accounts, inspections, issuing, pki, schools


def paper(
    inspection: Inspection | None = None,
    kind: PaperKind = PaperKind.MINUTES,
    *,
    by: User | None = None,
    pdf: bytes | None = None,
    **values: Any,
) -> Paper:
    """A paper of a visit that waits for signatures, with a PDF; minutes have two signers, one a side."""
    inspection = inspection or inspections.inspection(state=InspectionState.MINUTED)
    by = by or accounts.user()
    defaults = {
        "title": f"{kind.label} {inspection.school}",
        "issued_on": date(2025, 10, 14),
        "issuer": "PHÒNG VĂN HÓA - XÃ HỘI",
        "code": hashlib.sha256(f"bb-{inspection.pk}-{kind}".encode()).hexdigest()[:12].upper(),
        "pages": 1,
        "tree": {},
        "made_by": by,
    }
    made = Paper.objects.create(
        kind=kind, body=inspection.body, inspection=inspection, **(defaults | values)
    )
    add_file(made, pdf or issuing.small_pdf(str(made)), FileRole.PDF, by=by)
    if kind == PaperKind.MINUTES:
        signer(made, Side.SCHOOL, "Lê Thị Mẫu Đơn", place=1)
        lead = inspection.members.order_by("place")[0]
        signer(made, Side.TEAM, lead.full_name, place=1, user=lead.user)
    return made


def add_file(
    paper: Paper, content: bytes, role: FileRole = FileRole.SIGNED, *, by: User | None = None
) -> PaperFile:
    """One more file of a paper, after those of its role."""
    return PaperFile.objects.create(
        paper=paper,
        file=issuing.frozen(content),
        role=role,
        sequence=paper.files.filter(role=role).count(),
        name="bien-ban.pdf",
        added_by=by or paper.made_by,
    )


def signer(paper: Paper, side: Side, full_name: str, **values: Any) -> PaperSigner:
    """Somebody who is to sign a paper."""
    place = values.pop("place", paper.signers.filter(side=side).count() + 1)
    defaults = {
        "field": f"{side}-{place}",
        "capacity": "Hiệu trưởng" if side == Side.SCHOOL else "",
    }
    return PaperSigner.objects.create(
        paper=paper, side=side, place=place, full_name=full_name, **(defaults | values)
    )


# --- to be signed -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Scene:
    """Minutes that wait for signatures, the head of the school, and the team with its tổ trưởng first."""

    paper: Paper
    principal: User
    team: tuple[User, ...]

    @property
    def visit(self) -> Inspection:
        """The visit as it now is."""
        return Inspection.objects.get(pk=self.paper.inspection_id)

    @property
    def lead(self) -> User:
        """The tổ trưởng."""
        return self.team[0]

    @property
    def everybody(self) -> tuple[User, ...]:
        """Whoever signs, in the order in which the minutes print them."""
        return (self.principal, *self.team)


@cache
def prepared_pdf(members: int, title: str = "Biên bản") -> bytes:
    """A small PDF with an empty signature field for one head of a school and so many of a team."""
    places = [
        FieldPlace(name, 0, (300.0, 40.0 + 60 * n, 440.0, 95.0 + 60 * n), f"Chữ ký {n}")
        for n, name in enumerate(field_names(1, members))
    ]
    return prepare_fields(issuing.small_pdf(title), places)


def scene(
    members: int = 2,
    *,
    state: InspectionState = InspectionState.MINUTED,
    pdf: bytes | None = None,
    principal_has_account: bool = True,
) -> Scene:
    """Minutes in a visit of `state`; the certificates of `pki` that bear these names may sign them."""
    visit = inspections.inspection(state=state, lead=accounts.user(full_name="Trần Văn Tổ Trưởng"))
    for n in range(2, members + 1):
        inspections.member(visit, accounts.user(full_name=f"Nguyễn Thị Thành Viên {n}"))
    if not visit.school.body_links.filter(body=visit.body).exists():
        schools.school_body(visit.school, visit.body)
    principal = accounts.member(school=visit.school, full_name="Lê Thị Mẫu Đơn")
    made = paper(visit, pdf=pdf or prepared_pdf(members))
    made.signers.all().delete()
    signer(
        made,
        Side.SCHOOL,
        principal.full_name,
        field="NhaTruong1",
        user=principal if principal_has_account else None,
    )
    seats = list(visit.members.order_by("place"))
    for n, seat in enumerate(seats, 1):
        signer(made, Side.TEAM, seat.full_name, field=f"ToKiemTra{n}", user=seat.user)
    return Scene(made, principal, tuple(seat.user for seat in seats))


def certificate_of(user: User) -> pki.Identity:
    """A certificate of the trusted authority that is made out to a person."""
    return pki.identity(user.full_name, issuer=pki.intermediate())
