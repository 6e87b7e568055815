"""From results by criterion to a proposed school level: examples, then laws that always hold."""

import itertools
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from criteria.level_rules import (
    LevelRuleFileError,
    UnknownLevelRule,
    level_rule,
    read_level_rules,
    shipped_rules,
)
from criteria.levels import (
    CriterionFacts,
    FrameworkFacts,
    Proposal,
    Reached,
    RuleDoesNotFit,
    propose,
    reached,
)
from tests.criteria.files import write_json

# Four criteria in the manner of TT 19/2018: 1.2 has no level 3, like 1.2 of the circular.
FACTS_2018 = FrameworkFacts(
    criteria=(
        CriterionFacts("1.1", (1, 2, 3)),
        CriterionFacts("1.2", (1, 2)),
        CriterionFacts("2.1", (1, 2, 3)),
        CriterionFacts("2.2", (1, 2, 3)),
    ),
    requirements=((4, 1), (4, 2)),
)
# The fifteen criteria of TT 57/2026.
MANDATORY = ("1.3", "1.4", "2.1", "2.2", "3.1", "3.2", "4.1", "4.2")
OTHERS = ("1.1", "1.2", "2.3", "3.3", "3.4", "3.5", "4.3")
FACTS_2026 = FrameworkFacts(
    criteria=tuple(
        CriterionFacts(number, (1, 2), mandatory=number in MANDATORY)
        for number in sorted(MANDATORY + OTHERS)
    )
)
RULE_2018 = level_rule("2018")
RULE_2026 = level_rule("57-2026")


def all_at(facts: FrameworkFacts, level: int, **changes: int | None) -> dict[str, int | None]:
    """Return results with every criterion at `level` or its highest, but for `c1_1=…`."""
    results: dict[str, int | None] = {c.number: min(level, max(c.levels)) for c in facts.criteria}
    changed = {key[1:].replace("_", "."): value for key, value in changes.items()}
    return results | changed


def said(proposal: Proposal) -> tuple[int | None, int | None, int | None]:
    return (
        proposal.level,
        proposal.accreditation_grade,
        proposal.national_standard_level,
    )


# --- level rules --------------------------------------------------------------------------------


def test_shipped_rules_cover_the_three_regimes_without_gap() -> None:
    validity = {rule.id: (rule.valid_from, rule.valid_to) for rule in shipped_rules().values()}

    assert validity == {
        "2018": (date(2018, 10, 10), date(2025, 1, 24)),
        "2018+22-2024": (date(2025, 1, 25), date(2026, 7, 6)),
        "57-2026": (date(2026, 7, 7), None),
    }


@pytest.mark.parametrize(
    ("rule_id", "worth"),
    [
        ("2018", [(1, 1, None), (2, 2, 1), (3, 3, 2), (4, 4, 2)]),
        ("2018+22-2024", [(1, 1, None), (2, 2, 1), (3, 3, 2), (4, 4, 2)]),
        ("57-2026", [(1, None, 1), (2, None, 2)]),
    ],
)
def test_each_level_is_worth_what_the_circular_says(rule_id: str, worth: list[Any]) -> None:
    steps = level_rule(rule_id).steps

    assert [(s.level, s.accreditation_grade, s.national_standard_level) for s in steps] == worth


def test_unknown_rule_is_named() -> None:
    with pytest.raises(UnknownLevelRule) as refusal:
        level_rule("1999")

    assert str(refusal.value) == "Không có cách xét mức “1999”."


def rule_content(**changes: Any) -> dict[str, Any]:
    return {
        "schema": "kcl/level-rule/1",
        "id": "thu",
        "name": "Cách xét thử",
        "valid_from": "2018-10-10",
        "valid_to": None,
        "steps": [{"level": 1, "conditions": [{"group": "all", "reach": 1}]}],
        "other_conditions": [],
    } | changes


def test_sound_rule_file_is_read(tmp_path: Path) -> None:
    write_json(tmp_path / "thu.json", rule_content())

    rules = read_level_rules(tmp_path)

    assert [(rule.id, len(rule.steps)) for rule in rules.values()] == [("thu", 1)]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"id": ""}, "thu.json: id: không được để trống"),
        ({"steps": []}, "thu.json: steps: các mức phải liền nhau, bắt đầu từ Mức 1"),
        (
            {"steps": [{"level": 2, "requirements": True}]},
            "thu.json: steps: các mức phải liền nhau, bắt đầu từ Mức 1",
        ),
        (
            {"steps": [{"level": 1}]},
            "thu.json: steps[0]: không có điều kiện nào, trường nào cũng sẽ đạt",
        ),
        (
            {"steps": [{"level": 1, "conditions": [{"group": "some", "reach": 1}]}]},
            "thu.json: steps[0].conditions[0].group: “some” không có trong danh sách: "
            "all, mandatory, others",
        ),
        (
            {"steps": [{"level": 1, "conditions": [{"group": "all", "reach": 2}]}]},
            "thu.json: steps[0].conditions[0].reach: phải từ 1 đến 1",
        ),
        ({"valid_to": "2018-10-09"}, "thu.json: valid_to: sớm hơn valid_from"),
        ({"stpes": []}, "thu.json: khóa “stpes” không có trong mẫu tệp"),
    ],
)
def test_broken_rule_file_is_refused(tmp_path: Path, changes: Any, fault: str) -> None:
    write_json(tmp_path / "thu.json", rule_content(**changes))

    with pytest.raises(LevelRuleFileError) as refusal:
        read_level_rules(tmp_path)

    assert str(refusal.value) == fault


def test_two_files_may_not_claim_one_rule(tmp_path: Path) -> None:
    write_json(tmp_path / "a.json", rule_content())
    write_json(tmp_path / "b.json", rule_content())

    with pytest.raises(LevelRuleFileError) as refusal:
        read_level_rules(tmp_path)

    assert str(refusal.value) == "b.json: id: “thu” đã có ở tệp khác"


# --- level of a criterion -----------------------------------------------------------------------

CRITERION = CriterionFacts(
    "1.3", levels=(1, 2, 3), indicators=((1, "a"), (1, "b"), (2, "a"), (3, ""))
)


@pytest.mark.parametrize(
    ("marks", "level", "at_most"),
    [
        ({}, None, 3),
        ({(1, "a"): True}, None, 3),
        ({(1, "a"): True, (1, "b"): False}, 0, 0),
        ({(1, "a"): None, (1, "b"): False}, 0, 0),
        ({(1, "a"): True, (1, "b"): True}, 1, 3),
        ({(1, "a"): True, (1, "b"): True, (2, "a"): False}, 1, 1),
        ({(1, "a"): True, (1, "b"): True, (2, "a"): False, (3, ""): True}, 1, 1),
        ({(1, "a"): True, (1, "b"): True, (3, ""): False}, 1, 2),
        ({(1, "a"): True, (1, "b"): True, (2, "a"): True, (3, ""): True}, 3, 3),
        ({(2, "a"): True, (3, ""): True}, None, 3),
    ],
)
def test_criterion_reaches_a_level_on_top_of_the_one_below(
    marks: Mapping[tuple[int, str], bool | None], level: int | None, at_most: int
) -> None:
    result = reached(CRITERION, marks)

    assert (result.level, result.at_most) == (level, at_most)


def test_level_a_criterion_lacks_is_skipped() -> None:
    without_level_2 = CriterionFacts("1.3", levels=(1, 3), indicators=((1, ""), (3, "")))

    result = reached(without_level_2, {(1, ""): True, (3, ""): True})

    assert result == Reached(3, 3)


def test_level_of_unknown_content_is_never_reached_by_itself() -> None:
    unknown_content = CriterionFacts("3.1", levels=(1, 2), indicators=())

    result = reached(unknown_content, {})

    assert (result.level, result.at_most) == (None, 2)


def test_mark_of_an_indicator_that_does_not_exist_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="no indicators"):
        reached(CRITERION, {(1, "c"): True})


# --- level of the school, 2018 ------------------------------------------------------------------

REQUIREMENTS_MET = {(4, 1): True, (4, 2): True}


@pytest.mark.parametrize(
    ("results", "requirements", "expected"),
    [
        (all_at(FACTS_2018, 0), {}, (0, None, None)),
        (all_at(FACTS_2018, 1), {}, (1, 1, None)),
        (all_at(FACTS_2018, 2), {}, (2, 2, 1)),
        (all_at(FACTS_2018, 3), {}, (3, 3, 2)),
        (all_at(FACTS_2018, 3), {(4, 1): True, (4, 2): False}, (3, 3, 2)),
        (all_at(FACTS_2018, 3), REQUIREMENTS_MET, (4, 4, 2)),
        (all_at(FACTS_2018, 2), REQUIREMENTS_MET, (2, 2, 1)),
        (all_at(FACTS_2018, 3, c1_2=1), REQUIREMENTS_MET, (1, 1, None)),
        (all_at(FACTS_2018, 3, c2_2=0), REQUIREMENTS_MET, (0, None, None)),
    ],
)
def test_2018_takes_the_weakest_criterion(
    results: Any, requirements: Any, expected: tuple[int | None, int | None, int | None]
) -> None:
    proposal = propose(RULE_2018, FACTS_2018, results, requirements)

    assert said(proposal) == expected


def test_reasons_name_each_criterion_that_holds_the_school_back() -> None:
    results = all_at(FACTS_2018, 2, c1_2=1, c2_1=None, c2_2=0)

    proposal = propose(RULE_2018, FACTS_2018, results)

    assert [(r.level, r.criteria, r.is_missing, r.text) for r in proposal.held_back_by] == [
        (1, ("2.1",), True, "Tiêu chí 2.1 chưa được đánh giá, cần đạt Mức 1."),
        (1, ("2.2",), False, "Tiêu chí 2.2 không đạt Mức 1, cần đạt Mức 1."),
    ]
    assert [[r.text for r in step.reasons] for step in proposal.steps[1:]] == [
        [
            "Tiêu chí 1.2 chỉ đạt Mức 1, cần đạt Mức 2.",
            "Tiêu chí 2.1 chưa được đánh giá, cần đạt Mức 2.",
            "Tiêu chí 2.2 không đạt Mức 1, cần đạt Mức 2.",
        ],
        [
            "Tiêu chí 1.1 chỉ đạt Mức 2, cần đạt Mức 3.",
            "Tiêu chí 2.1 chưa được đánh giá, cần đạt Mức 3.",
            "Tiêu chí 2.2 không đạt Mức 1, cần đạt Mức 3.",
        ],
        [
            "Yêu cầu ở khoản 1 của Mức 4 chưa được đánh giá.",
            "Yêu cầu ở khoản 2 của Mức 4 chưa được đánh giá.",
        ],
    ]
    assert proposal.not_assessed == ("2.1",)


def test_requirements_of_the_school_are_reasons_too() -> None:
    proposal = propose(RULE_2018, FACTS_2018, all_at(FACTS_2018, 3), {(4, 2): False})

    assert [(r.requirements, r.is_missing, r.text) for r in proposal.held_back_by] == [
        ((1,), True, "Yêu cầu ở khoản 1 của Mức 4 chưa được đánh giá."),
        ((2,), False, "Yêu cầu ở khoản 2 của Mức 4 chưa đạt."),
    ]
    assert (proposal.level, proposal.highest_possible) == (3, 3)


def test_highest_level_is_held_back_by_nothing() -> None:
    proposal = propose(RULE_2018, FACTS_2018, all_at(FACTS_2018, 3), REQUIREMENTS_MET)

    assert (proposal.held_back_by, proposal.summary) == ((), "Mức 4")


@pytest.mark.parametrize(
    ("results", "level", "highest", "summary"),
    [
        ({}, None, 4, "Chưa đánh giá (còn thiếu dữ liệu; có thể tới Mức 4)"),
        (
            all_at(FACTS_2018, 2, c1_1=None),
            None,
            2,
            "Chưa đánh giá (còn thiếu dữ liệu; có thể tới Mức 2)",
        ),
        # What is missing cannot save a school that fails elsewhere: certain without it.
        (all_at(FACTS_2018, 3, c1_1=None, c2_2=0), 0, 0, "Không đạt"),
        (all_at(FACTS_2018, 2), 2, 2, "Mức 2"),
        (all_at(FACTS_2018, 3), 3, 4, "Mức 3 (còn thiếu dữ liệu; có thể tới Mức 4)"),
    ],
)
def test_missing_data_is_not_assessed_and_never_failed(
    results: Any, level: int | None, highest: int, summary: str
) -> None:
    proposal = propose(RULE_2018, FACTS_2018, results)

    assert (proposal.level, proposal.highest_possible, proposal.summary) == (
        level,
        highest,
        summary,
    )


def test_partly_assessed_criterion_counts_as_far_as_it_is_certain() -> None:
    results: dict[str, Any] = all_at(FACTS_2018, 3) | {"1.1": Reached(1, 2)}

    proposal = propose(RULE_2018, FACTS_2018, results)

    assert (proposal.level, proposal.highest_possible) == (1, 2)
    assert proposal.not_assessed == ("1.1",)
    assert [r.text for r in proposal.held_back_by] == [
        "Tiêu chí 1.1 đã đạt Mức 1, chưa đánh giá đủ Mức 2."
    ]
    assert [r.text for r in proposal.steps[2].reasons] == [
        "Tiêu chí 1.1 cao nhất chỉ có thể đạt Mức 2, cần đạt Mức 3."
    ]


# --- level of the school, 2026 ------------------------------------------------------------------


def at_2026(mandatory: int, others: list[int | None]) -> dict[str, int | None]:
    return dict.fromkeys(MANDATORY, mandatory) | dict(zip(OTHERS, others, strict=True))


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        (at_2026(1, [1, 1, 1, 1, 1, 0, 0]), (1, None, 1)),
        (at_2026(1, [1, 1, 1, 1, 0, 0, 0]), (0, None, None)),
        (at_2026(0, [2, 2, 2, 2, 2, 2, 2]), (0, None, None)),
        (at_2026(2, [2, 2, 2, 2, 2, 1, 1]), (2, None, 2)),
        (at_2026(2, [2, 2, 2, 2, 1, 1, 1]), (1, None, 1)),
        (at_2026(2, [2, 2, 2, 2, 2, 2, 0]), (1, None, 1)),
        (at_2026(1, [2, 2, 2, 2, 2, 2, 2]), (1, None, 1)),
    ],
)
def test_2026_needs_the_mandatory_ones_and_five_of_seven(
    results: Any, expected: tuple[int | None, int | None, int | None]
) -> None:
    proposal = propose(RULE_2026, FACTS_2026, results)

    assert said(proposal) == expected


def test_2026_says_how_many_of_the_others_are_wanting() -> None:
    results = at_2026(1, [1, 1, 1, 1, 0, None, 0])

    proposal = propose(RULE_2026, FACTS_2026, results)

    assert [(r.criteria, r.is_missing, r.text) for r in proposal.held_back_by] == [
        (
            ("3.4", "4.3", "3.5"),
            True,
            "Mới có 4/7 tiêu chí không bắt buộc đạt từ Mức 1, cần ít nhất 5; "
            "chưa đạt: 3.4, 4.3; chưa đánh giá: 3.5.",
        )
    ]


# --- misuse -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("results", "requirements"),
    [({"9.9": 1}, {}), ({"1.2": 3}, {}), ({"1.1": -1}, {}), ({}, {(4, 9): True})],
)
def test_what_the_framework_does_not_have_is_a_mistake(results: Any, requirements: Any) -> None:
    with pytest.raises(ValueError, match="no "):
        propose(RULE_2018, FACTS_2018, results, requirements)


def test_rule_refuses_a_framework_it_would_hold_for_by_emptiness() -> None:
    empty = FrameworkFacts(criteria=())

    with pytest.raises(RuleDoesNotFit):
        propose(RULE_2018, empty, {})
    assert RULE_2026.misfits(FACTS_2018) == [
        "cách xét mức “57-2026” cần tiêu chí bắt buộc có Mức 1 (ít nhất 1)",
        "cách xét mức “57-2026” cần tiêu chí không bắt buộc có Mức 1 (ít nhất 5)",
        "cách xét mức “57-2026” cần tiêu chí bắt buộc có Mức 2 (ít nhất 1)",
        "cách xét mức “57-2026” cần tiêu chí không bắt buộc có Mức 2 (ít nhất 5)",
    ]


# --- laws ---------------------------------------------------------------------------------------


def results_for(facts: FrameworkFacts) -> st.SearchStrategy[dict[str, int | None]]:
    return st.fixed_dictionaries(
        {c.number: st.sampled_from([None, 0, *c.levels]) for c in facts.criteria}
    )


SITUATIONS = st.sampled_from([(RULE_2018, FACTS_2018), (RULE_2026, FACTS_2026)]).flatmap(
    lambda pair: st.tuples(st.just(pair[0]), st.just(pair[1]), results_for(pair[1]))
)
ANSWERS = st.sampled_from([None, False, True])


def certain(proposal: Proposal) -> int:
    return proposal.level or 0


@given(SITUATIONS, st.data())
def test_raising_a_criterion_never_lowers_the_proposal(situation: Any, data: Any) -> None:
    rule, facts, results = situation
    criterion = data.draw(st.sampled_from(facts.criteria))
    before = results[criterion.number] or 0
    raised = results | {
        criterion.number: data.draw(
            st.sampled_from([level for level in (0, *criterion.levels) if level >= before])
        )
    }

    low, high = propose(rule, facts, results), propose(rule, facts, raised)

    assert certain(high) >= certain(low)
    if results[criterion.number] is not None:
        assert high.highest_possible >= low.highest_possible


@given(SITUATIONS, st.data())
def test_new_data_only_narrow_what_was_said(situation: Any, data: Any) -> None:
    rule, facts, results = situation
    completed = {
        c.number: data.draw(st.sampled_from([0, *c.levels]))
        if results[c.number] is None
        else results[c.number]
        for c in facts.criteria
    }

    before, after = propose(rule, facts, results), propose(rule, facts, completed)

    assert certain(before) <= certain(after)
    assert after.highest_possible <= before.highest_possible
    assert after.not_assessed == ()


@given(results_for(FACTS_2018), ANSWERS, ANSWERS)
def test_bounds_are_exactly_those_of_all_completions(
    results: dict[str, int | None], first: bool | None, second: bool | None
) -> None:
    met = {(4, 1): first, (4, 2): second}
    choices = [
        [results[c.number]] if results[c.number] is not None else [0, *c.levels]
        for c in FACTS_2018.criteria
    ]
    answers = [[answer] if answer is not None else [False, True] for answer in met.values()]

    proposal = propose(RULE_2018, FACTS_2018, results, met)

    numbers = [c.number for c in FACTS_2018.criteria]
    levels = {
        oracle_2018(dict(zip(numbers, completion, strict=True)), all(completed_met))
        for completion in itertools.product(*choices)
        for completed_met in itertools.product(*answers)
    }
    assert (certain(proposal), proposal.highest_possible) == (min(levels), max(levels))


def oracle_2018(results: Mapping[str, int | None], requirements_met: bool) -> int:
    """The words of the circular, told once more without the rule's machinery."""
    level = 0
    for n in (1, 2, 3):
        having = [c for c in FACTS_2018.criteria if n in c.levels]
        if level == n - 1 and all((results[c.number] or 0) >= n for c in having):
            level = n
    return 4 if level == 3 and requirements_met else level


@given(st.fixed_dictionaries({c.number: st.sampled_from([0, 1, 2]) for c in FACTS_2026.criteria}))
def test_2026_agrees_with_the_words_of_the_circular(results: dict[str, int]) -> None:
    at_1 = all(results[c] >= 1 for c in MANDATORY) and sum(results[c] >= 1 for c in OTHERS) >= 5
    at_2 = (
        at_1
        and all(results[c] >= 2 for c in MANDATORY)
        and sum(results[c] >= 2 for c in OTHERS) >= 5
        and all(results[c] >= 1 for c in OTHERS)
    )

    proposal = propose(RULE_2026, FACTS_2026, results)

    assert proposal.level == (2 if at_2 else 1 if at_1 else 0)


@given(results_for(FACTS_2018))
def test_criterion_without_a_level_never_holds_the_school_back_from_it(
    results: dict[str, int | None],
) -> None:
    proposal = propose(RULE_2018, FACTS_2018, results)

    named_at_3 = {number for r in proposal.steps[2].reasons for number in r.criteria}

    assert named_at_3 <= {"1.1", "2.1", "2.2"}


@given(results_for(FACTS_2018), st.integers(min_value=0, max_value=4))
def test_criterion_that_reached_all_it_has_changes_nothing(
    results: dict[str, int | None], place: int
) -> None:
    extra = CriterionFacts("9.1", (1,))
    criteria = FACTS_2018.criteria[:place] + (extra,) + FACTS_2018.criteria[place:]
    more = FrameworkFacts(criteria, FACTS_2018.requirements)

    without = propose(RULE_2018, FACTS_2018, results)
    with_extra = propose(RULE_2018, more, {**results, "9.1": 1})

    assert with_extra.steps == without.steps


@given(SITUATIONS)
def test_every_step_not_taken_says_why(situation: Any) -> None:
    rule, facts, results = situation

    proposal = propose(rule, facts, results)

    next_steps = proposal.steps[certain(proposal) :]
    assert bool(proposal.held_back_by) == bool(next_steps)
    if proposal.level is None:
        assert any(reason.is_missing for reason in proposal.held_back_by)


@given(st.dictionaries(st.sampled_from(CRITERION.indicators), ANSWERS))
def test_meeting_one_more_indicator_never_lowers_the_criterion(
    marks: dict[tuple[int, str], bool | None],
) -> None:
    before = reached(CRITERION, marks)

    after = [reached(CRITERION, {**marks, key: True}) for key in CRITERION.indicators]

    assert [result.at_least >= before.at_least for result in after] == [True] * len(after)
