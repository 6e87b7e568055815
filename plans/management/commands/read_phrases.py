"""manage.py read_phrases: what the program understands of an office's own lists of phrases."""

import json
import sys
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from plans.phrases.calendars import CalendarBook, load_calendar_book
from plans.phrases.money import SOURCES, read_money
from plans.phrases.people import read_people
from plans.phrases.time_values import TimeReading
from plans.phrases.times import read_time
from plans.phrases.wording import money_words, people_words, time_words

CALENDAR = Path(__file__).resolve().parents[3] / "fixtures" / "places" / "school_calendar.json"
FIRST_YEAR, LAST_YEAR = 1900, 2100


@dataclass(frozen=True)
class _Reader:
    """How one kind of phrase becomes a value for a machine and a line for a person."""

    values: Callable[[str], dict[str, Any]]
    words: Callable[[str], str]


class Command(BaseCommand):
    """Đọc các cụm từ về kinh phí, thời gian, con người."""

    help = (
        "Đọc từ đầu vào chuẩn các dòng “loại<TAB>cụm từ” và in điều chương trình hiểu được, mỗi dòng một kết quả.\n"
        "loại: money (kinh phí), time (thời gian), people (người thực hiện).\n\n"
        "Khóa của nguồn kinh phí (sources):\n"
        + "\n".join(f"  {key}: {label}" for key, label in SOURCES.items())
        + '\n\nDòng không đúng dạng cho ra {"error": …}; các dòng khác vẫn được đọc, mã thoát là 0.'
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """Keep the lines of the help text as they are."""
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.formatter_class = RawDescriptionHelpFormatter
        return parser

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the plan's school year and the shape of the answer."""
        parser.add_argument(
            "--year", type=int, required=True, help="năm đầu của năm học, ví dụ 2023 cho 2023-2024"
        )
        parser.add_argument(
            "--json", action="store_true", help="in mỗi kết quả là một đối tượng JSON"
        )
        parser.add_argument(
            "--calendar",
            type=Path,
            default=CALENDAR,
            help="tệp lịch năm học (mặc định: khung chung)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Answer line by line. Raises CommandError for a year or a calendar that cannot be used."""
        if not FIRST_YEAR <= options["year"] <= LAST_YEAR:
            raise CommandError(f"Năm học phải từ {FIRST_YEAR} đến {LAST_YEAR}.")
        try:
            book = load_calendar_book(options["calendar"])
        except (OSError, ValueError) as error:
            raise CommandError(f"Không đọc được lịch năm học: {error}") from error
        readers = _readers(options["year"], book)
        # Bytes, so that the machine's own encoding and a stray byte do not matter.
        stream = getattr(sys.stdin, "buffer", sys.stdin)
        for line in stream:
            text = line.decode("utf-8-sig", "replace") if isinstance(line, bytes) else line
            self.stdout.write(_answer(text.rstrip("\r\n"), readers, as_json=options["json"]))


def _readers(year: int, book: CalendarBook) -> dict[str, _Reader]:
    return {
        "money": _Reader(_money, lambda text: money_words(read_money(text))),
        "time": _Reader(
            lambda text: _time(read_time(text, year, book)),
            lambda text: time_words(read_time(text, year, book)),
        ),
        "people": _Reader(_people, lambda text: people_words(read_people(text))),
    }


def _answer(line: str, readers: dict[str, _Reader], *, as_json: bool) -> str:
    kind, tab, phrase = line.partition("\t")
    reader = readers.get(kind.strip().lower())
    if not tab or reader is None:
        error = "Dòng phải có dạng: loại (money, time hoặc people), dấu TAB, cụm từ."
        return json.dumps({"error": error}, ensure_ascii=False) if as_json else f"Lỗi: {error}"
    if as_json:
        return json.dumps(reader.values(phrase), ensure_ascii=False)
    return f"{phrase.strip() or '(ô trống)'} → {reader.words(phrase)}"


def _money(text: str) -> dict[str, Any]:
    reading = read_money(text)
    return {
        "state": reading.state,
        "min": reading.min,
        "max": reading.max,
        "per_year": reading.per_year,
        "estimate": reading.estimate,
        "sources": list(reading.sources),
    }


def _bounds(reading: TimeReading) -> dict[str, Any]:
    return {
        "start": reading.start.isoformat() if reading.start else None,
        "end": reading.end.isoformat() if reading.end else None,
        "start_precision": reading.start_precision,
        "end_precision": reading.end_precision,
        "school_year": reading.school_year,
    }


def _time(reading: TimeReading) -> dict[str, Any]:
    return {
        "state": reading.state,
        **_bounds(reading),
        "recurring": reading.recurring,
        "readings": [{"label": one.label, **_bounds(one)} for one in reading.readings],
    }


def _people(text: str) -> dict[str, Any]:
    reading = read_people(text)
    return {"lead": reading.lead, "partners": list(reading.partners)}
