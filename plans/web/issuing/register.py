"""Sổ đăng ký văn bản of a school: its lines by year, and what the văn thư notes in it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from plans.accounts.models import User
from plans.issuing.enums import EntryKind
from plans.issuing.models import NumberEntry
from plans.issuing.numbers import note_outside, void_number
from plans.schools.models import School
from plans.web.issuing.forms import RegisterForm
from plans.web.layout import form_status, tell
from plans.web.request import Request


def register(request: Request, school: School) -> HttpResponse:
    """The lines of a year (?nam=), by series and number; POST notes numbers used on paper or void."""
    year = _year(request)
    form = RegisterForm(request.POST or None, initial={"year": year})
    if request.method == "POST" and form.is_valid():
        entry = _noted(school, form, request.user)
        if entry is not None:
            messages.success(request, f"Đã ghi số {entry.words} vào sổ.")
            noted_in = form.cleaned_data["year"]
            return redirect(f"{reverse('issuing:register', args=[school.pk])}?nam={noted_in}")
    lines = NumberEntry.objects.filter(register__school=school, register__year=year)
    context = {
        "school": school,
        "year": year,
        "years": _years(school, year),
        "lines": lines.select_related("register", "document", "by").order_by(
            "register__series", "-number", "-suffix"
        ),
        "form": form,
    }
    return render(request, "plans/issuing/register.html", context, status=form_status(form))


def _year(request: Request) -> int:
    asked = request.GET.get("nam", "")
    is_year = asked.isascii() and asked.isdigit() and len(asked) == 4
    return int(asked) if is_year else timezone.localdate().year


def _years(school: School, year: int) -> list[int]:
    """Return the years that have a register, this year and the opened one, newest first."""
    begun = school.registers.order_by().values_list("year", flat=True).distinct()
    return sorted({*begun, year, timezone.localdate().year}, reverse=True)


def _noted(school: School, form: RegisterForm, by: User) -> NumberEntry | None:
    """Write the line that a valid form asks for; None when it was refused, and the form says why."""
    values = form.cleaned_data
    where = {"school": school, "year": values["year"], "series": values["series"]}
    told = {"reason": values["reason"], "by": by}
    try:
        if values["kind"] == EntryKind.VOID:
            return void_number(number=values["number"], **where, **told)
        return note_outside(first=values["number"], last=values["last_number"], **where, **told)
    except ValidationError as error:
        tell(form, error)
        return None
