"""Issue in the browser, the documents of a plan and a school, their files byte for byte, the register."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.issuing.actions import issue_plan
from plans.issuing.ending import replace_document, withdraw_document
from plans.issuing.enums import FileRole
from plans.issuing.models import IssuedDocument, NumberEntry
from plans.issuing.numbers import give_number
from plans.planning.models import Plan
from plans.planning.states import PlanState
from plans.schools.models import ManagingBody, School, SchoolName
from tests.factories import issuing
from tests.plans.issuing.conftest import ON

pytestmark = pytest.mark.django_db
LATER = date(2026, 1, 5)  # another year's register


def page(web: Client, name: str, pk: int) -> str:
    answer = web.get(reverse(f"issuing:{name}", args=[pk]))
    assert answer.status_code == 200
    return answer.content.decode()


def post(web: Client, plan: Plan, **typed: object) -> tuple[int, str]:
    signer = User.objects.get(username="hieutruong")
    data = {"issued_on": f"{ON:%d/%m/%Y}", "signer": signer.pk, "number": ""} | typed
    answer = web.post(reverse("issuing:issue", args=[plan.pk]), data)
    return answer.status_code, answer.content.decode()


# --- issue ------------------------------------------------------------------------------------------------


def test_the_page_shows_number_signer_and_the_paper(web: Client, finished: Plan) -> None:
    shown = page(web, "issue", finished.pk)

    assert "01/KH-MNHS" in shown
    assert "Lê Thị Mẫu Đơn – Hiệu trưởng</option>" in shown
    assert "Đúng thể thức theo Nghị định 30/2020/NĐ-CP" in shown
    assert 'class="number">Số: 01' in shown
    assert not NumberEntry.objects.exists()


def test_a_number_typed_before_there_was_a_register_is_proposed(
    web: Client, finished: Plan, kindergarten: School
) -> None:
    Plan.objects.update(number="87", document_date=ON)

    free = page(web, "issue", finished.pk)
    give_number(
        school=kindergarten, on=ON, series="KH", wanted="87", by=User.objects.earliest("pk")
    )
    taken = page(web, "issue", finished.pk)

    assert 'name="number" value="87"' in free
    assert "ngày 20/10/2025" in free
    assert 'value="87"' not in taken
    assert "88/KH-MNHS" in taken


def test_the_button_issues_and_leads_to_the_document(web: Client, finished: Plan) -> None:
    status, _ = post(web, finished)

    shown = page(web, "documents", finished.pk)
    assert (status, Plan.objects.get().state) == (302, PlanState.ISSUED)
    assert "Đã ban hành văn bản số 01/KH-MNHS." in shown
    assert "Đang có hiệu lực" in shown


def test_looking_again_writes_nothing(web: Client, finished: Plan) -> None:
    status, shown = post(web, finished, xem="1", number="20")

    assert status == 200
    assert "20/KH-MNHS" in shown
    assert not IssuedDocument.objects.exists()


def test_the_deputy_is_offered_and_signs_for_the_head(
    web: Client, finished: Plan, deputy: User
) -> None:
    _, shown = post(web, finished, xem="1", signer=deputy.pk)

    assert "Trần Văn Minh Họa – Phó hiệu trưởng</option>" in shown
    assert "KT. HIỆU TRƯỞNG<br>PHÓ HIỆU TRƯỞNG" in shown


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": "hai"}, "Số văn bản gồm chữ số, có thể kèm chữ cái phía sau"),
        ({"number": "1"}, "Số 01 của năm 2025 đã được dùng."),
        ({"issued_on": "31/02/2025"}, "Hãy ghi ngày, tháng, năm, ví dụ 05/09/2025."),
        ({"issued_on": ""}, "Hãy ghi ngày ban hành."),
        ({"signer": "0"}, "Điều đã chọn không có trong danh sách."),
        ({"number": "5" * 30}, "Số văn bản dài quá 20 chữ."),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    web: Client, finished: Plan, kindergarten: School, typed: dict[str, str], words: str
) -> None:
    give_number(school=kindergarten, on=ON, series="KH", by=User.objects.earliest("pk"))

    status, shown = post(web, finished, **typed)

    assert status == 422
    assert words in shown
    assert not IssuedDocument.objects.exists()


def test_an_error_of_the_decree_keeps_the_plan(web: Client, finished: Plan) -> None:
    tomorrow = timezone.localdate() + timedelta(days=1)
    ManagingBody.objects.update(valid_to=tomorrow - timedelta(days=400))

    status, shown = post(web, finished, issued_on=f"{timezone.localdate():%d/%m/%Y}")

    assert status == 422
    assert "Chưa ban hành được" in shown
    assert "“UBND xã An Phú” chỉ hoạt động đến hết ngày" in shown
    assert not IssuedDocument.objects.exists()


def test_a_draft_has_no_page_of_issue(web: Client, clean: Plan) -> None:
    assert web.get(reverse("issuing:issue", args=[clean.pk])).status_code == 403


def test_review_and_list_lead_to_issue(web: Client, finished: Plan) -> None:
    link = reverse("issuing:issue", args=[finished.pk])

    for url in (reverse("planning:review", args=[finished.pk]), reverse("planning:list")):
        assert f'href="{link}"' in web.get(url).content.decode()


# --- documents and files ----------------------------------------------------------------------------------


@pytest.fixture
def document(finished: Plan, principal: User) -> IssuedDocument:
    return issue_plan(plan=finished, by=principal, on=ON)


def test_files_are_served_as_they_were_frozen(web: Client, document: IssuedDocument) -> None:
    SchoolName.objects.update(name="Trường khác", letterhead_name="TRƯỜNG KHÁC")

    for row in document.files.select_related("file"):
        answer = web.get(reverse("issuing:file", args=[document.pk, row.pk]))
        assert answer.content == bytes(row.file.content)
        assert answer["ETag"] == f'"{row.file.sha256}"'
        assert answer["Cache-Control"] == "private, no-store"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"] == f'attachment; filename="{row.name}"'
        assert answer["Content-Type"] == row.file.media_type


def test_a_file_of_another_document_is_not_found(web: Client, document: IssuedDocument) -> None:
    other = issuing.issued_document()
    theirs = other.files.get(role=FileRole.PDF)

    for number in (theirs.pk, 10**9, 2**64):
        answer = web.get(reverse("issuing:file", args=[document.pk, number]))
        assert answer.status_code == 404


def test_the_document_is_drawn_as_it_was(web: Client, document: IssuedDocument) -> None:
    SchoolName.objects.update(name="Trường khác", letterhead_name="TRƯỜNG KHÁC")
    Plan.objects.update(signer_name="Người khác")

    shown = page(web, "document", document.pk)

    assert "TRƯỜNG MẦM NON HOA SEN" in shown
    assert f"Mã tra cứu: {document.shown_code}" in shown
    assert "Người khác" not in shown


def test_a_tree_that_cannot_be_read_leaves_the_files(web: Client, document: IssuedDocument) -> None:
    IssuedDocument.objects.update(tree={"is": "Unknown"})

    assert "Nội dung văn bản xem trong tệp PDF ở trên." in page(web, "document", document.pk)


def test_ended_documents_stay_visible_as_such(
    web: Client, document: IssuedDocument, principal: User
) -> None:
    replace_document(document=document, by=principal)
    second = issuing.issued_document(
        document.plan, by=principal, replaces=document, issued_on=LATER
    )
    withdraw_document(document=second, by=principal, reason="Ban hành nhầm")

    for shown in (
        page(web, "documents", document.plan_id),
        page(web, "of_school", document.school_id),
    ):
        assert f"bởi văn bản số {second.full_number}" in shown
        assert f"Văn bản số {document.full_number} ngày 20/10/2025</a>" in shown
        assert "Đã thu hồi từ" in shown
        assert "Lý do: Ban hành nhầm" in shown


def test_the_frozen_file_is_offered_before_a_new_one(web: Client, document: IssuedDocument) -> None:
    shown = web.get(reverse("planning:preview", args=[document.plan_id])).content.decode()

    pdf = document.files.get(role=FileRole.PDF)
    frozen = shown.index(reverse("issuing:file", args=[document.pk, pdf.pk]))
    assert frozen < shown.index(reverse("planning:download", args=[document.plan_id, "pdf"]))
    Plan.objects.update(state=PlanState.DRAFT, finished_at=None)
    again = web.get(reverse("planning:preview", args=[document.plan_id])).content.decode()
    assert reverse("issuing:file", args=[document.pk, pdf.pk]) not in again


def test_lists_ask_as_much_for_three_documents_as_for_one(
    web: Client, document: IssuedDocument, principal: User, clerk_web: Client
) -> None:
    asked = [
        (web, reverse("issuing:documents", args=[document.plan_id])),
        (web, reverse("issuing:of_school", args=[document.school_id])),
        (clerk_web, f"{reverse('issuing:register', args=[document.school_id])}?nam=2025"),
    ]
    before = [_queries(*one) for one in asked]
    last = document
    for _ in range(2):
        replace_document(document=last, by=principal)
        last = issuing.issued_document(document.plan, by=principal, replaces=last, issued_on=LATER)
        give_number(school=document.school, on=ON, series="KH", by=principal)

    assert [_queries(*one) for one in asked] == before


def _queries(web: Client, url: str) -> int:
    web.get(url)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert web.get(url).status_code == 200
    return len(asked)


# --- the register -----------------------------------------------------------------------------------------


def noted(web: Client, school: School, **typed: str) -> tuple[int, str]:
    data = {"kind": "outside", "year": "2026", "series": "KH", "number": "1", "reason": "Sổ giấy"}
    answer = web.post(reverse("issuing:register", args=[school.pk]), data | typed, follow=True)
    return answer.status_code, answer.content.decode()


def test_the_clerk_notes_numbers_used_on_paper(clerk_web: Client, kindergarten: School) -> None:
    status, shown = noted(clerk_web, kindergarten, last_number="20")

    assert status == 200
    assert "Đã ghi số 01–20 vào sổ." in shown
    assert "Sổ giấy" in shown


def test_the_clerk_makes_a_number_void(clerk_web: Client, kindergarten: School) -> None:
    _, shown = noted(clerk_web, kindergarten, kind="void", reason="Ghi nhầm")

    assert "Số bỏ" in shown and "Ghi nhầm" in shown
    assert [entry.kind for entry in NumberEntry.objects.all()] == ["void"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"number": "x"}, "Số văn bản gồm chữ số"),
        ({"number": "9", "last_number": "5"}, "Dãy số ghi từ số nhỏ đến số lớn"),
        ({"kind": "void", "last_number": "5"}, "Số bỏ ghi từng số một."),
        ({"kind": "document"}, "Điều đã chọn không có trong danh sách."),
        ({"year": "99999"}, "Hãy ghi năm đến 2100."),
        ({"reason": " "}, "Hãy ghi lý do."),
    ],
)
def test_a_line_that_cannot_be_is_refused(
    clerk_web: Client, kindergarten: School, typed: dict[str, str], words: str
) -> None:
    status, shown = noted(clerk_web, kindergarten, **typed)

    assert status == 422
    assert words in shown
    assert not NumberEntry.objects.exists()


def test_the_register_leads_to_its_documents(
    clerk_web: Client, document: IssuedDocument, kindergarten: School
) -> None:
    url = reverse("issuing:register", args=[kindergarten.pk])

    of_year = clerk_web.get(f"{url}?nam=2025").content.decode()
    others = [clerk_web.get(f"{url}?nam={said}").content.decode() for said in ("2024", "x", "")]

    link = reverse("issuing:document", args=[document.pk])
    assert link in of_year
    assert not any(link in shown for shown in others)


def test_only_the_clerk_keeps_the_register(web: Client, kindergarten: School) -> None:
    assert web.get(reverse("issuing:register", args=[kindergarten.pk])).status_code == 403
