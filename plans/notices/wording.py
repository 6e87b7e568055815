"""What notices say outside the program: in a letter, in the daily letter, and as a text to paste into Zalo.

A letter carries the sentence of the notice and a link that asks for a log-in; nothing that stands in a plan.
"""

from collections.abc import Sequence

from django.conf import settings
from django.urls import reverse

from plans.accounts.models import User
from plans.notices.enums import NoticeKind
from plans.notices.models import Notice

_END = (
    "Thư này do chương trình Kế hoạch cải tiến chất lượng gửi tự động, vui lòng không trả lời.\n"
    "Chọn loại thông báo muốn nhận: {choices}\n"
)


def absolute(path: str) -> str:
    """Return the full address of a page of the program: KCL_SITE_URL and the path."""
    return f"{settings.KCL_SITE_URL.rstrip('/')}{path}"


def letter_subject(kind: NoticeKind) -> str:
    """Return the subject of a letter about one notice; the kind alone, since subjects show on locked screens."""
    return f"{kind.label} – Kế hoạch cải tiến chất lượng"


def letter(person: User, text: str, path: str) -> str:
    """Return the letter about one notice."""
    return (
        f"Kính gửi {person.address},\n\n{text}\n\n"
        f"Mở trong chương trình (cần đăng nhập):\n{absolute(path)}\n\n{_end()}"
    )


def digest_subject(count: int, day: str) -> str:
    """Return the subject of a daily letter about `count` notices on `day` ("24/11/2026")."""
    return f"{count} thông báo, ngày {day} – Kế hoạch cải tiến chất lượng"


def digest(person: User, notices: Sequence[Notice]) -> str:
    """Return the daily letter about notices, in their order."""
    lines = "\n\n".join(f"- {one.text}\n  {absolute(one.path)}" for one in notices)
    return (
        f"Kính gửi {person.address},\n\n"
        f"Từ thư trước đến nay có {len(notices)} thông báo mới (các liên kết cần đăng nhập):\n\n"
        f"{lines}\n\n{_end()}"
    )


def zalo_text(notice: Notice) -> str:
    """Return a notice as a text to paste into Zalo: the sentence and the link, which needs a log-in."""
    return f"{notice.text}\nXem trong chương trình (cần đăng nhập): {absolute(notice.path)}"


def _end() -> str:
    return _END.format(choices=absolute(reverse("notices:choices")))
