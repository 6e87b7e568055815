"""Answers in JSON, for the few addresses that a page's own script asks; words are always there for a person."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse

JSON = "application/json"

# What is said where nothing more is known, by status.
WORDS = {
    400: "Gói gửi lên không đọc được.",
    401: "Phiên đăng nhập đã hết. Hãy đăng nhập lại; điều đã ghi vẫn còn trên máy.",
    403: "Quý vị không có quyền làm việc này.",
    404: "Không tìm thấy mục này, hoặc quý vị không còn quyền xem.",
    405: "Địa chỉ này không nhận yêu cầu như vậy.",
    413: "Gói gửi lên quá lớn.",
    500: "Chương trình gặp lỗi nên chưa nhận được. Máy sẽ tự gửi lại sau ít phút.",
    429: "Quý vị gửi quá nhiều yêu cầu. Hãy đợi ít phút rồi thử lại.",
}


def wants_json(request: HttpRequest) -> bool:
    """Say whether the answer goes to a script: it says so, or sent JSON itself."""
    accepted = request.headers.get("Accept", "")
    return JSON in accepted or request.content_type == JSON


def json_answer(data: dict[str, Any], status: int = 200) -> JsonResponse:
    """Return data as JSON that no cache keeps; Vietnamese stands in it as it is."""
    answer = JsonResponse(data, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "private, no-store"
    return answer


def refusal(status: int, words: str = "", **more: Any) -> JsonResponse:
    """Return why nothing was done, in words."""
    return json_answer({"words": words or WORDS.get(status, WORDS[400])} | more, status)
