"""What is said when a signature cannot be made: a reason for programs, words for the person who wanted to sign."""

from __future__ import annotations

from enum import Enum


class Reason(Enum):
    """Why a signature was refused; the value is what the person reads."""

    WRONG_PASSWORD = "Mật khẩu của tệp khóa không đúng. Vui lòng nhập lại."
    BROKEN_FILE = (
        "Tệp khóa không đọc được: đây không phải là tệp PKCS#12 (.p12, .pfx) hoặc tệp đã hỏng."
    )
    NO_KEY = "Không tìm thấy khóa bí mật kèm chứng thư số để ký."
    EXPIRED = "Chứng thư số đã hết hạn nên không ký được nữa. Vui lòng gia hạn chứng thư số."
    NOT_YET_VALID = "Chứng thư số chưa đến ngày có hiệu lực nên chưa ký được."
    WRONG_USAGE = "Chứng thư số này không được cấp để ký văn bản."
    REVOKED = "Chứng thư số đã bị thu hồi nên không ký được. Vui lòng liên hệ nơi cấp."
    UNKNOWN_ISSUER = "Chứng thư số do một tổ chức chưa có trong danh sách tin cậy cấp, nên không dùng để ký được."
    WEAK_KEY = "Khóa này quá yếu hoặc thuộc loại chưa được hỗ trợ; cần khóa RSA từ 2048 bit hoặc ECDSA từ 256 bit."
    TOKEN_MISSING = "Không thấy thiết bị ký số của máy chủ. Vui lòng báo người quản trị."
    WRONG_PIN = "Mã PIN hoặc mã OTP không đúng, đã hết hạn, hoặc khóa ký đã bị tạm khóa vì nhập sai nhiều lần."
    SERVICE_FAILED = (
        "Dịch vụ ký số từ xa không thực hiện được yêu cầu. Vui lòng thử lại sau ít phút."
    )
    TIME_STAMP_FAILED = (
        "Chưa lấy được dấu thời gian nên văn bản chưa được ký. Vui lòng thử lại sau ít phút."
    )
    NO_REVOCATION_DATA = (
        "Chưa lấy được thông tin thu hồi của chứng thư số nên văn bản chưa được ký. "
        "Vui lòng thử lại sau ít phút."
    )
    BROKEN_PDF = "Tệp văn bản không phải là PDF hoặc đã hỏng nên không ký được."
    NO_FIELD = "Văn bản không có ô chữ ký này nên không ký được."
    ALREADY_SIGNED = "Ô chữ ký này của văn bản đã được ký rồi."
    LOCKED = (
        "Một chữ ký số trước đó đã khóa văn bản, không cho ký thêm. Vui lòng dùng lại bản chưa ký."
    )
    SIGNING_FAILED = "Việc ký không thành công; văn bản chưa được ký và được giữ nguyên như cũ."


class SigningRefused(Exception):
    """No signature was made. `reason` says why, `words` says it in Vietnamese to the person.

    Neither holds a password, PIN or key, and no error from below hangs on it whose text or frames might.
    """

    def __init__(self, reason: Reason, words: str = "") -> None:
        self.reason = reason
        self.words = words or reason.value
        super().__init__(self.words)
