"""Rules about single rows of the table of actions: empty cells, weaknesses as targets, people, time, money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from plans.checking.context import CheckedPlan, key
from plans.checking.findings import Found
from plans.checking.reading import WordFinder, read
from plans.checking.row_reading import ReadAs
from plans.checking.vocabulary import RoleWords, vocabulary
from plans.planning.models import PlanAction
from plans.planning.progress import field_label, missing_fields

PEOPLE = ("lead", "partners")


def missing(checked: CheckedPlan) -> Iterator[Found]:
    """Yield what the form requires and nobody has written yet."""
    empty = {}
    if checked.table is not None:
        empty = {action.pk: missing_fields(action, checked.table) for action in checked.actions}
    for page in checked.pages:
        for gap in page.gaps:
            field = next(iter(empty.get(gap.action, ())), "") if gap.action else ""
            yield Found(gap.page, gap.anchor, gap.what, gap.step, gap.action, field, row=gap.row)


def unconfirmed(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows that the program proposed and nobody has confirmed or edited."""
    for action in checked.actions:
        if action.proposed_at is not None:
            yield checked.at_action(
                action,
                "",
                "dòng do chương trình đề xuất, chưa ai xác nhận",
                f"sửa hoặc xác nhận dòng đề xuất ở {checked.name_of(action)}",
            )


def no_lead(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows without a lead, where the form prints one and does not ask for it."""
    return _empty_cells(checked, "lead", "ghi người hoặc bộ phận chủ trì")


def no_time(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows without a time, where the form prints one and does not ask for it."""
    return _empty_cells(checked, "timeframe", "ghi thời gian thực hiện và hoàn thành")


def _empty_cells(checked: CheckedPlan, name: str, step: str) -> Iterator[Found]:
    table = checked.table
    if table is None or name not in table.fields or name in table.required_fields:
        return
    for action in checked.actions:
        if not getattr(action, name).strip():
            what = f"ô “{field_label(name, table)}” còn trống"
            yield checked.at_action(action, name, what, f"{step} cho {checked.name_of(action)}")


def _label(checked: CheckedPlan, name: str) -> str:
    return field_label(name, checked.table) if checked.table else name


def target_is_weakness(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows whose target says what is weak rather than what is to be reached."""
    if not checked.prints("target_result"):
        return
    for action in checked.actions:
        weak = read(action.target_result).weakness
        if weak and key(action.target_result) != key(action.current_state):
            yield checked.at_action(
                action,
                "target_result",
                f"ô “{_label(checked, 'target_result')}” đang ghi một điểm yếu (“{weak}”)",
                "chuyển điểm yếu sang ô hiện trạng và ghi điều trường muốn đạt được",
            )


def target_is_state(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows whose target repeats the current state."""
    if not checked.prints("target_result", "current_state"):
        return
    label = _label(checked, "target_result")
    for action in checked.actions:
        target = key(action.target_result)
        if target and target == key(action.current_state):
            yield checked.at_action(
                action,
                "target_result",
                f"ô “{label}” ghi giống hệt ô hiện trạng",
                f"ghi điều trường muốn đạt được vào ô “{label}”",
            )


def duplicates(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows whose measures stand in an earlier row of the same criterion."""
    seen: set[tuple[int | None, str]] = set()
    for action in checked.actions:
        this = (action.criterion_id, key(action.measures))
        if this[1] and this in seen:
            yield checked.at_action(
                action,
                "measures",
                "việc này trùng với một dòng ở trên",
                "gộp hai dòng làm một hoặc ghi rõ chỗ khác nhau",
            )
        seen.add(this)


def mixed_bands(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows without a level to aim at, where other rows have one."""
    if checked.table is None or not checked.table.bands:
        return
    if not any(action.levels for action in checked.actions):
        return
    for action in checked.actions:
        if action.criterion is not None and not action.levels:
            yield checked.at_action(
                action,
                "levels",
                "chưa chọn mức hướng tới, trong khi các dòng khác đã chọn",
                f"chọn mức hướng tới cho {checked.name_of(action)}",
            )


# --- time -------------------------------------------------------------------------------------------------


def outside_year(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows that end after the plan's school year or begin before it."""
    first, last = checked.window
    year = checked.plan.school_year.label
    for action in checked.actions:
        reading = checked.reading(action)
        if reading.ends_on is not None and reading.ends_on > last:
            what = f"thời hạn {reading.ends_on:%d/%m/%Y} vượt quá năm học {year}"
        elif reading.ends_on is not None and reading.ends_on < first:
            what = f"thời hạn {reading.ends_on:%d/%m/%Y} ở trước năm học {year}"
        elif reading.starts_on is not None and reading.starts_on < first:
            what = f"thời điểm bắt đầu {reading.starts_on:%d/%m/%Y} ở trước năm học {year}"
        else:
            continue
        step = "kiểm tra lại thời gian; việc kéo dài nhiều năm thì ghi phần làm trong năm học này"
        yield checked.at_action(action, "timeframe", what, step)


def time_reversed(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows that end before they begin."""
    for action in checked.actions:
        if checked.reading(action).time_reversed:
            yield checked.at_action(
                action,
                "timeframe",
                "thời điểm hoàn thành ở trước thời điểm bắt đầu",
                "ghi lại thời gian cho đúng thứ tự",
            )


def time_unread(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows whose time is written so that no day can be read from it."""
    for action in checked.actions:
        state = checked.reading(action).time
        if state is ReadAs.UNREAD:
            what = "chưa đọc được mốc thời gian nào từ chữ đã ghi"
        elif state is ReadAs.AMBIGUOUS:
            what = "thời gian hiểu được theo nhiều cách"
        else:
            continue
        step = "ghi rõ tháng, năm hoặc học kỳ, ví dụ “Tháng 12/2025”"
        yield checked.at_action(action, "timeframe", what, step)


# --- money ------------------------------------------------------------------------------------------------


def money_reversed(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows whose lesser amount stands after the greater one."""
    for action in checked.actions:
        if checked.reading(action).money_reversed:
            yield checked.at_action(
                action,
                "budget_text",
                "khoảng kinh phí ghi ngược, số lớn đứng trước",
                "ghi số nhỏ trước, số lớn sau",
            )


def money_unread(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows whose budget holds digits from which no amount could be read."""
    for action in checked.actions:
        if checked.reading(action).money is ReadAs.UNREAD:
            yield checked.at_action(
                action,
                "budget_text",
                "chưa đọc được số tiền từ chữ đã ghi",
                "ghi rõ số và đơn vị, ví dụ “30-40 triệu đồng”",
            )


def money_blank(checked: CheckedPlan) -> Iterator[Found]:
    """Yield one find for all rows that say nothing about money, where the form prints it."""
    if not checked.prints("budget_text"):
        return
    blank = [action for action in checked.actions if not action.budget_text.strip()]
    if blank:
        yield _about_all(
            checked,
            blank,
            "budget_text",
            f"{len(blank)} việc chưa ghi kinh phí ({checked.names_of(blank)})",
            "ghi kinh phí; việc không tốn tiền thì ghi “Không có”",
        )


def _about_all(
    checked: CheckedPlan, rows: list[PlanAction], field: str, message: str, step: str
) -> Found:
    """Return one find for many rows; it leads to the first."""
    first = rows[0]
    return Found(checked.table_page, f"viec-{first.pk}", message, step, first.pk, field)


# --- people -----------------------------------------------------------------------------------------------


def role_nobody_holds(checked: CheckedPlan) -> Iterator[Found]:
    """Yield each role that rows name and that nobody in the school's records holds."""
    if not checked.members and not checked.seats:
        return
    named: dict[str, list[PlanAction]] = defaultdict(list)
    roles = {role.name: role for role in vocabulary().roles}
    for action in checked.actions:
        for name in {n for field in PEOPLE for n in _roles_in(getattr(action, field))}:
            named[name].append(action)
    for name, rows in named.items():
        if _is_held(checked, roles[name]):
            continue
        place = "danh sách hội đồng năm học này" if roles[name].team else "danh sách của trường"
        yield _about_all(
            checked,
            rows,
            "lead",
            f"{checked.names_of(rows)}: có ghi “{name}” nhưng {place} chưa có ai giữ vai trò này",
            "kiểm tra lại người chủ trì, phối hợp hoặc bổ sung người giữ vai trò",
        )


@lru_cache(maxsize=2048)
def _roles_in(text: str) -> tuple[str, ...]:
    finder, names = _role_finder()
    return tuple(names[word] for word in finder.all_written(read(text).settled))


@lru_cache(maxsize=1)
def _role_finder() -> tuple[WordFinder, dict[str, str]]:
    names = {word: role.name for role in vocabulary().roles for word in role.words}
    return WordFinder(names), names


def _is_held(checked: CheckedPlan, role: RoleWords) -> bool:
    if any(member.holds(role.role, checked.on) for member in checked.members):
        return True
    return any(seat.team == role.team and role.part in ("", seat.part) for seat in checked.seats)
