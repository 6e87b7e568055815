"""Forms of the right of reply: an answer with files, a decision, the last day, a reason."""

from __future__ import annotations

from typing import Any

from django import forms

from plans.inspections.enums import Decision
from plans.planning.models import CELL_LIMIT
from plans.web.attachments import ManyFilesField
from plans.web.campaigns.forms import DayField
from plans.web.fields import UNREADABLE, SeenVersionField
from plans.web.layout import form_helper

LAST_DAY = "Nhà trường phản hồi đến hết ngày"
_TOO_LONG = "Ô này dài nhất là %(limit_value)s chữ. Hãy viết gọn lại."


class WordsField(forms.CharField):
    """Several lines, kept to the letter; `missing` is what is said where they have to be there."""

    def __init__(self, *, missing: str = "", limit: int = CELL_LIMIT, rows: int = 4, **kwargs: Any):
        super().__init__(
            required=bool(missing),
            max_length=limit,
            strip=False,
            widget=forms.Textarea(attrs={"rows": rows, "class": "kcl-doc"}),
            error_messages={
                "required": missing,
                "max_length": _TOO_LONG,
                "null_characters_not_allowed": UNREADABLE,
            },
            **kwargs,
        )

    def to_python(self, value: Any) -> str:
        """Return the text with the line ends of the house; browsers send others."""
        return str(super().to_python(value)).replace("\r\n", "\n")


class AnswerForm(forms.Form):
    """The school's answer to one remark, over the version of it that the person saw."""

    body = WordsField(
        label="Phản hồi của nhà trường",
        rows=6,
        help_text="Nói rõ chỗ nào thống nhất, chỗ nào chưa đúng và căn cứ.",
    )
    attached = ManyFilesField("Tệp kèm theo")
    version = SeenVersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("body", "attached", "version")


class Choices(forms.RadioSelect):
    """Radio buttons of which a summary of errors can name the first."""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Return the id of one button, without an index of the first."""
        return super().id_for_label(id_, index or "0")


class DecisionForm(forms.Form):
    """What the team decides about one answer: keep, change with the new words, withdraw."""

    decision = forms.ChoiceField(
        label="Quyết định của tổ kiểm tra",
        choices=[
            (Decision.KEEP, "Giữ nguyên nhận xét"),
            (Decision.CHANGE, "Sửa nhận xét"),
            (Decision.WITHDRAW, "Rút nhận xét và kiến nghị kèm theo"),
        ],
        widget=Choices,
        error_messages=dict.fromkeys(
            ["required", "invalid_choice"], "Hãy chọn giữ nguyên, sửa hoặc rút."
        ),
    )
    decision_note = WordsField(
        label="Lý do của tổ kiểm tra",
        help_text="Giữ nguyên thì cần ghi lý do. Lý do in trong biên bản.",
    )
    changed_words = WordsField(
        label="Nhận xét sau khi sửa",
        rows=6,
        help_text="Chỉ dùng khi chọn “Sửa nhận xét”; in thay nhận xét cũ trong biên bản.",
    )
    version = SeenVersionField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("decision_note", "changed_words", "version")


class ConcludeForm(forms.Form):
    """The last day on which the school may answer."""

    reply_until = DayField(label=LAST_DAY, missing="Hãy ghi ngày cuối nhà trường được phản hồi.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("reply_until")


class ExtendForm(forms.Form):
    """A later last day, and why."""

    reply_until = DayField(label=LAST_DAY, missing="Hãy ghi ngày gia hạn.")
    reason = WordsField(label="Lý do gia hạn", missing="Hãy ghi lý do gia hạn.", limit=1000, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("reply_until", "reason")


class ResumeForm(forms.Form):
    """Why the team goes on writing."""

    reason = WordsField(label="Lý do mở lại", missing="Hãy ghi lý do mở lại.", limit=1000, rows=3)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("reason")
