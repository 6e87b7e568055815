"""The public copy through the web: for everybody, in a frame at one address alone, and gone when closed."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from plans.accounts.roles import Role
from plans.issuing.enums import DocumentState
from plans.issuing.lookup import check_path
from plans.issuing.models import IssuedDocument, PublicCopy
from plans.issuing.publishing import copy_of, publish, stop_publishing
from tests.factories import accounts, issuing, planning

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> IssuedDocument:
    plan = planning.plan(signer_name="Lê Thị Mẫu Đơn")
    planning.plan_text(plan, "purpose", "Mục đích riêng.")
    planning.action(plan, measures="Sửa bếp ăn", lead="Cô Hạnh")
    return issuing.with_tree(issuing.issued_document(plan))


@pytest.fixture
def copy(document: IssuedDocument) -> PublicCopy:
    return publish(
        document=document,
        parts=["actions", "actions.measures", "actions.lead"],
        with_names=False,
        by=document.issued_by,
    )


def addresses(copy: PublicCopy) -> list[str]:
    return [
        reverse(f"public:{name}", args=[copy.token]) for name in ("copy", "copy_embed", "copy_pdf")
    ]


def test_everybody_sees_what_was_chosen(client: Client, copy: PublicCopy) -> None:
    for page in addresses(copy)[:2]:
        answer = client.get(page)
        text = answer.content.decode()

        assert answer.status_code == 200
        assert "Sửa bếp ăn" in text
        for kept in ("Mục đích riêng", "Cô Hạnh", "Mẫu Đơn"):
            assert kept not in text
        assert not answer.cookies
        assert answer["Cache-Control"] == "public, max-age=300"


def test_check_page_leads_to_the_open_copy_alone(client: Client, copy: PublicCopy) -> None:
    page, link = check_path(copy.document), f'href="{addresses(copy)[0]}"'

    assert link in client.get(page).content.decode()
    stop_publishing(copy=copy, by=copy.changed_by)
    assert link not in client.get(page).content.decode()


def test_pdf_is_the_frozen_one(client: Client, copy: PublicCopy) -> None:
    answer = client.get(addresses(copy)[2])

    assert copy.pdf is not None
    assert answer.content == bytes(copy.pdf.content)
    assert answer["Content-Type"] == "application/pdf"


def test_one_address_alone_may_be_framed(client: Client, copy: PublicCopy) -> None:
    page, framed, pdf = (client.get(address) for address in addresses(copy))

    assert "frame-ancestors *" in framed["Content-Security-Policy"]
    assert "default-src 'none'" in framed["Content-Security-Policy"]
    assert "X-Frame-Options" not in framed
    for other in (page, pdf, client.get("/tra-cuu/"), client.get("/")):
        assert "frame-ancestors 'none'" in other["Content-Security-Policy"]
        assert other["X-Frame-Options"] == "DENY"


def test_closed_copy_answers_gone(client: Client, copy: PublicCopy) -> None:
    stop_publishing(copy=copy, by=copy.changed_by)

    answers = [client.get(address) for address in addresses(copy)]

    assert {answer.status_code for answer in answers} == {410}
    assert "đã thôi công khai" in answers[0].content.decode()
    assert answers[0]["Cache-Control"] == "no-store"


def test_withdrawn_document_takes_its_copy_along(client: Client, copy: PublicCopy) -> None:
    IssuedDocument.objects.filter(pk=copy.document_id).update(
        state=DocumentState.WITHDRAWN, ended_at=copy.changed_at
    )

    answer = client.get(addresses(copy)[0])

    assert answer.status_code == 410
    assert "đã được thu hồi" in answer.content.decode()


def test_pdf_of_an_older_issue_is_not_handed_out(client: Client, copy: PublicCopy) -> None:
    old = copy.document
    IssuedDocument.objects.filter(pk=old.pk).update(
        state=DocumentState.REPLACED, ended_at=copy.changed_at
    )
    issuing.with_tree(issuing.issued_document(old.plan, replaces=old))
    page, _, pdf = addresses(copy)

    assert client.get(pdf).status_code == 404
    assert "Tải bản công khai" not in client.get(page).content.decode()


def test_made_up_address_is_not_found(client: Client, copy: PublicCopy) -> None:
    answer = client.get("/cong-khai/AAAAAAAAAAAAAAAAAAAAAA/")

    assert answer.status_code == 404
    assert "Không tìm thấy bản công khai" in answer.content.decode()


# --- choosing ---------------------------------------------------------------------------------------------


@pytest.fixture
def clerk(document: IssuedDocument) -> Client:
    user = accounts.user()
    accounts.membership(user, Role.CLERK, school=document.school)
    client = Client()
    client.force_login(user)
    return client


def test_clerk_opens_changes_and_closes_it(clerk: Client, document: IssuedDocument) -> None:
    page = f"/van-ban/{document.pk}/cong-khai/"
    first = clerk.get(page).content.decode()
    assert first.count(" checked") == first.count('name="parts"')

    opened = clerk.post(page, {"parts": ["purpose"]}, follow=True).content.decode()

    copy = copy_of(document)
    assert copy is not None
    assert (copy.parts, copy.with_names) == (["purpose"], False)
    assert f"http://testserver{addresses(copy)[0]}" in opened
    assert f"http://testserver{addresses(copy)[1]}" in opened
    assert re.findall(r'value="([\w.]+)"[^>]* checked', opened) == ["purpose"]

    closed = clerk.post(f"{page}thoi/", follow=True).content.decode()
    assert "Chưa công khai" in closed
    assert clerk.get(addresses(copy)[0]).status_code == 410


@pytest.mark.parametrize("data", [{}, {"parts": ["khong-co"]}])
def test_empty_choice_is_told(
    clerk: Client, document: IssuedDocument, data: dict[str, list[str]]
) -> None:
    answer = clerk.post(f"/van-ban/{document.pk}/cong-khai/", data)

    assert answer.status_code == 422
    assert "Hãy chọn ít nhất một phần" in answer.content.decode()
    assert copy_of(document) is None


def test_closing_what_was_never_open_is_not_found(clerk: Client, document: IssuedDocument) -> None:
    assert clerk.post(f"/van-ban/{document.pk}/cong-khai/thoi/").status_code == 404
