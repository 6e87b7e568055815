"""Forms of log-in and passwords. What is refused keeps the name that was typed, never a password."""

from typing import Any

from django import forms
from django.contrib.auth import authenticate, password_validation
from django.http import HttpRequest

from plans.accounts.models import User
from plans.web.layout import form_helper

# Longer ones only serve to keep the server busy.
PASSWORD_LENGTH = 200
_NO_NUL = {"null_characters_not_allowed": "Ô này có ký tự không đọc được. Đề nghị gõ lại."}


class NameField(forms.CharField):
    """User name or e-mail."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Tên đăng nhập hoặc thư điện tử",
            max_length=254,
            widget=forms.TextInput(
                attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
            ),
            error_messages={
                "required": "Thầy cô chưa gõ tên đăng nhập hoặc thư điện tử.",
                "max_length": "Tên đăng nhập hoặc thư điện tử quá dài. Đề nghị kiểm tra lại.",
            }
            | _NO_NUL,
            **kwargs,
        )


class PasswordField(forms.CharField):
    """A password, never trimmed, never shown again."""

    def __init__(
        self, *, label: str, required: str, autocomplete: str, help_text: str = ""
    ) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            strip=False,
            max_length=PASSWORD_LENGTH,
            widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
            error_messages={
                "required": required,
                "max_length": f"Mật khẩu dài nhất là {PASSWORD_LENGTH} ký tự.",
            }
            | _NO_NUL,
        )


class LoginForm(forms.Form):
    """User name or e-mail, and password; after `is_valid()`, `user` is who logs in."""

    username = NameField()
    password = PasswordField(
        label="Mật khẩu",
        required="Thầy cô chưa gõ mật khẩu.",
        autocomplete="current-password",
    )

    def __init__(self, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user: User | None = None
        self.helper = form_helper("username", "password")

    def clean(self) -> dict[str, Any]:
        """Find who it is; one answer for a wrong name, a wrong password and a closed account."""
        values = super().clean() or {}
        if {"username", "password"} <= values.keys():
            user = authenticate(self.request, **values)
            if not isinstance(user, User):
                raise forms.ValidationError(
                    "Tên đăng nhập hoặc mật khẩu chưa đúng. Thầy cô kiểm tra lại phím Caps Lock, tắt bộ gõ "
                    "tiếng Việt rồi gõ lại; nếu quên mật khẩu, hãy bấm “Quên mật khẩu”."
                )
            self.user = user
        return values


class NewPasswordForm(forms.Form):
    """A new password, twice."""

    new_password = PasswordField(
        label="Mật khẩu mới",
        required="Thầy cô chưa gõ mật khẩu mới.",
        autocomplete="new-password",
        help_text="Ít nhất 10 ký tự, không dùng mật khẩu dễ đoán hoặc giống tên đăng nhập. "
        "Một câu ngắn dễ nhớ là tốt nhất.",
    )
    new_password_again = PasswordField(
        label="Gõ lại mật khẩu mới",
        required="Thầy cô chưa gõ lại mật khẩu mới.",
        autocomplete="new-password",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.helper = form_helper(*self.fields)

    def clean_new_password(self) -> str:
        """Hold the password against the installation's rules."""
        password = self.cleaned_data["new_password"]
        password_validation.validate_password(password, self.user)
        if self.user.check_password(password):
            raise forms.ValidationError("Mật khẩu mới phải khác mật khẩu đang dùng.")
        return password

    def clean(self) -> dict[str, Any]:
        """Both must agree."""
        values = super().clean() or {}
        first, again = values.get("new_password"), values.get("new_password_again")
        if first and again and first != again:
            self.add_error("new_password_again", "Hai lần gõ mật khẩu mới chưa giống nhau.")
        return values


class PasswordChangeForm(NewPasswordForm):
    """The old password, and a new one twice."""

    old_password = PasswordField(
        label="Mật khẩu đang dùng",
        required="Thầy cô chưa gõ mật khẩu đang dùng.",
        autocomplete="current-password",
    )
    field_order = ["old_password", "new_password", "new_password_again"]

    def clean_old_password(self) -> str:
        """The person at the machine must be the account's owner."""
        password = self.cleaned_data["old_password"]
        if not self.user.check_password(password):
            raise forms.ValidationError("Mật khẩu đang dùng chưa đúng. Đề nghị gõ lại.")
        return password


class PasswordResetForm(forms.Form):
    """Who forgot their password."""

    username = NameField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("username")
