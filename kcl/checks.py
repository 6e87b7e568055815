"""System checks of the installation: what would go wrong later and silently is said at the start."""

from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

# A checkpoint that races a commit of another connection can corrupt a WAL database in these versions
# ("WAL-reset" bug of SQLite, mended in 3.51.3).
FIRST_AFFECTED = (3, 7, 0)
FIRST_MENDED = (3, 51, 3)


def sqlite_is_safe(*, databases: Any = None, **_: Any) -> list[CheckMessage]:
    """Return kcl.E001 where a SQLite database would be written in WAL mode by an affected library; else []."""
    connection = connections["default"]
    if connection.vendor != "sqlite":
        return []
    version = connection.Database.sqlite_version_info  # type: ignore[attr-defined]  # every backend has one
    pragmas = connection.settings_dict["OPTIONS"].get("init_command", "")
    return unsafe_library(version) if "journal_mode=WAL" in pragmas else []


def unsafe_library(version: tuple[int, ...]) -> list[CheckMessage]:
    """Return kcl.E001 for a version of SQLite that can corrupt a WAL database; [] for any other."""
    if not FIRST_AFFECTED <= version < FIRST_MENDED:
        return []
    told = ".".join(map(str, version))
    return [
        Error(
            f"Thư viện SQLite {told} có lỗi có thể làm hỏng dữ liệu khi nhiều người cùng lưu.",
            hint="Cài gói pysqlite3 trong requirements.txt, hoặc đặt DATABASE_URL để dùng PostgreSQL.",
            id="kcl.E001",
        )
    ]
