"""Attacks on a signed file: what was changed, hidden, brought back, cut off or covered is always told.

Each attack takes a file that is wholly valid and gives another one that a reader would take for it. The attacks
named `shadow` let the attacker also prepare the file before it is signed.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache

import pikepdf
import pytest

from plans.signing import guard
from plans.signing.guard import only_signed
from plans.signing.report import Reason, Report, Verdict
from plans.signing.verify import HIDDEN, SHARED, STAMP, verify
from tests.factories import pki
from tests.plans.signing.making import sign, stamped, stamper, trust
from tests.plans.signing.raw import (
    BODIES,
    CATALOG,
    CONTENT,
    FONT,
    FORGED,
    INFO,
    PAGE,
    PAGES,
    base,
    body,
    edited,
    field_number,
    highest,
    newest_table,
    prepared,
    signed_by_hand,
    stream,
    update,
    value_number,
)

BOX = (50, 50, 200, 100)


@cache
def signed(**changed: bytes) -> bytes:
    """A file with one visible signature."""
    return sign(base({int(number[1:]): one for number, one in changed.items()}), box=BOX)


@cache
def signed_twice() -> bytes:
    """A file with two visible signatures."""
    return sign(signed(), pki.school(), field="CoQuan", box=(250, 50, 400, 100))


def with_entry(pdf: bytes, number: int, entry: bytes) -> dict[int, bytes]:
    """An object with one more entry."""
    return {number: body(pdf, number)[:-2] + entry + b" >>"}


def without_entry(pdf: bytes, number: int, key: str) -> dict[int, bytes]:
    """An object with an entry left out."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        one = file.get_object(number, 0)
        del one[key]
        return {number: bytes(one.unparse(resolved=True))}


ATTACKS: dict[str, Callable[[], bytes]] = {}


def attack(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Enter an attack in the list."""
    ATTACKS[make.__name__] = make
    return make


# --- bytes --------------------------------------------------------------------------------------------------


@attack
def bytes_appended():
    return signed() + b"\n% them vao\n"


@attack
def zeros_appended():
    return signed() + b"\0" * 64


@attack
def another_file_appended():
    return signed() + base()


@attack
def bytes_put_before():
    return b"\n" + signed()


@attack
def cut_back_to_the_unsigned_revision():
    return signed()[: len(base())]


@attack
def cut_in_the_middle():
    return signed()[:-40]


@attack
def words_replaced_in_place():
    return signed().replace(b"Kinh phi: 30", b"Kinh phi: 90")


@attack
def words_replaced_in_place_under_two_signatures():
    return signed_twice().replace(b"Kinh phi: 30", b"Kinh phi: 90")


@attack
def written_anew_by_another_program():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(signed())) as file:
        file.save(out)
    return out.getvalue()


# --- the range that the signature covers --------------------------------------------------------------------


def _ranges(pdf: bytes) -> tuple[re.Match[bytes], list[int]]:
    found = re.search(rb"/ByteRange \[(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", pdf)
    assert found
    return found, [int(part) for part in found.groups()]


def _with_range(pdf: bytes, *parts: int) -> bytes:
    found, _ = _ranges(pdf)
    text = b"/ByteRange [" + b" ".join(b"%d" % part for part in parts)
    return pdf.replace(found[0], text.ljust(len(found[0]) - 1) + b"]")


@attack
def range_swapped():
    _, (a, b, c, d) = _ranges(signed())
    return _with_range(signed(), c, d, a, b)


@attack
def range_that_ends_early():
    _, (a, b, c, d) = _ranges(signed())
    return _with_range(signed(), a, b, c, d - 10)


@attack
def range_past_the_end():
    _, (a, b, c, d) = _ranges(signed())
    return _with_range(signed(), a, b, c, d + 9)


@attack
def range_with_more_in_its_gap():
    return signed_by_hand(base(), in_the_gap=b" /Reason (90 trieu)")


@attack
def range_that_begins_late():
    return signed_by_hand(base(), first=10)


@attack
def range_that_leaves_out_the_end():
    return signed_by_hand(base(), uncovered=20)


@attack
def range_of_two_numbers():
    _, (a, b, _c, _d) = _ranges(signed())
    return _with_range(signed(), a, b)


# --- the value of the signature -----------------------------------------------------------------------------


def _value_place(pdf: bytes) -> slice:
    _, (_, start, end, _) = _ranges(pdf)
    return slice(start + 1, end - 1)


@attack
def value_of_another_file():
    other = sign(base({CONTENT: stream(FORGED)}), box=BOX)
    there, here = _value_place(other), _value_place(signed())
    value = other[there].ljust(here.stop - here.start, b"0")[: here.stop - here.start]
    return signed()[: here.start] + value + signed()[here.stop :]


@attack
def value_emptied():
    place = _value_place(signed())
    return signed()[: place.start] + b"0" * (place.stop - place.start) + signed()[place.stop :]


@attack
def value_with_something_in_its_padding():
    place = _value_place(signed())
    return signed()[: place.stop - 2] + b"41" + signed()[place.stop :]


@attack
def value_in_other_letters():
    place = _value_place(signed())
    value = signed()[place]
    half = len(value) // 8
    return signed()[: place.start] + value[:half].swapcase() + value[half:] + signed()[place.stop :]


@attack
def value_replaced_by_an_update():
    number = value_number(signed())
    return update(signed(), {number: b"<< /Type /Sig /Contents <00> /ByteRange [0 1 2 3] >>"})


@attack
def signature_of_another_field_in_this_one():
    pdf = signed_twice()
    old = b"%d 0 R" % value_number(pdf)
    new = b"%d 0 R" % value_number(pdf, "CoQuan")
    return update(pdf, edited(pdf, field_number(pdf), old, new))


# --- signatures taken away ----------------------------------------------------------------------------------


@attack
def signature_removed_from_the_form():
    return update(signed(), without_entry(signed(), CATALOG, "/AcroForm"))


@attack
def one_of_two_signatures_removed():
    pdf = signed_twice()
    with pikepdf.open(io.BytesIO(pdf)) as file:
        form = file.Root.AcroForm.objgen[0]
        kept = b"[%d 0 R]" % field_number(pdf, "CoQuan")
        text = bytes(file.Root.AcroForm.unparse(resolved=True))
    return update(pdf, {form: re.sub(rb"/Fields \[[^\]]*\]", b"/Fields " + kept, text)})


@attack
def signature_taken_out_of_its_field():
    return update(signed(), without_entry(signed(), field_number(signed()), "/V"))


@attack
def widget_taken_off_the_page():
    return update(signed(), without_entry(signed(), PAGE, "/Annots"))


@attack
def field_of_the_signature_moved():
    number = field_number(signed())
    return update(signed(), edited(signed(), number, b"[ 50 50 200 100 ]", b"[ 50 600 200 700 ]"))


# --- pages --------------------------------------------------------------------------------------------------


@attack
def content_overwritten():
    return update(signed(), {CONTENT: stream(FORGED)})


@attack
def content_overwritten_between_two_signatures():
    drawn = update(signed(), {CONTENT: stream(FORGED)})
    return sign(drawn, pki.school(), field="CoQuan", box=(250, 50, 400, 100))


@attack
def content_overwritten_and_signed_by_a_stranger():
    drawn = update(signed(), {CONTENT: stream(FORGED)})
    return sign(drawn, pki.stranger(), field="CoQuan")


@attack
def time_stamp_over_the_file_by_a_stranger():
    return stamped(signed(), pki.stranger())


@attack
def content_overwritten_under_a_time_stamp():
    drawn = update(signed(), {CONTENT: stream(FORGED)})
    return stamped(drawn)


@attack
def page_gets_other_content():
    number = highest(signed()) + 1
    changed = edited(signed(), PAGE, b"4 0 R", b"%d 0 R" % number)
    return update(signed(), {**changed, number: stream(FORGED)})


@attack
def page_gets_more_content():
    number = highest(signed()) + 1
    changed = edited(signed(), PAGE, b"4 0 R", b"[ 4 0 R %d 0 R ]" % number)
    return update(signed(), {**changed, number: stream(FORGED)})


@attack
def page_cropped():
    return update(signed(), with_entry(signed(), PAGE, b"/CropBox [0 0 300 300]"))


@attack
def page_turned_over():
    return update(signed(), with_entry(signed(), PAGE, b"/Rotate 180"))


@attack
def page_replaced_in_the_tree():
    number = highest(signed()) + 1
    page = BODIES[PAGE].replace(b"4 0 R", b"%d 0 R" % (number + 1))
    tree = b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % number
    return update(signed(), {PAGES: tree, number: page, number + 1: stream(FORGED)})


@attack
def page_added():
    number = highest(signed()) + 1
    tree = b"<< /Type /Pages /Kids [3 0 R %d 0 R] /Count 2 >>" % number
    return update(signed(), {PAGES: tree, number: BODIES[PAGE]})


@attack
def pages_removed():
    return update(signed(), {PAGES: b"<< /Type /Pages /Kids [] /Count 0 >>"})


@attack
def another_tree_of_pages():
    number = highest(signed()) + 1
    tree = {number: b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Rotate 180 >>"}
    return update(signed(), {**edited(signed(), CATALOG, b"2 0 R", b"%d 0 R" % number), **tree})


@attack
def another_catalog():
    number = highest(signed()) + 1
    catalog = body(signed(), CATALOG)
    return update(signed(), {number: catalog}).replace(
        b"/Root 1 0 R /Info 6 0 R /Prev %d" % newest_table(signed()),
        b"/Root %d 0 R /Info 6 0 R /Prev %d" % (number, newest_table(signed())),
    )


@attack
def font_changed():
    return update(signed(), {FONT: BODIES[FONT].replace(b"Helvetica", b"ZapfDingbats")})


@attack
def content_deleted():
    return update(signed(), {}, freed=(CONTENT,))


# --- annotations and forms ----------------------------------------------------------------------------------

TEXT = b"<< /Type /Annot /Subtype /FreeText /Rect [60 690 400 720] /Contents (90 trieu) /DA (/Helv 12 Tf) >>"


def _annotated(pdf: bytes, annotation: bytes) -> bytes:
    number = highest(pdf) + 1
    with pikepdf.open(io.BytesIO(pdf)) as file:
        here = [one.objgen[0] for one in file.pages[0].obj.Annots]
    listed = b" ".join(b"%d 0 R" % one for one in [*here, number])
    page = without_entry(pdf, PAGE, "/Annots")[PAGE][:-2] + b"/Annots [%s] >>" % listed
    return update(pdf, {PAGE: page, number: annotation})


@attack
def annotation_over_the_words():
    return _annotated(signed(), TEXT)


@attack
def stamp_over_the_words():
    return _annotated(signed(), TEXT.replace(b"/FreeText", b"/Stamp"))


@attack
def widget_of_no_field_over_the_words():
    return _annotated(signed(), TEXT.replace(b"/FreeText", b"/Widget /FT /Sig /T (la)"))


@attack
def empty_signature_field_that_draws_over_the_words():
    pdf = signed()
    number = highest(pdf) + 1
    look = stream(FORGED, b"/Type /XObject /Subtype /Form /BBox [0 0 300 30]")
    widget = (
        b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (la) /Rect [60 690 400 720] "
        b"/AP << /N %d 0 R >> >>" % (number + 1)
    )
    drawn = _annotated(pdf, widget)
    form = _form_number(pdf)
    changed = edited(pdf, form, b"/Fields [ ", b"/Fields [ %d 0 R " % number)
    return update(drawn, {**changed, number + 1: look})


def _form_number(pdf: bytes) -> int:
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return int(file.Root.AcroForm.objgen[0])


@attack
def form_told_to_draw_itself_anew():
    return update(signed(), with_entry(signed(), _form_number(signed()), b"/NeedAppearances true"))


@cache
def _with_a_text_field() -> bytes:
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (so-tien) /V (30) /Rect [60 690 400 720] "
        b"/P 3 0 R /DA (/F1 12 Tf) >>"
    )
    changed = {
        CATALOG: b"<< /Type /Catalog /Pages 2 0 R /AcroForm 8 0 R >>",
        PAGE: BODIES[PAGE][:-2] + b"/Annots [7 0 R] >>",
        7: field,
        8: b"<< /Fields [7 0 R] >>",
    }
    return sign(base(changed), box=BOX)


@attack
def text_field_filled():
    pdf = _with_a_text_field()
    return update(pdf, edited(pdf, 7, b"(30)", b"(90)"))


@attack
def text_field_deleted():
    return update(_with_a_text_field(), {}, freed=(7,))


@attack
def text_field_added():
    pdf = signed()
    number = highest(pdf) + 1
    changed = edited(pdf, _form_number(pdf), b"/Fields [ ", b"/Fields [ %d 0 R " % number)
    return update(pdf, {**changed, number: b"<< /FT /Tx /T (la) /V (90) >>"})


@attack
def empty_field_drawn_without_a_signature():
    pdf = sign(prepared())
    number = highest(pdf) + 1
    look = stream(FORGED, b"/Type /XObject /Subtype /Form /BBox [0 0 150 50]")
    drawn = with_entry(pdf, field_number(pdf, "CoQuan"), b"/AP << /N %d 0 R >>" % number)
    return update(pdf, {**drawn, number: look})


@attack
def appearance_of_the_signature_redrawn():
    pdf = signed()
    number = highest(pdf) + 1
    look = stream(FORGED, b"/Type /XObject /Subtype /Form /BBox [0 0 150 50]")
    changed = re.sub(rb"/N \d+ 0 R", b"/N %d 0 R" % number, body(pdf, field_number(pdf)))
    return update(pdf, {field_number(pdf): changed, number: look})


# --- the catalog --------------------------------------------------------------------------------------------


@attack
def script_that_runs_on_opening():
    action = b"/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>"
    return update(signed(), with_entry(signed(), CATALOG, action))


@attack
def layers_brought_in():
    return update(signed(), with_entry(signed(), CATALOG, b"/OCProperties << /OCGs [] >>"))


@attack
def key_twice_in_the_catalog():
    number = highest(signed()) + 1
    tree = {number: b"<< /Type /Pages /Kids [] /Count 0 >>"}
    return update(signed(), {**with_entry(signed(), CATALOG, b"/Pages %d 0 R" % number), **tree})


@attack
def key_twice_in_the_page():
    number = highest(signed()) + 1
    page = with_entry(signed(), PAGE, b"/Contents %d 0 R" % number)
    return update(signed(), {**page, number: stream(FORGED)})


# --- the table of objects -----------------------------------------------------------------------------------


@attack
def object_that_no_table_lists():
    hidden = b"4 0 obj\n" + stream(FORGED) + b"\nendobj\n"
    return update(signed(), {INFO: BODIES[INFO]}, unlisted=hidden)


@attack
def table_that_skips_the_signed_revision():
    pdf = signed()
    first = int(re.findall(rb"startxref\s+(\d+)", base())[-1])
    return update(pdf, {CONTENT: stream(FORGED)}, previous=first)


@attack
def table_that_skips_a_revision_after():
    drawn = update(signed(), {CONTENT: stream(FORGED)})
    return update(drawn, {INFO: BODIES[INFO]}, previous=newest_table(signed()))


@attack
def object_of_another_generation():
    return update(signed(), {CONTENT: stream(FORGED)}, generation=1)


@attack
def end_that_names_an_older_table():
    return signed() + b"startxref\n%d\n%%%%EOF\n" % newest_table(base())


@attack
def table_that_leads_to_itself():
    pdf = update(signed(), {INFO: BODIES[INFO]})
    here = newest_table(pdf)
    return pdf.replace(b"/Prev %d" % newest_table(signed()), b"/Prev %d" % here)


@attack
def second_table_beside_the_first():
    hidden = b"xref\n0 0\ntrailer\n<< /Size 9 >>\n"
    table = update(signed(), {INFO: BODIES[INFO]}, unlisted=b"4 0 obj\n<< >>\nendobj\n" + hidden)
    return table.replace(
        b"/Root 1 0 R /Info 6 0 R /Prev %d" % newest_table(signed()),
        b"/XRefStm %d /Root 1 0 R /Info 6 0 R /Prev %d" % (len(signed()), newest_table(signed())),
    )


# --- shadows: the attacker had a hand in the file before it was signed --------------------------------------


@attack
def shadow_that_is_brought_in():
    pdf = sign(base({PAGE: BODIES[PAGE].replace(b"4 0 R", b"[4 0 R 90 0 R]")}), box=BOX)
    return update(pdf, {90: stream(FORGED)})


@attack
def shadow_that_is_replaced():
    hidden = b"4 0 obj\n" + stream(FORGED) + b"\nendobj\n"
    pdf = sign(update(base(), {INFO: BODIES[INFO]}, unlisted=hidden), box=BOX)
    return update(pdf, {}, offsets={CONTENT: pdf.index(hidden)})


@attack
def shadow_whose_cover_is_removed():
    cover = b"q 1 1 1 rg 0 600 595 200 re f Q"
    page = BODIES[PAGE].replace(b"4 0 R", b"[4 0 R 9 0 R]")
    pdf = sign(base({PAGE: page, 9: stream(cover)}), box=BOX)
    return update(pdf, {}, freed=(9,))


@attack
def shadow_whose_cover_is_emptied():
    cover = b"q 1 1 1 rg 0 600 595 200 re f Q"
    page = BODIES[PAGE].replace(b"4 0 R", b"[4 0 R 9 0 R]")
    pdf = sign(base({PAGE: page, 9: stream(cover)}), box=BOX)
    return update(pdf, {9: stream(b"")})


@attack
def shadow_that_hangs_on_the_information():
    page = BODIES[PAGE].replace(b"4 0 R", b"[4 0 R 6 0 R]")
    pdf = sign(base({PAGE: page, INFO: stream(b"", b"/Title (x)")}), box=BOX)
    return update(pdf, {INFO: stream(FORGED, b"/Title (x)")})


@attack
def shadow_that_hangs_on_the_metadata():
    look = b"/Type /Metadata /Subtype /XML"
    changed = {
        CATALOG: BODIES[CATALOG][:-2] + b"/Metadata 9 0 R >>",
        PAGE: BODIES[PAGE].replace(b"4 0 R", b"[4 0 R 9 0 R]"),
        9: stream(b"", look),
    }
    return update(signed_by_hand(base(changed)), {9: stream(FORGED, look)})


@attack
def shadow_that_hangs_on_the_store_of_proofs():
    changed = {
        CATALOG: BODIES[CATALOG][:-2] + b"/DSS << /VRI 9 0 R >> >>",
        PAGE: BODIES[PAGE].replace(b"/F1 5 0 R", b"/F1 9 0 R"),
        9: BODIES[FONT],
    }
    pdf = sign(base(changed), box=BOX)
    return update(pdf, {9: BODIES[FONT].replace(b"Helvetica", b"ZapfDingbats")})


# --- certificates -------------------------------------------------------------------------------------------


@attack
def second_signature_by_a_stranger():
    return sign(signed(), pki.stranger(), field="CoQuan")


@attack
def second_signature_with_a_key_for_encryption():
    return sign(signed(), pki.wrong_usage(), field="CoQuan")


@attack
def time_stamp_by_a_stranger():
    return sign(base(), stamp=stamper(identity=pki.stranger()))


@cache
def attacked(name: str) -> Report:
    """What is said of the attacked file."""
    return verify(ATTACKS[name](), trust=trust())


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_told(name):
    report = attacked(name)

    assert not report.valid
    assert report.words


def test_each_thing_that_may_be_told_is_told_of_some_attack():
    told = {one for name in ATTACKS for one in attacked(name).changes_after}

    assert told >= {
        *(guard.APPENDED, guard.UNSOUND, guard.UNLISTED, guard.DELETED, guard.DANGLING),
        *(guard.CATALOG, guard.PAGE, guard.ANNOTATION, guard.FORM, guard.FIELD, guard.OTHER),
        *(HIDDEN, SHARED, STAMP),
    }


def test_each_reason_is_given_for_some_attack():
    given = {one.reason for name in ATTACKS for one in attacked(name).signatures}

    assert given >= {
        *(Reason.MALFORMED, Reason.PARTIAL, Reason.ALTERED, Reason.UNKNOWN_ISSUER),
        *(Reason.WRONG_USAGE, Reason.TIME_STAMP, Reason.CHANGED_AFTER),
    }


def test_update_of_the_words_is_refused_against_the_original():
    pdf = update(signed(), {CONTENT: stream(FORGED)})

    assert only_signed(base(), pdf) == (guard.OTHER,)


def test_signed_file_holds_only_the_original_and_signatures():
    assert only_signed(base(), signed()) == ()
    assert only_signed(base(), signed_twice()) == ()
    assert only_signed(signed(), signed_twice()) == ()
    assert only_signed(signed(), signed()) == ()


def test_signed_copy_of_something_else_is_refused_against_the_original():
    other = sign(base({CONTENT: stream(FORGED)}), box=BOX)

    assert only_signed(base(), other) == (guard.NOT_A_CONTINUATION,)
    report = verify(other, trust=trust(), original=base())
    assert (report.verdict, report.valid) == (Verdict.CHANGED_AFTER, False)
    assert verify(other, trust=trust()).valid


def test_appended_bytes_are_refused_against_the_original():
    assert only_signed(base(), signed() + b"x") == (guard.APPENDED,)


def test_changes_after_are_told_for_each_signature():
    drawn = update(signed(), {CONTENT: stream(FORGED)})
    pdf = sign(drawn, pki.school(), field="CoQuan")

    assert guard.changes_after(pdf) == ((guard.OTHER,), ())


def test_files_that_are_attacked_are_valid_before():
    pdfs = [signed(), signed_twice(), signed_by_hand(base()), _with_a_text_field()]

    assert [verify(pdf, trust=trust()).verdict for pdf in pdfs] == [Verdict.VALID] * 4
