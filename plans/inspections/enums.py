"""Words of the inspection: whose part, what was found, what came of a remark and of a sent entry."""

from django.db import models


class TeamRole(models.TextChoices):
    """Vai trò in the team of a visit."""

    LEAD = "lead", "Tổ trưởng"
    SECRETARY = "secretary", "Thư ký"
    MEMBER = "member", "Thành viên"


class MinutesTitle(models.TextChoices):
    """The two titles that offices give the record."""

    CHECK = "check", "KIỂM TRA KẾ HOẠCH"
    MINUTES = "minutes", "BIÊN BẢN KIỂM TRA"


class FindingKind(models.TextChoices):
    """What of the plan a finding is about; GENERAL is the remark on the whole."""

    SECTION = "section", "Phần của kế hoạch"
    STANDARD = "standard", "Tiêu chuẩn"
    ACTION = "action", "Việc trong kế hoạch"
    GENERAL = "general", "Nhận xét chung"


class Verdict(models.TextChoices):
    """Việc này đến hôm nay; "" while nobody has said."""

    DONE = "done", "Đã thực hiện"
    DOING = "doing", "Đang thực hiện"
    NOT_DONE = "not_done", "Chưa thực hiện"
    NOT_CHECKED = "not_checked", "Không kiểm tra"


class Side(models.TextChoices):
    """Which side somebody present belongs to, or who signs a paper."""

    TEAM = "team", "Tổ kiểm tra"
    SCHOOL = "school", "Phía nhà trường"
    OFFICE = "office", "Cơ quan kiểm tra"


class Outcome(models.TextChoices):
    """What became of an entry that a device sent."""

    SAVED = "saved", "Đã ghi"
    SAME = "same", "Trùng với điều đã ghi"
    CONFLICT = "conflict", "Khác với điều người khác đã ghi"
    REFUSED = "refused", "Không ghi được"


class Decision(models.TextChoices):
    """What the team decides about a remark that the school answered."""

    KEEP = "keep", "Giữ nguyên"
    CHANGE = "change", "Sửa"
    WITHDRAW = "withdraw", "Rút"
