"""Forms of checklists: a new one, its title, one question."""

from __future__ import annotations

from typing import Any

from django import forms

from criteria.models import Framework
from plans.checklists.actions import MOST_CHOICES
from plans.checklists.models import Checklist, Question
from plans.checklists.reading import seen_question
from plans.web.layout import form_helper

_CHOOSE = "Điều đã chọn không có trong danh sách. Hãy chọn lại."
_UNREADABLE = "Ô này có ký tự không đọc được. Đề nghị gõ lại."


def _words(label: str, length: int, missing: str = "", **more: Any) -> forms.CharField:
    messages = {
        "required": missing,
        "max_length": "Ô này dài nhất là %(limit_value)s chữ.",
        "null_characters_not_allowed": _UNREADABLE,
    }
    return forms.CharField(label=label, max_length=length, error_messages=messages, **more)


class FrameworkField(forms.ModelChoiceField):
    """A choice of frameworks by circular."""

    def label_from_instance(self, obj: Framework) -> str:
        """Return "Thông tư 19/2018/TT-BGDĐT, mầm non"."""
        kinds = ", ".join(str(row).lower() for row in obj.kinds.all())
        return f"{obj.label}, {kinds}" if kinds else obj.label


class ChecklistForm(forms.Form):
    """A new checklist: what it is called, and by which framework it asks."""

    title = _words("Tên phiếu", 200, "Hãy ghi tên phiếu, ví dụ Phiếu kiểm tra bếp ăn.")
    framework = FrameworkField(
        label="Bộ tiêu chuẩn",
        queryset=Framework.objects.none(),
        empty_label="Chọn bộ tiêu chuẩn",
        help_text="Câu hỏi được xếp theo tiêu chí của bộ này; về sau không đổi được.",
        error_messages={"required": "Hãy chọn bộ tiêu chuẩn.", "invalid_choice": _CHOOSE},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frameworks = Framework.objects.newest().prefetch_related("kinds")
        self.fields["framework"].queryset = frameworks.order_by("-valid_from", "code")  # type: ignore[attr-defined]
        self.helper = form_helper("title", "framework")


class TitleForm(forms.Form):
    """The title of a draft."""

    version = forms.IntegerField(min_value=0, max_value=2**31 - 1, widget=forms.HiddenInput)
    title = _words("Tên phiếu", 200, "Hãy ghi tên phiếu.")

    def __init__(self, *args: Any, checklist: Checklist, **kwargs: Any) -> None:
        kwargs["initial"] = {"version": checklist.version, "title": checklist.title}
        super().__init__(*args, **kwargs)
        self.helper = form_helper("version", "title")


class QuestionForm(forms.Form):
    """One question: its words, how it is answered, what to look at."""

    seen = forms.CharField(required=False, max_length=16, widget=forms.HiddenInput)
    words = _words("Câu hỏi", 500, "Hãy ghi câu hỏi.", widget=forms.Textarea(attrs={"rows": 3}))
    kind = forms.ChoiceField(
        label="Cách trả lời",
        choices=Question.Kind.choices,
        initial=Question.Kind.YES_NO,
        error_messages={"required": "Hãy chọn cách trả lời.", "invalid_choice": _CHOOSE},
    )
    choices = _words(
        "Các lựa chọn",
        20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=(
            f"Mỗi dòng một lựa chọn, từ 2 đến {MOST_CHOICES} dòng. "
            "Chỉ ghi khi cách trả lời là “Chọn một” hoặc “Chọn nhiều”."
        ),
    )
    hint = _words(
        "Gợi ý",
        500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Xem gì, hỏi ai, đối chiếu với hồ sơ nào.",
    )

    def __init__(self, *args: Any, question: Question | None = None, **kwargs: Any) -> None:
        if question is not None:
            kwargs["initial"] = {
                "seen": seen_question(question),
                "words": question.words,
                "kind": question.kind,
                "choices": "\n".join(question.choices),
                "hint": question.hint,
            }
        super().__init__(*args, **kwargs)
        self.helper = form_helper("seen", "words", "kind", "choices", "hint")

    def values(self) -> dict[str, Any]:
        """Return what the actions take: words, kind, choices as a list, hint."""
        told = {name: self.cleaned_data[name] for name in ("words", "kind", "hint")}
        return told | {"choices": self.cleaned_data["choices"].splitlines()}
