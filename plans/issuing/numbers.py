"""Sổ đăng ký văn bản đi: every number of a school's calendar year is given once, and every gap has its line.

Numbers run from 01 on the first of January to the end of December, whatever the school year (Nghị định
30/2020/NĐ-CP, Điều 15). The row of the register is held while one is given, so two people never get the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.db.models.functions import Coalesce

from plans.accounts.models import User
from plans.history.actions import record
from plans.issuing.enums import EntryKind
from plans.issuing.models import NumberEntry, NumberRegister
from plans.schools.models import School
from plans.text import nfc

_TYPED = re.compile(r"0*([1-9][0-9]{0,4})(\w{0,5})")
_SKIPPED = "Chương trình ghi khi cấp số {number}: các số này chưa có văn bản trên chương trình."


@dataclass(frozen=True, slots=True)
class Wanted:
    """A number as a person asks for it: 20 with the letter "a"; the letter stays as it was typed."""

    number: int
    suffix: str = ""

    @property
    def words(self) -> str:
        """The number as it is printed: "05", "20a"."""
        return f"{self.number:02d}{self.suffix}"


def read_number(text: str) -> Wanted:
    """Return the number that was typed: "20a", "5", "05". Raises ValidationError for anything else."""
    found = _TYPED.fullmatch(nfc(text).strip())
    if found is None or (found[2] and not found[2].isalpha()):
        raise ValidationError(
            {"number": "Số văn bản gồm chữ số, có thể kèm chữ cái phía sau, ví dụ 05 hoặc 20a."}
        )
    return Wanted(int(found[1]), found[2])


def next_number(school: School, year: int, series: str, wanted: str | None = None) -> Wanted:
    """Return the number that `give_number` would give now; nothing is held or written. Raises what it raises."""
    register = NumberRegister.objects.filter(school=school, year=year, series=series).first()
    register = register or NumberRegister(school=school, year=year, series=series)
    number = read_number(wanted) if wanted else Wanted(_last(register) + 1)
    _check_free(register, number)
    return number


def hold_register(school: School, year: int, series: str) -> NumberRegister:
    """Return the register, held for the caller's transaction; two at once begin one."""
    begun, _ = NumberRegister.objects.get_or_create(school=school, year=year, series=series)
    return NumberRegister.objects.select_for_update().get(pk=begun.pk)


@transaction.atomic
def give_number(
    *, school: School, on: date, series: str, by: User, wanted: str | None = None
) -> NumberEntry:
    """Give the next number of the year of `on`, or the one that is `wanted` ("20a"), and return its line.

    Numbers that a wanted one leaps over get a line too. Raises ValidationError when it is no number, was used
    already, stands in a run used on paper, or bears a letter before its own number was used.
    """
    register = hold_register(school, on.year, series)
    number = read_number(wanted) if wanted else Wanted(_last(register) + 1)
    _check_free(register, number)
    _fill_gap(register, number, by)
    return _written(register, number, EntryKind.DOCUMENT, by=by)


@transaction.atomic
def note_outside(
    *, school: School, year: int, series: str, first: str, last: str, reason: str, by: User
) -> NumberEntry:
    """Note that a number, or a run from `first` to `last`, was used on paper, and return the line.

    Raises ValidationError for numbers that are taken, a run that goes backwards, or a missing reason.
    """
    return _noted(
        EntryKind.OUTSIDE, "register.outside", school, year, series, (first, last), reason, by
    )


@transaction.atomic
def void_number(
    *, school: School, year: int, series: str, number: str, reason: str, by: User
) -> NumberEntry:
    """Note that a number is void (số bỏ): no document will ever bear it. Returns the line.

    Raises ValidationError for a number that is taken or a missing reason.
    """
    return _noted(EntryKind.VOID, "register.void", school, year, series, (number, ""), reason, by)


def _noted(
    kind: EntryKind,
    action: str,
    school: School,
    year: int,
    series: str,
    span: tuple[str, str],
    reason: str,
    by: User,
) -> NumberEntry:
    """Write one line that no document stands behind, with its gap and its entry in the record."""
    if not reason.strip():
        raise ValidationError({"reason": "Hãy ghi lý do."})
    register = hold_register(school, year, series)
    first, last = read_number(span[0]), _read_last(span)
    _check_free(register, first)
    if last is not None:
        _check_run_free(register, first, last)
    _fill_gap(register, first, by)
    entry = _written(register, first, kind, by=by, reason=nfc(reason).strip(), last=last)
    after = {"year": year, "series": series, "number": entry.words, "reason": entry.reason}
    record(action, entry, by=by, after=after, school_id=school.pk)
    return entry


def _last(register: NumberRegister) -> int:
    """Return the highest number that any line of the register speaks of, 0 before the first."""
    if register.pk is None:
        return 0
    highest = register.entries.aggregate(top=Max(Coalesce("last_number", "number")))["top"]
    return highest or 0


def _read_last(span: tuple[str, str]) -> int | None:
    """Return the end of a run, None for a single number. Raises ValidationError for one that is no run."""
    if not span[1].strip() or span[1].strip() == span[0].strip():
        return None
    first, last = read_number(span[0]), read_number(span[1])
    if first.suffix or last.suffix or last.number <= first.number:
        raise ValidationError(
            {"last_number": "Dãy số ghi từ số nhỏ đến số lớn, không kèm chữ cái."}
        )
    return last.number


def _check_free(register: NumberRegister, wanted: Wanted) -> None:
    """Raise ValidationError, with what stands there, when the number cannot be given any more."""
    last = _last(register)
    if wanted.number > last and wanted.suffix:
        raise _refused(
            f"Số {wanted.words} chỉ đặt được sau khi số {wanted.number:02d} đã được dùng."
        )
    if wanted.number > last:
        return
    for entry in register.entries.filter(number=wanted.number):
        if entry.suffix.casefold() == wanted.suffix.casefold():
            raise _refused(f"Số {wanted.words} của năm {register.year} đã được dùng.")
    run = _run_around(register, wanted.number)
    if run is not None and not wanted.suffix:
        raise _refused(f"Số {wanted.words} nằm trong dãy {run.words} đã dùng ngoài chương trình.")


def _check_run_free(register: NumberRegister, first: Wanted, last: int) -> None:
    """Raise ValidationError when a line of the register stands within a run."""
    inside = register.entries.filter(number__gte=first.number, number__lte=last, suffix="").first()
    if inside is not None:
        raise _refused(f"Số {inside.words} trong dãy này đã có dòng trong sổ.")


def _run_around(register: NumberRegister, number: int) -> NumberEntry | None:
    return register.entries.filter(number__lte=number, last_number__gte=number).first()


def _refused(sentence: str) -> ValidationError:
    return ValidationError({"number": sentence})


def _fill_gap(register: NumberRegister, wanted: Wanted, by: User) -> None:
    """Write a line for the numbers between the last one and `wanted`, if there are any."""
    first, last = _last(register) + 1, wanted.number - 1
    if first > last:
        return
    _written(
        register,
        Wanted(first),
        EntryKind.OUTSIDE,
        by=by,
        reason=_SKIPPED.format(number=wanted.words),
        last=last if last > first else None,
    )


def _written(
    register: NumberRegister,
    number: Wanted,
    kind: EntryKind,
    *,
    by: User,
    reason: str = "",
    last: int | None = None,
) -> NumberEntry:
    entry = NumberEntry(
        register=register,
        number=number.number,
        suffix=number.suffix,
        last_number=last,
        kind=kind,
        reason=reason,
        by=by,
    )
    entry.full_clean()
    entry.save()
    return entry
