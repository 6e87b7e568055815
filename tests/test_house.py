"""Rules of the house that no single room can keep: doors, templates, migrations, help, words of every module."""

import ast
import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.template import TemplateDoesNotExist
from django.template.loader import get_template
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
CODE = [ROOT / name for name in ("kcl", "criteria", "plans")]
# Replacements of a package's own templates are looked up by that package.
FOR_PACKAGES = ("admin/", "bootstrap5/", "django/", "registration/")


def _sources() -> list[Path]:
    return [
        path for folder in CODE for path in folder.rglob("*.py") if "migrations" not in path.parts
    ]


# --- doors ------------------------------------------------------------------------------------------------


def _views(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, object]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}", entry.callback
        elif entry.namespace != "admin":
            yield from _views(entry, f"{entry.namespace}:" if entry.namespace else namespace)


def test_every_view_stands_behind_the_row_of_its_own_name() -> None:
    views = dict(_views(get_resolver()))

    assert views
    assert {name: getattr(view, "policy", None) for name, view in views.items()} == {
        name: name for name in views
    }


def test_every_row_of_the_policy_has_its_page() -> None:
    from plans.web.policy import POLICY

    assert set(POLICY) == {name for name, _ in _views(get_resolver())}


# --- templates --------------------------------------------------------------------------------------------


def _template_names() -> set[str]:
    return {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*") if path.is_file()}


def _named_in_code() -> set[str]:
    words = re.compile(r"""["']([\w/.-]+\.(?:html|txt)|plans/[\w/.-]+\.js)["']""")
    texts = [path.read_text() for path in [*_sources(), *TEMPLATES.rglob("*.html")]]
    return {name for text in texts for name in words.findall(text)}


def test_every_template_is_used() -> None:
    ours = {name for name in _template_names() if not name.startswith(FOR_PACKAGES)}

    assert ours - _named_in_code() == set()


def test_every_template_that_is_named_is_there() -> None:
    """An include of a missing part fails only when its branch is drawn."""
    named = {name for name in _named_in_code() if "/" in name}

    assert {name for name in named if not _is_there(name)} == set()


def _is_there(name: str) -> bool:
    try:
        return get_template(name) is not None
    except TemplateDoesNotExist:
        return False


@pytest.mark.parametrize("name", sorted(_template_names()))
def test_every_template_can_be_read(name: str) -> None:
    assert get_template(name)


def _pages() -> list[Path]:
    return [
        path
        for path in TEMPLATES.rglob("*.html")
        if '{% extends "base.html" %}' in path.read_text()
    ]


@pytest.mark.parametrize("page", _pages(), ids=lambda page: str(page.relative_to(TEMPLATES)))
def test_every_page_has_a_title_and_one_head(page: Path) -> None:
    text = page.read_text()
    named = [TEMPLATES / name for name in re.findall(r'{% include "([^"]+)"', text)]
    parts = [path for path in named if path.exists()]

    assert "{% block title %}" in text
    assert sum(one.read_text().count("<h1") for one in [page, *parts]) == 1


def test_help_has_a_part_for_every_page(db: None) -> None:
    anchors = set()
    for page in [*_pages(), TEMPLATES / "base.html"]:
        anchors |= set(re.findall(r"{% block help %}([\w-]+){% endblock", page.read_text()))
    parts = set(re.findall(r'id="([\w-]+)"', Client().get("/tro-giup/").content.decode()))

    assert anchors
    assert anchors - parts == set()


# --- database, modules ------------------------------------------------------------------------------------


def test_no_migration_is_missing(db: None) -> None:
    call_command("makemigrations", check=True, dry_run=True, stdout=StringIO())


@pytest.mark.parametrize("path", _sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text())

    assert not tree.body or ast.get_docstring(tree)
