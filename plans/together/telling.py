"""Who is told of what is said and given in a plan; never a word of the plan or of the comment itself."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import Membership, User
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind
from plans.planning.models import Plan
from plans.together.models import Assignment, Comment
from plans.together.talk import place_of


def tell_of_comment(comment: Comment) -> None:
    """Tell whom a comment is addressed to, and whoever took part in what is open at its place.

    Those who took part are told while they hold a role in the school.
    """
    author, place = comment.author, f"{_plan(comment.plan)}, {_school(comment.plan)}"
    if comment.addressed_to is not None:
        words = f"{author.address} có trao đổi gửi thầy cô trong {place}."
        _tell([comment.addressed_to], comment, words)
    words = f"{author.address} viết tiếp trao đổi mà thầy cô đã tham gia trong {place}."
    _tell(_talkers(comment), comment, words)


def _tell(people: list[User], comment: Comment, words: str) -> None:
    page = reverse("together:comments", args=[comment.plan_id])
    tell(
        people,
        NoticeKind.COMMENT,
        key=f"comment:{comment.pk}",
        text=words,
        path=f"{page}?noi={place_of(comment)}",
        school_id=comment.plan.school_id,
        plan_id=comment.plan_id,
        by=comment.author,
    )


def _talkers(comment: Comment) -> list[User]:
    there = Comment.objects.filter(
        plan=comment.plan_id,
        section=comment.section,
        action=comment.action_id,
        solved_at__isnull=True,
    ).exclude(pk=comment.pk)
    of_school = Membership.objects.in_force(timezone.localdate()).filter(
        school=comment.plan.school_id
    )
    talked = User.objects.filter(pk__in=there.values("author")) | User.objects.filter(
        pk__in=there.values("addressed_to")
    )
    return list(talked.filter(pk__in=of_school.values("user")).order_by("pk"))


def tell_of_assignment(assignment: Assignment) -> None:
    """Tell a person that a part of a plan is theirs now."""
    plan, by = assignment.plan, assignment.given_by
    tell(
        [assignment.user],
        NoticeKind.ASSIGNED,
        key=f"assignment:{assignment.pk}",
        text=f"{by.address} phân công thầy cô một phần của {_plan(plan)}, {_school(plan)}.",
        path=reverse("together:my_part", args=[plan.pk]),
        school_id=plan.school_id,
        plan_id=plan.pk,
        by=by,
    )


def _plan(plan: Plan) -> str:
    return f"kế hoạch năm học {plan.school_year.label}"


def _school(plan: Plan) -> str:
    return plan.school.name_on(timezone.localdate())
