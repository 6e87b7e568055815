"""Years of the past in a text: which are found, what one click makes of them, what is left to the person."""

import pytest

from plans.planning.stale import Mention, shifted, stale_mentions


def found(text: str, **told: object) -> list[tuple[str, str | None]]:
    """Return (words, what one click would write) for a plan of 2026-2027."""
    mentions = stale_mentions(text, year=2026, **told)  # type: ignore[arg-type]
    assert [text[one.start : one.end] for one in mentions] == [one.words for one in mentions]
    return [(one.words, one.shifted) for one in mentions]


@pytest.mark.parametrize(
    ("text", "words", "proposal"),
    [
        ("trong năm học 2025-2026 nhằm", "2025-2026", "2026-2027"),
        ("Năm học 2025 - 2026", "2025 - 2026", "2026 - 2027"),
        ("năm học 2025–2026.", "2025–2026", "2026–2027"),
        ("năm học 2025/2026", "2025/2026", "2026/2027"),
        ("năm học 25-26", "năm học 25-26", "năm học 26-27"),
        ("Trước ngày 31/12/2025", "31/12/2025", "31/12/2026"),
        ("đến 31/5/2026", "31/5/2026", "31/5/2027"),
        ("30-9-2025", "30-9-2025", "30-9-2026"),
        (
            "trước ngày 10 tháng 10 năm 2025.",
            "ngày 10 tháng 10 năm 2025",
            "ngày 10 tháng 10 năm 2026",
        ),
        ("Từ tháng 10 năm 2025", "tháng 10 năm 2025", "tháng 10 năm 2026"),
        ("vào tháng 3/2026", "tháng 3/2026", "tháng 3/2027"),
        ("Tháng 01/2026", "Tháng 01/2026", "Tháng 01/2027"),
        ("làm trong 10/2025", "10/2025", "10/2026"),
        ("Quý IV/2025", "Quý IV/2025", "Quý IV/2026"),
        ("quý I năm 2026", "quý I năm 2026", "quý I năm 2027"),
        ("lập biên bản bàn giao trước ngày 31/5/2026", "31/5/2026", "31/5/2027"),
        ("tự kiểm tra ngày 14/4/2026", "14/4/2026", "14/4/2027"),
    ],
)
def test_last_years_words_are_found_and_moved_on(text: str, words: str, proposal: str) -> None:
    assert found(text) == [(words, proposal)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dự toán thu, chi năm 2025", "năm 2025"),
        ("Báo cáo giai đoạn từ năm học 2020-2021", "2020-2021"),
        (
            "Quyết định số 57/QĐ-THBM ngày 08 tháng 9 năm 2025 của Hiệu trưởng",
            "ngày 08 tháng 9 năm 2025",
        ),
        ("Kế hoạch 12/KH-UBND, 20/8/2025", "20/8/2025"),
        ("Thực hiện xong kiến nghị tại biên bản kiểm tra ngày 14/04/2026.", "14/04/2026"),
        ("Theo Biên bản lập ngày 14 tháng 4 năm 2026", "ngày 14 tháng 4 năm 2026"),
        ("Kiến nghị sau kiểm tra ngày 14/04/2026", "14/04/2026"),
    ],
)
def test_what_only_a_person_can_decide_is_marked_without_a_proposal(text: str, words: str) -> None:
    assert found(text) == [(words, None)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Thường xuyên trong năm học",
        "Năm học 2026-2027",
        "đánh giá ngoài ngày 12 tháng 11 năm 2021",
        "từ năm 2020",
        "năm 2026",
        "giai đoạn 2021-2025",
        "danh mục đầu tư công giai đoạn 2026-2028",
        "tháng 8/2026",
        "đến 31/5/2027",
        "Thông tư số 15/2025/TT-BGDĐT",
        "Thông tư 12/2022/TT-BTTTT",
        "Nghị định 30/2020/NĐ-CP",
        "2.540 bản sách (3,4 bản/học sinh)",
        "ngày 31/13/2025",
        "4.500.000 đồng, 12025-20266",
    ],
)
def test_what_names_no_year_of_the_past_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_words_of_two_years_ago_move_by_two() -> None:
    assert found("năm học 2024-2025, trước 31/12/2024", back=2) == [
        ("2024-2025", "2026-2027"),
        ("31/12/2024", "31/12/2026"),
    ]


def test_the_end_of_a_range_moves_with_its_beginning() -> None:
    assert found("Từ 05/9/2025 đến 31/8/2026") == [
        ("05/9/2025", "05/9/2026"),
        ("31/8/2026", "31/8/2027"),
    ]
    assert found("Từ tháng 10/2025 đến tháng 9/2026\nTháng 9/2026") == [
        ("tháng 10/2025", "tháng 10/2026"),
        ("tháng 9/2026", "tháng 9/2027"),
    ]
    assert found("Từ 05/9/2025 đến 31/12/2026") == [("05/9/2025", "05/9/2026")]


def test_a_day_that_the_next_year_has_not_is_left_to_the_person() -> None:
    (mention,) = stale_mentions("ngày 29/2/2024", year=2024)

    assert (mention.words, mention.shifted) == ("29/2/2024", None)


def test_a_report_speaks_of_the_year_before_and_nothing_in_it_moves() -> None:
    text = (
        "Năm học 2025-2026 xong ngày 06 tháng 6 năm 2025; giai đoạn từ năm học 2020-2021 đến năm học "
        "2024-2025; đánh giá ngoài ngày 12 tháng 11 năm 2021."
    )

    assert found(text, past=True) == [("ngày 06 tháng 6 năm 2025", None), ("2024-2025", None)]


def test_a_list_of_documents_is_only_marked_where_it_names_a_school_year() -> None:
    text = "Kế hoạch số 78/KH-UBND ngày 20 tháng 8 năm 2025 về nhiệm vụ năm học 2025-2026;"

    assert found(text, lines=True) == [("2025-2026", None)]


def test_shifting_changes_the_mentions_and_nothing_else() -> None:
    text = "Từ tháng 10/2025 đến  tháng 01/2026;\n dự toán năm 2025"

    mentions = stale_mentions(text, year=2026)

    assert shifted(text, mentions) == "Từ tháng 10/2026 đến  tháng 01/2027;\n dự toán năm 2025"
    assert shifted(text, []) == text
    assert shifted(text, [Mention(0, 2, "Từ", None)]) == text


def test_shifted_words_are_no_longer_stale() -> None:
    text = "năm học 2025-2026: từ 05/9/2025 đến 22/5/2026, quý II/2026"

    again = shifted(text, stale_mentions(text, year=2026))

    assert stale_mentions(again, year=2026) == ()


def test_long_hostile_text_is_read_in_passing() -> None:
    stale_mentions("2025-" * 20_000 + "năm " * 20_000 + "1/" * 20_000, year=2026)
