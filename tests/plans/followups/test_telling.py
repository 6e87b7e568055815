"""Who is told of follow-up items, and how often."""

from datetime import date

import pytest

import plans.background  # noqa: F401  registers the daily sources
from plans.accounts.roles import Role
from plans.followups import actions
from plans.followups.models import FollowUp
from plans.notices.enums import NoticeKind
from plans.notices.models import Notice
from plans.notices.registry import run_daily
from tests.factories import accounts, followups, inspections

pytestmark = pytest.mark.django_db


@pytest.fixture
def item() -> FollowUp:
    return followups.follow_up(due_on=date(2026, 4, 30))


def told() -> list[tuple[str, str, str]]:
    return [(str(n.person.username), n.text, n.path) for n in Notice.objects.order_by("pk")]


def test_each_step_is_told_to_the_other_side(item: FollowUp) -> None:
    principal = accounts.member(Role.PRINCIPAL, school=item.school)
    accounts.member(Role.STAFF, school=item.school)
    officer = inspections.officer(item.inspection)
    page = f"/kien-nghi/{item.pk}/"

    actions.report_item(item=item, note="Xong.", version=1, by=principal)
    actions.reopen_item(item=item, reason="Thiếu ảnh.", version=2, by=officer)
    actions.report_item(item=item, note="Kèm ảnh.", version=3, by=principal)
    actions.verify_item(item=item, version=4, by=officer)

    words = "Thay 2 kệ gỗ còn lại bằng kệ inox."
    reported = f"{item.school} báo đã thực hiện kiến nghị, chờ xác nhận: {words}"
    assert told() == [
        (officer.username, reported, page),
        (principal.username, f"Kiến nghị được mở lại: {words}", page),
        (officer.username, reported, page),
        (principal.username, f"Kiến nghị đã được xác nhận hoàn thành: {words}", page),
    ]
    assert set(Notice.objects.values_list("kind", flat=True)) == {NoticeKind.FOLLOW_UP}


def test_another_date_is_told_to_the_school_and_another_person_is_not(item: FollowUp) -> None:
    principal = accounts.member(Role.PRINCIPAL, school=item.school)
    officer = inspections.officer(item.inspection)

    actions.change_item(item=item, owner="Kế toán", version=1, by=officer)
    actions.change_item(item=item, due="31/5/2026", note="Chờ kinh phí.", version=2, by=officer)

    words = "Hạn của kiến nghị đổi thành 31/5/2026: Thay 2 kệ gỗ còn lại bằng kệ inox."
    assert told() == [(principal.username, words, f"/kien-nghi/{item.pk}/")]


def test_days_tell_the_school_once_before_and_once_a_week_after(item: FollowUp) -> None:
    accounts.member(Role.PRINCIPAL, school=item.school)
    inspections.officer(item.inspection)

    counts = []
    for day in (22, 23, 24, 30):
        assert run_daily(date(2026, 4, day)) == []
        counts.append(Notice.objects.count())
    for day in (1, 2, 7, 8, 9):
        run_daily(date(2026, 5, day))
        counts.append(Notice.objects.count())

    assert counts == [0, 1, 1, 1, 2, 2, 2, 3, 3]
    assert [path for _, _, path in told()] == [
        "/kien-nghi/?han=sap",
        "/kien-nghi/?han=qua",
        "/kien-nghi/?han=qua",
    ]


def test_item_that_was_reported_is_not_reminded_of(item: FollowUp) -> None:
    accounts.member(Role.PRINCIPAL, school=item.school)
    FollowUp.objects.update(state="reported")

    run_daily(date(2026, 5, 8))

    assert told() == []
