"""The strictness of conftest.py, seen to bite."""

import socket
import warnings

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.template import Context, Template
from django.test.utils import CaptureQueriesContext

from tests.conftest import NetworkRefusedError


def test_warning_is_an_error() -> None:
    with pytest.raises(DeprecationWarning):
        warnings.warn("old", DeprecationWarning, stacklevel=1)


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "kcl.example"])
def test_network_is_refused(host: str) -> None:
    with pytest.raises(NetworkRefusedError):
        socket.create_connection((host, 80), timeout=1)


def test_own_machine_is_reached() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        socket.create_connection(server.getsockname()).close()


@pytest.mark.parametrize("text", ["{{ nobody }}", "{{ nobody|upper }}", "{{ request.nobody }}"])
def test_unknown_variable_fails(text: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="unknown variable"):
        Template(text).render(Context({"request": object()}))


@pytest.mark.parametrize(
    ("text", "expected"),
    [("{{ nobody|default:'-' }}", "-"), ("{% if nobody %}x{% else %}y{% endif %}", "y")],
)
def test_variable_may_be_missing_where_the_template_says_so(text: str, expected: str) -> None:
    assert Template(text).render(Context()) == expected


@pytest.mark.django_db
def test_unordered_queryset_is_shuffled_and_ordered_one_is_not() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        list(ContentType.objects.all())
        list(ContentType.objects.order_by("pk"))
        ContentType.objects.count()
        ContentType.objects.exists()

    assert ["RAND" in query["sql"] for query in queries] == [True, False, False, False]
