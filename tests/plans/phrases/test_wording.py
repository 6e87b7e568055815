"""The grey line under a field."""

import pytest

from plans.phrases.calendars import CalendarBook
from plans.phrases.money import read_money
from plans.phrases.people import read_people
from plans.phrases.times import read_time
from plans.phrases.wording import money_words, people_words, time_words


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("30-40tr/năm", "30–40 triệu đồng mỗi năm · nguồn: chưa rõ"),
        ("khoảng 2tr5 xã hội hóa", "khoảng 2,5 triệu đồng · nguồn: xã hội hóa"),
        ("dưới 5 triệu", "không quá 5 triệu đồng · nguồn: chưa rõ"),
        ("hơn 20 triệu", "từ 20 triệu đồng trở lên · nguồn: chưa rõ"),
        ("1.234.567 đồng", "1.234.567 đồng · nguồn: chưa rõ"),
        ("1,5 tỷ", "1,5 tỷ đồng · nguồn: chưa rõ"),
        ("Không có", "không cần kinh phí"),
        ("", "chưa rõ số tiền · nguồn: chưa rõ"),
        ("5tr x 3 năm", "5 triệu đồng mỗi năm, trong 3 năm · nguồn: chưa rõ"),
        (
            "200 nghìn/lớp",
            "200.000 đồng mỗi lớp · nguồn: chưa rõ · là mức cho mỗi đơn vị, chưa phải tổng số",
        ),
        (
            "60-50 triệu",
            "50–60 triệu đồng · nguồn: chưa rõ · hai số viết ngược thứ tự",
        ),
        ("48 tiết", "nguồn lực không phải tiền: 48 tiết"),
        ("rẻ thôi", "Chưa đọc được, vẫn in đúng như đã gõ"),
        ("20", "Chưa đọc được, vẫn in đúng như đã gõ · chưa rõ đơn vị tiền"),
    ],
)
def test_money(phrase: str, words: str) -> None:
    assert money_words(read_money(phrase)) == words


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("05/9/2026 - 31/5/2027", "từ 05/9/2026 đến 31/5/2027"),
        ("trước 16/12/2026", "hạn: 15/12/2026"),
        ("từ tháng 01/2027", "từ 01/01/2027"),
        ("Tháng 5/2024", "tháng 5/2024"),
        ("cuối năm học", "ngày 31/5/2024"),
        ("hằng tháng", "hằng tháng"),
        ("2 tuần/lần", "2 tuần một lần"),
        ("2 lần/năm", "2 lần mỗi năm"),
        ("Thường xuyên", "thường xuyên · từ 01/9/2023 đến 31/5/2024"),
        ("trong 3 ngày làm việc", "trong 3 ngày làm việc"),
        ("31/5/2026 - 05/9/2025", "từ 05/9/2025 đến 31/5/2026 · hai mốc viết ngược thứ tự"),
        ("Tháng 8", "Có thể hiểu: tháng 8/2023; hoặc tháng 8/2024. Mời thầy cô chọn"),
        ("Đã hoàn thành", "là tình trạng công việc, chưa phải thời gian"),
        ("", "chưa ghi thời gian"),
        ("31/02/2024", "Không có ngày này trong lịch, mời thầy cô xem lại"),
        ("sớm", "Chưa đọc được, vẫn in đúng như đã gõ"),
    ],
)
def test_time(phrase: str, words: str, book: CalendarBook) -> None:
    assert time_words(read_time(phrase, 2023, book)) == words


@pytest.mark.parametrize(
    ("phrase", "words"),
    [
        ("HT, KT, GV", "chủ trì: hiệu trưởng; phối hợp: kế toán, giáo viên"),
        ("GV", "chủ trì: giáo viên"),
        ("phối hợp: GV", "chủ trì: chưa rõ; phối hợp: giáo viên"),
        ("HT, XYZT", "chủ trì: hiệu trưởng; phối hợp: XYZT; chưa rõ chữ viết tắt: XYZT"),
        ("", "chưa ghi người thực hiện"),
    ],
)
def test_people(phrase: str, words: str) -> None:
    assert people_words(read_people(phrase)) == words
