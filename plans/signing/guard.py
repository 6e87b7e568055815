"""What was done to a PDF after it was signed: allowed are further signatures and what proves them, nothing else.

Compares revision by revision the objects that each one overwrites, which takes milliseconds where a comparison of
everything that can be reached takes a minute for a tagged file of thirty pages. A revision may

- overwrite the document information and the metadata, which no page shows;
- change `AcroForm`, `DSS`, `Perms`, `Extensions` and `Version` of the catalog;
- change `Annots` and `Tabs` of a page, where each new annotation is the widget of a new, filled signature field;
- fill a signature field that stood empty: its value and its appearance, not its place;
- add objects that nothing before it refers to.

Everything in it must stand in its own table of objects, and the file ends where its last revision ends.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import Any

from pyhanko.pdf_utils import generic

from plans.signing.reading import FileRefused, OpenPdf, Refusal, open_pdf, refusal_of

REFUSED = {
    Refusal.BROKEN: "Tệp không phải là PDF hoặc đã hỏng",
    Refusal.TOO_LARGE: "Tệp quá lớn hoặc quá phức tạp để kiểm tra",
    Refusal.ENCRYPTED: "Tệp được đặt mật khẩu nên không kiểm tra được",
}
NOT_A_CONTINUATION = "Tệp không bắt đầu bằng đúng nội dung của bản gốc"
APPENDED = "Có dữ liệu được nối thêm vào cuối tệp"
UNSOUND = "Bảng đối tượng của một lần cập nhật không đúng với nội dung của nó"
UNLISTED = "Có nội dung không nằm trong bảng đối tượng của lần cập nhật"
DELETED = "Một phần của văn bản bị xóa"
DANGLING = "Một phần mà bản trước để trống được điền thêm"
CATALOG = "Cấu trúc chung của văn bản bị thay đổi"
PAGE = "Nội dung của một trang bị thay đổi"
ANNOTATION = "Chú thích trên trang bị thêm, bớt hoặc thay đổi"
FORM = "Biểu mẫu của văn bản bị thay đổi"
FIELD = "Một ô chữ ký bị thay đổi"
OTHER = "Một phần của văn bản bị thay đổi"

_CATALOG_KEYS = {"/AcroForm", "/DSS", "/Perms", "/Extensions", "/Version", "/Metadata"}
_PAGE_KEYS = {"/Annots", "/Tabs"}
_FORM_KEYS = {"/Fields", "/SigFlags", "/DR", "/DA"}
_FILLING_KEYS = {"/V", "/AP", "/AS", "/M", "/F", "/DA", "/DR"}
_PROOF_KEY = re.compile(r"/(DSS|Certs|OCSPs|CRLs|VRI|Cert|OCSP|CRL|[0-9A-Fa-f]{40})")


def only_signed(original: bytes, signed: bytes) -> tuple[str, ...]:
    """Return what is in `signed` beside the bytes of `original` and signature updates, as Vietnamese sentences.

    () means: exactly these bytes, then only updates that sign, stamp the time or carry proofs. Whether the
    signatures hold is for `verify` to say. Raises nothing.
    """
    if not signed.startswith(original):
        return (NOT_A_CONTINUATION,)
    if signed == original:
        return ()
    try:
        file = open_pdf(signed)
        kept = [one for one in file.revisions if one.table < len(original)]
        # A writer may end the line after the original's last one before it begins.
        if not kept or not 0 <= max(one.end for one in kept) - len(original) <= 2:
            return (UNSOUND,)
        return _unique(changes_from(file, len(kept)))
    except FileRefused as error:
        return (REFUSED[error.why],)


def changes_after(pdf: bytes) -> tuple[tuple[str, ...], ...]:
    """Return for each revision that begins after a signed one what it changed, as Vietnamese sentences.

    One tuple for each signature in the order of signing: () where later revisions only sign. () as a whole when
    nobody signed. Raises FileRefused for a file that cannot be read.
    """
    file = open_pdf(pdf)
    try:
        signed = [one.signed_revision for one in file.reader.embedded_signatures]
    except Exception as error:
        raise FileRefused(refusal_of(error)) from error
    return tuple(_unique(changes_from(file, one + 1)) for one in signed)


def _unique(sentences: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))


def changes_from(file: OpenPdf, first: int) -> Iterator[str]:
    """Give what revisions from number `first` on changed beside signatures; a sentence may come twice.

    Raises FileRefused when one of them cannot be read.
    """
    if len(file.content) > file.revisions[-1].end:
        yield APPENDED
    for sentences in changes_by_revision(file, first).values():
        yield from sentences


def changes_by_revision(file: OpenPdf, first: int) -> dict[int, tuple[str, ...]]:
    """Return what each revision from number `first` on changed beside signatures, by its number.

    Raises FileRefused when one of them cannot be read.
    """
    known, found = _Known(file), {}
    try:
        for number in range(len(file.revisions) if first < len(file.revisions) else 0):
            if number >= first:
                found[number] = _unique(_changes_in(file, number, known))
            known.add(number)
    except Exception as error:
        raise FileRefused(refusal_of(error)) from error
    return found


# --- what stands in the file so far -------------------------------------------------------------------------

_GAP = rb"(?:[\x00\s]|%[^\r\n]{0,80}[\r\n]){1,8}"
_REFERENCE = re.compile(
    rb"(?:(/[^\x00\s/<>\[\](){}%]{1,60})[\x00\s]{0,8})?(?<!\d)(\d{1,10})"
    + _GAP
    + rb"\d{1,5}"
    + _GAP
    + rb"R"
)
_HEADER = re.compile(rb"(?<!\d)(\d{1,10})[\x00\s]{1,8}(\d{1,5})[\x00\s]{1,8}obj(?![a-zA-Z])")


class _Known:
    """The objects of the revisions added so far, and by which keys they refer to one another."""

    def __init__(self, file: OpenPdf) -> None:
        self._file = file
        self.generations: dict[int, int] = {}
        self.keys: dict[int, set[str]] = defaultdict(set)

    def add(self, number: int) -> None:
        revision, xrefs = self._file.revisions[number], self._file.reader.xrefs
        for ref in xrefs.explicit_refs_in_revision(number):
            self.generations[ref.idnum] = ref.generation
        for ref in xrefs.refs_freed_in_revision(number):
            self.generations.pop(ref.idnum, None)
        self._scan(self._file.content[revision.start : revision.end])
        for stream in xrefs.get_xref_data(number).obj_streams_used:
            self._scan(self._file.get(number, stream).data)

    def _scan(self, content: bytes) -> None:
        for match in _REFERENCE.finditer(content):
            self.keys[int(match[2])].add((match[1] or b"").decode("latin-1"))

    def is_called_only(self, number: int, name: str) -> bool:
        return self.keys[number] == {name}

    def is_proof(self, number: int) -> bool:
        return all(_PROOF_KEY.fullmatch(key) for key in self.keys[number])


# --- one revision -------------------------------------------------------------------------------------------


def _changes_in(file: OpenPdf, number: int, known: _Known) -> Iterator[str]:
    """Give what the revision changed; `known` holds the revisions before it."""
    if not file.revisions[number].is_sound:
        yield UNSOUND
        return
    yield from _unlisted(file, number)
    change = _Change(file, number, known)
    if change.old_root_number != change.new_root_number:
        yield CATALOG
        return
    freed = {ref.idnum for ref in file.reader.xrefs.refs_freed_in_revision(number)}
    for ref in sorted(
        file.reader.xrefs.explicit_refs_in_revision(number), key=lambda ref: ref.idnum
    ):
        if ref.idnum in freed:
            if ref.idnum in known.generations:
                yield DELETED
        elif ref.idnum not in known.generations:
            if ref.idnum in known.keys:
                yield DANGLING
        elif known.generations[ref.idnum] != ref.generation:
            if not change.is_discarded_appearance(ref.idnum):
                yield OTHER
        else:
            yield from change.of(ref.idnum, ref.generation)


def _unlisted(file: OpenPdf, number: int) -> Iterator[str]:
    """Give a sentence when the revision's table and its bytes do not tell of the same objects."""
    revision = file.revisions[number]
    data = file.reader.xrefs.get_xref_data(number)
    places = {offset: one for one, (_, offset) in data.standard_xrefs.items()}
    table = file.reader.xrefs.get_xref_container_info(number)
    if table.stream_ref is not None:
        places[table.declared_startxref] = table.stream_ref.idnum
    segment = file.content[revision.start : revision.end]
    written = {revision.start + one.start(): int(one[1]) for one in _HEADER.finditer(segment)}
    streams = {ref.obj_stream_id for ref in data.xrefs_in_objstm.values()}
    if written != places or not streams <= set(data.standard_xrefs):
        yield UNLISTED


class _Change:
    """The objects that one revision overwrites, each judged by the part that it plays in the revision before."""

    def __init__(self, file: OpenPdf, number: int, known: _Known) -> None:
        self._file, self._number, self._known = file, number, known
        self._get = cache(file.get)
        self._old_trailer = file.reader.get_historical_resolver(number - 1).trailer_view
        self._new_trailer = file.reader.get_historical_resolver(number).trailer_view
        self.old_root_number = _number(self._old_trailer.raw_get("/Root"))
        self.new_root_number = _number(self._new_trailer.raw_get("/Root"))
        self._old_root, self._new_root = file.root(number - 1), file.root(number)
        self._old_fields = signature_fields(self._old_root)
        self._new_fields = signature_fields(self._new_root)
        self._page_numbers: set[int] = set()
        self._array_numbers: set[int] = set()
        self._pages_read = False

    def of(self, number: int, generation: int) -> Iterator[str]:
        """Give what is not allowed in the new value of the object."""
        old = self._get(self._number - 1, number, generation)
        new = self._get(self._number, number, generation)
        if same(old, new):
            return
        form = at(self._old_root, "/AcroForm", None)
        if number == self.old_root_number:
            yield from self._catalog()
        elif number == _number_at(self._old_trailer, "/Info"):
            if not _is_information(new) or not self._known.is_called_only(number, "/Info"):
                yield OTHER
        elif number == _number_at(self._old_root, "/Metadata"):
            if not self._known.is_called_only(number, "/Metadata"):
                yield OTHER
        elif number == _number_at(self._old_root, "/AcroForm"):
            yield from self._form(old, new)
        elif form is not None and number == _number_at(form, "/Fields"):
            yield from self._field_list(old, new)
        elif number in self._old_fields:
            filled = at(self._new_fields.get(number, {}), "/V") is not None
            if not filled or not _is_filling(old, new, self._old_fields[number]):
                yield FIELD
        elif number in _proof_numbers(self._old_root):
            if isinstance(new, generic.StreamObject) or not self._known.is_proof(number):
                yield OTHER
        else:
            yield from self._page_or_other(number, old, new)

    def is_discarded_appearance(self, number: int) -> bool:
        """Return whether the object was the appearance of an empty field that the revision fills with another.

        Poppler gives the number of the old one away once more; nothing refers to it from then on.
        """
        return self._known.is_called_only(number, "/N") and any(
            _appearance(old) == number
            and at(old, "/V") is None
            and _appearance(self._new_fields.get(field, {})) not in (None, number)
            for field, old in self._old_fields.items()
        )

    def _page_or_other(self, number: int, old: Any, new: Any) -> Iterator[str]:
        if not self._pages_read:
            self._read_pages()
        if number in self._page_numbers:
            yield from self._page(old, new)
        elif number in self._array_numbers:
            yield from self._annotations(old, new)
        elif isinstance(old, generic.DictionaryObject) and at(old, "/Subtype", "") == "/Widget":
            yield FORM
        else:
            yield OTHER

    def _read_pages(self) -> None:
        self._pages_read = True
        for number, page in pages(self._old_root):
            self._page_numbers.add(number)
            array = _number_at(page, "/Annots")
            if array is not None:
                self._array_numbers.add(array)

    def _catalog(self) -> Iterator[str]:
        changed = _changed_keys(self._old_root, self._new_root)
        if not changed <= _CATALOG_KEYS:
            yield CATALOG
        if "/AcroForm" in changed:
            yield from self._form(
                at(self._old_root, "/AcroForm", None), at(self._new_root, "/AcroForm", None)
            )

    def _form(self, old: Any, new: Any) -> Iterator[str]:
        old = {} if old is None else old
        if not isinstance(new, generic.DictionaryObject) or not isinstance(old, dict):
            yield FORM
            return
        changed = _changed_keys(old, new)
        if not changed <= _FORM_KEYS:
            yield FORM
        if "/Fields" in changed:
            empty = generic.ArrayObject()
            yield from self._field_list(at(old, "/Fields", empty), at(new, "/Fields", empty))

    def _field_list(self, old: Any, new: Any) -> Iterator[str]:
        if not self._grows(old, new):
            yield FORM

    def _page(self, old: Any, new: Any) -> Iterator[str]:
        if not isinstance(new, generic.DictionaryObject):
            yield PAGE
            return
        changed = _changed_keys(old, new)
        if not changed <= _PAGE_KEYS:
            yield PAGE
        if "/Annots" in changed:
            empty = generic.ArrayObject()
            yield from self._annotations(at(old, "/Annots", empty), at(new, "/Annots", empty))

    def _annotations(self, old: Any, new: Any) -> Iterator[str]:
        if not self._grows(old, new):
            yield ANNOTATION

    def _grows(self, old: Any, new: Any) -> bool:
        """Return whether the list `new` is `old` with new, filled signature fields (or their widgets) after it."""
        if not isinstance(old, generic.ArrayObject) or not isinstance(new, generic.ArrayObject):
            return False
        before, after = [plain(one) for one in _raw(old)], [plain(one) for one in _raw(new)]
        if after[: len(before)] != before:
            return False
        added = [_number(one) for one in list(_raw(new))[len(before) :]]
        return all(
            one is not None
            and one not in self._known.generations
            and one in self._new_fields
            and at(self._new_fields[one], "/V", None) is not None
            and not {"/A", "/AA"} & set(self._new_fields[one])
            for one in added
        )


def _is_information(value: Any) -> bool:
    return (
        isinstance(value, generic.DictionaryObject)
        and not isinstance(value, generic.StreamObject)
        and not any(
            isinstance(one, generic.DictionaryObject | generic.ArrayObject | generic.IndirectObject)
            for one in value.values()
        )
    )


def _is_filling(old: Any, new: Any, field: Any) -> bool:
    """Return whether `new` is the empty signature field or widget `old`, filled; `field` is what held no value."""
    return (
        isinstance(new, generic.DictionaryObject)
        and not isinstance(new, generic.StreamObject)
        and at(field, "/V", None) is None
        and _changed_keys(old, new) <= _FILLING_KEYS
    )


def _appearance(field: Any) -> int | None:
    """Return the number of the object that draws a field; None where it has none of its own."""
    drawings = at(field, "/AP")
    return _number_at(drawings, "/N") if isinstance(drawings, generic.DictionaryObject) else None


# --- reading what a revision holds --------------------------------------------------------------------------


def signature_fields(root: Any) -> dict[int, Any]:
    """Return the signature fields of a catalog by object number, and each of their widgets with its field."""
    form = at(root, "/AcroForm", None)
    found: dict[int, Any] = {}
    if not isinstance(form, generic.DictionaryObject):
        return found
    waiting: list[tuple[Any, Any, Any]] = [
        (one, None, None) for one in _raw(at(form, "/Fields", generic.ArrayObject()))
    ]
    seen: set[int] = set()
    while waiting:
        reference, kind, field = waiting.pop()
        number, node = _number(reference), reference.get_object()
        if not isinstance(node, generic.DictionaryObject) or number in seen:
            continue
        kind = at(node, "/FT", kind)
        field = node if field is None or "/T" in node else field
        if number is not None:
            seen.add(number)
            if kind == "/Sig":
                found[number] = field
        waiting += [(one, kind, field) for one in _raw(at(node, "/Kids"))]
    return found


def pages(root: Any) -> Iterator[tuple[int, Any]]:
    """Give the pages of a catalog with their object numbers, in no particular order."""
    waiting, seen = [root.raw_get("/Pages")], set()
    while waiting:
        reference = waiting.pop()
        number, node = _number(reference), reference.get_object()
        if number is None or number in seen or not isinstance(node, generic.DictionaryObject):
            continue
        seen.add(number)
        kids = at(node, "/Kids", None)
        if kids is None:
            yield number, node
        else:
            waiting += _raw(kids)


def _proof_numbers(root: Any) -> set[int]:
    """Return the numbers of the objects that make up the store of proofs (DSS), its streams left out."""
    found: set[int] = set()
    waiting = [root.raw_get("/DSS")] if "/DSS" in root else []
    while waiting:
        reference = waiting.pop()
        number = _number(reference)
        if number is not None and number in found:
            continue
        value = reference.get_object()
        if isinstance(value, generic.StreamObject):
            continue
        if number is not None:
            found.add(number)
        if isinstance(value, generic.DictionaryObject):
            waiting += [value.raw_get(key) for key in value]
        elif isinstance(value, generic.ArrayObject):
            waiting += _raw(value)
    return found


def at(holder: Any, key: str, default: Any = None) -> Any:
    """Return the value of a key with a reference followed; `default` where it is missing."""
    if key not in holder:
        return default
    return holder[key]


def _raw(array: Any) -> list[Any]:
    """Return the items of an array, references as references; [] for what is no array."""
    if not isinstance(array, generic.ArrayObject):
        return []
    return [array.raw_get(index) for index in range(len(array))]


def _number(value: Any) -> int | None:
    return int(value.idnum) if isinstance(value, generic.IndirectObject) else None


def _number_at(holder: Any, key: str) -> int | None:
    return _number(holder.raw_get(key)) if key in holder else None


def _changed_keys(old: Any, new: Any) -> set[str]:
    return {
        key
        for key in {*old, *new}
        if key not in old or key not in new or plain(old.raw_get(key)) != plain(new.raw_get(key))
    }


def same(old: Any, new: Any) -> bool:
    """Return whether two objects of a PDF say the same, whatever the order of their keys."""
    return bool(plain(old) == plain(new))


def plain(value: Any) -> Any:
    """Return an object of a PDF as plain values that can be compared; references as their numbers."""
    if isinstance(value, generic.IndirectObject):
        return ("R", value.idnum, value.generation)
    if isinstance(value, generic.DictionaryObject):
        entries = tuple(
            sorted((key, plain(value.raw_get(key))) for key in value if key != "/Length")
        )
        if isinstance(value, generic.StreamObject):
            return ("stream", entries, value.encoded_data)
        return ("dictionary", entries)
    if isinstance(value, generic.ArrayObject):
        return ("array", *(plain(one) for one in _raw(value)))
    out = io.BytesIO()
    value.write_to_stream(out, None)
    return (type(value).__name__, out.getvalue())
