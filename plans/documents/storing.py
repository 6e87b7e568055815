"""A document as plain JSON and back: what an issued one is kept as, beside the bytes of its files.

Classes and enums go by the names they have in `tree`; a field that has its default is left out, so a tree that
was kept before a field came about is read with that field's default.
"""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any

from plans.documents import tree
from plans.documents.tree import Document

_KIND = "is"  # beside the fields of a node stands which node it is
_VALUE = "value"


class UnreadableTree(ValueError):
    """What was kept is no document of this program, or one of a newer version of it."""


def tree_as_json(document: Document) -> dict[str, Any]:
    """Return the document as objects, lists, strings and numbers; `tree_from_json` gives it back equal."""
    kept: dict[str, Any] = _kept(document)
    return kept


def tree_from_json(data: dict[str, Any]) -> Document:
    """Return the document that `tree_as_json` made `data` of. Raises UnreadableTree for anything else."""
    try:
        document = _read(data)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnreadableTree(str(error)) from error
    if not isinstance(document, Document):
        raise UnreadableTree(f"no document but {type(document).__name__}")
    return document


def _kept(value: Any) -> Any:
    if isinstance(value, Enum):
        return {_KIND: type(value).__name__, _VALUE: value.value}
    if isinstance(value, tuple):
        return [_kept(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        told = {f.name: getattr(value, f.name) for f in fields(value)}
        defaults = {f.name: f.default for f in fields(value) if f.default is not MISSING}
        said = {name: _kept(v) for name, v in told.items() if defaults.get(name, MISSING) != v}
        return {_KIND: type(value).__name__} | said
    return value


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_read(one) for one in value)
    if not isinstance(value, dict):
        return value
    kind = _node(value[_KIND])
    if issubclass(kind, Enum):
        return kind(value[_VALUE])
    return kind(**{name: _read(one) for name, one in value.items() if name != _KIND})


def _node(name: str) -> type[Any]:
    """Return the class of `tree` called `name`; nothing else of that module may be called up by data."""
    found = getattr(tree, name)
    if isinstance(found, type) and found.__module__ == tree.__name__:
        return found
    raise UnreadableTree(f"no node is called {name!r}")
