"""The installation's own checks bite where they should, and only there."""

import pytest
from django.db import connections

from kcl.checks import sqlite_is_safe, unsafe_library


@pytest.mark.parametrize(
    ("version", "found"),
    [
        ((3, 6, 23), []),
        ((3, 7, 0), ["kcl.E001"]),
        ((3, 40, 1), ["kcl.E001"]),
        ((3, 51, 2), ["kcl.E001"]),
        ((3, 51, 3), []),
        ((3, 53, 4), []),
    ],
)
def test_a_sqlite_that_can_corrupt_wal_is_refused(
    version: tuple[int, ...], found: list[str]
) -> None:
    assert [message.id for message in unsafe_library(version)] == found


def test_the_library_in_use_is_safe() -> None:
    assert sqlite_is_safe() == []


def test_the_check_looks_at_the_library_that_django_uses(monkeypatch: pytest.MonkeyPatch) -> None:
    connection = connections["default"]
    if connection.vendor != "sqlite":
        assert sqlite_is_safe() == []
        return
    monkeypatch.setattr(connection.Database, "sqlite_version_info", (3, 40, 1))

    assert [message.id for message in sqlite_is_safe()] == ["kcl.E001"]
