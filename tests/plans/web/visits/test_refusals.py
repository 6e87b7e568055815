"""Going back after a step: who could do it before is told how far the visit is; others only that they may not."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.inspections.models import Inspection
from plans.inspections.reasons import why_not
from plans.inspections.states import MOVES, InspectionState
from plans.replying import replies
from tests.factories import accounts, inspections, minutes, schools
from tests.factories.replies import Sides, sides

pytestmark = pytest.mark.django_db

LEFT = "Tổ kiểm tra đã kết thúc tại trường, biên bản chưa lập, nên không làm được việc này nữa."
MADE = "Biên bản đã lập, đang chờ ký, nên không làm được việc này nữa."
DONE = "Biên bản đã hoàn tất, buổi kiểm tra đã kết thúc, nên không làm được việc này nữa."
GENERAL = "Vai trò của"


def _get(user: User, url: str) -> HttpResponse:
    client = Client()
    client.force_login(user)
    return client.get(url)


def _url(case: Sides, name: str, *more: int) -> str:
    return reverse(name, args=[case.visit.pk, *more])


def _told(answer: HttpResponse) -> list[str]:
    """Return heading and words of a refusal, and where it leads back to."""
    assert answer.status_code == 403
    page = answer.content.decode()
    back = re.findall(r'<p><a href="([^"]*)">Về buổi kiểm tra</a></p>', page)
    heading = re.search(r"<h1>(.*?)</h1>\s*<p>(.*?)</p>", page, re.DOTALL)
    assert heading
    return [*heading.groups(), *back]


@pytest.mark.parametrize(
    ("state", "who", "name", "words"),
    [
        (InspectionState.CONCLUDED, "lead", "replies:conclude", LEFT),
        (InspectionState.CONCLUDED, "lead", "inspecting:cancel", LEFT),
        (InspectionState.MINUTED, "lead", "minutes:make", MADE),
        (InspectionState.MINUTED, "principal", "replies:finish", MADE),
        (
            InspectionState.OPEN,
            "lead",
            "minutes:make",
            "Biên bản đang được ghi tại trường, nên chưa làm được việc này.",
        ),
    ],
)
def test_who_could_do_it_in_another_state_is_told_how_far_the_visit_is(
    state: InspectionState, who: str, name: str, words: str
) -> None:
    case = sides(state)

    told = _told(_get(getattr(case, who), _url(case, name)))

    assert told == ["Không làm được việc này", words, _url(case, "visits:visit")]


def test_a_school_that_sent_its_answers_or_is_late_is_told_so() -> None:
    sent, late = sides(), sides(reply_until=timezone.localdate() - timedelta(days=1))
    replies.finish_replies(inspection=sent.visit, by=sent.principal)

    for name in ("replies:finish", "replies:answer"):
        told = [
            _told(_get(case.principal, _url(case, name, *more)))[1]
            for case in (sent, late)
            for more in [[case.finding.pk] if name == "replies:answer" else []]
        ]
        assert told == [
            "Nhà trường đã gửi phản hồi nên không sửa được nữa.",
            f"Đã hết hạn phản hồi (ngày {late.visit.reply_until:%d/%m/%Y}) nên không sửa được nữa.",
        ]


def test_minutes_that_are_complete_say_so_to_the_office() -> None:
    one = minutes.scene(2, state=InspectionState.DONE)
    client = Client()
    client.force_login(inspections.officer(one.visit))

    answer = client.post(reverse("minutes:complete_on_paper", args=[one.paper.pk]))

    assert _told(answer)[1:] == [DONE, reverse("visits:visit", args=[one.visit.pk])]


def test_others_are_told_nothing_of_the_state() -> None:
    case = sides()
    staff = accounts.member(Role.STAFF, school=case.visit.school)
    stranger = accounts.member(Role.PRINCIPAL, school=schools.school("Trường khác"))

    for person, name in [(staff, "replies:finish"), (case.principal, "minutes:make")]:
        told = _told(_get(person, _url(case, name)))
        assert (told[0], told[1].startswith(GENERAL), len(told)) == ("Không có quyền", True, 2)
    foreign = _get(stranger, _url(case, "replies:finish"))
    missing = _get(stranger, reverse("replies:finish", args=[10**9]))
    assert (foreign.status_code, missing.status_code) == (404, 404)


@pytest.mark.parametrize("move", list(MOVES), ids=lambda move: move.name)
def test_every_move_has_a_reason_in_each_state_that_it_does_not_leave(move: Any) -> None:
    found = {
        state: why_not(move.permission, Inspection(state=state), timezone.localdate()) != ""
        for state in InspectionState
    }

    assert found == {state: state not in move.sources for state in InspectionState}
