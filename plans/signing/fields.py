"""Empty signature fields, laid into a PDF before its first signature.

A field that is added after a first signature may make that signature look broken to readers, so both are there
beforehand. Each is a visible widget with a description, a place in the structure tree and an empty appearance:
what PDF/UA-1 and PDF/A-2a ask of a form field, so that a file that kept to both still does.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name

SIGNER_FIELD = "NguoiKy"
SEAL_FIELD = "CoQuan"
SEAL_MM = 36.0

_PT_PER_MM = 72 / 25.4
_PRINT = 4  # the flag of an annotation that is printed (ISO 32000-1, table 165)


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """Where a signature will stand: field name, page from 0, box (x0, y0, x1, y1) in pt from the lower left.

    `description` is what a screen reader says of the field.
    """

    name: str
    page: int
    box: tuple[float, float, float, float]
    description: str


def signature_places(
    page: int, box: tuple[float, float, float, float], *, seal_mm: float = SEAL_MM
) -> tuple[FieldPlace, FieldPlace]:
    """Return the places of the signer's and the body's signature, when `box` is kept free for the signer.

    The seal keeps its real size, `seal_mm` square; it covers the left third of the box and is centred on its
    height (Nghị định 30/2020/NĐ-CP, Phụ lục I, mục 8).
    """
    x0, y0, x1, y1 = box
    side = seal_mm * _PT_PER_MM
    right, middle = x0 + (x1 - x0) / 3, (y0 + y1) / 2
    seal = (right - side, middle - side / 2, right, middle + side / 2)
    return (
        FieldPlace(SIGNER_FIELD, page, box, "Chữ ký số của người có thẩm quyền ký văn bản"),
        FieldPlace(SEAL_FIELD, page, seal, "Chữ ký số của cơ quan ban hành văn bản"),
    )


def prepare_fields(pdf: bytes, places: Sequence[FieldPlace]) -> bytes:
    """Return the PDF with an empty signature field at each place; the same input gives the same bytes.

    The file is written anew, so this comes before the first signature, never after. Raises ValueError where it
    is signed already, a name is taken, or a place is on no page.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        taken = {str(field.get("/T", "")) for field in _fields(document)}
        if any("/V" in field for field in _fields(document) if field.get("/FT") == Name.Sig):
            raise ValueError("A signed file is never written anew.")
        for place in places:
            if place.name in taken or not 0 <= place.page < len(document.pages):
                raise ValueError(f"The field {place.name} cannot stand there.")
            taken.add(place.name)
            _add_field(document, place)
        out = io.BytesIO()
        document.save(
            out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
    return out.getvalue()


def field_size(pdf: bytes, name: str) -> tuple[float, float] | None:
    """Return width and height in pt of the signature field called `name`, None where the file has none."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for field in _fields(document):
            if field.get("/T") == name and field.get("/FT") == Name.Sig and "/Rect" in field:
                x0, y0, x1, y1 = (float(edge) for edge in field.Rect)
                return abs(x1 - x0), abs(y1 - y0)
    return None


def _fields(document: pikepdf.Pdf) -> list[pikepdf.Object]:
    form = document.Root.get("/AcroForm")
    return list(form.get("/Fields", [])) if form is not None else []


def _add_field(document: pikepdf.Pdf, place: FieldPlace) -> None:
    page = document.pages[place.page].obj
    widget = document.make_indirect(_widget(document, page, place))
    if "/AcroForm" not in document.Root:
        document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array([])))
    document.Root.AcroForm.Fields.append(widget)
    if "/Annots" not in page:
        page.Annots = Array([])
    page.Annots.append(widget)
    page.Tabs = Name.S  # the keyboard follows the structure (ISO 14289-1, 7.18.3)
    if "/StructTreeRoot" in document.Root:
        _tag(document, page, widget)


def _widget(document: pikepdf.Pdf, page: pikepdf.Object, place: FieldPlace) -> pikepdf.Object:
    x0, y0, x1, y1 = (round(edge, 3) for edge in place.box)
    empty = document.make_stream(
        b"",
        Type=Name.XObject,
        Subtype=Name.Form,
        BBox=Array([0, 0, round(x1 - x0, 3), round(y1 - y0, 3)]),
        Resources=Dictionary(),
    )
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=place.name,
        TU=place.description,
        F=_PRINT,
        Rect=Array([x0, y0, x1, y1]),
        P=page,
        AP=Dictionary(N=empty),
    )


def _tag(document: pikepdf.Pdf, page: pikepdf.Object, widget: pikepdf.Object) -> None:
    """Put the widget into the structure tree, as the last form of the document."""
    root = document.Root.StructTreeRoot
    parent = _top(root)
    form = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=page,
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page),
        )
    )
    _append_kid(parent, form)
    if "/ParentTree" not in root:
        root.ParentTree = document.make_indirect(Dictionary(Nums=Array([])))
    tree = pikepdf.NumberTree(root.ParentTree)
    key = max(tree.keys(), default=-1) + 1
    tree[key] = form
    widget.StructParent = key
    root.ParentTreeNextKey = key + 1


def _top(root: pikepdf.Object) -> pikepdf.Object:
    """Return the element that holds the whole document, or the root where several stand side by side."""
    kids = root.get("/K")
    if isinstance(kids, Array) and len(kids) == 1:
        kids = kids[0]
    return kids if isinstance(kids, Dictionary) else root


def _append_kid(parent: pikepdf.Object, child: pikepdf.Object) -> None:
    kids = parent.get("/K")
    if kids is None:
        parent.K = Array([child])
    elif isinstance(kids, Array):
        kids.append(child)
    else:
        parent.K = Array([kids, child])
