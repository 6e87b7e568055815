"""Issue: a number, frozen files and the plan's move, all or nothing; and nothing is ever rendered again."""

import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pikepdf
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from plans.accounts.models import User
from plans.documents.storing import tree_from_json
from plans.documents.tree import Document, Letterhead, SignBlock
from plans.history.models import Event
from plans.issuing.actions import issue_plan
from plans.issuing.ending import withdraw_document
from plans.issuing.enums import DocumentState, EntryKind, FileRole
from plans.issuing.files import current_pdf
from plans.issuing.models import FrozenFile, IssuedDocument, NumberEntry
from plans.issuing.numbers import give_number
from plans.moves import MoveNotAllowed
from plans.planning.models import Plan
from plans.planning.moving import move_plan
from plans.planning.states import PlanState
from plans.schools.models import School, SchoolName
from tests.factories import planning, schools
from tests.plans.issuing.conftest import ON

pytestmark = pytest.mark.django_db
FIELDS = ("band", "current_state", "target_result", "measures", "lead", "partners", "timeframe")


def blocks(document: IssuedDocument) -> list[object]:
    tree: Document = tree_from_json(document.tree)
    return [block for section in tree.sections for block in section.blocks]


def contents(document: IssuedDocument) -> dict[str, bytes]:
    files = document.files.select_related("file")
    return {row.role: bytes(row.file.content) for row in files}


def test_a_document_is_numbered_and_frozen_in_three_formats(
    finished: Plan, principal: User
) -> None:
    document = issue_plan(plan=finished, by=principal, on=ON)

    assert (document.full_number, document.issued_on, document.state) == (
        "01/KH-MNHS",
        ON,
        DocumentState.IN_FORCE,
    )
    assert (document.parent_body, document.issuer) == ("UBND XÃ AN PHÚ", "TRƯỜNG MẦM NON HOA SEN")
    assert (document.signing_capacity, document.signer_name) == ("HIỆU TRƯỞNG", "Lê Thị Mẫu Đơn")
    assert [(row.role, row.name) for row in document.files.all()] == [
        (FileRole.DOCX, "KH-CTCL-MNHS-2025-2026.docx"),
        (FileRole.PDF, "KH-CTCL-MNHS-2025-2026.pdf"),
        (FileRole.XLSX, "KH-CTCL-MNHS-2025-2026.xlsx"),
    ]
    for row in document.files.select_related("file"):
        assert hashlib.sha256(bytes(row.file.content)).hexdigest() == row.file.sha256


def test_the_plan_is_issued_with_what_the_document_says(finished: Plan, principal: User) -> None:
    issue_plan(plan=finished, by=principal, on=ON)

    plan = Plan.objects.get()
    assert (plan.state, plan.number, plan.document_date, plan.document_month) == (
        PlanState.ISSUED,
        "01",
        ON,
        date(2025, 10, 1),
    )


def test_the_pdf_waits_for_two_signatures_on_its_last_page(finished: Plan, principal: User) -> None:
    document = issue_plan(plan=finished, by=principal, on=ON)

    content = bytes(current_pdf(document).file.content)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert len(pdf.pages) == document.pages
        fields = [str(field.T) for field in pdf.Root.AcroForm.Fields]
        last = [str(note.T) for note in pdf.pages[-1].Annots if "/T" in note]
    assert fields == last == ["NguoiKy", "CoQuan"]


def test_the_tree_is_kept_with_number_date_and_code(finished: Plan, principal: User) -> None:
    document = issue_plan(plan=finished, by=principal, on=ON)

    tree = tree_from_json(document.tree)
    head = next(block for block in blocks(document) if isinstance(block, Letterhead))
    assert [run.text for run in (*head.number, *head.place_and_date)] == [
        "Số: 01/KH-MNHS",
        "An Phú, ngày 20 tháng 10 năm 2025",
    ]
    assert tree.check is not None
    assert tree.check.url.endswith(f"/tra-cuu/{document.code}/")
    assert tree.check.code == document.shown_code


def test_what_it_was_made_from_is_kept(finished: Plan, principal: User) -> None:
    document = issue_plan(plan=finished, by=principal, on=ON)

    framework, form = finished.framework, finished.form
    assert document.basis == {
        "framework": {
            "id": framework.pk,
            "code": framework.code,
            "revision": framework.revision,
            "number": framework.number,
        },
        "form": {
            "id": form.pk,
            "code": form.code,
            "revision": form.revision,
            "digest": form.digest,
        },
        "layout": None,
        "names": {
            "on": "2025-10-20",
            "parent_body": "UBND XÃ AN PHÚ",
            "issuer": "TRƯỜNG MẦM NON HOA SEN",
            "school": "Trường Mầm non Hoa Sen",
            "place": "An Phú",
        },
        "history": None,
    }


def test_the_record_says_number_and_hashes(finished: Plan, principal: User) -> None:
    document = issue_plan(plan=finished, by=principal, on=ON)

    event = Event.objects.get(action="document.issue")
    assert (event.plan_id, event.school_id) == (finished.pk, finished.school_id)
    assert event.after == {
        "number": "01/KH-MNHS",
        "issued_on": "2025-10-20",
        "code": document.code,
        "replaces": "",
        "sha256": {row.role: row.file.sha256 for row in document.files.select_related("file")},
    }


def test_nothing_that_changes_afterwards_changes_a_byte(
    finished: Plan, principal: User, kindergarten: School
) -> None:
    document = issue_plan(plan=finished, by=principal, on=ON)
    before, tree = contents(document), document.tree

    SchoolName.objects.update(name="Trường khác", letterhead_name="TRƯỜNG KHÁC")
    finished.form.data = planning.FORM_DATA
    finished.form.save()
    type(finished.framework).objects.update(name="Thông tư khác")
    principal.full_name = "Người khác"
    principal.save()

    again = IssuedDocument.objects.get()
    assert contents(again) == before
    assert (again.tree, again.issuer) == (tree, "TRƯỜNG MẦM NON HOA SEN")
    assert (again.signer_name, again.issuer_name) == ("Lê Thị Mẫu Đơn", "Trường Mầm non Hoa Sen")


def test_a_deputy_signs_for_the_head(finished: Plan, principal: User, deputy: User) -> None:
    document = issue_plan(plan=finished, by=deputy, on=ON)

    sign = next(block for block in blocks(document) if isinstance(block, SignBlock))
    assert sign.capacity == ("KT. HIỆU TRƯỞNG", "PHÓ HIỆU TRƯỞNG")
    assert sign.signer == "Trần Văn Minh Họa"


def test_one_may_issue_what_another_signs(finished: Plan, principal: User, deputy: User) -> None:
    document = issue_plan(plan=finished, by=deputy, on=ON, signer=principal)

    assert (document.issued_by, document.signer_name) == (deputy, "Lê Thị Mẫu Đơn")
    assert document.signing_capacity == "HIỆU TRƯỞNG"


def test_a_wanted_number_is_given_with_its_gap(finished: Plan, principal: User) -> None:
    document = issue_plan(plan=finished, by=principal, on=ON, number="41")

    assert document.full_number == "41/KH-MNHS"
    assert [(row.words, row.kind) for row in NumberEntry.objects.order_by("number")] == [
        ("01–40", EntryKind.OUTSIDE),
        ("41", EntryKind.DOCUMENT),
    ]


def _nothing_was_issued(plan: Plan) -> bool:
    left = (IssuedDocument, NumberEntry, FrozenFile)
    return (
        not any(model.objects.exists() for model in left)
        and Plan.objects.get(pk=plan.pk).state == PlanState.FINISHED
    )


def test_errors_of_the_decree_keep_a_plan_from_being_issued(
    finished: Plan, principal: User
) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(ValidationError) as refused:
        issue_plan(plan=finished, by=principal, on=tomorrow)

    assert refused.value.messages == [f"Ngày ban hành {tomorrow:%d/%m/%Y} ở sau ngày hôm nay."]
    assert _nothing_was_issued(finished)


def test_errors_of_the_plan_keep_it_from_being_issued(finished: Plan, principal: User) -> None:
    finished.texts.filter(section="purpose").update(body="")

    with pytest.raises(ValidationError):
        issue_plan(plan=finished, by=principal, on=ON)

    assert _nothing_was_issued(finished)


def test_a_taken_number_is_refused_before_anything_is_written(
    finished: Plan, principal: User, kindergarten: School
) -> None:
    give_number(school=kindergarten, on=ON, series="KH", by=principal)

    with pytest.raises(ValidationError):
        issue_plan(plan=finished, by=principal, on=ON, number="1")

    assert not IssuedDocument.objects.exists()


def test_a_draft_is_not_issued(clean: Plan, principal: User) -> None:
    with pytest.raises(MoveNotAllowed):
        issue_plan(plan=clean, by=principal, on=ON)


def _issued_again(plan: Plan, by: User) -> IssuedDocument:
    plan = move_plan(plan=plan, name="revise", by=by, reason="Sửa kinh phí", finished_at=None)
    plan = move_plan(plan=plan, name="finish", by=by, finished_at=timezone.now())
    return issue_plan(plan=plan, by=by, on=ON + timedelta(days=5))


def test_a_revision_gets_its_own_number_and_replaces(finished: Plan, principal: User) -> None:
    first = issue_plan(plan=finished, by=principal, on=ON)
    before = contents(first)

    second = _issued_again(finished, principal)

    first.refresh_from_db()
    assert (second.full_number, second.replaces) == ("02/KH-MNHS", first)
    assert (first.state, first.ended_at is None) == (DocumentState.REPLACED, False)
    assert contents(first) == before
    assert Event.objects.filter(action="document.replace").count() == 1


def test_a_withdrawn_document_stays_and_the_next_replaces_nothing(
    finished: Plan, principal: User
) -> None:
    first = issue_plan(plan=finished, by=principal, on=ON)
    withdraw_document(document=first, by=principal, reason="Ban hành nhầm")

    second = _issued_again(finished, principal)

    first.refresh_from_db()
    assert (first.state, first.ended_because) == (DocumentState.WITHDRAWN, "Ban hành nhầm")
    assert second.replaces is None
    with pytest.raises(MoveNotAllowed):
        withdraw_document(document=first, by=principal, reason="Lần nữa")


def test_withdrawal_wants_a_reason(finished: Plan, principal: User) -> None:
    document = issue_plan(plan=finished, by=principal, on=ON)

    with pytest.raises(ValidationError):
        withdraw_document(document=document, by=principal, reason=" ")


def _like(plan: Plan, year: int, by: User) -> Plan:
    """A finished plan of another year that says the same."""
    other = planning.plan(
        plan.school,
        year=schools.school_year(year),
        form=plan.form,
        framework=plan.framework,
        signer_name=plan.signer_name,
    )
    for text in plan.texts.all():
        planning.plan_text(other, text.section, text.body)
    for result in plan.results.all():
        planning.result(other, result.criterion, result.level)
    row = plan.actions.get()
    words = {name: getattr(row, name) for name in FIELDS}
    planning.action(other, criterion=row.criterion, **words)
    return move_plan(plan=other, name="finish", by=by, finished_at=timezone.now())


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_plans_issued_at_once_bear_the_number_that_they_print(
    finished: Plan, principal: User, kindergarten: School
) -> None:
    plans = [finished, *(_like(finished, year, principal) for year in (2023, 2024))]

    def one(plan: Plan) -> IssuedDocument:
        try:
            return issue_plan(plan=plan, by=principal, on=ON)
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        issued = list(pool.map(one, plans))

    assert sorted(document.number for document in issued) == ["01", "02", "03"]
    for document in issued:
        head = next(block for block in blocks(document) if isinstance(block, Letterhead))
        assert head.number[0].text == f"Số: {document.full_number}"
    assert NumberEntry.objects.count() == 3
