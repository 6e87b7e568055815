"""What people do to the register of schools: enter one, correct it, rename it, put it under another body."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction

from plans.history.actions import record
from plans.schools.models import ManagingBody, School, SchoolBody, SchoolName
from plans.schools.ordering import sort_key
from plans.text import fold, nfc

# What `update_school` may change; names and bodies are dated rows with actions of their own.
FIELDS = ("code", "kind", "symbol", "place_name", "address")
SEARCH_LENGTH = 1000


@transaction.atomic
def register_school(
    *,
    kind: str,
    symbol: str,
    name: str,
    letterhead_name: str,
    by: models.Model | None,
    valid_from: date | None = None,
    bodies: Iterable[tuple[ManagingBody, str]] = (),
    **fields: Any,
) -> School:
    """Enter a school with its first name and return it.

    `bodies` are (body, SchoolBody.Role) pairs that hold from `valid_from` on; `fields` are further ones of
    School. Raises ValidationError.
    """
    school = School(kind=kind, symbol=nfc(symbol), **fields)
    school.full_clean()
    school.save()
    _save(
        SchoolName(
            school=school,
            name=nfc(name),
            letterhead_name=nfc(letterhead_name),
            valid_from=valid_from,
        )
    )
    for body, role in bodies:
        _save(SchoolBody(school=school, body=body, role=role, valid_from=valid_from))
    keep_search_text(school)
    record("school.register", school, by=by, school_id=school.pk)
    return school


@transaction.atomic
def update_school(*, school: School, values: Mapping[str, Any], by: models.Model | None) -> School:
    """Correct fields of a school (see FIELDS) and return it. Raises ValidationError."""
    wanted = {k: nfc(v) if isinstance(v, str) else v for k, v in values.items() if k in FIELDS}
    before = {k: getattr(school, k) for k, v in wanted.items() if v != getattr(school, k)}
    for field in before:
        setattr(school, field, wanted[field])
    school.full_clean()
    school.save()
    keep_search_text(school)
    if before:
        record("school.change", school, by=by, before=before, school_id=school.pk)
    return school


@transaction.atomic
def rename_school(
    *, school: School, name: str, letterhead_name: str, valid_from: date, by: models.Model | None
) -> SchoolName:
    """Give the school another name from `valid_from` on and return its row; the old one ends the day before.

    Raises ValidationError when a name already begins on that day or later.
    """
    _end(school.names.all(), valid_from)
    row = _save(
        SchoolName(
            school=school,
            name=nfc(name),
            letterhead_name=nfc(letterhead_name),
            valid_from=valid_from,
        )
    )
    keep_search_text(school)
    record("school.rename", school, by=by, school_id=school.pk)
    return row


@transaction.atomic
def put_under(
    *, school: School, body: ManagingBody, role: str, valid_from: date, by: models.Model | None
) -> SchoolBody:
    """Let `body` be what `role` says to the school from `valid_from` on; the body before it ends the day before.

    Returns the new row. Raises ValidationError when another link of that role begins on that day or later.
    """
    _end(school.body_links.filter(role=role), valid_from)
    link = _save(SchoolBody(school=school, body=body, role=role, valid_from=valid_from))
    record("school.put_under", school, by=by, school_id=school.pk, body_id=body.pk)
    return link


def keep_search_text(school: School) -> None:
    """Store what the list of schools searches in and sorts by: all names, old and new, symbol and code."""
    names = list(school.names.order_by(models.F("valid_from").desc(nulls_last=True), "-pk"))
    school.search_text = search_text([row.name for row in names], school.symbol, school.code)
    school.sort_key = sort_key(names[0].name if names else school.symbol)
    School.objects.filter(pk=school.pk).update(
        search_text=school.search_text, sort_key=school.sort_key
    )


def search_text(names: Iterable[str], symbol: str, code: str) -> str:
    """Return the words of a school without marks, at most SEARCH_LENGTH characters."""
    return fold(" ".join([*names, symbol, code]))[:SEARCH_LENGTH]


def _end(rows: models.QuerySet[Any], day: date) -> None:
    """Let the rows in force on `day` end the day before. Raises ValidationError when one begins then or later."""
    if rows.filter(valid_from__gte=day).exists():
        raise ValidationError(
            f"Đã có một dòng bắt đầu từ ngày {day:%d/%m/%Y} hoặc muộn hơn. Đề nghị kiểm tra lại ngày bắt đầu."
        )
    open_rows = rows.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day))
    open_rows.update(valid_to=day - timedelta(days=1))


def _save(row: Any) -> Any:
    row.full_clean()
    row.save()
    return row
