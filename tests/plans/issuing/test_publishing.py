"""What a school shows to everybody: only what it chose, without names where it said so, at one address."""

import pytest
from django.core.exceptions import ValidationError

from plans.documents.flatten import document_text
from plans.history.models import Event
from plans.issuing.enums import DocumentState
from plans.issuing.excerpt import excerpt, keys_of, parts_of
from plans.issuing.models import IssuedDocument, PublicCopy
from plans.issuing.publishing import (
    carry_on,
    copy_of,
    public_tree,
    publish,
    shown_document,
    stop_publishing,
    tree_of,
)
from plans.planning.models import Plan
from tests.factories import issuing, planning

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan() -> Plan:
    plan = planning.plan(signer_name="Lê Thị Mẫu Đơn")
    planning.plan_text(plan, "purpose", "Mục đích riêng.")
    planning.plan_text(plan, "grounds", "Căn cứ riêng.")
    planning.plan_text(plan, "recipients", "Phòng GD&ĐT")
    planning.action(plan, measures="Sửa bếp ăn", lead="Cô Hạnh", partners="Thầy Minh")
    planning.row(plan, topic="Theo dõi riêng")
    return plan


@pytest.fixture
def document(plan: Plan) -> IssuedDocument:
    return issuing.with_tree(issuing.issued_document(plan))


def everything(plan: Plan) -> list[str]:
    return keys_of(parts_of(plan.spec))


def shown(document: IssuedDocument, *parts: str, names: bool = False) -> str:
    assert document.plan is not None
    return document_text(excerpt(tree_of(document), document.plan.spec, parts, with_names=names))


# --- what may be chosen -----------------------------------------------------------------------------------


def test_parts_are_those_that_the_form_has_a_head_for(plan: Plan) -> None:
    parts = parts_of(plan.spec)

    assert [(part.key, part.names_people) for part in parts] == [
        ("purpose", False),
        ("grounds", False),
        ("results", False),
        ("actions", False),
        ("follow_up", False),
        ("recipients", False),
    ]
    assert [(c.key, c.names_people) for c in parts[3].columns] == [
        ("actions.criterion", False),
        ("actions.measures", False),
        ("actions.lead", True),
        ("actions.done", False),
    ]


# --- what is shown ----------------------------------------------------------------------------------------


def test_everything_with_names_is_the_document_itself(document: IssuedDocument) -> None:
    assert document.plan is not None
    whole = excerpt(
        tree_of(document), document.plan.spec, everything(document.plan), with_names=True
    )

    assert whole == tree_of(document)


def test_only_what_is_chosen_is_shown(document: IssuedDocument) -> None:
    text = shown(document, "purpose")

    assert "Mục đích riêng." in text
    for kept in ("Căn cứ riêng", "Sửa bếp ăn", "Cô Hạnh", "Theo dõi riêng", "Phòng GD&ĐT"):
        assert kept not in text
    assert "CĂN CỨ XÂY DỰNG KẾ HOẠCH" not in text


def test_nothing_chosen_shows_head_and_title_alone(document: IssuedDocument) -> None:
    text = shown(document)

    assert "KẾ HOẠCH" in text
    for kept in ("Mục đích riêng", "Sửa bếp ăn", "Không đạt", "Theo dõi riêng", "Mẫu Đơn"):
        assert kept not in text


def test_names_are_left_out_with_the_fields_they_stand_in(document: IssuedDocument) -> None:
    assert document.plan is not None
    chosen = everything(document.plan)

    without, with_names = shown(document, *chosen), shown(document, *chosen, names=True)

    for name in ("Cô Hạnh", "Thầy Minh", "Lê Thị Mẫu Đơn", "Chủ trì"):
        assert name in with_names
        assert name not in without
    assert "Sửa bếp ăn" in without


def test_columns_are_chosen_one_by_one(document: IssuedDocument) -> None:
    tree = excerpt(
        tree_of(document),
        document.plan.spec,  # type: ignore[union-attr]
        ["actions", "actions.measures"],
        with_names=True,
    )

    table = next(b for s in tree.sections for b in s.blocks if hasattr(b, "columns"))
    assert [column.title for column in table.columns] == ["TT", "Công việc"]
    assert {sum(cell.colspan for cell in row.cells) for row in (*table.head, *table.rows)} == {2}


def test_table_without_a_column_is_not_shown(document: IssuedDocument) -> None:
    assert "Sửa bếp ăn" not in shown(document, "actions")


def test_column_without_its_table_is_not_shown(document: IssuedDocument) -> None:
    assert "Sửa bếp ăn" not in shown(document, "actions.measures")


def test_grid_is_shown_by_its_own_key_alone(document: IssuedDocument) -> None:
    assert "Không đạt" in shown(document, "results")
    assert "Sửa bếp ăn" not in shown(document, "results")


def test_table_without_a_head_is_never_shown(plan: Plan) -> None:
    """A body's copy of the form may have no title over it: then nothing says whose table it is."""
    data = dict(plan.form.data)
    data["sections"] = [
        dict(section, title="", label="Việc") if section["key"] == "actions" else section
        for section in data["sections"]
    ]
    plan.form.data = data
    plan.form.save()
    document = issuing.with_tree(issuing.issued_document(plan))

    text = shown(document, "purpose", "results", "follow_up", "follow_up.topic", names=True)

    assert "Mục đích riêng." in text
    assert "Sửa bếp ăn" not in text


# --- the copy ---------------------------------------------------------------------------------------------


def choose(document: IssuedDocument, *parts: str, names: bool = False) -> PublicCopy:
    return publish(document=document, parts=parts, with_names=names, by=document.issued_by)


def test_publishing_keeps_choice_and_pdf(document: IssuedDocument) -> None:
    copy = choose(document, "grounds", "purpose")

    assert (copy.parts, copy.with_names, copy.is_public) == (["purpose", "grounds"], False, True)
    assert copy.pdf is not None
    assert bytes(copy.pdf.content).startswith(b"%PDF-")
    assert len(copy.token) >= 22
    event = Event.objects.get(action="document.publish")
    assert event.after["parts"] == ["purpose", "grounds"]


def test_choosing_again_keeps_the_address(document: IssuedDocument) -> None:
    first = choose(document, "purpose")

    second = choose(document, "grounds", names=True)

    assert (second.pk, second.token) == (first.pk, first.token)
    assert second.pdf != first.pdf


@pytest.mark.parametrize("parts", [(), ("khong-co",), ("purpose", "actions.khong-co")])
def test_parts_that_the_form_has_not_are_refused(
    document: IssuedDocument, parts: tuple[str, ...]
) -> None:
    with pytest.raises(ValidationError, match="ít nhất một phần"):
        choose(document, *parts)

    assert copy_of(document) is None


@pytest.mark.parametrize("state", [DocumentState.REPLACED, DocumentState.WITHDRAWN])
def test_what_is_not_in_force_is_not_published(plan: Plan, state: DocumentState) -> None:
    document = issuing.with_tree(issuing.issued_document(plan, state=state))

    with pytest.raises(ValidationError, match="đang có hiệu lực"):
        choose(document, "purpose")


def test_newer_issue_is_shown_at_the_same_address(document: IssuedDocument, plan: Plan) -> None:
    copy = choose(document, "purpose")
    IssuedDocument.objects.filter(pk=document.pk).update(
        state=DocumentState.REPLACED, ended_at=plan.changed_at
    )
    plan.texts.filter(section="purpose").update(body="Mục đích mới.")
    newer = issuing.with_tree(issuing.issued_document(plan, replaces=document))

    assert shown_document(copy) == newer
    assert "Mục đích mới." in document_text(public_tree(copy, newer))
    old_pdf = copy.pdf

    carried = carry_on(document=newer, by=newer.issued_by)

    assert carried is not None
    assert (carried.token, carried.document) == (copy.token, newer)
    assert carried.pdf != old_pdf
    assert carry_on(document=newer, by=newer.issued_by) is None


def test_frozen_words_are_shown_whatever_the_plan_says_now(
    document: IssuedDocument, plan: Plan
) -> None:
    copy = choose(document, "purpose")

    plan.texts.filter(section="purpose").update(body="Đang sửa dở.")

    text = document_text(public_tree(copy, document))
    assert "Mục đích riêng." in text
    assert "Đang sửa dở." not in text


def test_stopping_is_once(document: IssuedDocument) -> None:
    copy = choose(document, "purpose")

    for _ in range(2):
        stopped = stop_publishing(copy=copy, by=document.issued_by)

    assert not stopped.is_public
    assert Event.objects.filter(action="document.unpublish").count() == 1
    assert carry_on(document=document, by=document.issued_by) is None
