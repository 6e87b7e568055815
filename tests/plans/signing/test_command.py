"""manage.py verify_pdf: what it prints and how it ends."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from plans.signing.verify import verify
from tests.factories import pki
from tests.plans.signing.making import sign, trust
from tests.plans.signing.raw import base


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of trust with the tests' root."""
    folder = tmp_path / "tin-cay"
    folder.mkdir()
    (folder / "goc.pem").write_bytes(pki.root().pem)
    return folder


def _file(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "van-ban.pdf"
    file.write_bytes(content)
    return file


def test_valid_file_is_printed_as_json_and_ends_with_0(tmp_path, folder):
    pdf, out = sign(base()), StringIO()

    call_command("verify_pdf", _file(tmp_path, pdf), trust=folder, json=True, stdout=out)

    assert json.loads(out.getvalue()) == verify(pdf, trust=trust()).as_json()


def test_file_that_is_not_wholly_valid_ends_with_1(tmp_path, folder):
    file, out = _file(tmp_path, sign(base()) + b"x"), StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("verify_pdf", file, trust=folder, stdout=out)

    assert ended.value.code == 1
    lines = out.getvalue().splitlines()
    assert lines[0] == "Có dữ liệu được nối thêm vào cuối tệp."
    assert lines[1] == ("1. Lê Thị Mẫu Đơn: Chữ ký đúng, nhưng văn bản bị thay đổi sau khi ký.")
    assert lines[-1] == "- Có dữ liệu được nối thêm vào cuối tệp."


def test_file_without_signature_ends_with_1(tmp_path, folder):
    out = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("verify_pdf", _file(tmp_path, base()), trust=folder, json=True, stdout=out)

    assert ended.value.code == 1
    assert json.loads(out.getvalue()) == {"valid": False, "signatures": [], "changes_after": []}


def test_folder_of_the_settings_is_asked_by_default(tmp_path, folder, settings):
    settings.KCL_TRUST_DIR, out = str(folder), StringIO()

    call_command("verify_pdf", _file(tmp_path, sign(base())), stdout=out)

    assert out.getvalue().splitlines()[0] == (
        "Mọi chữ ký đều hợp lệ và văn bản không bị thay đổi sau khi ký."
    )


@pytest.mark.parametrize(
    ("file", "trusted", "words"),
    [
        ("khong-co.pdf", "tin-cay", "Không đọc được"),
        ("van-ban.pdf", "khong-co", "Không có thư mục"),
        ("van-ban.pdf", "", "Chưa biết tin tổ chức chứng thực nào"),
    ],
)
def test_what_cannot_be_read_ends_with_2(tmp_path, folder, settings, file, trusted, words):
    settings.KCL_TRUST_DIR = ""
    _file(tmp_path, sign(base()))
    where = tmp_path / trusted if trusted else None

    with pytest.raises(CommandError, match=words) as ended:
        call_command("verify_pdf", tmp_path / file, trust=where)

    assert ended.value.returncode == 2
