"""A framework file from fixtures/frameworks/ as checked values; writes nothing.

A file is one JSON object, schema "kcl/framework/1". Keys marked (*) may be left out.

    code                 "TT19-2018"; an amended state has its own: "TT19-2018+22-2024"
    number, name, issuer, issued_on    of the circular; dates are written YYYY-MM-DD
    amended_by*          {number, issued_on} of the amending circular; null = as issued
    valid_from, valid_to inclusive; null = open
    school_kinds[]       values of enums.SchoolKind
    max_level            the highest level a criterion may have
    level_rule           id of a file in fixtures/level_rules/
    verification*        {state: "verified" | "partly" | "inferred", note*, sources[]*}, for an
                         administrator; left out = inferred
    requirements[]       asked of the school as a whole: {level, clause, article*, gist}
    standards[]          numbered 1, 2, …: {number, title, criteria[]}
      criteria[]         numbered "1.1", …: {number, title, mandatory*, verification*, levels[]}
        levels[]         ascending; a level left out does not exist: {level, article*, indicators[]}
          indicators[]   {letter*, gist}: without a letter the level is one requirement; an empty
                         list says that its content has not been established

Gists are our own short words, not the text of the circular; titles are official.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from criteria.checking import MAX_TITLE, FileError, Provenance, Record, Report, read_record
from criteria.enums import LETTERS, SchoolKind
from criteria.level_rules import UnknownLevelRule, level_rule
from criteria.levels import CriterionFacts, FrameworkFacts

SCHEMA = "kcl/framework/1"
HIGHEST_LEVEL = 4
HIGHEST_NUMBER = 99
MAX_GIST = 500
MAX_ARTICLE = 80  # "điểm a " before it must still fit the column


class FrameworkFileError(FileError):
    """A framework file was refused; nothing was written."""


@dataclass(frozen=True, slots=True)
class IndicatorEntry:
    letter: str
    gist: str


@dataclass(frozen=True, slots=True)
class LevelEntry:
    level: int
    article: str
    indicators: tuple[IndicatorEntry, ...]


@dataclass(frozen=True, slots=True)
class CriterionEntry:
    number: str
    title: str
    mandatory: bool
    provenance: Provenance
    levels: tuple[LevelEntry, ...]


@dataclass(frozen=True, slots=True)
class StandardEntry:
    number: int
    title: str
    criteria: tuple[CriterionEntry, ...]


@dataclass(frozen=True, slots=True)
class RequirementEntry:
    level: int
    clause: int
    article: str
    gist: str


@dataclass(frozen=True, slots=True)
class FrameworkFile:
    """What a framework file says, checked."""

    code: str
    number: str
    name: str
    issuer: str
    issued_on: date
    amended_by: str
    amended_on: date | None
    valid_from: date
    valid_to: date | None
    school_kinds: tuple[SchoolKind, ...]
    max_level: int
    level_rule: str
    provenance: Provenance
    requirements: tuple[RequirementEntry, ...]
    standards: tuple[StandardEntry, ...]

    @property
    def sha256(self) -> str:
        """The hash of the content, whatever the spelling of the file.

        Empty values are left out: a key that a later version of the program learns, and that this
        file does not have, must not make a new revision of it.
        """
        content = asdict(self, dict_factory=lambda pairs: {key: v for key, v in pairs if v})
        canonical = json.dumps(content, default=date.isoformat, sort_keys=True)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def facts(self) -> FrameworkFacts:
        """Return what a level rule must fit."""
        return FrameworkFacts(
            criteria=tuple(
                CriterionFacts(c.number, tuple(entry.level for entry in c.levels), c.mandatory)
                for standard in self.standards
                for c in standard.criteria
            ),
            requirements=tuple((entry.level, entry.clause) for entry in self.requirements),
        )


def read_framework_file(path: Path) -> FrameworkFile:
    """Return what the file says; raises FrameworkFileError with all its faults. Writes nothing."""
    report = Report(path.name)
    record = read_record(path, report, schema=SCHEMA)
    file = _read_file(record)
    if not report.faults:
        # Only a file whose single values are sound can be judged as a whole.
        _check_level_rule(file, record)
    report.refuse_if_faulty(FrameworkFileError)
    return file


def _read_file(record: Record) -> FrameworkFile:
    """Return the file as values; some are stand-ins if its report has faults."""
    issued_on = record.day("issued_on")
    valid_from, valid_to = record.day("valid_from"), record.day_or_none("valid_to")
    if issued_on and valid_from and valid_from < issued_on:
        record.fault("valid_from", "sớm hơn ngày ban hành (issued_on)")
    if valid_from and valid_to and valid_to < valid_from:
        record.fault("valid_to", "sớm hơn ngày áp dụng (valid_from)")
    amended_by, amended_on = _read_amendment(record)
    max_level = record.integer("max_level", low=1, high=HIGHEST_LEVEL, otherwise=HIGHEST_LEVEL)
    file = FrameworkFile(
        code=record.text("code", max_length=40),
        number=record.text("number", max_length=60),
        name=record.text("name", max_length=MAX_TITLE),
        issuer=record.text("issuer", max_length=200),
        issued_on=issued_on or date.min,
        amended_by=amended_by,
        amended_on=amended_on,
        valid_from=valid_from or date.min,
        valid_to=valid_to,
        school_kinds=_read_kinds(record),
        max_level=max_level,
        level_rule=record.text("level_rule", max_length=40),
        provenance=record.provenance(),
        requirements=_read_requirements(record),
        standards=_read_standards(record, max_level),
    )
    record.refuse_other_keys()
    return file


def _read_amendment(record: Record) -> tuple[str, date | None]:
    amendment = record.record("amended_by")
    if amendment is None:
        return "", None
    number, issued_on = amendment.text("number", max_length=60), amendment.day("issued_on")
    amendment.refuse_other_keys()
    return number, issued_on


def _read_kinds(record: Record) -> tuple[SchoolKind, ...]:
    before = record.report.count
    kinds = record.choices("school_kinds", SchoolKind)
    if not kinds and record.report.count == before:
        record.fault("school_kinds", "phải có ít nhất một loại hình trường")
    # In the order of the enum, so that another order in the file is no other content.
    return tuple(kind for kind in SchoolKind if kind in kinds)


def _read_requirements(record: Record) -> tuple[RequirementEntry, ...]:
    before = record.report.count
    entries = []
    for item in record.records("requirements"):
        entries.append(
            RequirementEntry(
                level=item.integer("level", low=1, high=HIGHEST_LEVEL),
                clause=item.integer("clause", low=1, high=HIGHEST_NUMBER),
                article=item.text("article", max_length=MAX_ARTICLE, blank=True),
                gist=item.text("gist", max_length=MAX_GIST),
            )
        )
        item.refuse_other_keys()
    keys = [(entry.level, entry.clause) for entry in entries]
    if record.report.count == before and keys != sorted(set(keys)):
        record.fault("requirements", "mức và khoản phải tăng dần, không lặp lại")
    return tuple(entries)


def _read_standards(record: Record, max_level: int) -> tuple[StandardEntry, ...]:
    before = record.report.count
    items = record.records("standards")
    if not items and record.report.count == before:
        record.fault("standards", "phải có ít nhất một tiêu chuẩn")
    return tuple(
        _read_standard(item, number, max_level) for number, item in enumerate(items, start=1)
    )


def _read_standard(record: Record, expected: int, max_level: int) -> StandardEntry:
    number = record.integer("number", low=1, high=HIGHEST_NUMBER, otherwise=expected)
    if number != expected:
        record.fault("number", f"là {number}, theo thứ tự phải là {expected}")
    before = record.report.count
    items = record.records("criteria")
    if not items and record.report.count == before:
        record.fault("criteria", "phải có ít nhất một tiêu chí")
    entry = StandardEntry(
        number=number,
        title=record.text("title", max_length=MAX_TITLE),
        criteria=tuple(
            _read_criterion(item, f"{expected}.{place}", max_level)
            for place, item in enumerate(items, start=1)
        ),
    )
    record.refuse_other_keys()
    return entry


def _read_criterion(record: Record, expected: str, max_level: int) -> CriterionEntry:
    number = record.text("number", max_length=10)
    if number and number != expected:
        record.fault("number", f"là “{number}”, theo thứ tự phải là “{expected}”")
    entry = CriterionEntry(
        number=number,
        title=record.text("title", max_length=MAX_TITLE),
        mandatory=record.flag("mandatory"),
        provenance=record.provenance(),
        levels=_read_levels(record, max_level),
    )
    record.refuse_other_keys()
    return entry


def _read_levels(record: Record, max_level: int) -> tuple[LevelEntry, ...]:
    before = record.report.count
    entries = []
    for item in record.records("levels"):
        entries.append(
            LevelEntry(
                level=item.integer("level", low=1, high=HIGHEST_NUMBER),
                article=item.text("article", max_length=MAX_ARTICLE, blank=True),
                indicators=_read_indicators(item),
            )
        )
        item.refuse_other_keys()
    if record.report.count == before:
        _check_levels([entry.level for entry in entries], record, max_level)
    return tuple(entries)


def _check_levels(levels: list[int], record: Record, max_level: int) -> None:
    for level in sorted(set(levels)):
        if level > max_level:
            record.fault("levels", f"mức {level} không có trong bộ này")
    if levels != sorted(set(levels)):
        record.fault("levels", "các mức phải tăng dần, không lặp lại")
    if 1 not in levels:
        record.fault("levels", "phải có mức 1")


def _read_indicators(record: Record) -> tuple[IndicatorEntry, ...]:
    before = record.report.count
    entries = []
    for item in record.records("indicators"):
        entries.append(
            IndicatorEntry(
                letter=item.text("letter", max_length=10, blank=True),
                gist=item.text("gist", max_length=MAX_GIST),
            )
        )
        item.refuse_other_keys()
    if record.report.count == before:
        _check_letters([entry.letter for entry in entries], record)
    return tuple(entries)


def _check_letters(letters: list[str], record: Record) -> None:
    if not set(letters) <= set(LETTERS):
        record.fault("indicators", f"chữ của chỉ báo phải là một trong: {', '.join(LETTERS[1:])}")
    elif letters != sorted(set(letters), key=LETTERS.index):
        record.fault("indicators", "chữ của chỉ báo phải theo thứ tự, không lặp lại")
    elif "" in letters and len(letters) > 1:
        record.fault("indicators", "chỉ báo không có chữ thì phải là chỉ báo duy nhất của mức")


def _check_level_rule(file: FrameworkFile, record: Record) -> None:
    """Note a fault unless the rule exists and can judge this framework."""
    try:
        rule = level_rule(file.level_rule)
    except UnknownLevelRule as error:
        record.fault("level_rule", str(error))
        return
    for misfit in rule.misfits(file.facts()):
        record.fault("level_rule", misfit)
