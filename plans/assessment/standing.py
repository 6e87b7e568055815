"""How far a criterion got by its judged indicators, and why no further; pure values.

A level whose indicators the framework does not tell is judged as a whole; it then counts as one requirement
without a letter, like the levels that the circulars themselves do not divide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from criteria.levels import CriterionFacts, Reached, level_words, reached

Key = tuple[int, str]  # level, letter; "" where the level is one requirement
Marks = Mapping[Key, bool | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a criterion; `words` says it in one or two Vietnamese sentences.

    `is_judged`: at least one indicator has been called đạt or không đạt.
    """

    reached: Reached
    words: str
    is_judged: bool

    @property
    def level(self) -> int | None:
        """The level that the indicators decide, 0 is không đạt; None while missing ones still do."""
        return self.reached.at_least if self.is_judged and self.reached.is_settled else None

    def allows(self, level: int | None) -> bool:
        """Whether a level chosen as a whole does not contradict what has been judged so far."""
        return level is None or self.reached.at_least <= level <= self.reached.at_most


def judged_facts(facts: CriterionFacts) -> CriterionFacts:
    """Return the facts with one requirement in every level that has no indicators of its own."""
    told = {level for level, _ in facts.indicators}
    whole = [(level, "") for level in facts.levels if level not in told]
    return replace(facts, indicators=(*facts.indicators, *whole))


def standing_of(facts: CriterionFacts, marks: Marks) -> Standing:
    """Return where a criterion stands by its marks; a missing mark is chưa đánh giá.

    Raises ValueError on marks of indicators that it does not have.
    """
    facts = judged_facts(facts)
    is_judged = any(met is not None for met in marks.values())
    found = reached(facts, marks)
    words = _words(facts, marks, found) if is_judged else "Chưa đánh giá chỉ báo nào."
    return Standing(found, words, is_judged)


def verdict_at(level: int, known: Reached) -> bool | None:
    """Return whether a criterion meets `level` and all levels below; None while missing data decide."""
    if known.at_least >= level:
        return True
    return False if known.at_most < level else None


def _words(facts: CriterionFacts, marks: Marks, found: Reached) -> str:
    above = [level for level in facts.levels if level > found.at_least]
    so_far = f"Đạt {level_words(found.at_least)}" if found.at_least else ""
    if not above:
        return f"{so_far}, mức cao nhất của tiêu chí này."
    failing, open_ = _named(facts, marks, above[0], False), _named(facts, marks, above[0], None)
    if failing:
        failing = failing.replace("yêu cầu", "yêu cầu của mức này")
        why = f"{_lower(_not_met(above[0]), so_far)} vì {failing} không đạt."
        return f"{so_far}; {why}" if so_far else why
    missing = f"{_lower('Còn', so_far)} {open_} của Mức {above[0]} chưa đánh giá"
    told = f"{so_far}; {missing}" if so_far else missing
    return f"{told}. {_ceiling(facts, marks, found)}".strip() if found.at_most else f"{told}."


def _not_met(level: int) -> str:
    return f"Không đạt {level_words(level)}" if level == 1 else f"Chưa đạt {level_words(level)}"


def _ceiling(facts: CriterionFacts, marks: Marks, found: Reached) -> str:
    """Return what keeps the criterion from the levels above those that are still open."""
    beyond = [level for level in facts.levels if level > found.at_most]
    if not beyond:
        return ""
    failing = _named(facts, marks, beyond[0], False)
    return f"Cao nhất có thể đạt Mức {found.at_most} vì {failing} của Mức {beyond[0]} không đạt."


def _named(facts: CriterionFacts, marks: Marks, level: int, met: bool | None) -> str:
    """Return the indicators of a level that are marked so: "chỉ báo a, c", "yêu cầu"; "" for none."""
    letters = [letter for at, letter in facts.indicators if at == level]
    return _joined(letter for letter in letters if marks.get((level, letter)) is met)


def _joined(letters: Iterable[str]) -> str:
    found = list(letters)
    if not found:
        return ""
    return f"chỉ báo {', '.join(found)}" if any(found) else "yêu cầu"


def _lower(text: str, before: str) -> str:
    return text[:1].lower() + text[1:] if before else text
