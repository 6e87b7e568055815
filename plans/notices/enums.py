"""What notices are about, the ways in which one reaches a person, and how each kind comes unless somebody chose."""

from django.db import models


class NoticeKind(models.TextChoices):
    """Loại thông báo; each person chooses for each kind how it comes."""

    ASSIGNED = "assigned", "Được phân công"
    COMMENT = "comment", "Có trao đổi mới"
    COUNCIL = "council", "Bản thảo chờ hội đồng góp ý"
    SUBMITTED = "submitted", "Trường gửi kế hoạch"
    RECEIVED = "received", "Cơ quan đã tiếp nhận"
    RETURNED = "returned", "Kế hoạch bị trả lại"
    APPROVED = "approved", "Kế hoạch được duyệt"
    TO_SIGN = "to_sign", "Văn bản chờ ký số"
    DEADLINE = "deadline", "Sắp đến hạn nộp"
    OVERDUE = "overdue", "Quá hạn nộp"
    VISIT = "visit", "Kiểm tra tại trường"
    REPLY = "reply", "Phản hồi sau kiểm tra"
    FOLLOW_UP = "follow_up", "Kiến nghị sau kiểm tra"


class Mail(models.TextChoices):
    """When a notice of a kind comes by e-mail."""

    NONE = "none", "Không gửi thư"
    AT_ONCE = "at_once", "Gửi ngay"
    DAILY = "daily", "Gộp vào thư mỗi ngày"


# Who has chosen nothing: at once what waits for a deed of theirs, once a day what is only to be known.
DEFAULT_MAIL: dict[NoticeKind, Mail] = {
    NoticeKind.ASSIGNED: Mail.AT_ONCE,
    NoticeKind.COMMENT: Mail.DAILY,
    NoticeKind.COUNCIL: Mail.AT_ONCE,
    NoticeKind.SUBMITTED: Mail.DAILY,
    NoticeKind.RECEIVED: Mail.DAILY,
    NoticeKind.RETURNED: Mail.AT_ONCE,
    NoticeKind.APPROVED: Mail.AT_ONCE,
    NoticeKind.TO_SIGN: Mail.AT_ONCE,
    NoticeKind.DEADLINE: Mail.AT_ONCE,
    NoticeKind.OVERDUE: Mail.AT_ONCE,
    NoticeKind.VISIT: Mail.AT_ONCE,
    NoticeKind.REPLY: Mail.AT_ONCE,
    NoticeKind.FOLLOW_UP: Mail.DAILY,
}
