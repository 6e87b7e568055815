"""manage.py read_phrases on every phrase of the table: one object a line, exactly the documented keys."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.plans.phrases.phrase_table import MONEY, PEOPLE, TIMES


def _run(monkeypatch: pytest.MonkeyPatch, text: str | bytes, *options: str) -> list[str]:
    data = text.encode() if isinstance(text, str) else text
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data), encoding="ascii"))
    out = io.StringIO()
    call_command("read_phrases", "--year", "2023", *options, stdout=out)
    return out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("kind", "rows"),
    [("time", TIMES), ("money", MONEY), ("people", PEOPLE)],
    ids=lambda one: str(one)[:6],
)
def test_every_phrase_means_what_the_table_says(
    kind: str, rows: Sequence[tuple[str, dict[str, Any]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = _run(monkeypatch, "".join(f"{kind}\t{phrase}\n" for phrase, _ in rows), "--json")

    assert [
        (phrase, json.loads(line)) for (phrase, _), line in zip(rows, lines, strict=True)
    ] == rows


def test_the_table_has_a_hundred_phrases() -> None:
    assert (len(TIMES), len(MONEY), len(PEOPLE)) == (50, 27, 23)


def test_bad_lines_get_an_answer_and_do_not_stop_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _run(
        monkeypatch, b"\xef\xbb\xbftime\tHKI\r\n\nkhac\tHKI\nmoney 5tr\nmoney\t\xff5tr\n", "--json"
    )

    answers = [json.loads(line) for line in lines]
    assert [one.get("state", "error" in one) for one in answers] == [
        "known",
        True,
        True,
        True,
        "known",
    ]


def test_without_json_a_person_can_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = _run(
        monkeypatch, "money\t30-40 triệu/năm\npeople\tHT, KT\ntime\ttrước 16/12/2026\nsai\n"
    )

    assert lines == [
        "30-40 triệu/năm → 30–40 triệu đồng mỗi năm · nguồn: chưa rõ",
        "HT, KT → chủ trì: hiệu trưởng; phối hợp: kế toán",
        "trước 16/12/2026 → hạn: 15/12/2026",
        "Lỗi: Dòng phải có dạng: loại (money, time hoặc people), dấu TAB, cụm từ.",
    ]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--year", "1"], "Năm học phải từ 1900 đến 2100"),
        (["--year", "2023", "--calendar", "khong-co.json"], "Không đọc được lịch năm học"),
    ],
)
def test_unusable_year_or_calendar_is_refused(options: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("read_phrases", *options)


def test_a_province_may_have_its_own_calendar(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = {
        "starts": (0, 9, 5),
        "first_term_ends": (1, 1, 10),
        "second_term_starts": (1, 1, 12),
        "ends": (1, 5, 25),
        "summer_starts": (1, 6, 1),
        "summer_ends": (1, 8, 20),
    }
    content = {name: {"year": y, "month": m, "day": d} for name, (y, m, d) in points.items()}
    file = tmp_path / "tinh.json"
    file.write_text(json.dumps({"schema": "school-calendar/1"} | content))

    lines = _run(monkeypatch, "time\tHKI\n", "--json", "--calendar", str(file))

    answer = json.loads(lines[0])
    assert (answer["start"], answer["end"]) == ("2023-09-05", "2024-01-10")
