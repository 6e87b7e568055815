"""What changed between two texts, word by word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import Enum
from itertools import groupby

# A word with the spaces before it, so that words added at the end leave the last old one alone; spaces at the
# very end are a piece too.
_WORDS = re.compile(r"\s*\S+|\s+")
_LINES = re.compile(r"[^\n]*\n|[^\n]+")
# Past this many comparisons words are too slow to match one by one; lines, then whole texts, stand for them.
_MOST = 1_000_000


class Kind(Enum):
    """What became of a run of words."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"
    CUT = "cut"  # words that are the same, left out of a short view


@dataclass(frozen=True, slots=True)
class Run:
    """Words that share one fate."""

    kind: str
    text: str


def word_diff(old: str, new: str) -> tuple[Run, ...]:
    """Return the runs that lead from `old` to `new`: all but "new" make up `old`, all but "gone" `new`."""
    left, right = _WORDS.findall(old), _WORDS.findall(new)
    head = _shared(left, right)
    tail = _shared(left[head:][::-1], right[head:][::-1])
    end_left, end_right = len(left) - tail, len(right) - tail
    runs = [
        Run(Kind.SAME.value, "".join(left[:head])),
        *_middle(left[head:end_left], right[head:end_right]),
        Run(Kind.SAME.value, "".join(left[end_left:])),
    ]
    return tuple(run for run in runs if run.text)


def _shared(left: Sequence[str], right: Sequence[str]) -> int:
    """Return how many pieces the two begin with in common."""
    count = 0
    for one, other in zip(left, right, strict=False):
        if one != other:
            break
        count += 1
    return count


def _middle(left: list[str], right: list[str]) -> Iterator[Run]:
    if len(left) * len(right) > _MOST:
        left, right = _LINES.findall("".join(left)), _LINES.findall("".join(right))
    if len(left) * len(right) > _MOST:
        yield from (Run(Kind.GONE.value, "".join(left)), Run(Kind.NEW.value, "".join(right)))
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Run(Kind.SAME.value, "".join(left[i1:i2]))
        else:
            yield Run(Kind.GONE.value, "".join(left[i1:i2]))
            yield Run(Kind.NEW.value, "".join(right[j1:j2]))


def old_side(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return what the older text shows: everything but the new words."""
    return tuple(run for run in runs if run.kind != Kind.NEW.value)


def new_side(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return what the newer text shows: everything but the words that went."""
    return tuple(run for run in runs if run.kind != Kind.GONE.value)


def shortened(runs: Sequence[Run], *, around: int = 8, most: int = 60) -> tuple[Run, ...]:
    """Return the runs for a line of a list: `around` words beside each change, at most `most` of a change."""
    short: list[Run] = []
    for place, run in enumerate(runs):
        words = _WORDS.findall(run.text)
        if run.kind != Kind.SAME.value:
            cut = [Run(Kind.CUT.value, " …")] if len(words) > most else []
            short += [Run(run.kind, "".join(words[:most])), *cut]
            continue
        before = words[:around] if place else []
        after = words[-around:] if place < len(runs) - 1 else []
        if len(before) + len(after) >= len(words):
            short.append(run)
            continue
        pieces = [(Kind.SAME, before), (Kind.CUT, [" …"]), (Kind.SAME, after)]
        short += [Run(kind.value, "".join(part)) for kind, part in pieces if part]
    return _joined(short)


def _joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """Return the runs with neighbours of one kind put together."""
    return tuple(
        Run(kind, "".join(run.text for run in same))
        for kind, same in groupby(runs, key=lambda run: run.kind)
    )
