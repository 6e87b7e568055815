"""Checklists over HTTP: an officer's way from an empty list to a published version and the next, refusals."""

import io
import re
from typing import Any

import openpyxl
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from criteria.models import Criterion, Framework
from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.checklists.models import Checklist, Question
from plans.schools.models import ManagingBody
from tests.factories import accounts, checklists, criteria, schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> ManagingBody:
    return schools.body("UBND xã An Phú")


@pytest.fixture
def officer(body: ManagingBody, client: Client) -> User:
    person = accounts.member(Role.OFFICER, body=body)
    client.force_login(person)
    return person


@pytest.fixture
def draft(body: ManagingBody) -> Checklist:
    return checklists.checklist(body, published=False, title="Phiếu bếp ăn", code="phieu-bep-an")


def page(client: Client, name: str, *arguments: int) -> str:
    answer = client.get(reverse(f"checklists:{name}", args=arguments))
    assert answer.status_code == 200
    return answer.content.decode()


def send(client: Client, name: str, *arguments: int, **typed: Any) -> HttpResponse:
    return client.post(reverse(f"checklists:{name}", args=arguments), typed)


def seen_on(html: str) -> str:
    found = re.search(r'name="seen"[^>]* value="(\w+)"', html)
    assert found
    return found[1]


def asked(**typed: str) -> dict[str, str]:
    return {
        "words": "Sổ lưu mẫu ghi đủ chưa?",
        "kind": "choice",
        "choices": "Đủ\r\n\r\nThiếu",
        "hint": "Xem sổ.",
    } | typed


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_officer_goes_from_an_empty_list_to_a_published_checklist_and_its_next_version(
    client: Client, officer: User, body: ManagingBody
) -> None:
    framework = criteria.framework()
    first, second = Criterion.objects.of(framework)
    assert "Chưa có phiếu kiểm tra nào." in page(client, "list")

    answer = send(client, "add", body.pk, title="Phiếu bếp ăn", framework=framework.pk)
    made = Checklist.objects.get()
    home = reverse("checklists:checklist", args=[made.pk])
    assert answer.headers["Location"] == home
    html = page(client, "checklist", made.pk)
    assert "Phiếu chưa có câu hỏi nào." in html and "Ban hành phiếu" not in html

    answer = send(client, "question_add", made.pk, second.pk, again="1", **asked())
    assert answer.headers["Location"] == reverse(
        "checklists:question_add", args=[made.pk, second.pk]
    )
    answer = send(client, "question_add", made.pk, first.pk, **asked(words="Một?", hint=""))
    assert answer.headers["Location"] == f"{home}#tieu-chi-{first.pk}"
    html = page(client, "checklist", made.pk)
    assert html.index("Một?") < html.index("Sổ lưu mẫu ghi đủ chưa?")
    assert Question.objects.get(criterion=second).choices == ["Đủ", "Thiếu"]

    assert send(client, "publish", made.pk, seen=seen_on(html)).status_code == 302
    made.refresh_from_db()
    assert not made.is_draft and made.published_by == officer
    html = page(client, "checklist", made.pk)
    assert "Thêm câu hỏi" not in html and "Lập phiên bản mới để sửa" in html

    answer = send(client, "version", made.pk)
    begun = Checklist.objects.get(number=2)
    assert answer.headers["Location"] == reverse("checklists:checklist", args=[begun.pk])
    html = page(client, "checklist", made.pk)
    assert "Mở phiên bản 2 đang soạn" in html and "Lập phiên bản mới" not in html
    assert "Phiếu đang dùng và phiếu đang soạn" in page(client, "list")


def test_question_is_changed_moved_removed_and_brought_back(
    client: Client, officer: User, draft: Checklist
) -> None:
    one = draft.questions.get()
    send(client, "question_add", draft.pk, one.criterion_id, **asked())
    two = draft.questions.exclude(pk=one.pk).get()
    html = page(client, "question", draft.pk, two.pk)
    assert "Đủ\nThiếu</textarea>" in html

    send(client, "question", draft.pk, two.pk, seen=seen_on(html), **asked(words="Hai?"))
    send(client, "question_move", draft.pk, two.pk, up="1")
    assert [row.words for row in draft.questions.all()] == ["Hai?", one.words]
    send(client, "question_move", draft.pk, two.pk, up="0")
    assert [row.words for row in draft.questions.all()] == [one.words, "Hai?"]
    send(client, "question_remove", draft.pk, two.pk)
    assert "Đã bỏ câu hỏi “Hai?”." in page(client, "checklist", draft.pk)
    send(client, "bring_back", draft.pk)
    assert [row.words for row in draft.questions.all()] == [one.words, "Hai?"]
    assert "Đã bỏ câu hỏi" not in page(client, "checklist", draft.pk)
    answer = client.post(reverse("checklists:bring_back", args=[draft.pk]), follow=True)
    assert "Không còn câu hỏi nào để đưa lại." in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"words": ""}, "Hãy ghi câu hỏi."),
        ({"words": "x" * 501}, "Ô này dài nhất là 500 chữ."),
        ({"words": "a\x00b"}, "Ô này có ký tự không đọc được."),
        ({"kind": "date"}, "Điều đã chọn không có trong danh sách."),
        ({"choices": "Một"}, "Hãy ghi từ 2 đến 50 lựa chọn"),
        ({"kind": "number"}, "Cách trả lời này không có lựa chọn."),
    ],
)
def test_question_that_makes_no_sense_is_refused_and_kept_in_the_form(
    client: Client, officer: User, draft: Checklist, typed: dict[str, str], words: str
) -> None:
    criterion = draft.questions.get().criterion_id

    answer = send(client, "question_add", draft.pk, criterion, **asked(**typed))

    html = answer.content.decode()
    assert (answer.status_code, words in html, "Xem sổ." in html) == (422, True, True)
    assert draft.questions.count() == 1


def test_question_changed_by_somebody_else_is_told_and_a_second_press_saves(
    client: Client, officer: User, draft: Checklist
) -> None:
    question = draft.questions.get()
    typed = asked(words="Của tôi?")
    seen = seen_on(page(client, "question", draft.pk, question.pk))
    Question.objects.filter(pk=question.pk).update(words="Của người khác?")

    answer = send(client, "question", draft.pk, question.pk, seen=seen, **typed)

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "vừa được người khác sửa" in html and "Của tôi?" in html
    again = send(client, "question", draft.pk, question.pk, seen=seen_on(html), **typed)
    question.refresh_from_db()
    assert (again.status_code, question.words) == (302, "Của tôi?")


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "Hãy ghi tên phiếu"),
        ({"title": "x" * 201}, "Ô này dài nhất là 200 chữ."),
        ({"framework": ""}, "Hãy chọn bộ tiêu chuẩn."),
        ({"framework": "x"}, "Điều đã chọn không có trong danh sách."),
    ],
)
def test_checklist_without_title_or_framework_is_refused(
    client: Client, officer: User, body: ManagingBody, typed: dict[str, str], words: str
) -> None:
    framework = criteria.framework()

    answer = send(client, "add", body.pk, **({"title": "x", "framework": framework.pk} | typed))

    assert (answer.status_code, words in answer.content.decode()) == (422, True)
    assert not Checklist.objects.exists()


def test_superseded_framework_is_not_offered(
    client: Client, officer: User, body: ManagingBody
) -> None:
    old = criteria.framework("TT")
    newer = Framework.objects.get(pk=old.pk)
    newer.pk, newer.revision = None, 2
    newer.save()

    assert send(client, "add", body.pk, title="x", framework=old.pk).status_code == 422
    assert send(client, "add", body.pk, title="x", framework=newer.pk).status_code == 302


def test_title_of_a_draft_is_changed_and_over_another_persons_only_on_a_second_press(
    client: Client, officer: User, draft: Checklist
) -> None:
    assert "Phiếu bếp ăn" in page(client, "rename", draft.pk)
    assert send(client, "rename", draft.pk, title="Một", version=1).status_code == 302

    answer = send(client, "rename", draft.pk, title="Hai", version=1)

    html = answer.content.decode()
    assert answer.status_code == 422 and 'value="2"' in html and "Hai" in html
    assert send(client, "rename", draft.pk, title="Hai", version=2).status_code == 302
    assert Checklist.objects.get().title == "Hai"


def test_checklist_changed_since_the_page_was_drawn_is_not_published(
    client: Client, officer: User, draft: Checklist
) -> None:
    seen = seen_on(page(client, "checklist", draft.pk))
    checklists.question(draft, words="Của người khác?")
    address = reverse("checklists:publish", args=[draft.pk])

    answer = client.post(address, {"seen": seen}, follow=True)

    html = answer.content.decode()
    assert "vừa được người khác sửa" in html and "Của người khác?" in html
    draft.refresh_from_db()
    assert draft.is_draft


def test_published_checklist_shows_itself_and_takes_no_change(
    client: Client, officer: User, body: ManagingBody
) -> None:
    made = checklists.checklist(body)
    question = made.questions.get()
    ids = (made.pk, question.pk)

    html = page(client, "checklist", made.pk)
    answers = [
        send(client, "rename", made.pk, title="x", version=1),
        send(client, "question_add", made.pk, question.criterion_id, **asked()),
        *(send(client, name, *ids, **asked()) for name in ("question", "question_move")),
        send(client, "question_remove", *ids),
        *(send(client, name, made.pk, sure="1") for name in ("drop", "publish", "bring_back")),
    ]

    assert question.words in html and "Bỏ bản đang soạn" not in html
    assert [answer.status_code for answer in answers] == [403] * 8
    assert list(made.questions.values_list("words", flat=True)) == [question.words]


def test_draft_is_dropped_only_with_the_tick(
    client: Client, officer: User, draft: Checklist
) -> None:
    address = reverse("checklists:drop", args=[draft.pk])

    assert "Chưa bỏ" in client.post(address, follow=True).content.decode()
    assert Checklist.objects.exists()
    assert (
        "Đã bỏ bản đang soạn" in client.post(address, {"sure": "1"}, follow=True).content.decode()
    )
    assert not Checklist.objects.exists()


def test_next_version_of_a_checklist_with_a_draft_is_refused_with_words(
    client: Client, officer: User, body: ManagingBody
) -> None:
    made = checklists.checklist(body)
    address = reverse("checklists:version", args=[made.pk])
    client.post(address)

    answer = client.post(address, follow=True)

    assert "đang có một bản soạn dở" in answer.content.decode()
    assert Checklist.objects.count() == 2


def test_xlsform_comes_as_a_workbook_under_the_checklists_name(
    client: Client, officer: User, draft: Checklist
) -> None:
    answer = client.get(reverse("checklists:download", args=[draft.pk]))

    assert answer.headers["Content-Disposition"] == (
        'attachment; filename="phieu-bep-an-v1-nhap.xlsx"'
    )
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["survey", "choices", "settings"]
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_one_sees_the_checklists_of_ones_own_body_alone(
    client: Client, officer: User, draft: Checklist
) -> None:
    foreign = checklists.checklist(title="Phiếu của cơ quan khác")

    html = page(client, "list")

    assert "Phiếu bếp ăn" in html and foreign.title not in html
    answer = client.get(reverse("checklists:checklist", args=[foreign.pk]))
    assert answer.status_code == 404


def test_pages_cost_the_same_for_one_and_three(
    client: Client, officer: User, body: ManagingBody, draft: Checklist
) -> None:
    listed, one = reverse("checklists:list"), reverse("checklists:checklist", args=[draft.pk])
    client.get(listed)  # what only a first page asks
    before = [queries(client, address) for address in (listed, one)]

    second = Criterion.objects.of(draft.framework)[1]
    for criterion in (None, second):
        checklists.checklist(body)
        about = {"criterion": criterion} if criterion else {}
        checklists.question(draft, **about)

    assert [queries(client, address) for address in (listed, one)] == before


def test_list_goes_on_over_pages(
    client: Client, officer: User, body: ManagingBody, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plans.web.checklists import views

    monkeypatch.setattr(views, "ON_A_PAGE", 1)
    for title in ("A", "B", "C"):
        checklists.checklist(body, title=title)

    answer = client.get(reverse("checklists:list"), {"trang": "2"})

    html = answer.content.decode()
    assert "Trang 2 trên 3" in html and "?trang=1" in html and "?trang=3" in html
