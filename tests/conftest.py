"""A strict house: what a page or query gets away with in production fails here.

Warnings are errors (pyproject.toml), an unknown template variable fails, an unordered queryset comes in any
order, nobody speaks to the network, and no test sees another's cache or files.
"""

import inspect
import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db.models.expressions import OrderBy
from django.db.models.functions import Random
from django.db.models.sql import compiler
from django.template import base as template_base
from django.template.base import UNKNOWN_SOURCE

ROOT = Path(__file__).resolve().parent.parent


# --- no network --------------------------------------------------------------------------------------------


def _is_this_machine(host: str | bytes | None) -> bool:
    host = host.decode() if isinstance(host, bytes) else host
    if host in {None, "", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


class NetworkRefusedError(RuntimeError):
    """A test asked for another machine."""


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection but to this machine; a RuntimeError, so that no `except OSError` hides it."""
    connect, connect_ex, getaddrinfo = (
        socket.socket.connect,
        socket.socket.connect_ex,
        socket.getaddrinfo,
    )

    def refuse(family: int, address: Any) -> None:
        if family != socket.AF_UNIX and not _is_this_machine(address[0]):
            raise NetworkRefusedError(f"a test may not connect to {address!r}")

    def checked_connect(self: socket.socket, address: Any) -> None:
        refuse(self.family, address)
        return connect(self, address)

    def checked_connect_ex(self: socket.socket, address: Any) -> int:
        refuse(self.family, address)
        return connect_ex(self, address)

    def checked_getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        if not _is_this_machine(host):
            raise NetworkRefusedError(f"a test may not look up {host!r}")
        return getaddrinfo(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", checked_connect)
        patch.setattr(socket.socket, "connect_ex", checked_connect_ex)
        patch.setattr(socket, "getaddrinfo", checked_getaddrinfo)
        yield


# --- unknown template variables ----------------------------------------------------------------------------


def _is_ours(origin: str) -> bool:
    """Return whether a template file lies in the house; one made from a string counts as ours."""
    path = Path(origin)
    return origin == UNKNOWN_SOURCE or (
        path.is_relative_to(ROOT) and ".venv" not in path.relative_to(ROOT).parts
    )


class _UnknownVariable:
    """Stands as `string_if_invalid`: fails for our own templates, is "" for those of packages.

    `{% if %}` never asks for it, and neither does `{{ x|default:… }}` (see below): both say that the variable
    may be missing.
    """

    def __contains__(self, text: str) -> bool:
        return text == "%s"

    def __mod__(self, variable: object) -> str:
        origin = next(
            (
                node.origin.name
                for frame in inspect.stack()
                if frame.function == "render_annotated"
                and getattr(node := frame.frame.f_locals.get("self"), "origin", None)
            ),
            UNKNOWN_SOURCE,
        )
        if not _is_ours(origin):
            return ""
        pytest.fail(f"{origin}: unknown variable {variable}")


@pytest.fixture(scope="session", autouse=True)
def _unknown_variables_fail() -> Iterator[None]:
    resolve = template_base.FilterExpression.resolve

    def forgiving_default(
        self: template_base.FilterExpression, context: Any, ignore_failures: bool = False
    ) -> Any:
        first = self.filters[0][0].__name__ if self.filters else ""
        return resolve(self, context, ignore_failures or first == "default")

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(settings.TEMPLATES[0]["OPTIONS"], "string_if_invalid", _UnknownVariable())
        patch.setattr(template_base.FilterExpression, "resolve", forgiving_default)
        yield


# --- unordered querysets -----------------------------------------------------------------------------------


@pytest.fixture(scope="session", autouse=True)
def _unordered_comes_shuffled() -> Iterator[None]:
    """Add ORDER BY RANDOM() where a query says no order, so that no test passes by luck of the heap.

    Left alone: what has no order to speak of (aggregates, GROUP BY, EXISTS, subqueries, UNION) and SELECT
    DISTINCT, where PostgreSQL wants the order among the columns.
    """
    # PostgreSQL's compilers are subclasses of these.
    other_than_reading = (
        compiler.SQLAggregateCompiler,
        compiler.SQLDeleteCompiler,
        compiler.SQLInsertCompiler,
        compiler.SQLUpdateCompiler,
    )
    order_by_pairs = compiler.SQLCompiler._order_by_pairs

    def shuffled(self: compiler.SQLCompiler) -> Iterator[tuple[Any, bool]]:
        said = False
        for pair in order_by_pairs(self):
            said = True
            yield pair
        query = self.query
        if not (
            said
            or isinstance(self, other_than_reading)
            or query.subquery
            or query.group_by is not None
            or query.distinct
            or query.combinator
            or query.get_meta() is None
            or query.select_for_update
            or "a" in query.annotations  # how exists() asks
            or any(one.contains_aggregate for one in query.annotation_select.values())
        ):
            yield OrderBy(Random()), False

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiler.SQLCompiler, "_order_by_pairs", shuffled)
        yield


# --- nothing left over -------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def _own_cache_and_media(tmp_path: Path) -> Iterator[None]:
    """Give each test an empty cache and its own folder for uploads."""
    cache.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
        yield
    cache.clear()
