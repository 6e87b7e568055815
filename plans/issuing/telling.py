"""Who is told that a document waits for a signature: whoever signs it, and the văn thư who seals it."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.accounts.people import people_of_school
from plans.issuing.models import IssuedDocument
from plans.notices.actions import tell
from plans.notices.enums import NoticeKind


def tell_to_sign(document: IssuedDocument, signer: User, by: User) -> None:
    """Tell the signer, and those who keep the school's seal. Whoever issues it knows already."""
    keepers = people_of_school(document.school_id, "plans.seal_document", on=timezone.localdate())
    tell(
        list(dict.fromkeys([signer, *keepers])),
        NoticeKind.TO_SIGN,
        key=f"to-sign:{document.pk}",
        text=f"Văn bản số {document} của {document.issuer_name} chờ thầy cô ký số.",
        path=reverse("signing:sign", args=[document.pk]),
        school_id=document.school_id,
        plan_id=document.plan_id,
        by=by,
    )
