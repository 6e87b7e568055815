"""No bit of a signed file can be turned over unnoticed, not even where no digest reaches."""

from __future__ import annotations

import pytest

from plans.signing.verify import verify
from tests.factories import pki
from tests.plans.signing.making import Nss, sign, stamper, trust
from tests.plans.signing.raw import base, prepared

FLIPS = 700  # of each file


def _unnoticed(pdf: bytes) -> list[tuple[int, int]]:
    """Return place and bit of each flip that is not told, of FLIPS spread evenly over the file."""
    assert verify(pdf, trust=trust()).valid
    bits = len(pdf) * 8
    missed = []
    for index in range(FLIPS):
        place, bit = divmod(index * bits // FLIPS, 8)
        flipped = bytearray(pdf)
        flipped[place] ^= 1 << bit
        if verify(bytes(flipped), trust=trust()).valid:
            missed.append((place, bit))
    return missed


@pytest.mark.slow
def test_each_flip_in_a_signed_file_is_told():
    pdf = sign(base())

    assert _unnoticed(pdf) == []


@pytest.mark.slow
def test_each_flip_in_a_file_with_a_time_stamp_is_told():
    pdf = sign(base(), stamp=stamper())

    assert _unnoticed(pdf) == []


@pytest.mark.slow
def test_each_flip_in_the_signature_of_another_program_is_told(tmp_path):
    pdf = Nss(tmp_path, pki.principal()).sign(prepared(), pki.principal(), "NguoiKy")

    assert _unnoticed(pdf) == []
