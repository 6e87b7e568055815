"""The hand-over package: what is in it, that it is always the same, and what its checker finds."""

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plans.issuing import package as packing
from plans.issuing.checking import NotAPackage, verify
from plans.issuing.enums import FileRole, SignatureRole
from plans.issuing.models import DocumentFile, IssuedDocument
from plans.issuing.package import folder_of, package, package_name
from tests.factories import issuing, pki, planning, schools
from tests.plans.signing import making

pytestmark = pytest.mark.django_db


@pytest.fixture
def document() -> IssuedDocument:
    """A document with both signatures, a sheet and a scan."""
    school = schools.school("Trường Mẫu giáo Hoa Sen", symbol="MGHS")
    document = issuing.issued_document(planning.plan(school))
    issuing.signature(document)
    issuing.signature(document, SignatureRole.SEAL, subject="Trường Mẫu giáo Hoa Sen")
    issuing.add_file(document, b"PK bang", FileRole.XLSX, name="Bảng tính.xlsx")
    issuing.add_file(document, b"%PDF-quet", FileRole.SCAN, name="../quét.pdf")
    return loaded(document)


def loaded(document: IssuedDocument) -> IssuedDocument:
    return IssuedDocument.objects.for_page().get(pk=document.pk)


def zipped(*documents: IssuedDocument, kind: str = "document") -> bytes:
    return b"".join(package(documents, kind=kind))


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def whole(document: IssuedDocument, tmp_path: Path) -> Path:
    path = tmp_path / "goi.zip"
    path.write_bytes(zipped(document))
    return path


# --- what is in it ----------------------------------------------------------------------------------------


def test_package_holds_every_file_byte_for_byte(document: IssuedDocument) -> None:
    files = members(zipped(document))

    assert list(files) == [
        *("manifest.json", "chu-ky.json", "van-ban.docx", "van-ban-chua-ky.pdf"),
        *("ban-quet-1.pdf", "van-ban-da-ky-1.pdf", "van-ban-da-ky-2.pdf", "van-ban.xlsx"),
    ]
    kept = {bytes(row.file.content) for row in DocumentFile.objects.filter(document=document)}
    assert set(list(files.values())[2:]) == kept


def test_manifest_names_document_and_files(document: IssuedDocument) -> None:
    files = members(zipped(document))

    manifest = json.loads(files["manifest.json"])
    facts = manifest["documents"][0]
    assert (manifest["schema"], manifest["kind"]) == (1, "document")
    assert (facts["number"], facts["code"]) == (document.full_number, document.code)
    assert (facts["issued_on"], facts["state"]) == ("2025-09-05", "in_force")
    for row in [*manifest["files"], *facts["files"]]:
        content = files[row["path"]]
        assert (row["sha256"], row["size"]) == (hashlib.sha256(content).hexdigest(), len(content))
    scan = next(row for row in facts["files"] if row["role"] == "scan")
    assert scan["role_words"] == "Bản quét văn bản giấy đã ký, đóng dấu"
    assert scan["name"] == "../quét.pdf"


def test_signatures_name_the_file_they_came_about_in(document: IssuedDocument) -> None:
    files = members(zipped(document))

    told = json.loads(files["chu-ky.json"])[0]["signatures"]
    assert [row["role"] for row in told] == ["signer", "seal"]
    assert [row["sha256"] for row in told] == [
        hashlib.sha256(files[f"van-ban-da-ky-{n}.pdf"]).hexdigest() for n in (1, 2)
    ]


def test_same_document_gives_the_same_bytes(document: IssuedDocument) -> None:
    assert zipped(document) == zipped(loaded(document))


def test_names_are_safe_everywhere(document: IssuedDocument) -> None:
    assert package_name(document) == f"truong-mau-giao-hoa-sen-{document.number}-KH-MGHS.zip"
    document.issuer_name, document.symbol = "../../Đường\\dẫn: “lạ”\x00" * 9, "KH/../x"

    assert folder_of(document).startswith("duong-dan-la-duong-dan-la")
    assert set(folder_of(document)) <= set("abcdefghijklmnopqrstuvwxyz0123456789-/KHX")
    assert folder_of(document).count("/") == 2


def test_office_package_keeps_namesakes_apart(tmp_path: Path) -> None:
    twins = [
        loaded(issuing.issued_document(planning.plan(schools.school("Trường Hoa Sen"))))
        for _ in range(2)
    ]
    path = tmp_path / "goi.zip"
    path.write_bytes(zipped(*twins, kind="office"))

    found = verify(path)

    assert found.faults == ()
    assert (found.documents, found.files) == (2, 5)
    assert len({name.split("/")[0] for name in members(path.read_bytes()) if "/" in name}) == 2


def test_files_are_read_when_their_turn_comes(
    document: IssuedDocument, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packing, "READ_AT_ONCE", 1)
    pieces = package([document])

    counts = []
    with CaptureQueriesContext(connection) as queries:
        for _ in pieces:
            counts.append(len(queries))

    assert counts == [0, 1, 2, 3, 4, 5, 6, 6]


def test_small_files_are_read_together(document: IssuedDocument) -> None:
    with CaptureQueriesContext(connection) as queries:
        zipped(document)

    assert len(queries) == 1


# --- checking it ------------------------------------------------------------------------------------------


def test_whole_package_is_found_whole(whole: Path) -> None:
    found = verify(whole)

    assert (found.valid, found.documents, found.files) == (True, 1, 7)


def rewritten(whole: Path, change: Callable[[dict[str, bytes]], None]) -> list[str]:
    """Return the faults of the package after `change` of its members."""
    files = members(whole.read_bytes())
    change(files)
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_STORED) as archive:
        for name, content in files.items():
            archive.writestr(packing._info(name), content)
    return list(verify(whole).faults)


def test_changed_file_is_found(whole: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        content = bytearray(files["van-ban-da-ky-2.pdf"])
        content[3] ^= 1
        files["van-ban-da-ky-2.pdf"] = bytes(content)

    assert rewritten(whole, change) == ["Nội dung đã bị sửa: van-ban-da-ky-2.pdf"]


def test_other_length_is_found(whole: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["van-ban.docx"] += b" "

    assert rewritten(whole, change)[0].startswith("Dung lượng không khớp: van-ban.docx")


def test_missing_and_extra_files_are_found(whole: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["khac.pdf"] = files.pop("van-ban-chua-ky.pdf")

    assert rewritten(whole, change) == [
        "Thiếu tệp: van-ban-chua-ky.pdf",
        "Tệp lạ, manifest.json không ghi: khac.pdf",
    ]


def test_changed_signature_list_is_found(whole: Path) -> None:
    def change(files: dict[str, bytes]) -> None:
        files["chu-ky.json"] = files["chu-ky.json"].replace(b"Hoa Sen", b"Hoa Mai")

    assert rewritten(whole, change) == ["Nội dung đã bị sửa: chu-ky.json"]


@pytest.mark.parametrize(
    "name", ["../ra-ngoai.pdf", "/etc/passwd", "a/../../b", "C:/x", "a//b", "thu-muc/", "a\\b"]
)
def test_paths_that_lead_elsewhere_are_refused(whole: Path, name: str) -> None:
    faults = rewritten(whole, lambda files: files.update({name: b""}))

    assert faults == [f"Đường dẫn tệp không an toàn: {name}"]


def test_same_name_twice_is_refused(whole: Path) -> None:
    """Two members of one name: what is checked might not be what is unpacked."""
    faults = rewritten(whole, lambda files: files.update({"VAN-BAN.docx": b"khac"}))

    assert faults == ["Tên tệp có 2 lần trong gói: van-ban.docx"]


def test_compressed_member_is_refused_unread(whole: Path) -> None:
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bom.bin", bytes(10**7))

    faults = verify(whole).faults

    assert "Tệp bị nén, gói bàn giao không nén: bom.bin" in faults
    assert any("làm tràn máy" in fault for fault in faults)


def test_link_is_refused(whole: Path) -> None:
    info = zipfile.ZipInfo("lien-ket", (1980, 1, 1, 0, 0, 0))
    info.create_system, info.external_attr = 3, 0o120777 << 16
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr(info, "/etc/passwd")

    assert "Tệp là liên kết đến chỗ khác: lien-ket" in verify(whole).faults


def test_data_before_the_archive_is_refused(whole: Path) -> None:
    whole.write_bytes(b"MZ lenh la" + whole.read_bytes())

    assert "Trước gói có dữ liệu lạ." in verify(whole).faults


def test_comment_is_refused(whole: Path) -> None:
    with zipfile.ZipFile(whole, "a") as archive:
        archive.comment = b"loi ghi"

    assert verify(whole).faults == ("Gói có lời ghi kèm mà gói bàn giao không có.",)


def test_members_that_share_their_bytes_are_refused(tmp_path: Path) -> None:
    """A bomb without compression: many names for one stretch of the file."""
    body = bytes(1000)
    crc = zlib.crc32(body)
    local = (
        struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 0, 0, 33, crc, 1000, 1000, 1, 0) + b"a" + body
    )
    names = [bytes([97 + n]) for n in range(20)]
    central = b"".join(
        struct.pack(
            "<4s6H3I5H2I", b"PK\1\2", 20, 20, 0, 0, 0, 33, crc, 1000, 1000, 1, *[0] * 4, 0, 0
        )
        + name
        for name in names
    )
    end = struct.pack("<4s4H2IH", b"PK\5\6", 0, 0, 20, 20, len(central), len(local), 0)
    path = tmp_path / "bom.zip"
    path.write_bytes(local + central + end)

    assert any("làm tràn máy" in fault for fault in verify(path).faults)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "Tệp không phải gói ZIP nguyên vẹn."),
        (b"%PDF-1.7 khong phai zip", "Tệp không phải gói ZIP nguyên vẹn."),
    ],
)
def test_what_is_no_package_is_said(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "x.zip"
    path.write_bytes(content)

    with pytest.raises(NotAPackage, match=words):
        verify(path)


@pytest.mark.parametrize(
    "manifest",
    [b"", b"[]", b'{"schema": 1}', b'{"schema": 2, "documents": [], "files": []}', b"[" * 10**5],
)
def test_manifest_that_cannot_be_read_is_said(whole: Path, manifest: bytes) -> None:
    with pytest.raises(NotAPackage):
        rewritten(whole, lambda files: files.update({"manifest.json": manifest}))


def test_every_cut_of_a_package_is_found(whole: Path, tmp_path: Path) -> None:
    content = whole.read_bytes()
    path = tmp_path / "cat.zip"

    for end in range(0, len(content), 97):
        path.write_bytes(content[:end])
        with pytest.raises(NotAPackage):
            verify(path)


def test_every_changed_byte_of_a_file_is_found(whole: Path, tmp_path: Path) -> None:
    """Bytes of the archive's own directory (times, flags of no meaning) may change without harm to any file."""
    content = whole.read_bytes()
    path = tmp_path / "doi.zip"
    before = members(content)

    for at in range(0, len(content), 53):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x20]) + content[at + 1 :])
        try:
            found = verify(path)
        except NotAPackage:
            continue
        if found.valid:
            assert members(path.read_bytes()) == before


# --- the command ------------------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("verify_package", *arguments, stdout=out)
    except SystemExit as left:
        return int(left.code or 0), out.getvalue()
    return 0, out.getvalue()


def test_command_tells_whole_from_faulty_from_unreadable(whole: Path, tmp_path: Path) -> None:
    assert run(str(whole)) == (
        0,
        "Gói nguyên vẹn: 1 văn bản, 7 tệp khớp với manifest.json. "
        "Chưa kiểm chữ ký số: hãy dùng --trust hoặc đặt KCL_TRUST_DIR.\n",
    )
    rewritten(whole, lambda files: files.pop("van-ban.docx") and None)

    assert run(str(whole)) == (1, "Gói có 1 điều sai:\n- Thiếu tệp: van-ban.docx\n")
    assert run(str(tmp_path / "khong-co.zip")) == (2, "Không mở được tệp.\n")


def test_command_answers_in_json(whole: Path) -> None:
    status, text = run(str(whole), "--json")

    assert status == 0
    assert json.loads(text) == {
        "valid": True,
        "documents": 1,
        "files": 7,
        "faults": [],
        "signatures_checked": False,
    }


# --- signatures in it -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("signer", "faults"),
    [
        (pki.principal, ()),
        (
            pki.stranger,
            ("Chữ ký số không hợp lệ: van-ban-da-ky-1.pdf. Có chữ ký không hợp lệ",),
        ),
    ],
)
def test_signatures_are_judged_where_issuers_are_trusted(
    tmp_path: Path, signer: Callable[[], pki.Identity], faults: tuple[str, ...]
) -> None:
    document = issuing.issued_document()
    issuing.signature(document, content=making.sign(issuing.small_pdf(), signer()))
    path = tmp_path / "goi.zip"
    path.write_bytes(zipped(loaded(document)))

    assert verify(path, trust=making.trust()).faults == faults
    assert verify(path).faults == ()


def test_command_judges_signatures_by_the_folder_of_trust(tmp_path: Path) -> None:
    document = issuing.issued_document()
    issuing.signature(document, content=making.sign(issuing.small_pdf()))
    path, folder = tmp_path / "goi.zip", tmp_path / "tin-cay"
    path.write_bytes(zipped(loaded(document)))
    folder.mkdir()
    (folder / "goc.pem").write_bytes(pki.root().pem)

    status, text = run(str(path), "--trust", str(folder))

    assert status == 0
    assert text.endswith("Chữ ký số của 1 bản đã ký đều hợp lệ.\n")
    assert run(str(path), "--trust", str(tmp_path / "khong-co"))[0] == 2
