"""Rules about levels: what the result grid says of each criterion beside what the rows aim at."""

from __future__ import annotations

from collections.abc import Iterator

from plans.checking.context import CheckedPlan
from plans.checking.findings import Found
from plans.planning.results import framework_tree, proposed_level


def not_met_without_action(checked: CheckedPlan) -> Iterator[Found]:
    """Yield the criteria of each standard that are not met and that no row works on."""
    return _without_action(checked, 1, "không đạt nhưng chưa có việc cải tiến nào")


def below_aim_without_action(checked: CheckedPlan) -> Iterator[Found]:
    """Yield the criteria of each standard that hold the school back from its next level, without a row.

    Only where rows aim at that level, and once every criterion was assessed.
    """
    stands = proposed_level(checked.plan)
    furthest = max((level for action in checked.actions for level in action.levels), default=0)
    if checked.table is None or not checked.table.bands or stands is None:
        return iter(())
    aim = min(furthest, stands + 1)
    what = f"chưa đạt Mức {aim} mà kế hoạch hướng tới, nhưng chưa có việc cải tiến nào"
    return _without_action(checked, aim, what, met=True)


def _without_action(
    checked: CheckedPlan, aim: int, what: str, *, met: bool = False
) -> Iterator[Found]:
    """Yield, by standard, the criteria below `aim` that no row names: the ones met at some level, or not at all."""
    worked_on = {action.criterion_id for action in checked.actions}
    for standard in framework_tree(checked.plan).standards.all():
        numbers = []
        for criterion in standard.criteria.all():
            level = checked.reached.get(criterion.pk)
            if level is None or criterion.pk in worked_on or (level > 0) is not met:
                continue
            if level < max((n for n in criterion.level_numbers if n <= aim), default=0):
                numbers.append(criterion.number)
        if numbers and checked.table is not None:
            yield Found(
                checked.table_page,
                f"muc-{checked.table.key}",
                f"Tiêu chí {', '.join(numbers)}: {what}",
                f"thêm việc cho Tiêu chí {', '.join(numbers)}, hoặc để năm sau nếu chưa ưu tiên",
            )


def level_absent(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows that aim only at levels which their criterion does not have."""
    for aim in checked.aims:
        if not aim.levels:
            named = ", ".join(map(str, aim.action.levels))
            yield checked.at_action(
                aim.action,
                "levels",
                f"hướng tới Mức {named} nhưng tiêu chí này không có mức ấy",
                "chọn lại mức hướng tới",
            )


def already_reached(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows that aim at no more than their criterion has reached."""
    for aim in checked.aims:
        if aim.levels and aim.reached is not None and aim.levels[-1] <= aim.reached:
            yield checked.at_action(
                aim.action,
                "levels",
                f"hướng tới Mức {aim.levels[-1]} nhưng bảng kết quả ghi tiêu chí này đã đạt "
                f"Mức {aim.reached}",
                "xem lại kết quả hoặc mức hướng tới; việc để giữ vững thì không cần sửa",
            )


def aims_too_high(checked: CheckedPlan) -> Iterator[Found]:
    """Yield rows that leave out a level between the one reached and the one they aim at."""
    for aim in checked.aims:
        level = aim.reached
        above = [n for n in aim.levels if level is not None and n > level]
        following = (
            next((n for n in aim.criterion.level_numbers if n > (level or 0)), 0) if above else 0
        )
        if above and above[0] > following:
            stands = f"mới đạt Mức {level}" if level else "không đạt"
            yield checked.at_action(
                aim.action,
                "levels",
                f"hướng tới Mức {above[0]} trong khi tiêu chí {stands}, bỏ qua Mức {following}",
                f"chọn thêm Mức {following} hoặc xem lại kết quả của tiêu chí",
            )
