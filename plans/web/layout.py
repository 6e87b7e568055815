"""Crispy blocks shared by all forms: one look for a field, its hint and its error."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django.core.exceptions import ValidationError
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict

FIELD_TEMPLATE = "plans/layout/field.html"


def form_status(form: BaseForm) -> int:
    """Return the status of a page with `form`: 422 after a refused submit, so that htmx and tests see it."""
    return 422 if form.errors else 200


def tell(form: BaseForm, error: ValidationError) -> None:
    """Show what an action refused: at the field of that name where the form has one, else on top of the form.

    Django's own `add_error` raises where a row names a field that the form has not.
    """
    told = error.message_dict if hasattr(error, "error_dict") else {"__all__": error.messages}
    for name, sentences in told.items():
        form.add_error(name if name in form.fields else None, sentences)


def with_version(request: HttpRequest, version: int) -> QueryDict:
    """Return what was posted with another version in it: that of the row as it stands now."""
    data = request.POST.copy()
    data["version"] = str(version)
    return data


def form_helper(*blocks: Any) -> FormHelper:
    """Return a helper that lays out `blocks` (names of fields or crispy blocks) in the house's look.

    The page writes <form>, token and button itself, and puts `plans/layout/errors.html` on top.
    """
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.form_show_errors = False  # the field template and the summary say them
    helper.field_template = FIELD_TEMPLATE
    helper.layout = Layout(*blocks)
    return helper
