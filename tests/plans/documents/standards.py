"""What every PDF of the program keeps to: PDF/A-2a and PDF/UA-1 in one file, as veraPDF judges it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.plans.documents.verapdf import check_pdf


def assert_keeps_standards(paths: Sequence[Path]) -> None:
    """Let veraPDF find nothing in any of the files; skips, with its reason, where veraPDF is absent."""
    try:
        verdicts = check_pdf.check_all(list(paths))
    except check_pdf.VeraPdfMissing as missing:
        pytest.skip(str(missing))

    assert [(verdict.path, verdict.broken) for verdict in verdicts if not verdict.compliant] == []
    assert len(verdicts) == 2 * len(paths)
