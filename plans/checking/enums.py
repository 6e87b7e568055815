"""The three grades of what the rules find."""

from enum import StrEnum


class Grade(StrEnum):
    """How much a finding weighs: only an error keeps a draft from being finished."""

    ERROR = "error"
    WARNING = "warning"
    HINT = "hint"

    @property
    def label(self) -> str:
        """The grade in words, as a line of the page begins."""
        return {"error": "Lỗi", "warning": "Cảnh báo", "hint": "Gợi ý"}[self.value]

    @property
    def rank(self) -> int:
        """Its place on the page: errors first."""
        return list(Grade).index(self)
