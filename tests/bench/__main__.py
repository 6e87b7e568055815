"""`python -m tests.bench [NAME...] [--rounds N] [--json FILE]`: every bench_*.py here, or those named.

A bench module has `bench(rounds: int) -> Iterable[Table]`. They run with the tests' settings, on a database of
their own that is gone afterwards.
"""

import argparse
import os
from importlib import import_module
from pathlib import Path

import django
from django.test.utils import get_runner

from tests.bench.harness import Table, write_json

HERE = Path(__file__).parent


def _arguments(names: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of: {' '.join(names) or 'none'}")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(names):
        parser.error(f"no bench named {', '.join(sorted(unknown))}")
    return arguments


def main() -> None:
    """Run the benches asked for and print their tables."""
    names = sorted(path.stem.removeprefix("bench_") for path in HERE.glob("bench_*.py"))
    arguments = _arguments(names)
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from django.conf import settings  # after setup

    runner = get_runner(settings)(verbosity=0, interactive=False)
    runner.setup_test_environment()
    databases = runner.setup_databases()
    tables: list[Table] = []
    try:
        for name in arguments.names or names:
            for table in import_module(f"tests.bench.bench_{name}").bench(arguments.rounds):
                print(table.text(), flush=True)
                tables.append(table)
    finally:
        runner.teardown_databases(databases)
        runner.teardown_test_environment()
    if arguments.json:
        write_json(tables, arguments.json)


if __name__ == "__main__":
    main()
