"""What is to be told every day, named by the rooms that know it: this room stands below all of them."""

import logging
from collections.abc import Callable
from datetime import date

logger = logging.getLogger(__name__)

Source = Callable[[date], object]

_SOURCES: dict[str, Source] = {}


def daily(source: Source) -> Source:
    """Let `source` be called once a day with the day; it calls tell() with keys that name day and matter.

    It may be called twice for one day, after a restart. To be used as a decorator, too.
    """
    _SOURCES[f"{source.__module__}.{source.__qualname__}"] = source
    return source


def run_daily(on: date) -> list[str]:
    """Call every source for the day `on`; return the names of those that failed (their errors are logged).

    One that fails stops no other.
    """
    failed = []
    for name, source in sorted(_SOURCES.items()):
        try:
            source(on)
        except Exception:
            logger.exception("daily source %s", name)
            failed.append(name)
    return failed
