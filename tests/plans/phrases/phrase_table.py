"""What schools, offices and the Ministry's forms write, and what each means; schools' own signs are invented."""

from typing import Any

Row = tuple[str, dict[str, Any]]


def _time(
    start: str | None, end: str | None, precision: str = "day", **more: Any
) -> dict[str, Any]:
    return {
        "state": "known",
        "start": start,
        "end": end,
        "start_precision": precision if start else None,
        "end_precision": precision if end else None,
        "school_year": None,
        "recurring": None,
        "readings": [],
    } | more


def _school(start: str, end: str, name: str, precision: str = "school_year") -> dict[str, Any]:
    return _time(start, end, precision, school_year=name)


def _recurring(word: str) -> dict[str, Any]:
    return _time(None, None, recurring=word)


def _way(label: str, start: str, end: str, precision: str) -> dict[str, Any]:
    return {
        "label": label,
        "start": start,
        "end": end,
        "start_precision": precision,
        "end_precision": precision,
        "school_year": None,
    }


UNREAD = _time(None, None, state="unread")
HK1 = _school("2023-09-01", "2024-01-15", "2023-2024", "term")

# Phrases 1–50, in a plan of 2023-2024.
TIMES: list[Row] = [
    ("Từ 05/9/2022 đến 31/5/2026", _time("2022-09-05", "2026-05-31")),
    ("Từ tháng 12 năm 2022 đến tháng 8 năm 2026", _time("2022-12-01", "2026-08-31", "month")),
    ("Tháng 12 năm 2022 đến tháng 8 năm 2026", _time("2022-12-01", "2026-08-31", "month")),
    ("Từ tháng 9 năm 2022 đến tháng 8 năm 2025", _time("2022-09-01", "2025-08-31", "month")),
    ("Năm học 2023-2024", _school("2023-09-01", "2024-05-31", "2023-2024")),
    ("Năm học 2021 -2022", _school("2021-09-01", "2022-05-31", "2021-2022")),
    ("năm học 2022 - 2023", _school("2022-09-01", "2023-05-31", "2022-2023")),
    ("năm học 2026–2027", _school("2026-09-01", "2027-05-31", "2026-2027")),
    (
        "Từ năm học 2022 đến 2024",
        _time(
            "2022-09-01",
            None,
            "school_year",
            state="ambiguous",
            readings=[
                _way("năm học 2022-2023 đến năm học 2023-2024", "2022-09-01", "2024-05-31", "school_year"),
                _way("năm học 2022-2023 đến năm học 2024-2025", "2022-09-01", "2025-05-31", "school_year"),
            ],
        ),
    ),
    ("Tháng 5/2024", _time("2024-05-01", "2024-05-31", "month")),
    ("05/2024", _time("2024-05-01", "2024-05-31", "month")),
    ("T5/2024", _time("2024-05-01", "2024-05-31", "month")),
    ("Trong tháng 9, 10 năm 2025", _time("2025-09-01", "2025-10-31", "month")),
    ("Đến tháng 12/2026", _time(None, "2026-12-31", "month")),
    ("Từ tháng 01/2027", _time("2027-01-01", None, "month")),
    ("trước 15/12/2026", _time(None, "2026-12-14")),
    ("trước ngày 05/9/2026", _time(None, "2026-09-04")),
    ("chậm nhất ngày 31/5/2027", _time(None, "2027-05-31")),
    ("từ 07/9/2026 đến 10/01/2027", _time("2026-09-07", "2027-01-10")),
    ("ngày   tháng 9 năm 2023", _time("2023-09-01", "2023-09-30", "month")),
    ("..., ngày .... tháng ... năm 20….", UNREAD),
    ("Thứ tư - 08/03/2023 21:46", UNREAD),
    ("Vào lúc …………giờ………..phút, ngày…….tháng……….năm………", UNREAD),
    ("hồi 8 giờ 00 ngày 06/10/2020", _time("2020-10-06", "2020-10-06")),
    ("Vào hồi 07h 30 phút, ngày 07/12/ 2010", _time("2010-12-07", "2010-12-07")),
    ("HKI", HK1),
    ("HK1", HK1),
    ("Cuối học kỳ I", _school("2024-01-15", "2024-01-15", "2023-2024", "term")),
    ("Cuối năm học", _school("2024-05-31", "2024-05-31", "2023-2024")),
    (
        "cuối học kỳ, cuối năm học",
        _school("2024-01-15", "2024-05-31", "2023-2024", "term") | {"recurring": "termly"},
    ),
    ("từng tháng", _recurring("monthly")),
    ("theo từng tuần", _recurring("weekly")),
    ("hằng năm", _recurring("yearly")),
    ("Hàng năm", _recurring("yearly")),
    ("hằng tháng", _recurring("monthly")),
    ("tuần cuối mỗi quý", _recurring("quarterly")),
    (
        "Thường xuyên",
        _school("2023-09-01", "2024-05-31", "2023-2024") | {"recurring": "continuous"},
    ),
    ("Trong năm học", _school("2023-09-01", "2024-05-31", "2023-2024")),
    ("Trong hè", _school("2024-06-01", "2024-08-31", "2023-2024", "summer")),
    ("Đầu năm học", _school("2023-08-01", "2023-09-30", "2023-2024", "month")),
    ("cuối năm 2023", _time("2023-12-31", "2023-12-31", "year")),
    ("Quý I/2026", _time("2026-01-01", "2026-03-31", "quarter")),
    ("giai đoạn 2026-2030", _time("2026-01-01", "2030-12-31", "year")),
    ("giai đoạn từ năm 20…. đến 20 ….", UNREAD),
    ("trong 3 ngày làm việc", _time(None, None)),
    (
        "2023-2028",
        _time(
            None,
            None,
            state="ambiguous",
            readings=[
                _way("từ năm 2023 đến năm 2028 (năm dương lịch)", "2023-01-01", "2028-12-31", "year"),
                _way("từ năm học 2023-2024 đến năm học 2027-2028", "2023-09-01", "2028-05-31", "school_year"),
            ],
        ),
    ),
    ("Đã hoàn thành", UNREAD),
    (
        "Từ ngày 01/9/2012 đến tháng 5/2013",
        _time("2012-09-01", "2013-05-31") | {"end_precision": "month"},
    ),
    ("định kỳ 2 tuần/lần", _recurring("every_2_weeks")),
    (
        "ngày 20/07/2021 / ngày 24/3/2026 / ngày 07 tháng 7 năm 2026",
        _time("2021-07-20", "2026-07-07"),
    ),
]  # fmt: skip


def _money(low: int | None, high: int | None, **more: Any) -> dict[str, Any]:
    return {
        "state": "known",
        "min": low,
        "max": high,
        "per_year": False,
        "estimate": False,
        "sources": [],
    } | more


def _unknown(*sources: str) -> dict[str, Any]:
    return _money(None, None, state="unknown", sources=list(sources))


M = 1_000_000
# Phrases 51–77; 59 is an empty cell.
MONEY: list[Row] = [
    ("5-7 triệu", _money(5 * M, 7 * M)),
    ("7-10tr", _money(7 * M, 10 * M)),
    ("30-40tr triệu/năm", _money(30 * M, 40 * M, per_year=True)),
    ("70-80 triệu/năm", _money(70 * M, 80 * M, per_year=True)),
    ("60-50triệu/năm", _money(50 * M, 60 * M, per_year=True)),
    ("30-40tr/năm", _money(30 * M, 40 * M, per_year=True)),
    ("5-10tr/năm", _money(5 * M, 10 * M, per_year=True)),
    ("Không có", _money(0, 0, state="zero")),
    ("", _unknown()),
    (
        "Kinh phí ngân sách cấp trên và nguồn tài trợ",
        _unknown("state_budget_from_above", "sponsorship"),
    ),
    ("nguồn ngân sách nhà nước", _unknown("state_budget")),
    ("nguồn mua sắm tập trung", _unknown("central_procurement")),
    ("xã hội hóa", _unknown("contributions")),
    ("1,5 tỷ", _money(1500 * M, 1500 * M)),
    ("1.500.000.000 đồng", _money(1500 * M, 1500 * M)),
    ("500.000đ", _money(500_000, 500_000)),
    ("500k", _money(500_000, 500_000)),
    ("2tr5", _money(2_500_000, 2_500_000)),
    ("khoảng 20 triệu", _money(20 * M, 20 * M, estimate=True)),
    ("dưới 5 triệu", _money(None, 5 * M)),
    ("Theo dự toán được duyệt", _unknown("approved_estimate")),
    ("Nguồn chi thường xuyên", _unknown("regular_spending")),
    ("Quỹ hội CMHS", _unknown("parents_fund")),
    ("12 giờ rà soát mỗi tháng", _unknown()),
    ("48 tiết dự giờ", _unknown()),
    (
        "Nguồn ngân sách nhà nước cấp chi thường xuyên theo định mức học sinh",
        _unknown("state_budget", "regular_spending"),
    ),
    ("Các nguồn hỗ trợ hợp pháp khác theo quy định hiện hành", _unknown("other_lawful")),
]


def _people(lead: str, *partners: str) -> dict[str, Any]:
    return {"lead": lead, "partners": list(partners)}


COUNCIL = "hội đồng tự đánh giá"
# Phrases 78–100.
PEOPLE: list[Row] = [
    ("BGH, GV", _people("ban giám hiệu", "giáo viên")),
    ("BGH, kế toán, ", _people("ban giám hiệu", "kế toán")),
    ("HT, kế toán", _people("hiệu trưởng", "kế toán")),
    ("HT, KT", _people("hiệu trưởng", "kế toán")),
    ("BGH-GV-NV và CMHS", _people("ban giám hiệu", "giáo viên", "nhân viên", "cha mẹ học sinh")),
    (
        "Chính quyền địa phương, các ban ngành đoàn thể, CMHS, BGH, GV, nhân viên",
        _people(
            "chính quyền địa phương",
            "các ban ngành đoàn thể",
            "cha mẹ học sinh",
            "ban giám hiệu",
            "giáo viên",
            "nhân viên",
        ),
    ),
    (
        "Hiệu trưởng, phó hiệu trưởng, GV, CMHS",
        _people("hiệu trưởng", "phó hiệu trưởng", "giáo viên", "cha mẹ học sinh"),
    ),
    (
        "Hiệu trưởng,  GV, Ban đại diện CMHS",
        _people("hiệu trưởng", "giáo viên", "ban đại diện cha mẹ học sinh"),
    ),
    (
        "Hiệu trưởng, tổ trưởng tổ văn phòng, bảo vệ",
        _people("hiệu trưởng", "tổ trưởng tổ văn phòng", "bảo vệ"),
    ),
    ("CB-GV-NV", _people("cán bộ", "giáo viên", "nhân viên")),
    ("GVCN", _people("giáo viên chủ nhiệm")),
    ("Giáo viên PCGD", _people("giáo viên phụ trách phổ cập giáo dục")),
    ("Tổng phụ trách đội", _people("tổng phụ trách đội")),
    ("TTCM, TPCM", _people("tổ trưởng chuyên môn", "tổ phó chuyên môn")),
    ("PHT", _people("phó hiệu trưởng")),
    ("TT tổ HC-VP", _people("tổ trưởng tổ hành chính - văn phòng")),
    ("NV Kế toán", _people("nhân viên kế toán")),
    ("Hội đồng TĐG", _people(COUNCIL)),
    ("Hội đồng KĐCLGD", _people(COUNCIL)),
    (
        "Phó trưởng phòng P. GD&ĐT - Tổ Trưởng",
        _people("phó trưởng phòng giáo dục và đào tạo", "tổ trưởng"),
    ),
    ("Chủ tịch công đoàn", _people("chủ tịch công đoàn")),
    ("TM. ĐOÀN KIỂM TRA", _people("thay mặt đoàn kiểm tra")),
    ("Nhóm công tác 1", _people("nhóm công tác 1")),
]
