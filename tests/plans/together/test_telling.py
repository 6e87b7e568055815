"""Who is told of a comment and of an assignment, and that no word of theirs leaves the program."""

import pytest

from plans.accounts.models import Membership, User
from plans.notices.models import Notice, OutboxMail
from plans.planning.models import Plan, PlanAction
from plans.together.actions import assign_part, solve_comment, write_comment

pytestmark = pytest.mark.django_db


def told() -> list[tuple[User, str]]:
    return [(one.person, one.kind) for one in Notice.objects.order_by("pk")]


def test_person_spoken_to_is_told_where(
    plan: Plan, action: PlanAction, principal: User, teacher: User
) -> None:
    write_comment(plan=plan, action=action, body="Bí mật", addressed_to=principal, by=teacher)

    notice = Notice.objects.get()
    assert (notice.person, notice.kind) == (principal, "comment")
    assert notice.path == f"/ke-hoach/{plan.pk}/trao-doi/?noi=viec-{action.pk}"
    assert notice.text.startswith(f"{teacher.address} có trao đổi gửi thầy cô trong kế hoạch")


def test_no_word_of_a_comment_stands_in_a_notice_or_letter(
    plan: Plan, principal: User, teacher: User
) -> None:
    User.objects.filter(pk=principal.pk).update(email="a@truong.example")
    principal.refresh_from_db()
    write_comment(plan=plan, section="purpose", body="Bímật", addressed_to=principal, by=teacher)
    assign_part(plan=plan, section="purpose", user=principal, by=teacher)

    texts = [one.text for one in Notice.objects.order_by("pk")]
    texts += [one.body for one in OutboxMail.objects.order_by("pk")]
    assert len(texts) == 3
    assert [text for text in texts if "Bímật" in text] == []


def test_answer_tells_whoever_took_part_and_not_its_writer(
    plan: Plan, principal: User, deputy: User, teacher: User
) -> None:
    write_comment(plan=plan, section="purpose", body="a", addressed_to=principal, by=teacher)
    Notice.objects.all().delete()

    write_comment(plan=plan, section="purpose", body="b", addressed_to=deputy, by=principal)

    assert told() == [(deputy, "comment"), (teacher, "comment")]


def test_what_is_solved_or_elsewhere_calls_nobody(
    plan: Plan, principal: User, teacher: User
) -> None:
    done = write_comment(plan=plan, section="purpose", body="a", by=teacher)
    solve_comment(comment=done, by=principal)
    write_comment(plan=plan, section="grounds", body="a", by=teacher)

    write_comment(plan=plan, section="purpose", body="b", by=principal)

    assert told() == []


def test_who_left_the_school_is_not_told_of_answers(
    plan: Plan, principal: User, teacher: User
) -> None:
    write_comment(plan=plan, section="purpose", body="a", by=teacher)
    Membership.objects.filter(user=teacher).delete()

    write_comment(plan=plan, section="purpose", body="b", by=principal)

    assert told() == []


def test_person_given_a_part_is_told(plan: Plan, principal: User, teacher: User) -> None:
    assign_part(plan=plan, section="purpose", user=teacher, by=principal)
    assign_part(plan=plan, section="purpose", user=principal, by=principal)

    notice = Notice.objects.get()
    assert (notice.person, notice.kind, notice.path) == (
        teacher,
        "assigned",
        f"/ke-hoach/{plan.pk}/phan-cua-toi/",
    )
