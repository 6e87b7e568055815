"""The field that keeps what a person typed."""

from functools import cached_property
from typing import Any

from django.core.validators import MaxLengthValidator
from django.db import models

# Far beyond any plan, and still printed within seconds: a section as long as a book, a cell as long as a story.
# Narrow cells cost the most, a millisecond a character, so past that a person should hear of the mistake.
TEXT_LIMIT = 100_000
CELL_LIMIT = 20_000


class TypedField(models.TextField):
    """What a person typed, to the letter; empty rather than null. `limit` counts characters."""

    def __init__(self, *args: Any, limit: int = CELL_LIMIT, **kwargs: Any) -> None:
        self.limit = limit
        defaults: dict[str, Any] = {"blank": True, "default": ""}
        super().__init__(*args, **(defaults | kwargs))

    @cached_property
    def validators(self) -> list[Any]:
        """Django's checks and the limit, which migrations need not know: the column is the same with any."""
        return [*super().validators, MaxLengthValidator(self.limit)]
