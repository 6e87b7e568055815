"""The back office looks at the standards and changes nothing."""

from datetime import date
from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory

from criteria.admin import FrameworkAdmin, SupersededFilter
from criteria.models import Criterion, Framework
from tests.criteria.factories import make_framework


@pytest.mark.parametrize("model", [Framework, Criterion])
def test_nobody_may_add_change_or_delete(model: Any, rf: RequestFactory) -> None:
    model_admin = admin.site.get_model_admin(model)
    request = rf.get("/")

    allowed = [
        question(request)
        for part in [model_admin, *(inline(model, admin.site) for inline in model_admin.inlines)]
        for question in (
            part.has_add_permission,
            part.has_change_permission,
            part.has_delete_permission,
        )
    ]

    assert set(allowed) == {False}


def test_sources_are_shown_escaped() -> None:
    framework = Framework(sources=["Một bản chép", "<b>"])

    shown = FrameworkAdmin(Framework, admin.site).source_list(framework)

    assert shown == "<div>Một bản chép</div><div>&lt;b&gt;</div>"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("choice", "revisions"), [("moi-nhat", [2]), ("da-thay", [1]), (None, [1, 2])]
)
def test_superseded_revisions_can_be_told_apart(
    choice: str | None, revisions: list[int], rf: RequestFactory
) -> None:
    make_framework()
    make_framework(revision=2, valid_from=date(2018, 10, 10))
    parameters = {} if choice is None else {"ban-ghi": [choice]}
    chosen = SupersededFilter(
        rf.get("/"), parameters, Framework, FrameworkAdmin(Framework, admin.site)
    )

    found = chosen.queryset(rf.get("/"), Framework.objects.all())

    assert [framework.revision for framework in found] == revisions
