"""What a regime asks of a council, read from fixtures/council_rules/ and checked; and what a council lacks of it.

A file is one JSON object, schema "council-rules/1":

    code, title         what the rules are called and where they stand
    school_years        from, to: first years of the school years in which they hold; null = open
    teams[]             team: "council" | "monitoring"; at_least; odd
      parts[]           part; at_least; at_most (null = any number); who (said to a person, left out = nothing)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeAlias

from criteria.checking import MAX_TEXT, MAX_TITLE, FileError, Record, Report, read_record
from plans.council.models import CouncilMember

SCHEMA = "council-rules/1"
RULES_DIR = Path(__file__).resolve().parents[2] / "fixtures" / "council_rules"
FIRST_YEAR, LAST_YEAR, MOST = 2000, 2100, 100

Team: TypeAlias = CouncilMember.Team
Part: TypeAlias = CouncilMember.Part


@dataclass(frozen=True, slots=True)
class PartRule:
    """How many people may hold a part; `at_most` None is any number."""

    part: Part
    at_least: int
    at_most: int | None
    who: str = ""


@dataclass(frozen=True, slots=True)
class TeamRule:
    """What is asked of one team."""

    team: Team
    at_least: int
    odd: bool
    parts: tuple[PartRule, ...]


@dataclass(frozen=True, slots=True)
class CouncilRules:
    """The rules of one regime; they hold for the school years that begin from `first_year` to `last_year`."""

    code: str
    title: str
    first_year: int
    last_year: int | None
    teams: tuple[TeamRule, ...]

    def of_team(self, team: str) -> TeamRule | None:
        """Return what is asked of a team, None when nothing is."""
        return next((rule for rule in self.teams if rule.team == team), None)


class CouncilRulesError(FileError):
    """A file of council rules was refused."""


@cache
def shipped_rules() -> tuple[CouncilRules, ...]:
    """Return the rules shipped with the program; they are read once per process."""
    return read_rules(RULES_DIR)


def rules_for(start_year: int) -> CouncilRules | None:
    """Return the rules in force for the school year that begins in `start_year`; None where none are known."""
    return next(
        (
            rules
            for rules in shipped_rules()
            if rules.first_year <= start_year
            and (rules.last_year is None or start_year <= rules.last_year)
        ),
        None,
    )


# --- what a council lacks ---------------------------------------------------------------------------------


def faults_of(members: Iterable[CouncilMember], rules: CouncilRules, team: str) -> list[str]:
    """Return in sentences what a team lacks of the rules, [] when it is as they want.

    `members` are the kept members of that team. Source: the circular or letter that `rules.title` names.
    """
    rule = rules.of_team(team)
    if rule is None:
        return []
    parts = [member.part for member in members]
    said = []
    if len(parts) < rule.at_least:
        said.append(f"Cần ít nhất {rule.at_least} thành viên, mới có {len(parts)}.")
    if rule.odd and len(parts) % 2 == 0:
        said.append(f"Số thành viên phải là số lẻ, đang có {len(parts)}.")
    for part in rule.parts:
        said += _part_faults(part, parts.count(part.part))
    return said


def _part_faults(rule: PartRule, count: int) -> list[str]:
    name = str(rule.part.label).lower()
    if count < rule.at_least:
        who = f" ({rule.who})" if rule.who else ""
        return [f"Chưa có {name}{who}." if not count else f"Cần ít nhất {rule.at_least} {name}."]
    if rule.at_most is not None and count > rule.at_most:
        return [f"Chỉ được có {rule.at_most} {name}, đang có {count}."]
    return []


def words_of(rules: CouncilRules, team: str) -> str:
    """Return what the rules ask of a team in one sentence; "" when they ask nothing."""
    rule = rules.of_team(team)
    if rule is None:
        return ""
    told = [f"ít nhất {rule.at_least} thành viên", *(["số lẻ"] if rule.odd else [])]
    for part in rule.parts:
        least = "đúng" if part.at_most == part.at_least else "ít nhất"
        told.append(f"{least} {part.at_least} {str(part.part.label).lower()}")
    return f"{rules.title}: {', '.join(told)}."


# --- reading ----------------------------------------------------------------------------------------------


def read_rules(directory: Path) -> tuple[CouncilRules, ...]:
    """Return the rules of all *.json in `directory`, in order of file name. Raises CouncilRulesError."""
    found, faults = [], []
    for path in sorted(directory.glob("*.json")):
        report = Report(path.name)
        found.append(_read(read_record(path, report, schema=SCHEMA)))
        faults += report.faults
    if faults:
        raise CouncilRulesError(faults)
    return tuple(found)


def _read(record: Record) -> CouncilRules:
    record.text("note", max_length=MAX_TEXT, blank=True)
    years = record.record("school_years") or Record({}, record.at("school_years"), record.report)
    first = years.integer("from", low=FIRST_YEAR, high=LAST_YEAR)
    rules = CouncilRules(
        code=record.text("code", max_length=40),
        title=record.text("title", max_length=MAX_TITLE),
        first_year=first,
        last_year=_or_none(years, "to", low=first, high=LAST_YEAR),
        teams=tuple(map(_read_team, record.records("teams"))),
    )
    record.refuse_other_keys()
    return rules


def _read_team(record: Record) -> TeamRule:
    rule = TeamRule(
        team=record.choice("team", Team) or Team.COUNCIL,
        at_least=record.integer("at_least", low=0, high=MOST),
        odd=record.flag("odd"),
        parts=tuple(map(_read_part, record.records("parts"))),
    )
    record.refuse_other_keys()
    return rule


def _read_part(record: Record) -> PartRule:
    least = record.integer("at_least", low=0, high=MOST)
    rule = PartRule(
        part=record.choice("part", Part) or Part.MEMBER,
        at_least=least,
        at_most=_or_none(record, "at_most", low=least, high=MOST),
        who=record.text("who", max_length=MAX_TITLE, blank=True),
    )
    record.refuse_other_keys()
    return rule


def _or_none(record: Record, key: str, *, low: int, high: int) -> int | None:
    """Return the whole number, None where the file says null or nothing."""
    if record.has(key) and record.is_null(key):
        return None
    return record.integer(key, low=low, high=high) if record.has(key) else None
