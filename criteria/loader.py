"""Framework files → rows; run twice, same result.

All files are read and checked before one row is written, and all faults are named at once. A framework
in use is never changed in place: a file whose content differs from the newest revision of its code
makes a new revision and leaves the old rows alone. Content, not bytes: order of keys, spacing, and the
form in which an editor stored the Vietnamese letters make no difference.

How a file is written: see `framework_files`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from itertools import combinations
from pathlib import Path

from django.db import transaction

from criteria.checking import Fault
from criteria.framework_files import (
    CriterionEntry,
    FrameworkFile,
    FrameworkFileError,
    read_framework_file,
)
from criteria.models import (
    Criterion,
    CriterionLevel,
    Framework,
    FrameworkKind,
    Indicator,
    SchoolRequirement,
    Standard,
)

FRAMEWORKS_DIR = Path(__file__).resolve().parent.parent / "fixtures" / "frameworks"


class Outcome(Enum):
    """What loading a file did."""

    CREATED = "đã nạp mới"
    REVISED = "đã thêm bản ghi mới"
    UNCHANGED = "không thay đổi"


@dataclass(frozen=True, slots=True)
class LoadResult:
    """The framework as it stands after loading `file` (a file name), and what was done."""

    file: str
    framework: Framework
    outcome: Outcome


def load_framework(path: Path) -> LoadResult:
    """Load one framework file.

    Raises FrameworkFileError, nothing written, when the file is broken or claims a kind of school
    and a time for which another framework in the database is in force.
    """
    return _load([path])[0]


def load_all(directory: Path = FRAMEWORKS_DIR) -> list[LoadResult]:
    """Load all *.json files of `directory`, in order of name, all or nothing.

    Raises FrameworkFileError with the faults of all files, also when there is no file to load.
    """
    paths = sorted(directory.glob("*.json"))
    if not paths:
        raise FrameworkFileError([Fault(str(directory), "", "không có tệp .json nào")])
    return _load(paths)


@transaction.atomic
def _load(paths: Sequence[Path]) -> list[LoadResult]:
    files: dict[str, FrameworkFile] = {}
    faults: list[Fault] = []
    for path in paths:
        try:
            files[path.name] = read_framework_file(path)
        except FrameworkFileError as error:
            faults += error.faults
    faults += _clashes(files)
    if faults:
        raise FrameworkFileError(faults)
    return [_store(name, file) for name, file in files.items()]


def _store(name: str, file: FrameworkFile) -> LoadResult:
    newest = Framework.objects.newest().filter(code=file.code).first()
    if newest is None:
        return LoadResult(name, _write(file, revision=1), Outcome.CREATED)
    if newest.sha256 == file.sha256:
        return LoadResult(name, newest, Outcome.UNCHANGED)
    return LoadResult(name, _write(file, revision=newest.revision + 1), Outcome.REVISED)


def _write(file: FrameworkFile, *, revision: int) -> Framework:
    """Write one framework with its tree: one query a table, however many rows."""
    framework = Framework(
        code=file.code,
        revision=revision,
        number=file.number,
        name=file.name,
        issuer=file.issuer,
        issued_on=file.issued_on,
        amended_by=file.amended_by,
        amended_on=file.amended_on,
        valid_from=file.valid_from,
        valid_to=file.valid_to,
        max_level=file.max_level,
        level_rule=file.level_rule,
        verification=file.provenance.state,
        verification_note=file.provenance.note,
        sources=list(file.provenance.sources),
        sha256=file.sha256,
    )
    framework.full_clean()
    framework.save()
    FrameworkKind.objects.bulk_create(
        FrameworkKind(framework=framework, kind=kind) for kind in file.school_kinds
    )
    SchoolRequirement.objects.bulk_create(
        SchoolRequirement(
            framework=framework,
            level=entry.level,
            clause=entry.clause,
            article=entry.article,
            gist=entry.gist,
        )
        for entry in file.requirements
    )
    standards = Standard.objects.bulk_create(
        Standard(framework=framework, number=entry.number, title=entry.title)
        for entry in file.standards
    )
    _write_criteria(
        [
            (standard, criterion)
            for standard, entry in zip(standards, file.standards, strict=True)
            for criterion in entry.criteria
        ]
    )
    return framework


def _write_criteria(entries: Sequence[tuple[Standard, CriterionEntry]]) -> None:
    criteria = Criterion.objects.bulk_create(
        Criterion(
            standard=standard,
            number=entry.number,
            position=position,
            title=entry.title,
            mandatory=entry.mandatory,
            verification=entry.provenance.state,
            verification_note=entry.provenance.note,
        )
        for position, (standard, entry) in enumerate(entries, start=1)
    )
    levels = [
        (criterion, level)
        for criterion, (standard, entry) in zip(criteria, entries, strict=True)
        for level in entry.levels
    ]
    CriterionLevel.objects.bulk_create(
        CriterionLevel(criterion=criterion, level=level.level, article=level.article)
        for criterion, level in levels
    )
    Indicator.objects.bulk_create(
        Indicator(
            criterion=criterion,
            level=level.level,
            letter=entry.letter,
            gist=entry.gist,
            article=f"điểm {entry.letter} {level.article}" if entry.letter else level.article,
            position=position,
        )
        for criterion, level in levels
        for position, entry in enumerate(level.indicators, start=1)
    )


@dataclass(frozen=True, slots=True)
class _Claim:
    """A code that claims kinds of school for a time; `file` is "" for what is in the database."""

    file: str
    code: str
    kinds: frozenset[str]
    valid_from: date
    valid_to: date

    def clashes_with(self, other: _Claim) -> bool:
        overlap = max(self.valid_from, other.valid_from) <= min(self.valid_to, other.valid_to)
        return overlap and bool(self.kinds & other.kinds)


def _clashes(files: dict[str, FrameworkFile]) -> Iterable[Fault]:
    """Yield a fault for every file that repeats a code or contradicts another framework.

    For a kind of school and a day there is one framework: two would leave the plan of that year
    without a yardstick (`Framework.objects.in_force`).
    """
    claims = [
        _Claim(
            name,
            file.code,
            frozenset(file.school_kinds),
            file.valid_from,
            file.valid_to or date.max,
        )
        for name, file in files.items()
    ]
    stored = Framework.objects.newest().exclude(code__in=[claim.code for claim in claims])
    claims += [
        _Claim(
            "",
            framework.code,
            frozenset(row.kind for row in framework.kinds.all()),
            framework.valid_from,
            framework.valid_to or date.max,
        )
        for framework in stored.prefetch_related("kinds")
    ]
    for one, other in combinations(claims, 2):
        if one.file and one.code == other.code:
            yield Fault(other.file, "code", f"“{other.code}” đã có ở tệp {one.file}")
        elif one.file and one.clashes_with(other):
            where = f"tệp {other.file}" if other.file else "cơ sở dữ liệu"
            yield Fault(
                one.file,
                "valid_from",
                f"trùng loại hình trường và thời gian áp dụng với “{other.code}” trong {where}",
            )
