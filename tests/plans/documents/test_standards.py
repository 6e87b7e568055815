"""PDF/A-2a and PDF/UA-1: sixteen rules always, by pdfua; all of them where Java and veraPDF are there."""

import pdfua
import pytest

from plans.documents.pdf import pdf_bytes
from tests.plans.documents import samples
from tests.plans.documents.standards import assert_keeps_standards
from tests.plans.documents.test_hostile import STRANGE, everywhere

DOCUMENTS = {
    "plan": samples.plan(8),
    "minutes": samples.minutes(),
    "empty": samples.document(),
    "strange": everywhere(" ".join(STRANGE)),
}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pdf")
    written = {name: folder / f"{name}.pdf" for name in DOCUMENTS}
    for name, path in written.items():
        path.write_bytes(pdf_bytes(DOCUMENTS[name]))
    return written


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_pdf_is_accessible_as_far_as_pdfua_looks(files, name):
    report = pdfua.validate(files[name])

    assert [str(finding) for finding in report.findings] == []


def test_verapdf_finds_pdf_a_2a_and_pdf_ua_1(files):
    assert_keeps_standards(list(files.values()))
