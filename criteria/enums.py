"""Words of the standards that code must know: school kinds, levels, marks, verification."""

from django.db.models import IntegerChoices, TextChoices


class SchoolKind(TextChoices):
    """Loại hình cơ sở giáo dục, as the circulars divide them (TT 17, 18, 19/2018, Điều 1)."""

    PRESCHOOL = "preschool", "Trường mầm non"
    PRIMARY = "primary", "Trường tiểu học"
    LOWER_SECONDARY = "lower_secondary", "Trường trung học cơ sở"
    UPPER_SECONDARY = "upper_secondary", "Trường trung học phổ thông"
    MULTI_LEVEL = "multi_level", "Trường phổ thông có nhiều cấp học"


class Level(IntegerChoices):
    """Mức đạt of a criterion. "Chưa đánh giá" is no level but None: no data is never a failure."""

    NOT_MET = 0, "Không đạt"
    ONE = 1, "Mức 1"
    TWO = 2, "Mức 2"
    THREE = 3, "Mức 3"
    FOUR = 4, "Mức 4"


class Mark(TextChoices):
    """A cell of the result grid: x = đạt, * = the criterion has no such level, or blank."""

    MET = "x", "Đạt"
    ABSENT = "*", "Tiêu chí không có mức này"
    BLANK = "", "Để trống"


class Verification(TextChoices):
    """How far a record was checked against independent texts (mức độ xác minh)."""

    VERIFIED = "verified", "Đã đối chiếu"
    PARTLY = "partly", "Đối chiếu một phần"
    INFERRED = "inferred", "Suy luận, cần đối chiếu"


# Điểm of a clause in the order Vietnamese law gives them; "" = the level is one requirement.
LETTERS = ("", "a", "b", "c", "d", "đ", "e", "g", "h", "i", "k")
