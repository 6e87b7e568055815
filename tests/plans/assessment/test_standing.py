"""Where a criterion stands by its indicators, and the sentence that says why."""

import pytest

from criteria.levels import CriterionFacts, Reached
from plans.assessment.standing import judged_facts, standing_of, verdict_at

# As Tiêu chí 1.1 of the 2018 standards: three letters, then two levels of one requirement each.
FACTS = CriterionFacts(
    "1.1", (1, 2, 3), indicators=((1, "a"), (1, "b"), (1, "c"), (2, ""), (3, ""))
)
ALL_OF_1 = {(1, "a"): True, (1, "b"): True, (1, "c"): True}


@pytest.mark.parametrize(
    ("marks", "level", "words"),
    [
        ({}, None, "Chưa đánh giá chỉ báo nào."),
        ({(1, "a"): None}, None, "Chưa đánh giá chỉ báo nào."),
        ({(1, "a"): True}, None, "Còn chỉ báo b, c của Mức 1 chưa đánh giá."),
        (
            {(1, "a"): True, (3, ""): False},
            None,
            "Còn chỉ báo b, c của Mức 1 chưa đánh giá. "
            "Cao nhất có thể đạt Mức 2 vì yêu cầu của Mức 3 không đạt.",
        ),
        (
            {(1, "b"): False, (1, "c"): False},
            0,
            "Không đạt Mức 1 vì chỉ báo b, c không đạt.",
        ),
        (ALL_OF_1, None, "Đạt Mức 1; còn yêu cầu của Mức 2 chưa đánh giá."),
        (
            ALL_OF_1 | {(2, ""): False},
            1,
            "Đạt Mức 1; chưa đạt Mức 2 vì yêu cầu của mức này không đạt.",
        ),
        (
            ALL_OF_1 | {(2, ""): False, (3, ""): True},
            1,
            "Đạt Mức 1; chưa đạt Mức 2 vì yêu cầu của mức này không đạt.",
        ),
        (
            ALL_OF_1 | {(2, ""): True, (3, ""): True},
            3,
            "Đạt Mức 3, mức cao nhất của tiêu chí này.",
        ),
    ],
)
def test_standing_says_the_level_and_what_keeps_it_back(
    marks: dict[tuple[int, str], bool | None], level: int | None, words: str
) -> None:
    standing = standing_of(FACTS, marks)

    assert (standing.level, standing.words) == (level, words)


def test_missing_letter_is_never_a_failure() -> None:
    standing = standing_of(FACTS, {(1, "a"): True, (1, "b"): True})

    assert standing.reached == Reached(0, 3)
    assert standing.level is None


def test_level_without_indicators_is_judged_as_a_whole() -> None:
    facts = CriterionFacts("3.1", (1, 2, 3), indicators=((3, ""),))

    met = standing_of(facts, {(1, ""): True, (2, ""): True, (3, ""): False})

    assert judged_facts(facts).indicators == ((3, ""), (1, ""), (2, ""))
    assert met.level == 2


def test_mark_of_a_strange_indicator_is_refused() -> None:
    with pytest.raises(ValueError, match=r"1\.1"):
        standing_of(FACTS, {(1, "d"): True})


@pytest.mark.parametrize(
    ("level", "allowed"), [(None, True), (0, False), (1, True), (2, True), (3, False)]
)
def test_chosen_level_must_lie_between_what_is_certain_and_what_is_possible(
    level: int | None, allowed: bool
) -> None:
    standing = standing_of(FACTS, ALL_OF_1 | {(3, ""): False})

    assert standing.reached == Reached(1, 2)
    assert standing.allows(level) is allowed


def test_verdict_of_a_level_counts_those_below_it() -> None:
    assert [verdict_at(level, Reached(1, 2)) for level in (1, 2, 3)] == [True, None, False]
