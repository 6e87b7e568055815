"""Files of standards for tests: a small sound framework, to be broken in one place."""

import copy
import json
from pathlib import Path
from typing import Any

FRAMEWORK_CONTENT: dict[str, Any] = {
    "schema": "kcl/framework/1",
    "code": "THU-2018",
    "number": "19/2018/TT-BGDĐT",
    "name": "Thông tư thử",
    "issuer": "Bộ Giáo dục và Đào tạo",
    "issued_on": "2018-08-22",
    "valid_from": "2018-10-10",
    "valid_to": None,
    "school_kinds": ["preschool"],
    "max_level": 3,
    "level_rule": "2018",
    "verification": {"state": "partly", "note": "Một nguồn.", "sources": ["Một bản chép"]},
    "requirements": [{"level": 4, "clause": 1, "gist": "5 năm liền hoàn thành mọi mục tiêu"}],
    "standards": [
        {
            "number": 1,
            "title": "Tổ chức và quản lý nhà trường",
            "criteria": [
                {
                    "number": "1.1",
                    "title": "Phương hướng, chiến lược xây dựng và phát triển nhà trường",
                    "levels": [
                        {
                            "level": 1,
                            "article": "khoản 1 Điều 7",
                            "indicators": [
                                {"letter": "a", "gist": "Khớp mục tiêu giáo dục"},
                                {"letter": "b", "gist": "Thể hiện bằng văn bản"},
                            ],
                        },
                        {
                            "level": 2,
                            "article": "khoản 1 Điều 12",
                            "indicators": [{"gist": "Có cách giám sát"}],
                        },
                        {"level": 3, "article": "khoản 1 Điều 17", "indicators": []},
                    ],
                },
                {
                    "number": "1.2",
                    "title": "Hội đồng trường",
                    "levels": [{"level": 1, "indicators": []}],
                },
            ],
        }
    ],
}


def framework_content(**changes: Any) -> dict[str, Any]:
    """Return the content of a small sound framework file, top-level keys changed as said."""
    return copy.deepcopy(FRAMEWORK_CONTENT) | changes


def write_json(path: Path, content: Any) -> Path:
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path
