"""Who is told that minutes wait for their signature."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.people import people_of_school
from plans.checking.context import same_person
from plans.inspections.enums import Side
from plans.minutes.files import visit_of
from plans.minutes.models import Paper, PaperSigner
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind


def tell_to_sign(paper: Paper, by: User) -> None:
    """Tell everybody who signs the minutes and has an account. Whoever made them knows already."""
    visit = visit_of(paper)
    heads = people_of_school(visit.school_id, "plans.sign_minutes", on=timezone.localdate())
    tell(
        [user for one in paper.signers.all() for user in _people(one, heads)],
        NoticeKind.TO_SIGN,
        key=f"minutes-to-sign:{paper.pk}",
        text=f"Biên bản kiểm tra {visit.school.name_on(paper.issued_on)} đã lập, đang chờ ký.",
        path=reverse("minutes:paper", args=[paper.pk]),
        school_id=visit.school_id,
        by=by,
    )


def _people(signer: PaperSigner, heads: list[User]) -> list[User]:
    if signer.user is not None:
        return [signer.user]
    if signer.side != Side.SCHOOL:
        return []
    return [user for user in heads if same_person(user.full_name, signer.full_name)]
