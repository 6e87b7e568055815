"""Rules about typed words: years, names, numbering, spelling, bodies and documents out of force, blanks left."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from plans.checking.context import CheckedPlan, TypedPart, key, recipient_lines
from plans.checking.findings import Found
from plans.checking.reading import TextFacts, superseded
from plans.checking.vocabulary import vocabulary
from plans.documents.wording import school_year
from plans.planning.form import SectionKind
from plans.planning.placeholders import words_of
from plans.planning.progress import field_label


def _written(checked: CheckedPlan) -> Iterator[TypedPart]:
    return (part for part in checked.parts if part.body.strip())


# --- years, names, numbers --------------------------------------------------------------------------------


def other_school_year(checked: CheckedPlan) -> Iterator[Found]:
    """Yield texts that name a school year which does not belong where it stands.

    A section about the year before may name that year and the plan's; other grounds look back freely; all
    the rest speaks of this year and later ones, save in a sentence that looks back.
    """
    this = checked.start_year
    for part in _written(checked):
        if wrong := _wrong_years(part, this):
            yield checked.at_text(part, *_wrong_year(wrong[0], this))
    for cell in checked.cells:
        past = [year for year in cell.facts.years_now if year < this]
        if past and cell.field != "timeframe":
            yield checked.at_cell(cell, *_wrong_year(past[0], this))


def _wrong_years(part: TypedPart, this: int) -> list[int]:
    if "{previous_school_year}" in part.section.title:
        return [year for year in part.facts.years if year not in (this, this - 1)]
    if part.looks_back:
        return [year for year in part.facts.years if year > this]
    return [year for year in part.facts.years_now if year < this]


def _wrong_year(year: int, this: int) -> tuple[str, str]:
    return (
        f"nhắc năm học {school_year(year)}, kế hoạch là của năm học {school_year(this)}",
        "kiểm tra lại năm học; chữ chép từ kế hoạch cũ thì sửa cho đúng năm",
    )


def other_school_name(checked: CheckedPlan) -> Iterator[Found]:
    """Yield texts that name a school other than this one by any of its names."""
    for part in _written(checked):
        if part.section.kind is SectionKind.LINES:
            continue
        if other := _foreign(part.facts, checked):
            yield checked.at_text(part, *_wrong_school(other))
    for cell in checked.cells:
        if other := _foreign(cell.facts, checked):
            yield checked.at_cell(cell, *_wrong_school(other))


def _foreign(facts: TextFacts, checked: CheckedPlan) -> str:
    return next((name for name in facts.schools if not _is_own(name, checked)), "")


def _is_own(name: str, checked: CheckedPlan) -> bool:
    if not checked.own_names:
        return True
    typed = f"{key(name)} "
    return any(
        typed.startswith(f"{key(own)} ") or f"{key(own)} ".startswith(typed)
        for own in checked.own_names
    )


def _wrong_school(name: str) -> tuple[str, str]:
    return (
        f"nhắc tên một trường khác (“{name}”)",
        "kiểm tra lại tên trường; nếu đúng là nói về trường khác thì giữ nguyên",
    )


def numbers_jump(checked: CheckedPlan) -> Iterator[Found]:
    """Yield texts whose typed numbers do not count on by one."""
    for part in _written(checked):
        for before, number in part.facts.jumps[:1]:
            yield checked.at_text(
                part,
                f"sau mục {before} là mục {number}, số thứ tự không liền nhau",
                "đánh lại số thứ tự các mục đã gõ",
            )
    for cell in checked.cells:
        for before, number in cell.facts.jumps[:1]:
            what = f"sau ý {before} là ý {number}, số thứ tự không liền nhau"
            yield checked.at_cell(cell, what, "đánh lại số thứ tự các ý đã gõ")


def title_typed_again(checked: CheckedPlan) -> Iterator[Found]:
    """Yield texts that begin with a title which the form prints by itself."""
    words = words_of(checked.plan)
    titles = {
        key(words.fill(section.title)) for section in checked.plan.spec.walk() if section.title
    }
    for part in _written(checked):
        first = next(line for line in part.body.split("\n") if line.strip())
        if _bare(first) in titles:
            yield checked.at_text(
                part,
                "dòng đầu ghi lại tên mục, bản in sẽ có hai lần",
                "xóa dòng tên mục đã gõ; chương trình tự in số và tên mục",
            )


def _bare(line: str) -> str:
    """Return a line for comparing with titles: without the number typed before it."""
    head, _, rest = line.strip().partition(" ")
    return key(rest if rest and head.rstrip(".):").isalnum() and head[-1] in ".):" else line)


# --- the letterhead's words, spelling ---------------------------------------------------------------------


def letterhead_typed(checked: CheckedPlan) -> Iterator[Found]:
    """Yield texts in which quốc hiệu or tiêu ngữ was typed, rightly or wrongly spelt."""
    for part in _written(checked):
        line, official = part.facts.official_line
        if line:
            wrong = "" if line == official else f", lại chưa đúng cách viết “{official}”"
            yield checked.at_text(
                part,
                f"có dòng “{line}” của đầu văn bản{wrong}",
                "xóa dòng ấy; chương trình tự in quốc hiệu, tiêu ngữ ở đầu văn bản",
            )


def spelling_variants(checked: CheckedPlan) -> Iterator[Found]:
    """Yield texts that write a word otherwise than the letterhead does ("Uỷ ban")."""
    for part in _written(checked):
        if part.facts.spelling[0]:
            yield checked.at_text(part, *_spelt(part.facts.spelling))
    for cell in checked.cells:
        if cell.facts.spelling[0]:
            yield checked.at_cell(cell, *_spelt(cell.facts.spelling))


def _spelt(pair: tuple[str, str]) -> tuple[str, str]:
    typed, wanted = pair
    return (
        f"viết “{typed}”, trong khi đầu văn bản viết “{wanted}”",
        f"viết thống nhất là “{wanted}”",
    )


# --- recipients -------------------------------------------------------------------------------------------


def recipients(checked: CheckedPlan) -> Iterator[Found]:
    """Yield what is wrong with the line of the archive, which ends the recipients (NĐ 30/2020, Phụ lục I)."""
    words = vocabulary()
    for part in _written(checked):
        if part.section.kind is not SectionKind.RECIPIENTS:
            continue
        lines = recipient_lines(part)
        kept = [
            n for n, line in enumerate(lines) if key(line).split(" ")[0] == key(words.archive_word)
        ]
        if not kept:
            what, step = "chưa có dòng lưu", f"thêm dòng cuối “{words.archive_wanted}.”"
        elif not lines[kept[-1]].lower().startswith(f"{words.archive_word.lower()}:"):
            what = f"dòng lưu ghi “{lines[kept[-1]]}”, thiếu dấu hai chấm"
            step = f"ghi “{words.archive_wanted}”"
        elif kept[-1] != len(lines) - 1:
            what, step = "dòng lưu không đứng cuối", "chuyển dòng lưu xuống cuối"
        else:
            continue
        yield checked.at_text(part, what, step)


# --- out of force -----------------------------------------------------------------------------------------


def ended_body_typed(checked: CheckedPlan) -> Iterator[Found]:
    """Yield texts that turn to a body which no longer exists on the document's day."""
    day = checked.plan.names_on
    for part in _written(checked):
        if not part.looks_back and (told := _ended(part.facts, day)):
            yield checked.at_text(part, *told)
    for cell in checked.cells:
        if told := _ended(cell.facts, day):
            yield checked.at_cell(cell, *told)


def _ended(facts: TextFacts, day: date) -> tuple[str, str] | None:
    for written, body in facts.ended_bodies:
        if day > body.last_day:
            return (
                f"ghi “{written}”, cơ quan này chỉ hoạt động đến hết ngày {body.last_day:%d/%m/%Y}",
                f"thay bằng {body.instead}, nếu không nói chuyện đã qua",
            )
    return None


def out_of_force(checked: CheckedPlan) -> Iterator[Found]:
    """Yield legal grounds that were replaced before the document's day, or issued after its year."""
    day = checked.plan.names_on
    for part in _written(checked):
        for number in part.facts.legal_numbers:
            newer = superseded(number)
            if newer is not None and day >= newer.since:
                what = f"{number} đã được {newer.instead} thay thế từ ngày {newer.since:%d/%m/%Y}"
                yield checked.at_text(part, what, f"ghi {newer.instead} làm căn cứ")
            elif _year_of(number) > day.year:
                what = f"{number} ban hành sau ngày của kế hoạch"
                yield checked.at_text(part, what, "kiểm tra lại số, năm của văn bản")


def _year_of(number: str) -> int:
    """Return the year within a document's number, 0 for a number without one."""
    parts = number.split("/")
    return int(parts[1]) if len(parts) > 2 and parts[1].isdigit() else 0


# --- what should not be left ------------------------------------------------------------------------------


def leftovers(checked: CheckedPlan) -> Iterator[Found]:
    """Yield texts with blanks that were never filled: "…./…", "xxx", "[ghi tên]"."""
    for part in _written(checked):
        if part.facts.leftover:
            yield checked.at_text(part, *_left(part.facts))
    for cell in checked.cells:
        if cell.facts.leftover:
            yield checked.at_cell(cell, *_left(cell.facts))


def _left(facts: TextFacts) -> tuple[str, str]:
    return f"còn chỗ trống “{facts.leftover}” chưa điền", "điền vào chỗ trống hoặc xóa đi"


def personal_numbers(checked: CheckedPlan) -> Iterator[Found]:
    """Yield texts with a number as long as a telephone or identity number; the number itself is not repeated."""
    what = "có dãy số dài như số điện thoại hoặc số định danh cá nhân"
    step = "xóa nếu đó là thông tin riêng của trẻ, học sinh hoặc gia đình"
    for part in _written(checked):
        if part.facts.long_number:
            yield checked.at_text(part, what, step)
    for cell in checked.cells:
        if cell.facts.long_number:
            yield checked.at_cell(cell, what, step)


# --- the year before --------------------------------------------------------------------------------------


def text_of_last_year(checked: CheckedPlan) -> Iterator[Found]:
    """Yield sections that say word for word what they said a year before; lists of documents may well."""
    for part in _written(checked):
        before = checked.last_year.texts.get(part.section.key, "")
        if part.section.kind is SectionKind.TEXT and before and key(before) == key(part.body):
            yield checked.at_text(
                part,
                "giống hệt kế hoạch năm trước, từng chữ",
                "xem lại; nếu vẫn đúng cho năm nay thì giữ nguyên",
            )


def rows_of_last_year(checked: CheckedPlan) -> Iterator[Found]:
    """Yield one find for all rows whose measures and target are word for word those of a year before."""
    same = [
        action
        for action in checked.actions
        if action.measures.strip()
        and (key(action.measures), key(action.target_result)) in checked.last_year.rows
    ]
    if same and checked.table is not None:
        first = same[0]
        label = field_label("measures", checked.table).lower()
        yield Found(
            checked.table_page,
            f"viec-{first.pk}",
            f"{len(same)} việc ghi {label} và kết quả giống hệt năm trước ({checked.names_of(same)})",
            "xem lại cách làm; nếu vẫn đúng cho năm nay thì giữ nguyên",
            first.pk,
            "measures",
        )
