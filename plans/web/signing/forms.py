"""Forms of signing: a key for one signature, a file that was signed elsewhere, a PDF to verify, pictures.

Fields with "password" in their names are never shown again and never carried over a log-in.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import MinValueValidator

from plans.signing.appearance import LARGEST_IMAGE_FILE
from plans.signing.keys import LARGEST_KEY_FILE
from plans.web.layout import form_helper
from plans.web.uploads import MEGABYTE

LARGEST_PDF = 20 * MEGABYTE


class SmallFile(forms.FileField):
    """A file of at most `largest` bytes; the limit is said in words."""

    def __init__(self, *args: Any, largest: int, missing: str, **kwargs: Any) -> None:
        self.largest = largest
        empty = "Tệp này trống. Vui lòng chọn tệp khác."
        kwargs["error_messages"] = {"required": missing, "invalid": missing, "empty": empty}
        super().__init__(*args, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the uploaded file. Raises ValidationError for none, an empty one, one that is too large."""
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and (file.size or 0) > self.largest:
            size = f"{self.largest // MEGABYTE} MB"
            raise ValidationError(f"Tệp lớn quá {size}. Vui lòng chọn tệp nhỏ hơn.")
        return file


class SecretField(forms.CharField):
    """A password that is kept to the letter and never shown again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attrs = {"autocomplete": "off"}
        widget = forms.PasswordInput(attrs=attrs, render_value=False)
        super().__init__(*args, strip=False, max_length=200, widget=widget, **kwargs)


class SigningForm(forms.Form):
    """What the forms of the ways to a key share: words for the page, ids that do not meet on it."""

    way = ""
    title = ""
    words = ""  # the template that explains the way
    button = ""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["auto_id"] = f"{self.way}_%s"
        super().__init__(*args, **kwargs)
        self.helper = form_helper(*self.fields)


class KeyFileForm(SigningForm):
    """A PKCS#12 file with its password."""

    way = "key_file"
    title = "Ký bằng tệp khóa"
    words = "plans/signing/_key_file.html"
    button = "Ký bằng tệp khóa"
    key_file = SmallFile(
        label="Tệp khóa (.p12 hoặc .pfx)",
        largest=LARGEST_KEY_FILE,
        missing="Hãy chọn tệp khóa.",
        widget=forms.FileInput(attrs={"accept": ".p12,.pfx"}),
    )
    key_password = SecretField(
        label="Mật khẩu của tệp khóa",
        error_messages={"required": "Hãy nhập mật khẩu của tệp khóa."},
    )


class OutsideForm(SigningForm):
    """The document as another program signed it."""

    way = "outside"
    title = "Ký bằng phần mềm của thiết bị ký"
    words = "plans/signing/_outside.html"
    button = "Tải tệp đã ký lên"
    signed_file = SmallFile(
        label="Tệp PDF đã ký",
        largest=LARGEST_PDF,
        missing="Hãy chọn tệp PDF đã ký.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )


class TokenForm(SigningForm):
    """A certificate in the server's token, and the PIN."""

    way = "token"
    title = "Ký bằng thiết bị của máy chủ"
    words = "plans/signing/_token.html"
    button = "Ký bằng thiết bị của máy chủ"
    certificate = forms.CharField(
        label="Tên chứng thư số trong thiết bị",
        max_length=200,
        error_messages={"required": "Hãy ghi tên chứng thư số trong thiết bị."},
    )
    pin_password = SecretField(label="Mã PIN", error_messages={"required": "Hãy nhập mã PIN."})


class RemoteForm(SigningForm):
    """A credential at the remote service, its PIN, and a one-time password where the service asks for one."""

    way = "remote"
    title = "Ký bằng dịch vụ ký số từ xa"
    words = "plans/signing/_remote.html"
    button = "Ký bằng dịch vụ từ xa"
    credential = forms.CharField(
        label="Mã chứng thư số ở dịch vụ",
        max_length=200,
        error_messages={"required": "Hãy ghi mã chứng thư số ở dịch vụ."},
    )
    pin_password = SecretField(label="Mã PIN", error_messages={"required": "Hãy nhập mã PIN."})
    otp_password = SecretField(label="Mã dùng một lần (OTP)", required=False)


class VerifyForm(forms.Form):
    """Any PDF."""

    pdf = SmallFile(
        label="Tệp PDF cần kiểm tra",
        help_text="Tối đa 20 MB. Tệp chỉ được đọc để kiểm tra, không được lưu lại.",
        largest=LARGEST_PDF,
        missing="Hãy chọn tệp PDF.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("pdf")


class PictureForm(forms.Form):
    """A picture to draw a signature with."""

    image = SmallFile(
        label="Ảnh PNG",
        help_text="Tệp PNG có nền trong suốt, tối đa 1 MB.",
        largest=LARGEST_IMAGE_FILE,
        missing="Hãy chọn tệp ảnh.",
        widget=forms.FileInput(attrs={"accept": ".png,image/png"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper(*self.fields)


class SealForm(PictureForm):
    """A picture of the seal and the day from which it holds."""

    _wrong = "Hãy ghi ngày, tháng, năm, ví dụ 01/9/2025."
    valid_from = forms.DateField(
        label="Áp dụng từ ngày",
        input_formats=["%d/%m/%Y", "%Y-%m-%d"],
        widget=forms.DateInput(attrs={"inputmode": "numeric"}, format="%d/%m/%Y"),
        error_messages={"invalid": _wrong, "required": _wrong},
        validators=[MinValueValidator(date(2000, 1, 1), _wrong)],
    )
