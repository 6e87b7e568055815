"""The record of a school over HTTP: who, when, from where, what, before and after."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.history.actions import client_address, record
from plans.history.models import Event
from plans.overview.record import PAGE, Filter, record_page
from plans.planning import actions
from plans.planning.moving import move_plan
from plans.schools.models import School
from tests.factories import accounts, history, planning, schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def school() -> School:
    return schools.school("Trường Mầm non Hoa Mai")


@pytest.fixture
def principal(school: School) -> User:
    return accounts.member(school=school, full_name="Trần Thị Bưởi")


def page(client: Client, school: School, **asked: Any) -> str:
    answer = client.get(reverse("history:school", args=[school.pk]), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def told(html: str) -> list[str]:
    """Return the sentences of the lines."""
    lines = re.findall(r"<li><p>.*?</p>", html, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", line).partition(" · ")[2] for line in lines]


def test_record_says_who_when_from_where_and_what(
    client: Client, school: School, principal: User
) -> None:
    plan = planning.plan(school, finished=True)
    token = client_address.set("203.0.113.9")
    move_plan(plan=plan, name="reopen", by=principal, finished_at=None)
    client_address.reset(token)
    client.force_login(principal)

    html = page(client, school)

    assert told(html)[0] == "Trần Thị Bưởi mở lại để sửa: Kế hoạch năm học 2025-2026"
    assert "Từ địa chỉ 203.0.113.9" in html
    [line] = record_page(school).lines
    assert [(field.label, [run.text for run in field.runs]) for field in line.fields] == [
        ("trạng thái", ["Đã soạn xong", "Đang soạn"])
    ]


def test_typed_words_are_told_by_the_section_and_from_what_to_what(
    school: School, principal: User
) -> None:
    plan = planning.plan(school)
    for version, body in enumerate(["Chữ đầu", "Chữ giữa", "Chữ cuối"]):
        actions.save_text(plan=plan, section="purpose", body=body, version=version, by=principal)
        history.backdate(timedelta(minutes=11))

    lines = record_page(school).lines

    assert {line.words.partition(", mục ")[0] for line in lines} == {
        "sửa: Kế hoạch năm học 2025-2026"
    }
    assert "purpose" not in lines[0].words
    changes = [[run.text for run in line.fields[0].runs] for line in lines]
    assert changes == [["Chữ", " giữa", " cuối"], ["Chữ", " đầu", " giữa"], ["Chữ đầu"]]


def test_filter_by_person_keeps_what_others_wrote_in_between_apart(
    school: School, principal: User
) -> None:
    other = accounts.member(school=school, full_name="Lê Văn Ổi")
    plan = planning.plan(school)
    for version, (body, by) in enumerate([("Một", principal), ("Hai", other), ("Ba", principal)]):
        actions.save_text(plan=plan, section="purpose", body=body, version=version, by=by)

    mine = record_page(school, Filter(actor_id=principal.pk)).lines

    changes = [[(run.kind, run.text) for run in line.fields[0].runs] for line in mine]
    assert changes == [[("gone", "Hai"), ("new", "Ba")], [("new", "Một")]]


def test_filters_by_month_and_person(client: Client, school: School, principal: User) -> None:
    other = accounts.member(school=school, full_name="Lê Văn Ổi")
    for by, at in [(principal, datetime(2026, 8, 31, 16, 59, tzinfo=UTC)), (other, None)]:
        event = record("school.change", school, by=by, school_id=school.pk)
        assert event
        history.tamper(event, at=at or datetime(2026, 8, 31, 17, 0, tzinfo=UTC))
    client.force_login(principal)

    assert told(page(client, school, thang="2026-08")) == [
        "Trần Thị Bưởi sửa thông tin của trường: Trường Mầm non Hoa Mai"
    ]
    assert told(page(client, school, thang="2026-09", nguoi=other.pk)) == [
        "Lê Văn Ổi sửa thông tin của trường: Trường Mầm non Hoa Mai"
    ]
    assert told(page(client, school, thang="2026-09", nguoi=principal.pk)) == []
    assert "Tháng này không có trong nhật ký." in page(client, school, thang="2020-01")
    assert "Người này không có" in page(client, school, nguoi="10000000")


def test_pages_hold_sixty_events_and_lead_on(
    client: Client, school: School, principal: User
) -> None:
    for number in range(PAGE + 5):
        record(
            "school.change", school, by=principal, before={"code": f"{number}"}, school_id=school.pk
        )
    Event._base_manager.update(at=timezone.now())  # of one moment: the number decides
    client.force_login(principal)

    first = page(client, school)
    link = re.search(r'href="\?truoc=(\d+)">Cũ hơn', first)
    assert link
    second = page(client, school, truoc=link.group(1))

    assert (len(told(first)), len(told(second))) == (PAGE, 5)
    assert "Cũ hơn" not in second and "Mới nhất" in second


@pytest.mark.parametrize("number", ["x", "-1", "9" * 30, "10000000"])
def test_page_after_no_event_is_not_found(
    client: Client, school: School, principal: User, number: str
) -> None:
    client.force_login(principal)

    answer = client.get(reverse("history:school", args=[school.pk]), {"truoc": number})

    assert answer.status_code == 404


def test_queries_do_not_grow_with_the_events(
    client: Client, school: School, principal: User
) -> None:
    plan = planning.plan(school)
    client.force_login(principal)

    def asked_with(count: int) -> int:
        for _ in range(count):
            action = actions.add_action(plan=plan, by=principal)
            record(
                "planaction.change", action, by=principal, before={"lead": "x"}, school_id=school.pk
            )
            text = planning.plan_text(plan, f"muc{action.pk}")
            record("plantext.change", text, by=principal, before={"body": "x"}, school_id=school.pk)
        with CaptureQueriesContext(connection) as queries:
            page(client, school)
        return len(queries)

    assert asked_with(1) == asked_with(3)


def test_school_page_leads_to_the_record_only_who_may_read_it(
    client: Client, school: School, principal: User
) -> None:
    link = reverse("history:school", args=[school.pk])
    seen = {}
    for role in (Role.CLERK, Role.STAFF):
        client.force_login(accounts.member(role, school=school))
        seen[role] = (
            link in client.get(reverse("schools:school", args=[school.pk])).content.decode()
        )

    assert seen == {Role.CLERK: True, Role.STAFF: False}


def test_every_kind_of_value_is_said_in_words(school: School, principal: User) -> None:
    plan = planning.plan(school)
    row = planning.row(plan, topic="Chữ mới")
    record(
        *("campaign.extend", plan),
        by=principal,
        before={"document_date": "2026-09-01", "is_demo": True, "state_since": "khó đọc"},
        after={"document_date": "2026-09-05", "is_demo": False, "reason": "Lụt"},
        school_id=school.pk,
    )
    record(
        "planrow.change", row, by=None, before={"cells": {"topic": "Chữ cũ"}}, school_id=school.pk
    )

    lines = record_page(school).lines

    assert lines[0].who == "Chương trình"
    assert [run.text for run in lines[0].fields[0].runs if run.kind != "same"] == [" cũ", " mới"]
    assert "topic" not in "".join(run.text for run in lines[0].fields[0].runs)
    said = {field.label: "|".join(run.text for run in field.runs) for field in lines[1].fields}
    assert said["lý do"] == "Lụt"
    assert said["ở trạng thái này từ"].startswith("khó đọc|")
    assert "01/09/2026|05/09/2026" in said.values()
    assert "có|không" in said.values()
