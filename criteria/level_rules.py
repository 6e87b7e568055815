"""The level rules of each regime (cách xét mức), read from fixtures/level_rules/ and checked.

A file is one JSON object, schema "kcl/level-rule/1":

    id                  "57-2026": what Framework.level_rule names
    name                shown to an administrator
    valid_from/valid_to YYYY-MM-DD, inclusive; null = open
    steps[]             level 1, 2, … without a gap; each adds to the steps below it
      level
      basis             article of the circular ("" = not established)
      conditions[]      group: "all" | "mandatory" | "others"; reach: level of a criterion;
                        at_least: how many of the group (left out = every one that has the level)
      requirements      true: the school requirements of that level must be met
      accreditation_grade, national_standard_level    what the level is worth (left out = nothing)
    other_conditions[]  what the regime asks beyond the criteria
    verification        state ("verified" | "partly" | "inferred"), note, sources[]
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path

from criteria.checking import MAX_TEXT, MAX_TITLE, FileError, Record, Report, read_record
from criteria.levels import Condition, Group, LevelRule, Step

SCHEMA = "kcl/level-rule/1"
RULES_DIR = Path(__file__).resolve().parent.parent / "fixtures" / "level_rules"
HIGHEST_LEVEL = 4


class LevelRuleFileError(FileError):
    """A level rule file was refused."""


class UnknownLevelRule(LookupError):
    """No level rule has that id."""


@cache
def shipped_rules() -> Mapping[str, LevelRule]:
    """Return the rules shipped with the program by id; they are read once per process."""
    return read_level_rules(RULES_DIR)


def level_rule(rule_id: str) -> LevelRule:
    """Return the shipped rule; raises UnknownLevelRule."""
    try:
        return shipped_rules()[rule_id]
    except KeyError:
        raise UnknownLevelRule(f"Không có cách xét mức “{rule_id}”.") from None


def read_level_rules(directory: Path) -> dict[str, LevelRule]:
    """Return the rules of all *.json in `directory` by id, in order of file name.

    Raises LevelRuleFileError with the faults of all files.
    """
    rules: dict[str, LevelRule] = {}
    faults = []
    for path in sorted(directory.glob("*.json")):
        report = Report(path.name)
        rule = _read_rule(path, report)
        if rule.id in rules:
            report.add("id", f"“{rule.id}” đã có ở tệp khác")
        faults += report.faults
        rules[rule.id] = rule
    if faults:
        raise LevelRuleFileError(faults)
    return rules


def _read_rule(path: Path, report: Report) -> LevelRule:
    """Return the rule; some of its values are stand-ins if the report has faults."""
    record = read_record(path, report, schema=SCHEMA)
    valid_from, valid_to = record.day("valid_from"), record.day_or_none("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        record.fault("valid_to", "sớm hơn valid_from")
    rule = LevelRule(
        id=record.text("id", max_length=40),
        name=record.text("name", max_length=MAX_TITLE),
        valid_from=valid_from or date.min,
        valid_to=valid_to,
        steps=_read_steps(record),
        other_conditions=record.texts("other_conditions", max_length=MAX_TEXT),
        provenance=record.provenance(),
    )
    record.refuse_other_keys()
    return rule


def _read_steps(record: Record) -> tuple[Step, ...]:
    steps = tuple(map(_read_step, record.records("steps")))
    levels = [step.level for step in steps]
    if not levels or levels != list(range(1, len(levels) + 1)):
        record.fault("steps", "các mức phải liền nhau, bắt đầu từ Mức 1")
    return steps


def _read_step(record: Record) -> Step:
    level = record.integer("level", low=1, high=HIGHEST_LEVEL)
    step = Step(
        level=level,
        conditions=tuple(
            _read_condition(condition, level)
            for condition in record.records("conditions", required=False)
        ),
        requirements=record.flag("requirements"),
        accreditation_grade=_optional_grade(record, "accreditation_grade"),
        national_standard_level=_optional_grade(record, "national_standard_level"),
        basis=record.text("basis", max_length=MAX_TITLE, blank=True),
    )
    if not step.conditions and not step.requirements:
        record.report.add(record.place, "không có điều kiện nào, trường nào cũng sẽ đạt")
    record.refuse_other_keys()
    return step


def _read_condition(record: Record, level: int) -> Condition:
    condition = Condition(
        group=record.choice("group", Group) or Group.ALL,
        reach=record.integer("reach", low=1, high=level),
        at_least=record.integer("at_least", low=1, high=100) if record.has("at_least") else None,
    )
    record.refuse_other_keys()
    return condition


def _optional_grade(record: Record, key: str) -> int | None:
    return record.integer(key, low=1, high=HIGHEST_LEVEL) if record.has(key) else None
