"""Documents that plans name as their grounds."""

from datetime import date
from itertools import count

from plans.legal.models import LegalDocument
from plans.schools.models import ManagingBody, School

_numbers = count(100)


def document(
    number: str = "",
    *,
    kind: str = "Kế hoạch",
    issuer: str = "Ủy ban nhân dân xã An Phú",
    subject: str = "về nhiệm vụ giáo dục",
    issued_on: date = date(2025, 8, 20),
    valid_to: date | None = None,
    body: ManagingBody | None = None,
    school: School | None = None,
) -> LegalDocument:
    """A document on everybody's shelf unless said."""
    made = LegalDocument(
        kind=kind,
        number=number or f"{next(_numbers)}/KH-UBND",
        issued_on=issued_on,
        issuer=issuer,
        subject=subject,
        valid_to=valid_to,
        body=body,
        school=school,
    )
    made.search_text = made.words_to_find()
    made.save()
    return made
