"""A school's heading lines (cơ quan chủ quản, tên trường, địa danh) as they stood on a date.

Nothing is computed from the kind of school: which body stands on the first line is a dated row
(SchoolBody.Role.PARENT), because it differs from province to province and changed on 01/7/2025.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from plans.schools.models import ManagingBody, School, SchoolBody, SchoolName, in_force_or_last


@dataclass(frozen=True, slots=True)
class HeadingLines:
    """What the head of a document prints, and what to tell the person who makes it.

    `parent_body` and `issuer` are in capitals as printed, `name` as in running text; each is "" when the data
    say nothing. `warnings` are whole sentences in Vietnamese; `faults` are those of them that make the head
    wrong on that day: no name, one not in force, a body that was no more.
    """

    parent_body: str
    issuer: str
    name: str
    place: str
    warnings: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


def letterhead(school: School, on: date) -> HeadingLines:
    """Return the heading lines of `school` in force on the day `on`.

    Where no row is in force that day, the last one begun before it is taken, else the first one after, with a
    warning. Reads the prefetched `names` and `body_links__body__successor`, no further query; raises nothing.
    """
    name = in_force_or_last(school.names.all(), on)
    parents = [link for link in school.body_links.all() if link.role == SchoolBody.Role.PARENT]
    parent = in_force_or_last(parents, on)
    place = school.place_name or (parent.body.place_name if parent else "")
    return HeadingLines(
        parent_body=parent.body.letterhead_name if parent else "",
        issuer=name.letterhead_name if name else "",
        name=name.name if name else "",
        place=place,
        warnings=(
            *_name_warnings(name, on),
            *_parent_warnings(parent, on),
            *_place_warnings(place),
        ),
        faults=(
            *_name_warnings(name, on),
            *(_body_warnings(parent.body, on) if parent else ()),
            *_place_warnings(place),
        ),
    )


def body_letterhead(body: ManagingBody, on: date) -> HeadingLines:
    """Return the heading lines of a paper that `body` itself makes on the day `on`: its parent above, its place.

    Nothing is computed from the kind of the body. Reads `successor`, `parent` and the parent's `successor`; load
    them with the body. Raises nothing.
    """
    parent = body.parent
    place = body.place_name or (parent.place_name if parent else "")
    faults = (
        *_body_warnings(body, on),
        *(_body_warnings(parent, on) if parent else ()),
        *_place_warnings(place, "cơ quan"),
    )
    return HeadingLines(
        parent_body=parent.letterhead_name if parent else "",
        issuer=body.letterhead_name,
        name=body.name,
        place=place,
        warnings=faults,
        faults=faults,
    )


def _name_warnings(name: SchoolName | None, on: date) -> Iterator[str]:
    if name is None:
        yield "Chưa ghi tên trường trên đầu văn bản."
    elif not name.is_in_force(on):
        yield (
            f"Tên trường “{name.name}” không có hiệu lực vào ngày {_day(on)}. "
            "Đề nghị kiểm tra lại tên trường."
        )


def _parent_warnings(parent: SchoolBody | None, on: date) -> Iterator[str]:
    if parent is None:
        yield "Chưa ghi cơ quan chủ quản của trường nên đầu văn bản thiếu dòng trên."
        return
    body = parent.body
    if not parent.is_in_force(on):
        yield (
            f"Chưa ghi cơ quan chủ quản của trường vào ngày {_day(on)}; đầu văn bản đang in “{body.name}” "
            "theo lần ghi gần nhất."
        )
    yield from _body_warnings(body, on)


def _body_warnings(body: ManagingBody, on: date) -> Iterator[str]:
    if body.is_in_force(on):
        return
    if body.valid_to is not None and body.valid_to < on:
        ended = f"“{body.name}” chỉ hoạt động đến hết ngày {_day(body.valid_to)}"
        heir = f"; cơ quan kế thừa là “{body.successor.name}”" if body.successor else ""
        yield f"{ended}{heir}. Đề nghị kiểm tra lại tên cơ quan trên đầu văn bản."
    else:
        yield (
            f"“{body.name}” chưa thành lập vào ngày {_day(on)}. "
            "Đề nghị kiểm tra lại tên cơ quan trên đầu văn bản."
        )


def _place_warnings(place: str, whose: str = "trường") -> Iterator[str]:
    if not place:
        yield f"Chưa ghi địa danh của {whose} nên dòng ngày tháng thiếu địa danh."


def _day(day: date) -> str:
    return f"{day:%d/%m/%Y}"
