"""How often one place may look documents up: enough for a school's whole staff room, too little for guessing."""

from __future__ import annotations

import time
from ipaddress import IPv6Address, ip_address, ip_network

from django.core.cache import cache

PERIOD = 10 * 60  # seconds
LOOKS = 120
MISSES = 30


def seconds_to_wait(address: str | None, *, at: float | None = None) -> int:
    """Return for how many seconds an address has to wait; 0 when it may look something up.

    `at` is a moment in seconds since 1970, default now. Counts stand in the cache by period; under parallel
    requests a few may be lost, which a code of 59 bits bears.
    """
    now = time.time() if at is None else at
    looks, misses = cache.get(_key(address, now), (0, 0))
    if looks < LOOKS and misses < MISSES:
        return 0
    return PERIOD - int(now) % PERIOD


def count_look(
    address: str | None, *, missed: bool, at: float | None = None, weight: int = 1
) -> None:
    """Count `weight` looks of an address, and with `missed` that one found nothing."""
    now = time.time() if at is None else at
    looks, misses = cache.get(_key(address, now), (0, 0))
    cache.set(_key(address, now), (looks + weight, misses + missed), timeout=PERIOD)


def _key(address: str | None, now: float) -> str:
    return f"looks:{_place(address)}:{int(now) // PERIOD}"


def _place(address: str | None) -> str:
    """Return what is counted as one place: an IPv4 address, or the /64 that one household of IPv6 has."""
    parsed = ip_address(address) if address else None
    if isinstance(parsed, IPv6Address):
        return ip_network((parsed, 64), strict=False).network_address.exploded.replace(":", ".")
    return str(parsed)
