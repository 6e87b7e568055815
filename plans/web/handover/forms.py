"""The forms of a scanned paper and of the copy for the public."""

from __future__ import annotations

from typing import Any

from django import forms

from plans.issuing.excerpt import Part, keys_of
from plans.issuing.scans import LARGEST_SCAN
from plans.web.layout import form_helper


class ScanForm(forms.Form):
    """A picture of the paper and a word about it."""

    file = forms.FileField(
        label="Tệp quét",
        help_text="PDF, JPG hoặc PNG, không quá 20 MB. Nên quét đủ mọi trang vào một tệp PDF.",
        widget=forms.FileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        error_messages={
            "required": "Hãy chọn tệp quét.",
            "invalid": "Hãy chọn tệp quét.",
            "missing": "Hãy chọn tệp quét.",
            "empty": "Tệp này rỗng. Hãy chọn lại.",
        },
    )
    note = forms.CharField(
        label="Ghi chú",
        max_length=300,
        required=False,
        help_text="Ví dụ: bản lưu văn thư, đủ chữ ký và dấu.",
        error_messages={"max_length": "Ghi chú dài quá %(limit_value)d chữ."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("file", "note")

    def clean_file(self) -> Any:
        """Refuse a file too large to be read at all."""
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_SCAN:
            raise forms.ValidationError("Tệp lớn hơn 20 MB. Hãy quét ở độ nét thấp hơn (200 dpi).")
        return upload


class PublishForm(forms.Form):
    """Which parts of a document everybody may see, and whether people's names stand in it."""

    def __init__(self, *args: Any, parts: tuple[Part, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wrong = "Hãy chọn ít nhất một phần trong danh sách."
        self.fields["parts"] = forms.MultipleChoiceField(
            label="Phần công khai",
            choices=[(key, key) for key in keys_of(parts)],
            error_messages={"required": wrong, "invalid_choice": wrong, "invalid_list": wrong},
        )
        self.fields["with_names"] = forms.BooleanField(label="Ghi họ tên người", required=False)
