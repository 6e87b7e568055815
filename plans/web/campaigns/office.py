"""The rules of an office for its schools' documents."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from plans.issuing.models import OfficeRule
from plans.issuing.office_rule_actions import set_office_rule
from plans.issuing.office_rules import own_rule
from plans.schools.models import ManagingBody
from plans.web.campaigns.forms import OfficeRuleForm
from plans.web.layout import form_status, tell
from plans.web.request import Request

SHOWN = 20


def rule_page(request: Request, body: ManagingBody) -> HttpResponse:
    """What holds for a body's schools; POST lets another rule hold from a day on."""
    today = timezone.localdate()
    now = own_rule(body, today)
    form = OfficeRuleForm(
        request.POST if request.method == "POST" else None,
        initial={
            "approves_plans": now.approves_plans,
            "allows_key_files": now.allows_key_files,
            "answer_within_days": now.answer_within_days,
            "valid_from": today,
        },
    )
    if form.is_bound and form.is_valid():
        try:
            rule = set_office_rule(body=body, by=request.user, **form.cleaned_data)
        except ValidationError as error:
            tell(form, error)
        else:
            day = f"{rule.valid_from:%d/%m/%Y}"
            messages.success(request, f"Quy định của {body.name} đã ghi, áp dụng từ ngày {day}.")
            return redirect("campaigns:office_rule", body.pk)
    rules = OfficeRule.objects.filter(body=body)[:SHOWN]
    context = {"body": body, "form": form, "now": now, "rules": rules}
    return render(request, "plans/campaigns/office_rule.html", context, status=form_status(form))
