"""Where money comes from: stable keys, their Vietnamese labels, and the words by which they are known."""

import re

SOURCES = {
    "state_budget_from_above": "ngân sách cấp trên",
    "state_budget": "ngân sách nhà nước",
    "regular_spending": "chi thường xuyên",
    "central_procurement": "mua sắm tập trung",
    "project": "dự án, chương trình",
    "sponsorship": "tài trợ",
    "contributions": "xã hội hóa",
    "parents_fund": "quỹ cha mẹ học sinh",
    "union_fund": "quỹ công đoàn",
    "youth_fund": "quỹ Đoàn, Đội",
    "study_fund": "quỹ khuyến học",
    "tuition": "học phí",
    "service_income": "thu dịch vụ, thu sự nghiệp",
    "health_insurance": "bảo hiểm y tế",
    "approved_estimate": "theo dự toán được duyệt",
    "other_lawful": "nguồn hợp pháp khác",
    "own_means": "tự túc",
}

_PARENTS = r"(?:cha me|cmhs|phu huynh|phhs|hoi phu huynh)"
_WORDS = (
    ("state_budget_from_above", r"(?:ngan sach|nguon|kinh phi)(?: nha nuoc)?(?: do| cua)? cap tren(?: cap)?|cap tren cap"),
    ("state_budget", r"ngan sach(?: nha nuoc| dia phuong| nha truong| xa| phuong| huyen| tinh| thanh pho| cap)?|nsnn|nsdp"),
    ("regular_spending", r"chi thuong xuyen|kinh phi thuong xuyen|nguon thuong xuyen|tu chu"),
    ("central_procurement", r"mua sam tap trung"),
    ("project", r"du an|chuong trinh muc tieu|nguon chuong trinh"),
    ("parents_fund", rf"(?:quy|kinh phi|nguon)(?: cua)?(?: hoi| ban dai dien)? {_PARENTS}(?: hoc sinh| tre)?"),
    ("sponsorship", r"tai tro|manh thuong quan|nha hao tam|doanh nghiep(?: ho tro)?"),
    ("contributions", r"xa hoi hoa|xhh|dong gop(?: tu nguyen)?|ung ho|van dong|tu nguyen"),
    ("union_fund", r"(?:quy|kinh phi|nguon) cong doan|cong doan phi"),
    ("youth_fund", r"(?:quy|kinh phi) (?:doi|doan)"),
    ("study_fund", r"(?:quy )?khuyen hoc"),
    ("tuition", r"hoc phi"),
    ("service_income", r"thu (?:dich vu|su nghiep|khac|hop phap)|nguon thu"),
    ("health_insurance", r"bao hiem y te|bhyt"),
    ("approved_estimate", r"du toan(?: da)?(?: duoc)?(?: phe)? duyet|theo du toan"),
    ("other_lawful", r"(?:nguon )?(?:ho tro |kinh phi |von )?hop phap(?: khac)?|nguon khac"),
    ("own_means", r"tu tuc|tu lo"),
)  # fmt: skip
_SOURCE = re.compile(
    r"(?<![a-z0-9])(?:"
    + "|".join(f"(?P<{key}>{words})" for key, words in _WORDS)
    + r")(?![a-z0-9])"
)


def found_sources(plain: str) -> list[tuple[int, int, str]]:
    """Return (start, end, key) of every source named in `plain` (lower case, no marks), in order."""
    return [(*one.span(), one.lastgroup or "") for one in _SOURCE.finditer(plain)]
