"""A page shows every date in one form, whatever the paper has."""

import pytest
from django.test import Client
from django.utils import timezone

from plans.inspections.models import Inspection
from plans.inspections.states import InspectionState
from plans.templatetags.dates import shown_dates
from tests.factories import inspections

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("Kế hoạch số 05/KH-MNHS ngày 14/4/2026", "Kế hoạch số 05/KH-MNHS ngày 14/04/2026"),
        ("ngày 05/9/2025 và 1/1/2026.", "ngày 05/09/2025 và 01/01/2026."),
        (
            "14/04/2026; số 5/2026/QĐ, 15/2025/TT-BGDĐT",
            "14/04/2026; số 5/2026/QĐ, 15/2025/TT-BGDĐT",
        ),
        ("", ""),
    ],
)
def test_dates_are_shown_with_two_figures(words: str, shown: str) -> None:
    assert shown_dates(words) == shown


def test_version_of_the_plan_is_shown_like_the_other_dates(client: Client) -> None:
    visit = inspections.inspection(state=InspectionState.CONCLUDED)
    words = "Kế hoạch số 05/KH-MNHS ngày 14/4/2026"
    Inspection.objects.filter(pk=visit.pk).update(plan_words=words)
    client.force_login(visit.members.get().user)

    text = client.get(f"/kiem-tra/{visit.pk}/").content.decode()

    assert "Kế hoạch số 05/KH-MNHS ngày 14/04/2026" in text
    assert f"{timezone.localdate():%d/%m/%Y}" in text
