"""Files beside words, in every form that takes them: odd files are refused in words, what was typed stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import Model
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.followups.models import FollowUpFile
from plans.inspections.models import ReplyFile
from plans.web import attachments
from tests.factories import accounts, followups
from tests.factories.files import DOCX, PDF, bomb, packed
from tests.factories.pictures import SECRET, jpeg, opened, telling_exif
from tests.factories.replies import sides

pytestmark = pytest.mark.django_db

WORDS = "Đã thay 2 kệ gỗ ngày 20/4."
NOT_TAKEN = "không phải là tệp PDF, ảnh (JPG, PNG, WebP), Word (DOCX) hoặc Excel (XLSX)."


@dataclass(frozen=True)
class Form:
    """A form that takes files: where it is posted by whom, the names of its fields, what keeps the files."""

    url: str
    person: User
    words: str
    files: str
    version: int
    rows: type[Model]

    def post(self, files: Sequence[tuple[str, bytes]]) -> HttpResponse:
        """Send words and files."""
        client = Client()
        client.force_login(self.person)
        sent = [SimpleUploadedFile(name, content) for name, content in files]
        data = {self.words: WORDS, self.files: sent, "version": self.version}
        return client.post(self.url, data)  # type: ignore[return-value]

    def kept(self) -> list[tuple[str, bytes]]:
        """What was kept: names and bytes in their order."""
        rows = self.rows._default_manager.select_related("file").order_by("pk")
        return [(row.name, bytes(row.file.content)) for row in rows]  # type: ignore[attr-defined]


@pytest.fixture(params=["answer", "note", "report"])
def form(request: pytest.FixtureRequest) -> Form:
    if request.param == "answer":
        case = sides()
        url = reverse("replies:answer", args=[case.visit.pk, case.finding.pk])
        return Form(url, case.principal, "body", "attached", 0, ReplyFile)
    item = followups.follow_up()
    principal = accounts.member(Role.PRINCIPAL, school=item.school)
    url = reverse(f"followups:{request.param}", args=[item.pk])
    return Form(url, principal, "note", "proofs", 1, FollowUpFile)


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode().replace("&quot;", '"')


def test_picture_loses_place_and_camera_and_documents_keep_every_byte(form: Form) -> None:
    photo = jpeg((640, 480), exif=telling_exif(orientation=6))
    assert SECRET in photo
    pdf = PDF + SECRET + b"%%EOF"

    answer = form.post([("IMG_1.JPG", photo), ("ký.pdf", pdf), ("a.docx", DOCX)])

    assert answer.status_code == 302
    (name, picture), *others = form.kept()
    assert (name, opened(picture).size, dict(opened(picture).getexif())) == (
        "IMG_1.JPG",
        (480, 640),
        {},
    )
    assert SECRET not in picture
    assert others == [("ký.pdf", pdf), ("a.docx", DOCX)]


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        (r"C:\Ảnh trường\biên lai.pdf", "biên lai.pdf"),
        ("hoa-don\u202efdp.exe", "hoa-donfdp.exe.pdf"),
        ("biên lai.pdf.exe", "biên lai.pdf.exe.pdf"),
        ("b" * 200 + ".pdf", "b" * 196 + ".pdf"),
        ('a"<b>.pdf', 'a"<b>.pdf'),
    ],
)
def test_odd_names_are_made_plain(form: Form, name: str, kept: str) -> None:
    assert form.post([(name, PDF)]).status_code == 302

    assert form.kept() == [(kept, PDF)]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ([("rỗng.pdf", b"")], "“rỗng.pdf” là tệp rỗng. Hãy chọn lại tệp."),
        ([("ảnh.jpg.exe", b"MZ")], f"“ảnh.jpg.exe” {NOT_TAKEN}"),
        ([("cắt.jpg", jpeg()[:2000])], "“cắt.jpg”: Không đọc được ảnh này."),
        ([("bom.docx", bomb())], "“bom.docx”: Tệp khi mở ra lớn bất thường nên không nhận."),
        (
            [("m.docx", packed("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"))],
            "“m.docx”: Tệp có macro.",
        ),
        ([("to.pdf", PDF + bytes(20 * 1024**2))], "“to.pdf” lớn hơn 20 MB."),
    ],
    ids=["empty", "program", "cut off", "bomb", "macro", "large"],
)
def test_odd_file_is_refused_in_words_and_what_was_typed_stays(
    form: Form, files: list[tuple[str, bytes]], words: str
) -> None:
    answer = form.post(files)

    assert answer.status_code == 422
    assert words in text_of(answer)
    assert f"{WORDS}</textarea>" in text_of(answer).replace(">\n", ">")
    assert form.kept() == []


def test_files_too_large_together_are_refused(form: Form, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attachments, "SENT_AT_ONCE", 50)

    answer = form.post([("a.pdf", PDF + b"a%%EOF"), ("b.pdf", PDF + b"b%%EOF" + bytes(20))])

    text = text_of(answer)
    assert answer.status_code == 422
    assert "Các tệp cộng lại lớn hơn 40 MB. Hãy giảm cỡ ảnh, hoặc gửi làm nhiều lần." in text
    assert "Tệp vừa chọn chưa được gửi. Thầy cô chọn lại giúp." in text
    assert f"{WORDS}</textarea>" in text.replace(">\n", ">")


def test_twenty_files_at_once_lose_nothing_typed(form: Form) -> None:
    answer = form.post([(f"{n}.pdf", PDF + b"%d" % n) for n in range(20)])

    text = text_of(answer)
    assert answer.status_code == 422
    assert f"{WORDS}</textarea>" in text.replace(">\n", ">")
    if form.rows is ReplyFile:  # each file by itself: the words and the first ten are kept
        assert len(form.kept()) == 10
        assert "“10.pdf” chưa thêm được: một phản hồi kèm nhiều nhất 10 tệp." in text
    else:
        assert form.kept() == []
        assert "Mỗi lần chỉ gửi được 10 tệp." in text


def test_same_file_twice_is_told(form: Form) -> None:
    photo = jpeg((64, 48))

    answer = form.post([("a.jpg", photo), ("b.jpg", photo)])

    text = text_of(answer)
    assert answer.status_code == 422
    assert f"{WORDS}</textarea>" in text.replace(">\n", ">")
    if form.rows is ReplyFile:
        assert [name for name, _ in form.kept()] == ["a.jpg"]
        assert "“b.jpg” đã có trong phản hồi này." in text
    else:
        assert "“b.jpg” và “a.jpg” là một tệp. Hãy bỏ bớt một." in text


def test_field_says_what_becomes_of_the_files(form: Form) -> None:
    client = Client()
    client.force_login(form.person)
    page = form.url if form.rows is ReplyFile else form.url.rsplit("/", 2)[0] + "/"

    assert "Ảnh được vẽ lại, không còn nơi chụp; các tệp khác giữ nguyên." in text_of(
        client.get(page)  # type: ignore[arg-type]
    )
