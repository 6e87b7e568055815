"""Short marks of official papers: phrases 101–112 of the table and their kin."""

import pytest

from plans.phrases.papers import (
    DocumentNumber,
    Progress,
    read_criterion,
    read_document_number,
    read_levels,
    read_mark,
    read_progress,
    spelled_out,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Số:     /KH-MNHS", DocumentNumber("", "KH-MNHS")),
        ("20a /KH-THTM", DocumentNumber("20a", "KH-THTM")),
        ("Số 15/KH-THBM", DocumentNumber("15", "KH-THBM")),
        (
            "Thông tư số…… /2018/TT-BGDĐT ngày 22/8/2018",
            DocumentNumber("", "2018/TT-BGDĐT"),
        ),
        ("không có số", None),
    ],
)
def test_document_number(text: str, number: DocumentNumber | None) -> None:
    assert read_document_number(text) == number


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("Đạt mức 2", (2,)),
        ("MỨC 1, 2, 3", (1, 2, 3)),
        ("cấp độ III", (3,)),
        ("mức độ 1 và 2", (1, 2)),
        ("Máy chiếu hư hỏng", ()),
    ],
)
def test_levels(text: str, levels: tuple[int, ...]) -> None:
    assert read_levels(text) == levels


@pytest.mark.parametrize(
    ("text", "code"),
    [("Tiêu chí 4.1...", "4.1"), ("Tiêu chí 3. 4", "3.4"), ("TIÊU CHÍ: 1.05", "1.5"), ("4.1", "")],
)
def test_criterion(text: str, code: str) -> None:
    assert read_criterion(text) == code


@pytest.mark.parametrize(
    ("text", "mark"), [("x", "met"), ("X", "met"), ("*", "no_such_level"), ("", ""), ("?", "")]
)
def test_mark(text: str, mark: str) -> None:
    assert read_mark(text) == mark


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("CSVC", "cơ sở vật chất"),
        ("BDTX", "bồi dưỡng thường xuyên"),
        ("XD", "xây dựng"),
        ("KH", "kế hoạch"),
        ("HSG", "học sinh giỏi"),
        ("KHKT", "khoa học kỹ thuật"),
        ("PCCC", "phòng cháy chữa cháy"),
        ("ABCD", ""),
    ],
)
def test_abbreviation(text: str, words: str) -> None:
    assert spelled_out(text) == words


@pytest.mark.parametrize(
    ("text", "progress"),
    [
        ("Đang thực hiện - 40%", Progress("under_way", 40)),
        ("Chưa bắt đầu", Progress("not_done", None, outside_form=True)),
        ("Hoàn thành", Progress("done")),
        ("Đã hoàn thành 100%", Progress("done", 100)),
        ("Chưa hoàn thành", Progress("not_done")),
        ("", Progress(None)),
    ],
)
def test_progress(text: str, progress: Progress) -> None:
    assert read_progress(text) == progress
