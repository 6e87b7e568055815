"""Every action that the house writes into its record has words."""

import ast
import re
from pathlib import Path

import pytest

from plans.overview.deeds import WORDS, deed_words, is_known
from plans.planning.states import MOVES

PLANS = Path(__file__).resolve().parents[3] / "plans"
NAME = re.compile(r"[a-z_]+\.[a-z_]+")


def _arguments(path: Path) -> list[ast.expr]:
    """Return the first argument of every call of record() in a module, also where it is starred."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if named and node.func.id in {"record", "_record"} and node.args:
            first = node.args[0]
            if isinstance(first, ast.Starred) and isinstance(first.value, ast.Tuple):
                first = first.value.elts[0]
            found.append(first)
    return found


def _actions() -> set[str]:
    """Return every action that a module which writes the record names: literally, by its verb, or by a variable."""
    found = set()
    for path in sorted(PLANS.rglob("*.py")):
        arguments = _arguments(path)
        for argument in arguments:
            if isinstance(argument, ast.JoinedStr) and isinstance(
                argument.values[-1], ast.Constant
            ):
                found.add(f"any{argument.values[-1].value}")  # f"{label}.change"
        if arguments:
            texts = (
                n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Constant)
            )
            found |= {
                text.value
                for text in texts
                if isinstance(text.value, str)
                and NAME.fullmatch(text.value)
                and not text.value.startswith("plans.")
            }
    return found


def test_every_action_of_the_house_has_words() -> None:
    actions = _actions()

    assert {"plan.open", "any.change", "campaign.extend", "council.remove"} <= actions
    assert {action for action in actions if not is_known(action)} == set()
    assert {move.name for move in MOVES if f"plan.{move.name}" not in WORDS} == set()


@pytest.mark.parametrize(
    ("action", "words"),
    [
        ("role.grant", "giao vai trò"),
        ("plan.return", "trả lại kế hoạch"),
        ("plantext.change", "sửa"),
        ("backoffice.add", "thêm"),
        ("from.another_program", "thay đổi"),
    ],
)
def test_action_is_told_by_its_name_else_by_its_verb(action: str, words: str) -> None:
    assert deed_words(action) == words
