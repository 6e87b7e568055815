"""What is read from typed words: weaknesses and what turns them, names, numbers, and any text at all in time."""

from time import process_time

import pytest

from plans.checking.reading import read, settle
from plans.checking.vocabulary import vocabulary


@pytest.mark.parametrize(
    ("typed", "settled"),
    [
        ("Hoà  bình", "hoa2 binh2"),
        ("hòa bình", "hoa2 binh2"),
        ("Thiết bị cũ", "thiêt1 bi5 cu4"),
        ("thiết bị cụ", "thiêt1 bi5 cu5"),
        ("2025 – 2026", "2025 - 2026"),
        ("Thie\u0302\u0301u đồ chơi", "thiêu1 đô2 chơi"),
        ("", ""),
    ],
)
def test_settled_words_differ_only_where_their_sense_does(typed: str, settled: str) -> None:
    assert settle(typed) == settled


@pytest.mark.parametrize(
    ("target", "weakness"),
    [
        ("Nhân viên kế toán kiêm nhiệm văn thư", "kiêm nhiệm"),
        ("Máy chiếu hư hỏng", "hư hỏng"),
        ("Giáo viên chưa linh hoạt trong tổ chức hoạt động", "chưa"),
        ("Sân chơi còn thiếu đồ chơi", "thiếu"),
        ("Đủ máy chiếu nhưng phòng máy xuống cấp", "xuống cấp"),
        ("Phòng học đủ bàn ghế. Bếp ăn chật hẹp.", "chật hẹp"),
        ("Không còn phòng học xuống cấp", ""),
        ("Bổ sung đồ chơi còn thiếu", ""),
        ("Không có trẻ thiếu cân", ""),
        ("Thiết bị không thiếu so với danh mục", ""),
        ("Nhân viên kiêm nhiệm có chứng chỉ văn thư", ""),
        ("Đạt mức 2", ""),
        ("Dụng cụ dạy học đầy đủ", ""),
        ("", ""),
    ],
)
def test_weakness_is_told_from_a_target(target: str, weakness: str) -> None:
    assert read(target).weakness == weakness


@pytest.mark.parametrize(
    ("typed", "schools"),
    [
        ("Trường Mầm non Hoa Sen, xã An Phú", ("Hoa Sen",)),
        (
            "học tập tại trường THCS Hướng Dương và trường Tiểu học Bình Minh",
            ("Hướng Dương", "Bình Minh"),
        ),
        ("TRƯỜNG MẦM NON HOA SEN", ("HOA SEN",)),
        ("đối với trường mầm non", ()),
        ("xây dựng Trường Mầm non Đạt chuẩn quốc gia", ()),
    ],
)
def test_school_names_are_the_capitalised_words_after_the_kind(
    typed: str, schools: tuple[str, ...]
) -> None:
    assert read(typed).schools == schools


@pytest.mark.parametrize(
    ("typed", "jumps"),
    [
        ("1. a\n2. b\n3. c", ()),
        ("1. a\n3. b", ((1, 3),)),
        ("I. a\nIII. b\nVI. c", ((1, 3), (3, 6))),
        ("I. a\n1. b\n2. c\nII. d\n1. e", ()),
        ("1. a\n1. b", ()),
        ("2. a\n2. b", ((2, 2),)),
        ("Điểm 1.5 và 3.5", ()),
    ],
)
def test_numbers_count_on_or_begin_anew(typed: str, jumps: tuple[tuple[int, int], ...]) -> None:
    assert read(typed).jumps == jumps


@pytest.mark.parametrize(
    ("typed", "left"),
    [
        ("Số …./KH-MNHS", "Số …"),
        ("Quyết định số.../QĐ-UBND", "số..."),
        ("Họ tên: xxx", "xxx"),
        ("[ghi tên trường]", "[ghi tên trường]"),
        ("Minh chứng [H1-1.1-01]", ""),
        ("bàn, ghế, tủ...", ""),
        ("bàn, ghế, tủ…", ""),
    ],
)
def test_blanks_left_are_told_from_and_so_on(typed: str, left: str) -> None:
    assert read(typed).leftover == left


@pytest.mark.parametrize(
    ("typed", "is_there"),
    [
        ("Liên hệ 0912345678", True),
        ("Mã 038215001234 của cháu", True),
        ("1.500.000.000 đồng", False),
        ("150000000đ", False),
        ("Minh chứng H1-1.1-012345678", False),
        ("Số 5932/BGDĐT-QLCL", False),
    ],
)
def test_long_numbers_are_told_from_money_and_codes(typed: str, is_there: bool) -> None:
    assert bool(read(typed).long_number) is is_there


HARD = {
    "một chữ dài": "d" * 100_000,
    "khoảng trắng": "số" + " " * 100_000,
    "dấu": "a\u0323" * 50_000,
    "ngoặc": "[" * 100_000,
    "liên từ": "nhưng chưa " * 9_000,
    "tên": "trường mầm non " + "A " * 40_000,
    "số": "1" * 100_000,
    "chấm": "." * 100_000,
}


@pytest.mark.parametrize("typed", HARD.values(), ids=HARD)
def test_any_text_is_read_in_time(typed: str) -> None:
    started = process_time()

    read(typed)

    # A tenth of this on an idle machine; a pattern that walks back and forth takes minutes.
    assert process_time() - started < 2


def test_every_word_of_the_vocabulary_is_found_by_itself() -> None:
    weakness = vocabulary().weakness

    assert [
        w for w in (*weakness.words, *weakness.soft) if not read(f"Phòng học {w}").weakness
    ] == []
    assert [
        b.words[0] for b in vocabulary().ended_bodies if not read(b.words[0]).ended_bodies
    ] == []
