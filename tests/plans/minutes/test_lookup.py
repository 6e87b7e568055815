"""A paper is found by its code; what is told of it is its head and who signed."""

from datetime import UTC, datetime

import pytest

from plans.inspections.states import InspectionState
from plans.issuing.enums import DocumentState, FileRole
from plans.minutes.lookup import (
    find_paper,
    has_scan,
    paper_in_force,
    shown_signers,
    unsigned_count,
    waits_for_signatures,
)
from plans.minutes.models import PaperKind
from tests.factories import inspections, minutes

pytestmark = pytest.mark.django_db
AT = datetime(2025, 10, 14, 3, 30, tzinfo=UTC)


def _signed(paper, slot, subject):
    file = minutes.add_file(paper, b"%PDF-" + subject.encode())
    slot.signed_at, slot.file, slot.by, slot.subject = AT, file, paper.made_by, subject
    slot.certificate_issuer = "CN=Tổ chức Minh Họa, O=Minh Họa"
    slot.save()


def test_a_paper_is_found_however_its_code_was_copied() -> None:
    paper = minutes.paper()

    assert find_paper(f" {paper.shown_code.lower()} ") == paper


@pytest.mark.parametrize("typed", ["", "-", "XXXXXXXXXXXX", "A" * 500, "'; --", "\x00", "Biên bản"])
def test_a_wrong_code_finds_nothing(typed: str) -> None:
    minutes.paper()

    assert find_paper(typed) is None


def test_signers_are_told_by_the_name_in_the_certificate_and_others_are_counted() -> None:
    paper = minutes.paper()
    school, _ = paper.signers.order_by("side")
    _signed(paper, school, "UID=CCCD:001234567890, CN=Lê Thị Mẫu Đơn, C=VN")
    found = find_paper(paper.code)

    (shown,) = shown_signers(found)
    assert (shown.side, shown.name, shown.issuer) == (
        "Phía nhà trường",
        "Lê Thị Mẫu Đơn",
        "Tổ chức Minh Họa",
    )
    assert unsigned_count(found) == 1


def test_a_subject_without_a_name_shows_what_the_minutes_print() -> None:
    paper = minutes.paper()
    school, _ = paper.signers.order_by("side")
    _signed(paper, school, "UID=CCCD:001,C=VN")

    assert [one.name for one in shown_signers(find_paper(paper.code))] == ["Lê Thị Mẫu Đơn"]


@pytest.mark.parametrize(
    ("state", "kind", "waits"),
    [
        (InspectionState.MINUTED, PaperKind.MINUTES, True),
        (InspectionState.DONE, PaperKind.MINUTES, False),
        (InspectionState.PLANNED, PaperKind.NOTICE, False),
    ],
)
def test_minutes_wait_until_the_visit_is_done(state, kind, waits) -> None:
    paper = minutes.paper(inspections.inspection(state=state), kind)

    assert waits_for_signatures(paper) == waits


def test_a_scan_is_told_of() -> None:
    paper = minutes.paper()
    assert not has_scan(find_paper(paper.code))

    minutes.add_file(paper, b"%PDF-quet", FileRole.SCAN)

    assert has_scan(find_paper(paper.code))


def test_what_holds_in_place_of_minutes_that_were_made_anew() -> None:
    visit = inspections.inspection(state=InspectionState.MINUTED)
    ended = {"state": DocumentState.WITHDRAWN, "ended_at": AT, "code": "CU2345678923"}
    old = minutes.paper(visit, **ended)
    minutes.paper(visit, PaperKind.NOTICE, code="TB2345678923")
    assert paper_in_force(old) is None

    new = minutes.paper(visit, code="MA2345678923", pdf=b"%PDF-moi")

    assert paper_in_force(old) == new
