"""What 2,000 typed phrases cost to read: the aim is less than a second for each kind."""

from collections.abc import Callable, Iterator
from functools import partial

from plans.phrases.calendars import load_calendar_book
from plans.phrases.money import read_money
from plans.phrases.people import read_people
from plans.phrases.times import read_time
from tests.bench.harness import Table, compare
from tests.plans.phrases.conftest import FIXTURE
from tests.plans.phrases.phrase_table import MONEY, PEOPLE, TIMES, Row

COUNT = 2_000


def _read(rows: list[Row], read: Callable[[str], object]) -> None:
    phrases = [phrase for phrase, _ in rows]
    for number in range(COUNT):
        read(phrases[number % len(phrases)])


def bench(rounds: int) -> Iterator[Table]:
    """Yield one table: 2,000 phrases of each kind, those of the tests over and over."""
    book = load_calendar_book(FIXTURE)
    yield compare(
        "2,000 phrases",
        {
            "time": partial(_read, TIMES, lambda text: read_time(text, 2023, book)),
            "money": partial(_read, MONEY, read_money),
            "people": partial(_read, PEOPLE, read_people),
        },
        rounds=rounds,
    )
