"""Ground: a table of allowed moves between states, and the one way to ask it.

Each room's `states.py` fills a table; nothing else in the house knows which state may follow which.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

State = TypeVar("State", bound=str)


class MoveNotAllowed(Exception):
    """The thing is not in a state from which this move leads anywhere; the text is for the user."""


@dataclass(frozen=True)
class Move(Generic[State]):
    """One allowed move: its name, the states it leaves, the state it reaches, its word on a button.

    `permission` is what a person needs for it, `done` the words of the record ("trả lại kế hoạch"), and
    `wants_reason` says that it is not made without one.
    """

    name: str
    sources: frozenset[State]
    target: State
    label: str
    permission: str
    done: str
    wants_reason: bool = False


class MoveTable(Generic[State]):
    """All moves of one kind of thing."""

    def __init__(self, moves: Iterable[Move[State]]) -> None:
        self._moves = {move.name: move for move in moves}

    def __iter__(self) -> Iterator[Move[State]]:
        """Yield the moves in the order of the table."""
        return iter(self._moves.values())

    def __getitem__(self, name: str) -> Move[State]:
        """Return the move called `name`. Raises KeyError: a name in code is never a user's mistake."""
        return self._moves[name]

    def target(self, name: str, *, source: State) -> State:
        """Return the state that move `name` reaches from `source`.

        Raises MoveNotAllowed, with a sentence for the user, when the move does not leave `source`.
        """
        move = self._moves[name]
        if source not in move.sources:
            label = getattr(source, "label", source)
            raise MoveNotAllowed(f"Không thể “{move.label}” khi đang ở trạng thái “{label}”.")
        return move.target
