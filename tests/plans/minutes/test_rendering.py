"""Minutes as files: a field for each who signs, above their name, and the file keeps to its standards."""

import io
from dataclasses import replace

import pdfua
import pikepdf
import pytest

from plans.documents.pdf import pdf_with_place
from plans.documents.style import DEFAULT_LAYOUT
from plans.documents.tree import Party, SignParties
from plans.issuing.enums import FileRole
from plans.minutes.fields import field_names
from plans.minutes.rendering import render_minutes
from tests.plans.documents import samples
from tests.plans.documents.standards import assert_keeps_standards

HEAD = "Trần Thị Thử Nghiệm"


def minutes(members):
    """The sample with a team of so many who sign below one another."""
    document = samples.minutes()
    section = document.sections[-1]
    team = tuple(f"Nguyễn Văn Mẫu {number}" for number in range(1, members + 1))
    parties = SignParties(
        (Party(("HIỆU TRƯỞNG",), (HEAD,)), Party(("THÀNH VIÊN ĐOÀN KIỂM TRA",), team))
    )
    blocks = (*section.blocks[:-1], parties)
    return replace(document, sections=(*document.sections[:-1], replace(section, blocks=blocks)))


def rendered(members):
    return render_minutes(minutes(members), DEFAULT_LAYOUT, field_names(1, members))


def _fields(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            (str(field.T), str(field.TU), "/V" in field) for field in document.Root.AcroForm.Fields
        ]


def test_each_name_has_its_empty_field_in_the_order_of_print():
    paper = rendered(3)

    assert set(paper.files) == {FileRole.PDF, FileRole.DOCX}
    assert _fields(paper.files[FileRole.PDF]) == [
        ("NhaTruong1", f"Chữ ký số của {HEAD}", False),
        ("ToKiemTra1", "Chữ ký số của Nguyễn Văn Mẫu 1", False),
        ("ToKiemTra2", "Chữ ký số của Nguyễn Văn Mẫu 2", False),
        ("ToKiemTra3", "Chữ ký số của Nguyễn Văn Mẫu 3", False),
    ]


def test_the_same_minutes_give_the_same_bytes():
    assert rendered(2).files == rendered(2).files


@pytest.mark.parametrize("members", [0, 2, 4])
def test_as_many_fields_as_names_or_none(members):
    with pytest.raises(ValueError, match="zip"):
        render_minutes(minutes(3), DEFAULT_LAYOUT, field_names(1, members))

    paper = render_minutes(minutes(3), DEFAULT_LAYOUT)
    with pikepdf.open(io.BytesIO(paper.files[FileRole.PDF])) as document:
        assert "/AcroForm" not in document.Root


def test_each_has_room_above_the_name_and_nobody_stands_in_anothers():
    school, *team = pdf_with_place(minutes(5)).parties
    heights = [place.box[3] - place.box[1] for place in team]

    assert len(team) == 5
    assert school.box[0] < team[0].box[0]
    assert school.box[1] == team[0].box[1]
    assert all(above.box[1] > below.box[3] for above, below in zip(team, team[1:], strict=False))
    assert [round(height, 1) for height in heights] == [55.3] * 5


def test_a_team_that_needs_more_than_a_page_keeps_each_name_with_its_room():
    written = pdf_with_place(minutes(12))
    team = written.parties[1:]

    assert [place.page for place in team] == sorted(place.page for place in team)
    assert team[0].page < team[-1].page == written.pages - 1
    top = 842 - 20 * 72 / 25.4
    assert [place for place in team if not 57 < place.box[1] < place.box[3] < top + 0.5] == []


def test_minutes_with_fields_keep_to_their_standards(tmp_path):
    path = tmp_path / "bien-ban.pdf"
    path.write_bytes(rendered(12).files[FileRole.PDF])

    assert [str(finding) for finding in pdfua.validate(path).findings] == []
    assert_keeps_standards([path])
