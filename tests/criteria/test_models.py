"""The tree of standards: what its rows say, in what order, and what the database refuses."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction

from criteria.enums import SchoolKind
from criteria.levels import CriterionFacts, FrameworkFacts
from criteria.models import (
    Criterion,
    CriterionLevel,
    Framework,
    FrameworkKind,
    Indicator,
    SchoolRequirement,
    Standard,
)
from tests.criteria.factories import (
    make_criterion,
    make_framework,
    make_indicator,
    make_standard,
)

pytestmark = pytest.mark.django_db


def test_labels_are_official_headings() -> None:
    framework = make_framework(
        amended_by="22/2024/TT-BGDĐT", amended_on=date(2024, 12, 10), revision=2
    )
    standard = make_standard(framework)
    criterion = make_criterion(standard, levels=())
    lettered = make_indicator(criterion, 1, "a")
    unlettered = make_indicator(criterion, 2)

    labels = [str(row) for row in (framework, standard, criterion, lettered, unlettered)]

    assert labels == [
        "TT19-2018, bản ghi 2: Thông tư 19/2018/TT-BGDĐT (sửa đổi, bổ sung bởi 22/2024/TT-BGDĐT)",
        "Tiêu chuẩn 1: Tổ chức và quản lý nhà trường",
        "Tiêu chí 1.5: Tổ chức nhóm trẻ và lớp mẫu giáo",
        "Mức 1, chỉ báo a",
        "Mức 2",
    ]


def test_has_level_knows_the_levels_a_criterion_lacks() -> None:
    criterion = make_criterion(make_standard(make_framework()), "1.2", levels=(1, 2))

    has = [criterion.has_level(level) for level in (1, 2, 3)]

    assert has == [True, True, False]
    assert criterion.level_numbers == (1, 2)


def test_criteria_come_in_the_order_of_their_numbers() -> None:
    standard = make_standard(make_framework())
    for number in ("1.10", "1.2", "1.9"):
        make_criterion(standard, number)

    numbers = [criterion.number for criterion in Criterion.objects.of(standard.framework)]

    assert numbers == ["1.2", "1.9", "1.10"]


def test_queries_of_criteria_keep_to_one_framework() -> None:
    old, new = make_framework(), make_framework(revision=2)
    make_criterion(make_standard(old), "1.1")
    make_criterion(make_standard(new), "1.1", levels=(1, 2, 3), mandatory=True)
    make_criterion(make_standard(new, 2), "2.1", levels=(1, 2))

    mandatory = Criterion.objects.of(new).mandatory()
    at_level_3 = Criterion.objects.of(new).having_level(3)

    assert [c.number for c in Criterion.objects.of(new)] == ["1.1", "2.1"]
    assert [c.number for c in mandatory] == ["1.1"]
    assert [c.number for c in at_level_3] == ["1.1"]
    assert [s.number for s in Standard.objects.of(new)] == [1, 2]
    assert [i.level for i in Indicator.objects.of(new)] == [1, 1, 2, 2, 3]


@pytest.mark.parametrize("frameworks", [1, 3])
def test_tree_takes_seven_queries_however_many_rows(
    frameworks: int, django_assert_num_queries: Any
) -> None:
    for revision in range(1, frameworks + 1):
        framework = make_framework(revision=revision, kinds=(SchoolKind.PRESCHOOL,))
        SchoolRequirement.objects.create(framework=framework, level=4, clause=1, gist="Mô hình")
        standard = make_standard(framework)
        for number in ("1.10", "1.2"):
            make_criterion(standard, number, levels=(1, 2))

    with django_assert_num_queries(7):
        loaded = list(Framework.objects.with_tree())
        facts = [framework.facts() for framework in loaded]
        kinds = [str(kind) for framework in loaded for kind in framework.kinds.all()]
        articles = [
            f"{criterion.standard.framework.code}, {criterion.number}, {indicator.label}"
            for framework in loaded
            for criterion in framework.all_criteria()
            for indicator in criterion.indicators_at(2)
        ]

    keys = ((1, ""), (2, ""))
    expected = FrameworkFacts(
        criteria=(
            CriterionFacts("1.2", levels=(1, 2), indicators=keys),
            CriterionFacts("1.10", levels=(1, 2), indicators=keys),
        ),
        requirements=((4, 1),),
    )
    assert facts == [expected] * frameworks
    assert kinds == ["Trường mầm non"] * frameworks
    assert articles == ["TT19-2018, 1.2, Mức 2", "TT19-2018, 1.10, Mức 2"] * frameworks


def test_newest_and_superseded_divide_the_revisions_of_a_code() -> None:
    first, second = make_framework(), make_framework(revision=2)
    other = make_framework("TT17-2018")

    newest = set(Framework.objects.newest())
    superseded = set(Framework.objects.superseded())

    assert (newest, superseded) == ({second, other}, {first})


@pytest.mark.parametrize(
    ("day", "valid"),
    [
        (date(2018, 10, 9), False),
        (date(2018, 10, 10), True),
        (date(2025, 1, 24), True),
        (date(2025, 1, 25), False),
    ],
)
def test_validity_includes_both_ends(day: date, valid: bool) -> None:
    framework = make_framework(valid_to=date(2025, 1, 24))

    answers = (framework.is_valid_on(day), Framework.objects.valid_on(day).exists())

    assert answers == (valid, valid)


# --- what the database refuses ----------------------------------------------------------------


@pytest.fixture
def criterion() -> Criterion:
    """1.5 of standard 1 of TT19-2018, with level 1 and its unlettered indicator."""
    framework = make_framework(kinds=(SchoolKind.PRESCHOOL,))
    SchoolRequirement.objects.create(framework=framework, level=4, clause=1, gist="Mô hình")
    return make_criterion(make_standard(framework), levels=(1,))


def _unsaved(criterion: Criterion, model: type[models.Model], changes: Any) -> models.Model:
    """Return a new row beside those of the fixture, sound but for `changes`."""
    standard, framework = criterion.standard, criterion.standard.framework
    beside: dict[type[models.Model], dict[str, Any]] = {
        Framework: {"revision": 2},
        FrameworkKind: {"framework": framework, "kind": "primary"},
        SchoolRequirement: {"framework": framework, "level": 4, "clause": 2, "gist": "Thư viện"},
        Standard: {"framework": framework, "number": 2, "title": "Cán bộ quản lý"},
        Criterion: {
            "standard": standard,
            "number": "1.6",
            "position": 6,
            "title": "Quản lý hành chính",
            "verification": "partly",
        },
        CriterionLevel: {"criterion": criterion, "level": 2},
        Indicator: {
            "criterion": criterion,
            "level": 1,
            "letter": "b",
            "gist": "Đúng độ tuổi",
            "position": 2,
        },
    }
    values = beside[model] | changes
    if model is Framework:
        same = {
            field.name: getattr(framework, field.name)
            for field in Framework._meta.concrete_fields
            if not field.primary_key
        }
        values = same | values
    return model(**values)


BITES = [
    (Framework, {"revision": 1}, "Bộ tiêu chuẩn này đã có bản ghi mang số thứ tự đó."),
    (Framework, {"revision": 0}, "Bản ghi của bộ tiêu chuẩn được đánh số từ 1."),
    (
        Framework,
        {"valid_from": date(2018, 8, 21)},
        "Ngày áp dụng không được sớm hơn ngày ban hành.",
    ),
    (
        Framework,
        {"valid_to": date(2018, 10, 9)},
        "Ngày hết áp dụng không được sớm hơn ngày áp dụng.",
    ),
    (
        Framework,
        {"amended_by": "22/2024/TT-BGDĐT"},
        "Thông tư sửa đổi phải có cả số, ký hiệu và ngày ban hành.",
    ),
    (
        Framework,
        {"amended_on": date(2024, 12, 10)},
        "Thông tư sửa đổi phải có cả số, ký hiệu và ngày ban hành.",
    ),
    (Framework, {"max_level": 5}, "Mức cao nhất của tiêu chí phải từ 1 đến 4."),
    (Framework, {"verification": "sure"}, "Mức độ xác minh không hợp lệ."),
    (
        FrameworkKind,
        {"kind": "preschool"},
        "Loại hình trường này đã được ghi cho bộ tiêu chuẩn.",
    ),
    (FrameworkKind, {"kind": "university"}, "Loại hình trường không hợp lệ."),
    (SchoolRequirement, {"clause": 1}, "Khoản này đã có trong mức."),
    (SchoolRequirement, {"clause": 0}, "Khoản được đánh số từ 1."),
    (SchoolRequirement, {"level": 5}, "Mức phải từ 1 đến 4."),
    (Standard, {"number": 1}, "Bộ tiêu chuẩn đã có tiêu chuẩn mang số này."),
    (Standard, {"number": 0}, "Tiêu chuẩn được đánh số từ 1."),
    (Criterion, {"number": "1.5"}, "Tiêu chuẩn đã có tiêu chí mang số này."),
    (Criterion, {"position": 5}, "Tiêu chuẩn đã có tiêu chí ở thứ tự này."),
    (Criterion, {"verification": "sure"}, "Mức độ xác minh không hợp lệ."),
    (CriterionLevel, {"level": 1}, "Tiêu chí đã có mức này."),
    (CriterionLevel, {"level": 0}, "Mức phải từ 1 đến 4."),
    (Indicator, {"letter": ""}, "Mức này của tiêu chí đã có chỉ báo mang chữ đó."),
    (Indicator, {"position": 1}, "Mức này của tiêu chí đã có chỉ báo ở thứ tự đó."),
    (Indicator, {"level": 0}, "Mức phải từ 1 đến 4."),
    (
        Indicator,
        {"letter": "w"},
        "Điểm phải là một chữ trong các chữ a, b, c, d, đ, e, g…",
    ),
]


@pytest.mark.parametrize(("model", "changes", "message"), BITES)
def test_constraint_bites_in_the_form_and_in_the_database(
    criterion: Criterion, model: type[models.Model], changes: Any, message: str
) -> None:
    row = _unsaved(criterion, model, changes)

    with pytest.raises(ValidationError) as refusal:
        row.validate_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()

    assert refusal.value.messages == [message]


HOLDS = [
    (Framework, {}),
    (Framework, {"valid_to": date(2018, 10, 10)}),
    (Framework, {"valid_from": date(2018, 8, 22)}),
    (Framework, {"amended_by": "22/2024/TT-BGDĐT", "amended_on": date(2024, 12, 10)}),
    (Framework, {"max_level": 4}),
    (Framework, {"code": "TT17-2018", "revision": 1}),
    (FrameworkKind, {}),
    (SchoolRequirement, {}),
    (SchoolRequirement, {"level": 3, "clause": 1}),
    (Standard, {}),
    (Criterion, {}),
    (CriterionLevel, {}),
    (Indicator, {}),
    (Indicator, {"letter": "đ"}),
    (Indicator, {"level": 2, "letter": "", "position": 1}),
]


@pytest.mark.parametrize(("model", "changes"), HOLDS)
def test_constraint_lets_sound_rows_in(
    criterion: Criterion, model: type[models.Model], changes: Any
) -> None:
    row = _unsaved(criterion, model, changes)

    row.full_clean()
    row.save()

    assert model._default_manager.filter(pk=row.pk).exists()


def test_every_constraint_is_tested() -> None:
    tested = {(model.__name__, message) for model, changes, message in BITES}

    declared = {
        (model.__name__, str(constraint.violation_error_message))
        for model in {model for model, changes, message in BITES}
        for constraint in model._meta.constraints
    }

    assert tested == declared
