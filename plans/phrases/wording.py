"""Says a reading back in short courteous Vietnamese, for the grey line under a field."""

from datetime import date

from plans.phrases.money import PROBLEMS, SOURCES, MoneyReading
from plans.phrases.people import PeopleReading
from plans.phrases.time_values import TimeReading
from plans.phrases.words import day_words, month_words

UNREAD = "Chưa đọc được, vẫn in đúng như đã gõ"
_SCALES = ((10**9, "tỷ đồng"), (10**6, "triệu đồng"))
_RECURRING = {
    "daily": "hằng ngày",
    "weekly": "hằng tuần",
    "monthly": "hằng tháng",
    "quarterly": "mỗi quý",
    "termly": "mỗi học kỳ",
    "yearly": "hằng năm",
    "continuous": "thường xuyên",
    "periodic": "định kỳ",
}
_UNITS = {
    "day": "ngày",
    "week": "tuần",
    "month": "tháng",
    "quarter": "quý",
    "year": "năm",
    "term": "học kỳ",
}


# --- money ------------------------------------------------------------------------------------------------


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", ".")


def _figure(amount: int, scale: int) -> str:
    whole, rest = divmod(amount, scale)
    digits = f"{rest * 1000 // scale:03}".rstrip("0")
    return f"{_grouped(whole)},{digits}" if digits else _grouped(whole)


def sum_words(low: int | None, high: int | None) -> str:
    """Return a sum or range of đồng: "30–40 triệu đồng", "dưới 5 triệu đồng", "từ 20 triệu đồng trở lên"."""
    known = [bound for bound in (low, high) if bound is not None]
    if not known:
        return ""
    scale, unit = next(
        (
            one
            for one in _SCALES
            if all(bound >= one[0] and bound * 1000 % one[0] == 0 for bound in known)
        ),
        (1, "đồng"),
    )
    if low is None:
        return f"không quá {_figure(known[0], scale)} {unit}"
    if high is None:
        return f"từ {_figure(low, scale)} {unit} trở lên"
    figures = [_figure(bound, scale) for bound in dict.fromkeys((low, high))]
    return f"{'–'.join(figures)} {unit}"


def money_words(reading: MoneyReading) -> str:
    """Return e.g. "30–40 triệu đồng mỗi năm · nguồn: chưa rõ"; a blank cell says that the sum is not known."""
    if reading.unread:
        problems = [PROBLEMS[one] for one in reading.problems if one in PROBLEMS]
        return " · ".join([UNREAD, *problems])
    parts = [_sum_part(reading)]
    # Of hours and things nobody asks where the money comes from.
    if reading.state != "zero" and (reading.sources or not reading.resources):
        named = ", ".join(SOURCES[key] for key in reading.sources)
        parts.append(f"nguồn: {named or 'chưa rõ'}")
    parts += [PROBLEMS[one] for one in reading.problems]
    return " · ".join(parts)


def _sum_part(reading: MoneyReading) -> str:
    if reading.state == "zero":
        return "không cần kinh phí"
    if reading.each is not None:
        return f"{sum_words(*reading.each[:2])} mỗi {reading.each[2]}"
    if reading.resources:
        return f"nguồn lực không phải tiền: {'; '.join(reading.resources)}"
    if reading.state == "unknown":
        return "chưa rõ số tiền"
    about = "khoảng " if reading.estimate else ""
    yearly = " mỗi năm" if reading.per_year else ""
    years = f", trong {reading.years} năm" if reading.years else ""
    return f"{about}{sum_words(reading.min, reading.max)}{yearly}{years}"


# --- time -------------------------------------------------------------------------------------------------


def time_words(reading: TimeReading) -> str:
    """Return e.g. "từ 05/9/2026 đến 31/5/2027", "hạn: 15/12/2026", or the question an ambiguous phrase asks."""
    if reading.state == "ambiguous":
        return f"Có thể hiểu: {'; hoặc '.join(one.label for one in reading.readings)}. Mời thầy cô chọn"
    if reading.state == "unread":
        return _unread(reading)
    if reading.duration is not None and reading.start is None and reading.end is None:
        return f"trong {reading.duration.count} {reading.duration.unit}"
    parts = [recurring_words(reading.recurring)] if reading.recurring else []
    parts += [bounds] if (bounds := _bounds(reading)) else []
    parts += ["hai mốc viết ngược thứ tự"] if reading.reversed else []
    return " · ".join(parts)


def _unread(reading: TimeReading) -> str:
    return {
        "blank": "chưa ghi thời gian",
        "status": "là tình trạng công việc, chưa phải thời gian",
        "wrong_date": "Không có ngày này trong lịch, mời thầy cô xem lại",
    }.get(reading.kind, UNREAD)


def _bounds(reading: TimeReading) -> str:
    if reading.start is None and reading.end is None:
        return ""
    if reading.start is None and reading.end is not None:
        return f"hạn: {day_words(reading.end)}"
    if reading.end is None and reading.start is not None:
        return f"từ {day_words(reading.start)}"
    start, end = reading.start or date.min, reading.end or date.min
    if start == end:
        return f"ngày {day_words(start)}"
    whole = {reading.start_precision, reading.end_precision} == {"month"}
    if whole and (start.year, start.month) == (end.year, end.month):
        return f"tháng {month_words(start.month)}/{start.year}"
    return f"từ {day_words(start)} đến {day_words(end)}"


def recurring_words(recurring: str) -> str:
    """Return the words of a `recurring`: "hằng tháng", "2 tuần một lần", "2 lần mỗi năm"."""
    if recurring in _RECURRING:
        return _RECURRING[recurring]
    kind, _, rest = recurring.partition("_")
    if kind == "every":
        count, _, unit = rest.partition("_")
        return f"{count} {_UNITS[unit.removesuffix('s')]} một lần"
    return f"{kind} lần mỗi {_UNITS[rest.removeprefix('per_')]}"


# --- people -----------------------------------------------------------------------------------------------


def people_words(reading: PeopleReading) -> str:
    """Return e.g. "chủ trì: hiệu trưởng; phối hợp: kế toán, giáo viên"."""
    if not reading.people:
        return "chưa ghi người thực hiện"
    parts = [f"chủ trì: {reading.lead or 'chưa rõ'}"]
    if reading.partners:
        parts.append(f"phối hợp: {', '.join(reading.partners)}")
    if reading.unknown_abbreviations:
        parts.append(f"chưa rõ chữ viết tắt: {', '.join(reading.unknown_abbreviations)}")
    return "; ".join(parts)
