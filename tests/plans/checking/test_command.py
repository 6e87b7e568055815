"""manage.py check_plan prints what the page shows."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from plans.planning.models import Plan, PlanAction


def printed(plan: Plan, **options: bool) -> list[str]:
    out = StringIO()
    call_command("check_plan", plan=plan.pk, stdout=out, **options)
    return out.getvalue().strip("\n").split("\n")


def test_findings_are_printed_in_words_with_their_rule(clean: Plan) -> None:
    clean.actions.update(target_result="Bếp còn chật hẹp")

    assert printed(clean) == [
        "Không còn lỗi. Còn 1 cảnh báo để thầy cô xem lại.",
        "Cảnh báo: Tiêu chí 3.2: ô “Kết quả cần đạt” đang ghi một điểm yếu (“chật hẹp”). "
        "Chuyển điểm yếu sang ô hiện trạng và ghi điều trường muốn đạt được. [target_is_weakness]",
    ]


def test_findings_are_printed_as_json_a_line_each(clean: Plan, row: PlanAction) -> None:
    clean.actions.update(target_result="Bếp còn chật hẹp")

    found = [json.loads(line) for line in printed(clean, json=True)]

    assert [(f["grade"], f["rule"], f["page"], f["action"], f["field"]) for f in found] == [
        ("warning", "target_is_weakness", "actions", row.pk, "target_result")
    ]


def test_an_unknown_plan_is_refused_in_words(db: None) -> None:
    with pytest.raises(CommandError, match="Không có kế hoạch mang mã số 999999."):
        call_command("check_plan", plan=999999)
