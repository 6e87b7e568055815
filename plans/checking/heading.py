"""Rules about the head and foot of the document: names in force, dates, number, who signs."""

from __future__ import annotations

from collections.abc import Iterator

from plans.accounts.roles import Role
from plans.checking.context import CheckedPlan, same_person
from plans.checking.findings import Found
from plans.checking.vocabulary import vocabulary
from plans.planning.form import SectionKind
from plans.planning.placeholders import words_of
from plans.schools.letterhead import letterhead


def names_in_force(checked: CheckedPlan) -> Iterator[Found]:
    """Yield what is doubtful about the names that the letterhead prints on the document's day."""
    plan = checked.plan
    for sentence in letterhead(plan.school, plan.names_on).warnings:
        message, _, advice = sentence.partition(". ")
        step = advice.rstrip(".") or "kiểm tra đầu văn bản trên trang của trường"
        yield checked.at_heading("", message.rstrip("."), step[:1].lower() + step[1:])


def form_of_year(checked: CheckedPlan) -> Iterator[Found]:
    """Yield that the plan is written in a form made for other school years."""
    for sentence in checked.form_warnings:
        message = sentence.rpartition(". ")[0] or sentence.rstrip(".")
        yield checked.at_heading("", message, "hỏi cơ quan quản lý trước khi trình")


def given_words(checked: CheckedPlan) -> Iterator[Found]:
    """Yield what the form prints of the school and the school's record does not hold."""
    words = words_of(checked.plan)
    for page in checked.pages:
        for part in (page.section, *page.section.sections):
            if part.kind is SectionKind.FIXED:
                for name in words.unknown(part.text):
                    what = f"{part.name}: hồ sơ trường chưa ghi {name}, bản in chừa chỗ ghi tay"
                    step = "báo người quản trị bổ sung hồ sơ trường"
                    yield Found(page.key, f"muc-{part.key}", what, step)


def date_outside_year(checked: CheckedPlan) -> Iterator[Found]:
    """Yield a date or month of the document that lies outside the plan's school year."""
    first, last = checked.window
    plan = checked.plan
    for field, day, words in (
        ("document_date", plan.document_date, "Ngày ban hành"),
        ("document_month", plan.document_month, "Tháng trên văn bản"),
    ):
        if day is not None and not first <= day <= last:
            shown = f"{day:%d/%m/%Y}" if field == "document_date" else f"{day:%m/%Y}"
            yield checked.at_heading(
                field,
                f"{words} {shown} nằm ngoài năm học {plan.school_year.label}",
                "ghi lại ngày, tháng của văn bản",
            )


def date_against_month(checked: CheckedPlan) -> Iterator[Found]:
    """Yield a date of issue that lies in another month than the document's."""
    day, month = checked.plan.document_date, checked.plan.document_month
    if day is not None and month is not None and (day.year, day.month) != (month.year, month.month):
        yield checked.at_heading(
            "document_month",
            f"Ngày ban hành {day:%d/%m/%Y} khác tháng trên văn bản {month:%m/%Y}",
            "ghi tháng trên văn bản theo ngày ban hành",
        )


def number_without_date(checked: CheckedPlan) -> Iterator[Found]:
    """Yield a number without a date of issue, or a date without a number: both are given at issue."""
    plan = checked.plan
    if bool(plan.number.strip()) is (plan.document_date is not None):
        return
    if plan.number.strip():
        what, field, step = (
            "Đã có số mà chưa có ngày ban hành",
            "document_date",
            "ghi ngày ban hành",
        )
    else:
        what, field, step = "Đã có ngày ban hành mà chưa có số văn bản", "number", "ghi số văn bản"
    yield checked.at_heading(field, what, f"{step}, hoặc để trống cả hai đến khi ban hành")


def capacity_against_signer(checked: CheckedPlan) -> Iterator[Found]:
    """Yield a signer whose capacity says another post than the school's records do."""
    plan, words = checked.plan, vocabulary()
    capacity = plan.signing_capacity.upper().strip()
    is_head, is_deputy = (_signs_as(checked, r) for r in (Role.PRINCIPAL, Role.VICE_PRINCIPAL))
    if capacity.startswith(words.deputy_mark) and is_head:
        what = f"Người ký {plan.signer_name} là hiệu trưởng, nhưng chức vụ ghi ký thay ({words.deputy_mark})"
        yield checked.at_heading("signing_capacity", what, f"chọn “{words.head_capacity}”")
    elif capacity == words.head_capacity and is_deputy and not is_head:
        what = f"Người ký {plan.signer_name} là phó hiệu trưởng, nhưng chức vụ ghi {words.head_capacity}"
        step = f"chọn “{words.deputy_mark} {words.head_capacity}” hoặc ghi lại người ký"
        yield checked.at_heading("signing_capacity", what, step)


def signer_not_in_office(checked: CheckedPlan) -> Iterator[Found]:
    """Yield a signer who leads the school neither on the document's day nor today."""
    plan = checked.plan
    leads = [m for m in checked.members if m.role in (Role.PRINCIPAL, Role.VICE_PRINCIPAL)]
    acting = plan.signing_capacity.upper().strip().startswith(vocabulary().acting_marks)
    if not plan.signer_name.strip() or not leads or acting:
        return
    if not any(_signs_as(checked, r) for r in (Role.PRINCIPAL, Role.VICE_PRINCIPAL)):
        yield checked.at_heading(
            "signer_name",
            f"Người ký {plan.signer_name} không có trong danh sách lãnh đạo trường",
            "kiểm tra lại họ tên người ký",
        )


def _signs_as(checked: CheckedPlan, role: Role) -> bool:
    """Say whether somebody of the signer's name holds the role on the document's day or today."""
    days = {checked.plan.names_on, checked.on}
    return any(
        member.holds(role, day) and same_person(member.name, checked.plan.signer_name)
        for member in checked.members
        for day in days
    )
