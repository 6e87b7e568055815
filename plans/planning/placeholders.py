"""What the placeholders of a form stand for in one plan: words that nobody types again."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from plans.documents import wording
from plans.planning.models import Plan

PLACEHOLDERS: Mapping[str, str] = {
    "school_year": "năm học của kế hoạch",
    "previous_school_year": "năm học trước",
    "school": "tên trường",
    "school_kind": "loại hình trường",
    "school_address": "địa chỉ trường",
}
_PLACEHOLDER = re.compile("{(" + "|".join(PLACEHOLDERS) + ")}")
# Printed where the program does not know: room to write by hand.
ROOM = "…………………………"


@dataclass(frozen=True, slots=True)
class Words:
    """Placeholder → what it stands for; "" where the program does not know."""

    values: Mapping[str, str]

    def fill(self, text: str) -> str:
        """Return `text` with its placeholders filled, room for what is not known; other braces stay."""
        return _PLACEHOLDER.sub(lambda found: self.values[found[1]] or ROOM, text)

    def unknown(self, text: str) -> tuple[str, ...]:
        """Return what `text` asks for and the program does not know, in Vietnamese, each once."""
        names = dict.fromkeys(_PLACEHOLDER.findall(text))
        return tuple(PLACEHOLDERS[name] for name in names if not self.values[name])


def words_of(plan: Plan) -> Words:
    """Return the fillings for the plan's form. Reads the prefetched names of the school."""
    start = plan.school_year.start_year
    return Words(
        {
            "school_year": wording.school_year(start),
            "previous_school_year": wording.school_year(start - 1),
            "school": plan.school.name_on(plan.names_on),
            "school_kind": plan.school.get_kind_display(),
            "school_address": plan.school.address,
        }
    )
