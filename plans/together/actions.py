"""What people say to one another about a plan, and which part they give to whom.

Neither changes a word of the plan, so both stay open on a finished one.
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from criteria.models import Standard
from plans.accounts.models import Membership, User
from plans.history.actions import record
from plans.planning.models import Plan, PlanAction
from plans.text import nfc
from plans.together.models import COMMENT_LIMIT, Assignment, Comment
from plans.together.parts import assignable
from plans.together.telling import tell_of_assignment, tell_of_comment

# --- comments ---------------------------------------------------------------------------------------------


@transaction.atomic
def write_comment(
    *,
    plan: Plan,
    body: str,
    by: User,
    section: str = "",
    action: PlanAction | None = None,
    addressed_to: User | None = None,
) -> Comment:
    """Say something about a section or a row, perhaps to one person, and return the comment.

    That person is told, and so is whoever took part in what is open there.

    Raises ValidationError for no words or too many, a place that is not in the plan, or a person who holds no
    role in the school today.
    """
    if action is not None and (action.plan_id != plan.pk or action.removed_at is not None):
        raise ValidationError("Việc này không còn trong kế hoạch.")
    if section and plan.spec.section(section) is None:
        raise ValidationError("Mục này không có trong kế hoạch.")
    if addressed_to is not None:
        _check_of_school(plan, addressed_to)
    comment = Comment(
        plan=plan,
        section=section,
        action=action,
        author=by,
        addressed_to=addressed_to,
        body=nfc(body).strip(),
    )
    if not comment.body:
        raise ValidationError("Hãy ghi điều cần trao đổi.")
    if len(comment.body) > COMMENT_LIMIT:
        raise ValidationError(f"Một trao đổi dài nhất là {COMMENT_LIMIT} chữ. Hãy chia bớt ra.")
    comment.full_clean()
    comment.save()
    record("comment.write", comment, by=by, school_id=plan.school_id)
    tell_of_comment(comment)
    return comment


@transaction.atomic
def solve_comment(*, comment: Comment, by: User) -> Comment:
    """Say that what a comment asks is done, and return it; one that is solved already stays as it is."""
    waiting = Comment.objects.select_for_update().filter(pk=comment.pk, solved_at__isnull=True)
    if not waiting:
        return comment
    comment.solved_at, comment.solved_by = timezone.now(), by
    comment.full_clean()
    comment.save(update_fields=["solved_at", "solved_by"])
    record("comment.solve", comment, by=by, school_id=comment.plan.school_id)
    return comment


def _check_of_school(plan: Plan, user: User) -> None:
    here = Membership.objects.in_force(timezone.localdate()).filter(school=plan.school_id)
    if not (user.is_active and here.filter(user=user).exists()):
        raise ValidationError("Người này hiện không có vai trò ở trường.")


# --- assignments ------------------------------------------------------------------------------------------


@transaction.atomic
def assign_part(
    *, plan: Plan, user: User, by: User, section: str = "", standard: Standard | None = None
) -> Assignment:
    """Give a section or a standard to a person of the school, tell them, and return the assignment.

    It says whose the part is and grants no permission. Raises ValidationError for a section nobody writes in,
    a standard of another framework, a person without a role in the school, or what was given already.
    """
    _check_of_school(plan, user)
    if section and section not in {one.key for one in assignable(plan)}:
        raise ValidationError("Mục này không có trong kế hoạch hoặc không ai viết ở đó.")
    if standard is not None and standard.framework_id != plan.framework_id:
        raise ValidationError("Tiêu chuẩn này không thuộc bộ tiêu chuẩn của kế hoạch.")
    assignment = Assignment(plan=plan, section=section, standard=standard, user=user, given_by=by)
    assignment.full_clean()
    assignment.save()
    record("assignment.give", assignment, by=by, school_id=plan.school_id)
    tell_of_assignment(assignment)
    return assignment


@transaction.atomic
def take_back_part(*, assignment: Assignment, by: User) -> None:
    """Take a part back from a person; the record keeps whose it was."""
    before = {
        "user": assignment.user_id,
        "section": assignment.section,
        "standard": assignment.standard_id,
    }
    school_id = assignment.plan.school_id
    record("assignment.take_back", assignment, by=by, before=before, school_id=school_id)
    assignment.delete()
