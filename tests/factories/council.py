"""Members of councils and monitoring teams."""

from itertools import count
from typing import Any

from plans.council.models import CouncilMember
from plans.schools.models import School, SchoolYear
from tests.factories import schools

_numbers = count(1)


def member(school: School, *, year: SchoolYear | None = None, **fields: Any) -> CouncilMember:
    """A member of the council, the last in the list."""
    number = next(_numbers)
    filled = {
        "team": "council",
        "part": "member",
        "full_name": f"Nguyễn Thị Hoa {number}",
        "position": "Giáo viên",
        "place": number,
    }
    return CouncilMember.objects.create(
        school=school, school_year=year or schools.school_year(), **(filled | fields)
    )
