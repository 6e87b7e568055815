"""States of a plan and the one table of moves between them.

Submission, approval and issue add their states here; a school and an office may read different words for one.
"""

from django.db import models

from plans.moves import Move, MoveTable


class PlanState(models.TextChoices):
    """Trạng thái of a plan, in the school's words."""

    DRAFT = "draft", "Đang soạn"
    FINISHED = "finished", "Đã soạn xong"


OFFICE_WORDS: dict[PlanState, str] = {
    PlanState.DRAFT: "Trường đang soạn",
    PlanState.FINISHED: "Trường đã soạn xong",
}

MOVES: MoveTable[PlanState] = MoveTable(
    [
        Move("finish", frozenset({PlanState.DRAFT}), PlanState.FINISHED, "Soạn xong"),
        Move("reopen", frozenset({PlanState.FINISHED}), PlanState.DRAFT, "Mở lại để sửa"),
    ]
)
