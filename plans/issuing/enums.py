"""Words of the issuing room: states of a document, kinds of its files, ways to a key."""

from django.db import models


class DocumentState(models.TextChoices):
    """Hiệu lực of an issued document."""

    IN_FORCE = "in_force", "Đang có hiệu lực"
    REPLACED = "replaced", "Bị thay thế"
    WITHDRAWN = "withdrawn", "Đã thu hồi"


class DocumentKind(models.TextChoices):
    """What was issued."""

    PLAN = "plan", "Kế hoạch cải tiến chất lượng giáo dục"


class EntryKind(models.TextChoices):
    """What a line of the register of numbers says."""

    DOCUMENT = "document", "Văn bản ban hành trên chương trình"
    OUTSIDE = "outside", "Số đã dùng ngoài chương trình"
    VOID = "void", "Số bỏ"


class FileRole(models.TextChoices):
    """What a file of a document is."""

    PDF = "pdf", "Bản PDF chưa ký"
    DOCX = "docx", "Bản Word"
    XLSX = "xlsx", "Bảng tính"
    SIGNED = "signed", "Bản PDF đã ký số"
    SCAN = "scan", "Bản quét văn bản giấy đã ký, đóng dấu"


class SignatureRole(models.TextChoices):
    """Whose signature it is (Nghị định 30/2020/NĐ-CP, Điều 5: both make an original)."""

    SIGNER = "signer", "Chữ ký số của người ký"
    SEAL = "seal", "Chữ ký số của cơ quan"


class KeyWay(models.TextChoices):
    """How the key was reached."""

    KEY_FILE = "key_file", "Tệp khóa PKCS#12"
    OUTSIDE = "outside", "Ký bằng phần mềm khác"
    TOKEN = "token", "Thiết bị ký của máy chủ"
    REMOTE = "remote", "Dịch vụ ký từ xa"
