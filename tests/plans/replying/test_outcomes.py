"""What the minutes say of a finding after the school's answer and the team's decision; what they still wait for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from plans.inspections.enums import Decision, FindingKind
from plans.inspections.models import Finding, Inspection, ReplyFile
from plans.inspections.states import InspectionState
from plans.replying.replies import (
    FindingOutcome,
    outcome_of,
    ready_for_minutes,
    remarks_of,
    with_replies,
)
from tests.factories import accounts, inspections, issuing

pytestmark = pytest.mark.django_db


def _concluded(**values: object) -> Inspection:
    return inspections.inspection(state=InspectionState.CONCLUDED, **values)  # type: ignore[arg-type]


def _remark(visit: Inspection, **words: str) -> Finding:
    finding = visit.findings.earliest("position")
    Finding.objects.filter(pk=finding.pk).update(**{"seen": "Kệ gỗ còn 2 cái.", **words})
    return Finding.objects.get(pk=finding.pk)


def _outcome(visit: Inspection) -> FindingOutcome:
    return outcome_of(with_replies(visit)[0])


def _decided(finding: Finding, decision: Decision, **values: str) -> None:
    person = accounts.user()
    reply = inspections.reply(
        finding, decision=decision, decided_by=person, decided_at=timezone.now(), **values
    )
    ReplyFile.objects.create(
        reply=reply, file=issuing.frozen(b"%PDF-1"), name="bien-lai.pdf", added_by=person
    )


def test_a_finding_without_an_answer_keeps_its_words_in_order() -> None:
    visit = _concluded()
    _remark(visit, strengths="Bếp một chiều.", limits="Thiếu kệ inox.")

    outcome = _outcome(visit)

    words = "Kệ gỗ còn 2 cái.\nƯu điểm: Bếp một chiều.\nHạn chế: Thiếu kệ inox."
    assert outcome == FindingOutcome(words, "", "", "", False, False, ())


@pytest.mark.parametrize(
    ("decision", "words", "label"),
    [
        (Decision.KEEP, "Kệ gỗ còn 2 cái.", "Giữ nguyên"),
        (Decision.CHANGE, "Kệ gỗ đã thay ngày 20/4.", "Sửa"),
        (Decision.WITHDRAW, "", "Rút"),
    ],
)
def test_an_outcome_says_what_stands_after_the_decision(
    decision: Decision, words: str, label: str
) -> None:
    visit = _concluded()
    _decided(
        _remark(visit),
        decision,
        changed_words="Kệ gỗ đã thay ngày 20/4.",
        decision_note="Đã xem biên lai.",
    )

    assert _outcome(visit) == FindingOutcome(
        words=words,
        reply="Nhà trường đã thay kệ ngày 20/4.",
        decision=label,
        note="Đã xem biên lai.",
        withdrawn=decision == Decision.WITHDRAW,
        changed=decision == Decision.CHANGE,
        files=("bien-lai.pdf",),
    )


def test_only_words_and_live_recommendations_are_to_be_answered() -> None:
    visit = _concluded()
    said, recommended = visit.findings.order_by("position")
    Finding.objects.filter(pk=said.pk).update(verdict="not_done", evidence="Sổ theo dõi")
    assert remarks_of(visit) == []

    inspections.recommendation(recommended, removed="1")
    assert remarks_of(visit) == []

    inspections.recommendation(recommended)
    Finding.objects.filter(pk=said.pk).update(limits="Thiếu kệ inox.")
    assert remarks_of(visit) == [said, recommended]


@pytest.mark.parametrize("some", [1, 3])
def test_findings_are_read_in_the_same_number_of_queries(
    some: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    visit = _concluded()
    for number in range(some):
        finding = Finding.objects.create(
            inspection=visit, kind=FindingKind.ACTION, key=f"viec-{number}", title="Việc"
        )
        inspections.recommendation(finding)
        inspections.reply(finding)

    with django_assert_num_queries(3):
        outcomes = [outcome_of(one) for one in remarks_of(visit)]

    assert len(outcomes) == some


def test_minutes_wait_for_the_freeze_and_then_for_every_decision() -> None:
    today = timezone.localdate()
    visit = _concluded(reply_until=today)
    finding = _remark(visit)
    inspections.reply(finding)

    still_open = ready_for_minutes(visit, today)
    undecided = ready_for_minutes(visit, today + timedelta(days=1))

    assert still_open == [
        f"Nhà trường còn được phản hồi đến hết ngày {today:%d/%m/%Y}, hoặc đến khi trường bấm “Gửi phản hồi”."
    ]
    assert undecided == [f"Còn 1 phản hồi chưa có quyết định của tổ kiểm tra: {finding.title}."]


def test_minutes_are_ready_once_all_is_decided_or_nothing_was_answered() -> None:
    now = timezone.now()
    agreed = _concluded(replied_at=now, replied_by=accounts.user())
    _remark(agreed)
    decided = _concluded(replied_at=now, replied_by=accounts.user())
    _decided(_remark(decided), Decision.KEEP)

    assert [ready_for_minutes(one, timezone.localdate()) for one in (agreed, decided)] == [[], []]


def test_minutes_are_not_ready_while_the_team_is_at_the_school() -> None:
    visit = inspections.inspection(state=InspectionState.OPEN)

    assert ready_for_minutes(visit, timezone.localdate()) == [
        "Buổi kiểm tra chưa kết thúc tại trường."
    ]
