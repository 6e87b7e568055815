"""What the school's level becomes when actions of the plan succeed."""

import pytest

from criteria.level_rules import level_rule
from criteria.levels import CriterionFacts, FrameworkFacts, Reached, Result
from plans.assessment.whatif import Aim, aim_at, lifted, what_if

RULE = level_rule("2018")
FACTS = FrameworkFacts(
    criteria=(CriterionFacts("1.1", (1, 2, 3)), CriterionFacts("1.2", (1, 2))),
    requirements=((4, 1),),
)


def test_one_action_lifts_the_school_when_it_alone_was_missing() -> None:
    answer = what_if(RULE, FACTS, {"1.1": 2, "1.2": 1}, [Aim(7, "1.2", 2)])

    assert answer.now.level == 1
    (outcome,) = answer.outcomes
    assert (outcome.aim.action, outcome.after.level, outcome.helps) == (7, 2, True)
    assert answer.after_all.level == 2


def test_actions_that_help_only_together_say_how_much_each_takes_away() -> None:
    answer = what_if(RULE, FACTS, {"1.1": 1, "1.2": 1}, [Aim(1, "1.1", 3), Aim(2, "1.2", 2)])

    assert [(o.after.level, o.helps, o.fewer) for o in answer.outcomes] == [
        (1, False, 1),
        (1, False, 1),
    ]
    assert answer.after_all.level == 3


def test_action_below_what_is_reached_changes_nothing() -> None:
    results: dict[str, Result] = {"1.1": 3, "1.2": 2}

    answer = what_if(RULE, FACTS, results, [Aim(1, "1.1", 1)])

    assert lifted(FACTS, results, [Aim(1, "1.1", 1)])["1.1"] == Reached(3, 3)
    assert (answer.outcomes[0].helps, answer.outcomes[0].fewer) == (False, 0)


def test_criterion_that_was_never_assessed_is_known_from_the_aim_on() -> None:
    after = lifted(FACTS, {"1.1": None, "1.2": Reached(1, 2)}, [Aim(1, "1.1", 2), Aim(2, "1.2", 2)])

    assert after == {"1.1": Reached(2, 3), "1.2": Reached(2, 2)}


def test_without_actions_all_is_as_now() -> None:
    answer = what_if(RULE, FACTS, {"1.1": 2, "1.2": 2}, [])

    assert answer.outcomes == ()
    assert answer.after_all == answer.now


@pytest.mark.parametrize(
    ("number", "levels", "wanted"),
    [
        ("1.1", (1, 2, 3), 3),
        ("1.2", (3,), 2),
        ("1.2", (), None),
        ("9.9", (2,), None),
    ],
)
def test_aim_is_the_highest_level_that_the_criterion_has(
    number: str, levels: tuple[int, ...], wanted: int | None
) -> None:
    assert aim_at(FACTS, number, levels) == wanted


def test_strange_criterion_is_refused() -> None:
    with pytest.raises(ValueError, match=r"9\.9"):
        what_if(RULE, FACTS, {}, [Aim(1, "9.9", 1)])
