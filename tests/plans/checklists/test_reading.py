"""Questions of pinned checklists by criterion, and a checklist by standard."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from criteria.models import Criterion
from plans.checklists.models import Checklist
from plans.checklists.reading import parts_of, questions_by_criterion
from tests.factories import checklists, criteria

pytestmark = pytest.mark.django_db


def empty(**values: object) -> Checklist:
    made = checklists.checklist(**values)  # type: ignore[arg-type]
    made.questions.all().delete()
    return made


def test_questions_come_by_criterion_in_the_order_of_the_checklists_given() -> None:
    framework = criteria.framework()
    first, second = Criterion.objects.of(framework)
    one, two = (empty(framework=framework) for _ in range(2))
    late = checklists.question(one, criterion=first, words="1b", position=9)
    early = checklists.question(one, criterion=first, words="1a", position=3)
    other = checklists.question(two, criterion=first, words="2", position=1)
    alone = checklists.question(two, criterion=second, words="3")
    checklists.question(empty(framework=framework), words="not asked for")

    assert questions_by_criterion([one, two]) == {
        first.pk: [early, late, other],
        second.pk: [alone],
    }
    assert questions_by_criterion([two, one])[first.pk] == [other, early, late]
    assert questions_by_criterion([two, one, two])[first.pk] == [other, early, late]


def test_questions_cost_one_query_and_know_their_checklist() -> None:
    found = [checklists.checklist() for _ in range(3)]

    with CaptureQueriesContext(
        connection,
    ) as queries:
        asked = questions_by_criterion(found)
        titles = {one.checklist.title for questions in asked.values() for one in questions}

    assert titles == {one.title for one in found}
    assert len(queries) == 1
    with CaptureQueriesContext(connection) as queries:
        assert questions_by_criterion([]) == {}
    assert len(queries) == 0


def test_parts_are_in_the_order_of_the_framework_and_leave_out_what_is_not_asked() -> None:
    framework = criteria.framework(criteria=11)
    listed = list(Criterion.objects.of(framework))
    made = empty(framework=framework)
    tenth, second = (checklists.question(made, criterion=listed[n]) for n in (9, 1))

    asked, every = (parts_of(made, asked_only=only) for only in (True, False))

    assert [
        (part.standard.number, [(one.criterion.number, one.questions) for one in part.criteria])
        for part in asked
    ] == [(1, [("1.2", (second,)), ("1.10", (tenth,))])]
    assert [one.criterion for one in every[0].criteria] == listed
    assert parts_of(empty(framework=framework), asked_only=True) == []
