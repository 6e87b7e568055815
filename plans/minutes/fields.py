"""Names of the signature fields of a paper: one for each person who signs it."""

from __future__ import annotations

SCHOOL_FIELD, TEAM_FIELD = "NhaTruong", "ToKiemTra"
OFFICE_FIELD = "CoQuanKiemTra"  # who signs a paper of the office itself


def field_names(school: int, team: int) -> list[str]:
    """Return the names of the fields for so many people of the school and so many of the team, in this order.

    It is the order in which the minutes print them: left the school, right the team, each from above.
    """
    sides = ((SCHOOL_FIELD, school), (TEAM_FIELD, team))
    return [f"{side}{place}" for side, people in sides for place in range(1, people + 1)]
