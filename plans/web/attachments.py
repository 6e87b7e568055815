"""Choosing files beside typed words: one field for every form that takes them, and what is said when they are lost."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from plans.issuing.attachments import ACCEPTED, MOST_ATTACHMENTS
from plans.web.uploads import MEGABYTE

# All files of one sending; they wait in memory, never on a disk.
SENT_AT_ONCE = 40 * MEGABYTE
HINT = (
    "PDF, ảnh (JPG, PNG, WebP), Word (DOCX), Excel (XLSX); nhiều nhất "
    f"{MOST_ATTACHMENTS} tệp, mỗi tệp không quá 20 MB, một lần gửi không quá 40 MB. "
    "Ảnh được vẽ lại, không còn nơi chụp; các tệp khác giữ nguyên."
)
CHOOSE_AGAIN = "Tệp vừa chọn chưa được gửi. Thầy cô chọn lại giúp."


class ManyFilesInput(forms.FileInput):
    """A chooser of several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files of one sending; what each is tells `checked_attachment`, here only that they are not too much."""

    def __init__(self, label: str) -> None:
        widget = ManyFilesInput(attrs={"accept": ACCEPTED})
        super().__init__(label=label, help_text=HINT, required=False, widget=widget)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """Return the files as they were sent, [] for none. Raises ValidationError where they are too large together."""
        sent = data if isinstance(data, list | tuple) else [data]
        uploads = [upload for upload in sent if upload]
        if sum(upload.size for upload in uploads) > SENT_AT_ONCE:
            raise forms.ValidationError(
                "Các tệp cộng lại lớn hơn 40 MB. Hãy giảm cỡ ảnh, hoặc gửi làm nhiều lần."
            )
        return uploads


def ask_to_choose_again(form: forms.Form, name: str) -> None:
    """Say at the field `name` of a refused form that its files have to be chosen anew: no browser keeps them."""
    if form.errors and form.files.getlist(form.add_prefix(name)):
        form.add_error(name, CHOOSE_AGAIN)
