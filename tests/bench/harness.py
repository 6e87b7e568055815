"""Takes ways of doing one thing in turn and says how many times slower each is than the first.

In turn, for a busy machine is then busy for all of them; medians, for a pause hits one round and not the rest.
"""

import gc
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

Way = Callable[[], object]


@dataclass(frozen=True)
class Measure:
    """One way's times: medians and extremes in milliseconds; `ratio` is to the bench's first way."""

    way: str
    median_ms: float
    least_ms: float
    most_ms: float
    ratio: float


@dataclass(frozen=True)
class Table:
    """A bench's name and its ways' measures, in the order they were given."""

    name: str
    rounds: int
    measures: tuple[Measure, ...]

    def text(self) -> str:
        """Return the table as lines for a terminal."""
        width = max(len(measure.way) for measure in self.measures)
        lines = [f"{self.name} ({self.rounds} rounds, in turn)"]
        lines += [
            f"  {one.way:<{width}}  {one.median_ms:>10.2f} ms  "
            f"({one.least_ms:.2f} to {one.most_ms:.2f})  x {one.ratio:.2f}"
            for one in self.measures
        ]
        return "\n".join(lines)


def _milliseconds(way: Way) -> float:
    started = perf_counter()
    way()
    return (perf_counter() - started) * 1000


def compare(name: str, ways: Mapping[str, Way], *, rounds: int = 15) -> Table:
    """Run every way once unmeasured (imports, caches), then each once a round; the first is the measure of all.

    Raises ValueError when there is no way or no round.
    """
    if not ways or rounds < 1:
        raise ValueError("a bench needs one way and one round at least")
    for way in ways.values():
        way()
    times: dict[str, list[float]] = {label: [] for label in ways}
    gc.collect()
    gc.disable()  # a collection would be charged to whoever happens to run
    try:
        for _ in range(rounds):
            for label, way in ways.items():
                times[label].append(_milliseconds(way))
            gc.collect()
    finally:
        gc.enable()
    first = median(next(iter(times.values())))
    measures = tuple(
        Measure(
            way=label,
            median_ms=median(taken),
            least_ms=min(taken),
            most_ms=max(taken),
            ratio=median(taken) / first if first else 0.0,
        )
        for label, taken in times.items()
    )
    return Table(name=name, rounds=rounds, measures=measures)


def write_json(tables: list[Table], path: Path) -> None:
    """Write the tables as JSON, for a later run to be held against."""
    text = json.dumps([asdict(table) for table in tables], ensure_ascii=False, indent=2)
    path.write_text(text + "\n", encoding="utf-8")
