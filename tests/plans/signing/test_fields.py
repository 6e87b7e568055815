"""Empty signature fields: where they lie, how they are told, and that the file keeps to its standards."""

import io

import pdfua
import pikepdf
import pytest

from plans.signing.fields import (
    SEAL_FIELD,
    SIGNER_FIELD,
    FieldPlace,
    field_size,
    prepare_fields,
    signature_places,
)
from tests.factories.issuing import small_pdf
from tests.plans.signing import material


def _widgets(pdf):
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return [
            (str(w.T), [round(float(edge), 1) for edge in w.Rect], int(w.F), "/V" in w)
            for w in document.Root.AcroForm.Fields
        ]


def test_both_fields_are_there_empty_and_printed():
    pdf = material.prepared_pdf()

    assert _widgets(pdf) == [
        (SIGNER_FIELD, [330.0, 300.0, 470.0, 360.0], 4, False),
        (SEAL_FIELD, [274.6, 279.0, 376.7, 381.0], 4, False),
    ]


def test_the_seal_keeps_its_size_and_covers_the_left_third_of_the_signature():
    _, seal = signature_places(0, (300, 100, 450, 160))

    x0, y0, x1, y1 = seal.box
    assert (round(x1 - x0, 2), round(y1 - y0, 2)) == (102.05, 102.05)
    assert (x1, (y0 + y1) / 2) == (350, 130)


def test_the_same_document_gives_the_same_bytes():
    places = signature_places(0, material.BOX)

    first, second = (prepare_fields(material.plain_pdf(), places) for _ in range(2))

    assert first == second


def test_each_field_stands_in_the_structure_tree_and_back():
    with pikepdf.open(io.BytesIO(material.prepared_pdf())) as document:
        root = document.Root.StructTreeRoot
        tree = pikepdf.NumberTree(root.ParentTree)
        found = [(w, tree[int(w.StructParent)]) for w in document.Root.AcroForm.Fields]

        assert [(str(form.S), str(form.K.Obj.T)) for _, form in found] == [
            ("/Form", SIGNER_FIELD),
            ("/Form", SEAL_FIELD),
        ]
        assert int(root.ParentTreeNextKey) == max(tree.keys()) + 1
        assert {str(w.P.Tabs) for w, _ in found} == {"/S"}
        assert [str(w.TU) for w, _ in found] == [
            place.description for place in signature_places(0, material.BOX)
        ]


def test_a_file_without_structure_gets_fields_too():
    pdf = prepare_fields(small_pdf(), signature_places(0, material.BOX))

    assert [name for name, *_ in _widgets(pdf)] == [SIGNER_FIELD, SEAL_FIELD]


def test_pdfua_finds_nothing(tmp_path):
    path = tmp_path / "prepared.pdf"
    path.write_bytes(material.prepared_pdf())

    report = pdfua.validate(path)

    assert [str(finding) for finding in report.findings] == []


@pytest.mark.parametrize("page", [-1, 1])
def test_a_page_that_is_not_there_is_refused(page):
    place = FieldPlace(SIGNER_FIELD, page, material.BOX, "Chữ ký")

    with pytest.raises(ValueError, match="cannot stand there"):
        prepare_fields(small_pdf(), [place])


def test_a_name_twice_is_refused():
    with pytest.raises(ValueError, match="cannot stand there"):
        prepare_fields(material.prepared_pdf(), signature_places(0, material.BOX))


def test_the_size_of_a_field_is_told():
    pdf = material.prepared_pdf()

    assert field_size(pdf, SIGNER_FIELD) == (140, 60)
    assert field_size(pdf, "KhongCo") is None
