"""Files as answers: one set of headers at every address that hands one out."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.followups.models import FollowUpFile
from plans.inspections.models import Inspection, Photo, ReplyFile
from plans.inspections.states import InspectionState
from plans.issuing.enums import FileRole
from tests.factories import accounts, followups, inspections, issuing, minutes, planning

pytestmark = pytest.mark.django_db

NAME = "Biên lai số 5.pdf"


@pytest.fixture
def visit() -> Inspection:
    plan = planning.plan()
    planning.action(plan)
    return inspections.inspection(plan, InspectionState.DONE)


@pytest.fixture
def principal(visit: Inspection) -> User:
    return accounts.member(Role.PRINCIPAL, school=visit.school)


def frozen_files(visit: Inspection, by: User) -> dict[str, tuple[str, bytes]]:
    """Where each kind of frozen file of a visit and its plan is to be had, and its bytes."""
    finding = visit.findings.order_by("position")[0]
    photo = Photo.objects.create(
        finding=finding,
        client_id=uuid4(),
        file=issuing.frozen(b"anh to", "image/jpeg"),
        small=issuing.frozen(b"anh nho", "image/jpeg"),
        width=1,
        height=1,
        added_by=by,
    )
    reply = inspections.reply(finding, by)
    own = {"file": issuing.frozen(b"%PDF-cua truong"), "name": NAME}
    answered = ReplyFile.objects.create(reply=reply, added_by=by, **own)
    item = followups.follow_up(inspections.recommendation(finding, by))
    proof = FollowUpFile.objects.create(step=item.steps.create(kind="note", by=by), **own)
    paper = minutes.paper(visit, by=by)
    signed = minutes.add_file(paper, b"%PDF-da ky")
    assert visit.plan is not None
    issued = issuing.issued_document(visit.plan, by=by, pdf=b"%PDF-ban hanh")
    document = issued.files.get(role=FileRole.PDF)
    shown = reverse("visits:photo", args=[visit.pk, photo.pk])
    return {
        "photo": (shown, b"anh to"),
        "small photo": (f"{shown}?co=nho", b"anh nho"),
        "reply": (reverse("replies:file", args=[visit.pk, answered.pk]), b"%PDF-cua truong"),
        "proof": (reverse("followups:proof", args=[item.pk, proof.pk]), b"%PDF-cua truong"),
        "minutes": (reverse("minutes:file", args=[paper.pk, signed.pk]), b"%PDF-da ky"),
        "minutes to sign": (reverse("minutes:sign_current", args=[paper.pk]), b"%PDF-da ky"),
        "issued": (reverse("issuing:file", args=[issued.pk, document.pk]), b"%PDF-ban hanh"),
        "issued to sign": (reverse("signing:current", args=[issued.pk]), b"%PDF-ban hanh"),
    }


def headers_of(person: User, url: str) -> tuple[dict[str, str], bytes]:
    """The headers with which a file comes, without what every page has, and its bytes."""
    client = Client()
    client.force_login(person)
    answer = client.get(url)
    assert answer.status_code == 200
    told = ("Cache-Control", "Content-Disposition", "ETag", "X-Content-Type-Options")
    return {name: answer.headers[name] for name in told if name in answer.headers}, answer.content


def test_every_frozen_file_comes_with_the_same_headers(visit: Inspection, principal: User) -> None:
    for kind, (url, content) in frozen_files(visit, principal).items():
        headers, taken = headers_of(principal, url)

        how, _, name = headers.pop("Content-Disposition").partition("; ")
        assert (how, taken) == ("inline" if "photo" in kind else "attachment", content), kind
        assert name.startswith("filename"), kind
        assert headers == {
            "Cache-Control": "private, no-store",
            "ETag": f'"{issuing.frozen(content).sha256}"',
            "X-Content-Type-Options": "nosniff",
        }, kind


@pytest.mark.parametrize("name", ["planning:download", "minutes:blank_word"])
def test_file_that_is_made_comes_with_the_same_headers_but_no_hash(
    visit: Inspection, principal: User, name: str
) -> None:
    assert visit.plan is not None
    args = [visit.pk] if name.startswith("minutes") else [visit.plan.pk, "docx"]

    headers, _ = headers_of(principal, reverse(name, args=args))

    assert headers.pop("Content-Disposition").startswith("attachment; filename")
    assert headers == {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


def test_no_view_writes_these_headers_by_itself() -> None:
    """The open copy on a school's public page is kept by browsers, and so says its own."""
    folder = Path(settings.BASE_DIR) / "plans" / "web"
    said = {
        str(path.relative_to(folder))
        for path in folder.rglob("*.py")
        if "Content-Disposition" in path.read_text("utf-8")
    }

    assert said == {"files.py", "public/copies.py"}
