"""The harness of the benches."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.bench import harness
from tests.bench.harness import compare, write_json


def test_ways_run_in_turn_and_the_first_is_the_measure() -> None:
    calls: list[str] = []

    table = compare(
        "thử", {"a": lambda: calls.append("a"), "b": lambda: calls.append("b")}, rounds=3
    )

    assert calls == ["a", "b"] * 4
    assert [measure.way for measure in table.measures] == ["a", "b"]
    assert table.measures[0].ratio == 1.0


def test_slower_way_has_the_larger_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]

    def taking(seconds: float) -> Callable[[], None]:
        return lambda: clock.__setitem__(0, clock[0] + seconds)

    monkeypatch.setattr(harness, "perf_counter", lambda: clock[0])

    table = compare("thử", {"2 ms": taking(0.002), "6 ms": taking(0.006)}, rounds=3)

    assert [round(measure.ratio, 6) for measure in table.measures] == [1.0, 3.0]
    assert table.text().splitlines()[0] == "thử (3 rounds, in turn)"


def test_nothing_to_measure_is_refused() -> None:
    with pytest.raises(ValueError, match="one way"):
        compare("thử", {})


def test_tables_are_written_as_json(tmp_path: Path) -> None:
    write_json([compare("thử", {"a": int}, rounds=1)], tmp_path / "bench.json")

    (table,) = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    assert (table["name"], table["measures"][0]["way"]) == ("thử", "a")
