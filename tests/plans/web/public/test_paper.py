"""The public page of a paper of a visit: its head, its signatures, its files, and nothing that was found."""

import hashlib
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from plans.inspections.models import Finding
from plans.inspections.states import InspectionState
from plans.issuing.enums import DocumentState, FileRole
from plans.issuing.signing_steps import from_key_file
from plans.minutes.models import Paper, PaperKind
from plans.minutes.signing import sign_paper
from plans.web import rates
from tests.factories import inspections, issuing, minutes
from tests.factories.signing import trust_folder
from tests.plans.web.public.test_check import compared as compared_with
from tests.plans.web.public.test_check import head, words

pytestmark = pytest.mark.django_db


def _path(paper):
    return f"/tra-cuu/{paper.code}/"


def _paper(state=InspectionState.DONE, kind=PaperKind.MINUTES, **values):
    return minutes.paper(inspections.inspection(state=state), kind, **values)


def test_a_paper_says_what_it_is(client: Client) -> None:
    paper = _paper(number="12/BB-VHXH", pages=7)

    answer = client.get(_path(paper))

    assert answer.status_code == 200
    assert head(answer) == "Văn bản đang có hiệu lực"
    text = words(answer)
    for fact in (
        *("Biên bản kiểm tra", "12/BB-VHXH", "14/10/2025", paper.issuer, "7 trang"),
        *(str(paper.inspection.school), paper.shown_code, paper.title),
    ):
        assert fact in text
    for file in paper.files.all():
        assert " ".join(re.findall(".{8}", file.file.sha256)) in text


def test_minutes_that_wait_say_so(client: Client) -> None:
    paper = _paper(InspectionState.MINUTED)

    answer = client.get(_path(paper))

    assert head(answer) == "Biên bản chưa đủ chữ ký"
    assert "không có chữ ký số trên chương trình" in words(answer)


def test_a_notice_without_a_number_has_no_signatures_to_wait_for(client: Client) -> None:
    answer = client.get(_path(_paper(InspectionState.PLANNED, PaperKind.NOTICE)))

    assert head(answer) == "Văn bản đang có hiệu lực"
    assert "Thông báo kiểm tra Số, ký hiệu Không ghi số" in words(answer)
    assert "Chữ ký số" not in words(answer)


def test_a_report_names_no_school(client: Client) -> None:
    visits = inspections.campaign()
    paper = _paper()
    Paper.objects.filter(pk=paper.pk).update(
        kind=PaperKind.REPORT, inspection=None, campaign=visits, title="Báo cáo đợt"
    )

    answer = client.get(_path(paper))

    assert answer.status_code == 200
    assert "Trường " not in words(answer)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (DocumentState.REPLACED, "Văn bản đã bị thay thế"),
        (DocumentState.WITHDRAWN, "Văn bản đã thu hồi"),
    ],
)
def test_a_paper_out_of_force_leads_to_the_one_that_holds(client: Client, state, said) -> None:
    visit = inspections.inspection(state=InspectionState.DONE)
    ended = {"state": state, "ended_at": timezone.now(), "ended_because": "Cô Kín ghi nhầm"}
    old = minutes.paper(visit, code="CU2345678923", **ended)
    new = minutes.paper(visit, code="MA2345678923", pdf=b"%PDF-moi")

    answer = client.get(_path(old))

    assert head(answer) == said
    assert f'<a href="{_path(new)}">' in answer.content.decode()
    assert "Kín" not in words(answer)


def test_signers_are_shown_and_nothing_that_was_found(client: Client, tmp_path, settings) -> None:
    settings.KCL_TRUST_DIR = trust_folder(tmp_path)
    one = minutes.scene(2)
    Finding.objects.filter(inspection=one.visit).update(seen="Điều kín", limits="Điều kín")
    key = minutes.certificate_of(one.lead).p12()
    sign_paper(paper=one.paper, source=from_key_file(key, "mat-khau"), by=one.lead)

    text = words(client.get(_path(one.paper)))

    assert f"Tổ kiểm tra {one.lead.full_name}" in text
    assert "Chứng thư do CA cấp 2 Minh Họa cấp" in text
    assert "Còn 2 người ghi trong biên bản chưa ký số." in text
    for hidden in ("Điều kín", one.team[1].full_name, one.principal.full_name):
        assert hidden not in text


def test_minutes_signed_by_all_say_so(client: Client, tmp_path, settings) -> None:
    settings.KCL_TRUST_DIR = trust_folder(tmp_path)
    one = minutes.scene(1)
    for person in one.everybody:
        key = minutes.certificate_of(person).p12()
        sign_paper(paper=one.paper, source=from_key_file(key, "mat-khau"), by=person)

    answer = client.get(_path(one.paper))

    assert head(answer) == "Văn bản đang có hiệu lực"
    assert "Biên bản có đủ chữ ký số của hai bên." in words(answer)


def test_a_scan_is_told_of_and_its_name_and_note_are_not(client: Client) -> None:
    paper = _paper()
    row = minutes.add_file(paper, b"%PDF-quet", FileRole.SCAN)
    row.note, row.name = "Cô Kín giữ", "Kín.pdf"
    row.save()

    text = words(client.get(_path(paper)))

    assert "Có bản quét của biên bản ký trên giấy" in text
    assert "Kín" not in text


def test_files_are_compared_with_those_of_the_paper_alone(client: Client) -> None:
    paper = _paper()
    mine = bytes(paper.files.get().file.content)
    other = issuing.issued_document()

    assert compared_with(client, paper, mine) == "Đúng là bản đã phát hành (bản PDF chưa ký)."
    theirs = bytes(other.files.get(role=FileRole.PDF).file.content)
    for content in (theirs, mine + b" "):
        said = compared_with(client, paper, content)
        assert said.startswith("Không phải: tệp này khác mọi bản mà cơ quan kiểm tra đã phát hành")


def test_page_holds_the_hashes_that_the_browser_compares_with(client: Client) -> None:
    paper = _paper()

    text = client.get(_path(paper)).content.decode()

    assert set(re.findall(r'data-sha256="(\w+)"', text)) == {
        hashlib.sha256(row.file.content).hexdigest() for row in paper.files.all()
    }


def test_typed_code_of_a_paper_leads_to_its_page(client: Client) -> None:
    paper = _paper()

    answer = client.get("/tra-cuu/", {"ma": paper.shown_code.lower()})

    assert (answer.status_code, answer["Location"]) == (302, _path(paper))


def test_visitor_gets_no_cookie_and_no_copy_is_kept(client: Client) -> None:
    answer = client.get(_path(_paper()))

    assert not answer.cookies
    assert answer["Cache-Control"] == "no-store"
    assert answer["X-Robots-Tag"] == "noindex, nofollow"


def test_papers_are_asked_for_no_oftener_than_documents(client: Client, monkeypatch) -> None:
    paper = _paper()
    monkeypatch.setattr(rates, "LOOKS", 3)

    answers = [client.get(_path(paper)).status_code for _ in range(5)]

    assert answers[:3] == [200, 200, 200]
    assert answers[-1] == 429


def test_page_costs_the_same_for_two_signers_and_for_six(client: Client) -> None:
    counts = []
    for members in (1, 5):
        paper = minutes.scene(members).paper
        minutes.add_file(paper, b"%PDF-" + bytes([members]))
        with CaptureQueriesContext(connection) as queries:
            client.get(_path(paper))
        counts.append(len(queries))
        assert not any('"content"' in query["sql"] for query in queries)

    assert counts[0] == counts[1]
