"""The excerpt of the forms in use: all of it is the document, and no name of a field for people is in it without."""

import pytest

from plans.documents.flatten import document_text
from plans.issuing.excerpt import excerpt, keys_of, parts_of
from plans.planning.document import plan_document
from plans.planning.models import Plan, PlanAction, PlanText
from tests.plans.planning.conftest import (  # noqa: F401  fixtures
    kindergarten,
    plan,
    plan57,
    principal,
    school_year,
)

pytestmark = pytest.mark.django_db

NAMES = ("Cô Kín Một", "Cô Kín Hai", "Cô Kín Ba", "Cô Kín Bốn")


@pytest.fixture(params=["plan", "plan57"])
def written(request: pytest.FixtureRequest) -> Plan:
    """A plan in each form with words in every section, and names where the form has room for people."""
    made: Plan = request.getfixturevalue(request.param)
    made.signer_name = NAMES[0]
    made.save()
    for section in made.spec.leaves():
        words = NAMES[1] if section.drawn_from else f"Lời của {section.key}."
        values = {"plan": made, "section": section.key}
        PlanText.objects.update_or_create(**values, defaults={"body": words})
    PlanAction.objects.create(
        plan=made, measures="Sửa bếp ăn", lead=NAMES[2], partners=NAMES[3], position=1
    )
    return Plan.objects.for_document().get(pk=made.pk)


def test_all_of_a_real_form_is_the_document(written: Plan) -> None:
    tree = plan_document(written)

    assert excerpt(tree, written.spec, keys_of(parts_of(written.spec)), with_names=True) == tree


def test_no_field_for_people_is_left_without_names(written: Plan) -> None:
    tree = plan_document(written)
    text = document_text(
        excerpt(tree, written.spec, keys_of(parts_of(written.spec)), with_names=False)
    )

    assert all(name in document_text(tree) for name in NAMES)
    assert not any(name in text for name in NAMES)
    assert "Sửa bếp ăn" in text
