"""The forms by which minutes are completed on paper, or without the school's signature."""

from __future__ import annotations

from typing import Any

from django import forms

from plans.minutes.finishing import LONG_REASON, LONGEST_REASON, NO_REASON
from plans.web.handover.forms import ScanForm
from plans.web.layout import form_helper


class SignedScanForm(ScanForm):
    """A scan of minutes; who answers for them says whether it bears every signature."""

    complete = forms.BooleanField(
        label="Bản quét có đủ chữ ký của hai bên: hoàn tất biên bản",
        required=False,
        help_text="Ghi nhận rồi thì buổi kiểm tra kết thúc, không rút lại được.",
    )

    def __init__(self, *args: Any, may_complete: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = "Ví dụ: bản lưu tại trường, đủ chữ ký hai bên."
        if not may_complete:
            del self.fields["complete"]
        self.helper = form_helper(*self.fields)


class WithoutSchoolForm(forms.Form):
    """Why the school does not sign."""

    reason = forms.CharField(
        label="Lý do nhà trường không ký",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ghi đúng như nhà trường nói. Lý do được lưu trong nhật ký, không in thêm vào biên bản.",
        error_messages={"required": NO_REASON, "max_length": LONG_REASON},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = "khong_ky_%s"
        super().__init__(*args, **kwargs)
        self.helper = form_helper("reason")
