"""Django's password rules, refusing in courteous Vietnamese (its own translation has gaps)."""

from django.contrib.auth import password_validation


class LongEnough(password_validation.MinimumLengthValidator):
    """At least so many characters."""

    def get_error_message(self) -> str:
        """Say how many."""
        return f"Mật khẩu này quá ngắn. Đề nghị dùng ít nhất {self.min_length} ký tự."

    def get_help_text(self) -> str:
        """The same before anything is typed."""
        return f"Mật khẩu có ít nhất {self.min_length} ký tự."


class NotCommon(password_validation.CommonPasswordValidator):
    """None of the passwords that are tried first."""

    def get_error_message(self) -> str:
        """Say so."""
        return "Nhiều người dùng mật khẩu này nên rất dễ đoán. Đề nghị chọn mật khẩu khác."

    def get_help_text(self) -> str:
        """The same before anything is typed."""
        return "Mật khẩu không phải là mật khẩu nhiều người hay dùng."


class NotLikeOneself(password_validation.UserAttributeSimilarityValidator):
    """Not the person's own name or address."""

    def get_error_message(self) -> str:
        """Name what it resembles; Django fills in the field's name."""
        return "Mật khẩu này giống với %(verbose_name)s nên dễ đoán. Đề nghị chọn mật khẩu khác."

    def get_help_text(self) -> str:
        """The same before anything is typed."""
        return "Mật khẩu không giống với tên đăng nhập, họ tên hoặc thư điện tử."
