"""Forms of a plan's way: an opinion, a reason, a note, a remark and its answer."""

from __future__ import annotations

from typing import Any

from django import forms

from plans.planning.models import CELL_LIMIT
from plans.web.fields import UNREADABLE, SeenVersionField
from plans.web.layout import form_helper

_LONG = "Phần này dài nhất là {} chữ. Hãy viết gọn lại."


def _text(label: str, *, required: str = "", limit: int, hint: str = "") -> forms.CharField:
    """Return a box of several lines; `required` is what is said when it stays empty."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=bool(required),
        max_length=limit,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={
            "required": required,
            "max_length": _LONG.format(limit),
            "null_characters_not_allowed": UNREADABLE,
        },
    )


class OneOfMany(forms.Form):
    """A form that stands on a page beside others of its kind: its ids carry a name of its own."""

    def __init__(self, *args: Any, name: str = "", **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{name.replace('%', '%%')}-%s" if name else "id_%s"
        super().__init__(*args, **kwargs)
        self.helper = form_helper(*self.fields)


class OpinionForm(OneOfMany):
    """A member's word on the closed draft."""

    agrees = forms.ChoiceField(
        label="Ý kiến của thầy cô",
        choices=[("yes", "Đồng ý ban hành"), ("no", "Đề nghị sửa trước khi ban hành")],
        error_messages={
            "required": "Hãy chọn một ý kiến.",
            "invalid_choice": "Hãy chọn một ý kiến trong danh sách.",
        },
    )
    body = _text("Ghi rõ thêm", limit=CELL_LIMIT, hint="Đề nghị sửa thì ghi rõ sửa chỗ nào.")


class PlainForm(OneOfMany):
    """A move that asks for nothing but the button."""


class ReasonForm(OneOfMany):
    """A move that is not made without a reason."""

    reason = _text("Lý do", required="Hãy ghi lý do.", limit=1000)


class NoteForm(OneOfMany):
    """A few words that go along with the plan."""

    note = _text("Lời gửi kèm", limit=5000)


class RemarkForm(OneOfMany):
    """A remark about one place of the plan ("muc-purpose", "viec-12"), which the action looks up."""

    place = forms.CharField(
        max_length=80,
        widget=forms.HiddenInput,
        error_messages={"required": "Hãy chọn mục hoặc việc.", "max_length": "Chỗ này không có."},
    )
    body = _text("Ý kiến", required="Hãy ghi ý kiến.", limit=CELL_LIMIT)


class AnswerForm(OneOfMany):
    """The school's answer to a remark, over the version of it that the person saw."""

    answer = _text("Trả lời của trường", required="Hãy ghi câu trả lời.", limit=CELL_LIMIT)
    version = SeenVersionField()
