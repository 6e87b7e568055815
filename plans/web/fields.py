"""Fields that forms of several rooms share: words to search a name by, the version that a page showed."""

from __future__ import annotations

from typing import Any

from django import forms

from plans.schools.models import WORDS_LENGTH
from plans.web.planning.forms import VersionField

UNREADABLE = "Ô này có ký tự không đọc được. Đề nghị gõ lại."


class NameSearchField(forms.CharField):
    """Words of a name in a filter; may stay empty."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(
            label=label,
            required=False,
            max_length=WORDS_LENGTH,
            widget=forms.TextInput(attrs={"type": "search"}),
            error_messages={
                "max_length": f"Tên cần tìm dài nhất là {WORDS_LENGTH} chữ.",
                "null_characters_not_allowed": UNREADABLE,
            },
            **kwargs,
        )


class SeenVersionField(VersionField):
    """The version that the page showed; whatever else comes is told as a page that is too old."""

    def __init__(self) -> None:
        stale = "Trang này đã cũ. Hãy tải lại trang rồi lưu lại."
        wrong = ["required", "invalid", "min_value", "max_value"]
        super().__init__(error_messages=dict.fromkeys(wrong, stale))
