"""Checklists: drafts change, published versions never do, and each deed is in the record."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from criteria.models import Criterion, Framework
from plans.accounts.models import User
from plans.accounts.roles import Role
from plans.checklists import actions
from plans.checklists.models import Checklist, Question
from plans.checklists.reading import seen_checklist, seen_question
from plans.history.models import Event
from plans.moves import MoveNotAllowed
from plans.schools.models import ManagingBody
from plans.versions import MOVED_ON
from tests.factories import accounts, checklists, criteria, schools

pytestmark = pytest.mark.django_db


@pytest.fixture
def body() -> ManagingBody:
    return schools.body("UBND xã An Phú")


@pytest.fixture
def officer(body: ManagingBody) -> User:
    return accounts.member(Role.OFFICER, body=body)


@pytest.fixture
def draft(body: ManagingBody) -> Checklist:
    return checklists.checklist(body, published=False)


def first_of(checklist: Checklist) -> Criterion:
    return Criterion.objects.of(checklist.framework)[0]


def asked(**values: Any) -> dict[str, Any]:
    return {
        "words": "Sổ lưu mẫu thức ăn ghi đủ chưa?",
        "kind": Question.Kind.CHOICE,
        "choices": ["Đủ", "Thiếu"],
        "hint": "Xem sổ của tuần trước.",
    } | values


def add(checklist: Checklist, by: User, **values: Any) -> Question:
    return actions.add_question(
        checklist=checklist, criterion=first_of(checklist), values=asked(**values), by=by
    )


def words_of(checklist: Checklist) -> list[str]:
    return list(checklist.questions.values_list("words", flat=True))


def last_event() -> Event:
    return Event.objects.order_by("-pk")[0]


# --- a checklist ------------------------------------------------------------------------------------------


def test_new_checklist_is_an_empty_draft_of_the_body_and_is_recorded(
    body: ManagingBody, officer: User
) -> None:
    framework = criteria.framework()

    made = actions.create_checklist(
        body=body, framework=framework, title="  Phiếu   bếp ăn \n", by=officer
    )

    assert (made.title, made.code, made.number) == ("Phiếu bếp ăn", "phieu-bep-an", 1)
    assert (made.is_draft, made.framework, words_of(made)) == (True, framework, [])
    event = last_event()
    assert (event.action, event.body_id, event.actor_id) == (
        "checklist.create",
        body.pk,
        officer.pk,
    )


@pytest.mark.parametrize(
    ("title", "codes"),
    [
        ("Phiếu bếp ăn", ["phieu-bep-an", "phieu-bep-an-2", "phieu-bep-an-3"]),
        ("???", ["phieu", "phieu-2", "phieu-3"]),
        ("Đ" * 200, ["d" * 34, "d" * 34 + "-2", "d" * 34 + "-3"]),
    ],
)
def test_codes_of_one_body_differ(
    body: ManagingBody, officer: User, title: str, codes: list[str]
) -> None:
    framework = criteria.framework()

    made = [
        actions.create_checklist(body=body, framework=framework, title=title, by=officer).code
        for _ in codes
    ]

    assert made == codes


@pytest.mark.parametrize("title", ["", " \n", "x" * 201])
def test_title_that_is_none_or_too_long_is_refused(
    body: ManagingBody, officer: User, title: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        actions.create_checklist(body=body, framework=criteria.framework(), title=title, by=officer)

    assert set(refused.value.message_dict) == {"title"}
    assert not Checklist.objects.exists()


def test_title_of_a_draft_changes_and_its_code_stays(draft: Checklist, officer: User) -> None:
    old, code = draft.title, draft.code

    actions.change_title(checklist=draft, title="Phiếu mới", version=1, by=officer)

    draft.refresh_from_db()
    assert (draft.title, draft.code, draft.version) == ("Phiếu mới", code, 2)
    assert (last_event().action, last_event().before) == ("checklist.rename", {"title": old})


def test_title_that_somebody_else_saved_first_is_not_overwritten(
    draft: Checklist, officer: User
) -> None:
    actions.change_title(checklist=draft, title="Của người khác", version=1, by=officer)

    with pytest.raises(ValidationError, match=MOVED_ON[:30]):
        actions.change_title(checklist=draft, title="Của tôi", version=1, by=officer)

    draft.refresh_from_db()
    assert draft.title == "Của người khác"


def test_same_title_again_writes_nothing(draft: Checklist, officer: User) -> None:
    actions.change_title(checklist=draft, title=draft.title, version=1, by=officer)

    assert not Event.objects.filter(action="checklist.rename").exists()


# --- questions --------------------------------------------------------------------------------------------


def test_question_is_added_at_the_end_with_its_words_on_one_line(
    draft: Checklist, officer: User
) -> None:
    before = words_of(draft)

    made = add(draft, officer, words=" Bếp\x07 ăn\n có  sạch không?", choices=["", " Có ", "Không"])

    assert words_of(draft) == [*before, "Bếp ăn có sạch không?"]
    assert (made.choices, made.hint) == (["Có", "Không"], "Xem sổ của tuần trước.")
    event = last_event()
    assert (event.action, event.after["choices"]) == ("checklist.add_question", ["Có", "Không"])


@pytest.mark.parametrize(
    ("values", "name", "words"),
    [
        ({"words": " "}, "words", "Hãy ghi câu hỏi."),
        ({"words": "x" * 501}, "words", "500"),
        ({"hint": "x" * 501}, "hint", "500"),
        ({"kind": "date"}, "kind", "date"),
        ({"choices": ["Một"]}, "choices", "từ 2 đến 50 lựa chọn"),
        ({"choices": [str(n) for n in range(51)]}, "choices", "từ 2 đến 50 lựa chọn"),
        ({"choices": ["a", "b" * 201]}, "choices", "dài nhất là 200 chữ"),
        ({"choices": ["Có", "Không", "CÓ"]}, "choices", "Lựa chọn “CÓ” ghi hai lần."),
        ({"kind": "text"}, "choices", "Cách trả lời này không có lựa chọn."),
    ],
)
def test_question_that_makes_no_sense_is_refused(
    draft: Checklist, officer: User, values: dict[str, Any], name: str, words: str
) -> None:
    before = words_of(draft)

    with pytest.raises(ValidationError) as refused:
        add(draft, officer, **values)

    assert set(refused.value.message_dict) == {name}
    assert words in refused.value.message_dict[name][0]
    assert words_of(draft) == before


def test_question_about_another_frameworks_criterion_is_refused(
    draft: Checklist, officer: User
) -> None:
    foreign = Criterion.objects.of(criteria.framework())[0]

    with pytest.raises(ValidationError, match="không thuộc bộ tiêu chuẩn của phiếu"):
        actions.add_question(checklist=draft, criterion=foreign, values=asked(), by=officer)


def test_checklist_holds_so_many_questions_and_no_more(
    draft: Checklist, officer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions, "MOST_QUESTIONS", 2)
    add(draft, officer)

    with pytest.raises(ValidationError, match="nhiều nhất 2 câu hỏi"):
        add(draft, officer)


def test_changed_question_keeps_what_it_said_in_the_record(draft: Checklist, officer: User) -> None:
    question = add(draft, officer)

    actions.change_question(
        question=question,
        values=asked(hint="", choices=["Đủ", "Thiếu", "Không có sổ"]),
        seen=seen_question(question),
        by=officer,
    )

    question.refresh_from_db()
    assert (question.hint, question.choices) == ("", ["Đủ", "Thiếu", "Không có sổ"])
    assert last_event().action == "checklist.change_question"
    assert last_event().before == {
        "words": "Sổ lưu mẫu thức ăn ghi đủ chưa?",
        "hint": "Xem sổ của tuần trước.",
        "choices": ["Đủ", "Thiếu"],
    }


def test_question_that_somebody_changed_since_is_not_overwritten(
    draft: Checklist, officer: User
) -> None:
    question = add(draft, officer)
    seen = seen_question(question)
    actions.change_question(
        question=question, values=asked(words="Của người khác?"), seen=seen, by=officer
    )

    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        actions.change_question(
            question=question, values=asked(words="Của tôi?"), seen=seen, by=officer
        )

    question.refresh_from_db()
    assert question.words == "Của người khác?"


def test_saving_a_question_as_it_was_writes_nothing(draft: Checklist, officer: User) -> None:
    question = add(draft, officer)
    count = Event.objects.count()

    actions.change_question(
        question=question, values=asked(), seen=seen_question(question), by=officer
    )

    assert Event.objects.count() == count


def test_question_moves_among_those_of_its_criterion(draft: Checklist, officer: User) -> None:
    second = Criterion.objects.of(draft.framework)[1]
    other = checklists.question(draft, criterion=second, words="Câu của tiêu chí khác?")
    last = add(draft, officer)
    own = draft.questions.filter(criterion=last.criterion)

    assert actions.move_question(question=last, up=True, by=officer)
    assert own[0] == last
    assert not actions.move_question(question=last, up=True, by=officer)
    assert actions.move_question(question=last, up=False, by=officer)
    assert not actions.move_question(question=last, up=False, by=officer)
    assert own[1] == last
    assert not actions.move_question(question=other, up=True, by=officer)
    assert Event.objects.filter(action="checklist.move_question").count() == 2


def test_questions_that_share_a_place_are_told_apart_by_a_move(
    draft: Checklist, officer: User
) -> None:
    draft.questions.all().delete()
    a, b, c = (checklists.question(draft, words=w, position=7) for w in "abc")

    actions.move_question(question=c, up=True, by=officer)

    assert words_of(draft) == ["a", "c", "b"]


def test_removed_question_comes_back_to_its_place(draft: Checklist, officer: User) -> None:
    for words in ("Hai?", "Ba?"):
        add(draft, officer, words=words)
    before = words_of(draft)
    second = draft.questions.get(words="Hai?")

    actions.remove_question(question=second, by=officer)
    assert (words_of(draft), actions.last_removed(draft)) == ([before[0], "Ba?"], "Hai?")
    back = actions.bring_back(checklist=draft, by=officer)

    assert words_of(draft) == before
    assert (back.choices, back.hint) == (["Đủ", "Thiếu"], "Xem sổ của tuần trước.")
    assert actions.last_removed(draft) == ""


def test_removal_is_not_undone_over_what_was_done_since(draft: Checklist, officer: User) -> None:
    actions.remove_question(question=add(draft, officer), by=officer)
    add(draft, officer, words="Câu mới?")

    with pytest.raises(ValidationError, match="Không còn câu hỏi nào để đưa lại"):
        actions.bring_back(checklist=draft, by=officer)


def test_question_that_is_gone_is_neither_moved_changed_nor_removed_again(
    draft: Checklist, officer: User
) -> None:
    question = add(draft, officer)
    stale = Question.objects.get(pk=question.pk)
    actions.remove_question(question=question, by=officer)
    count = Event.objects.count()

    actions.remove_question(question=stale, by=officer)
    stale.pk = stale.pk or 10**9
    assert not actions.move_question(question=stale, up=True, by=officer)
    with pytest.raises(ValidationError, match="vừa được người khác bỏ"):
        actions.change_question(question=stale, values=asked(), seen="", by=officer)
    assert Event.objects.count() == count


# --- versions ---------------------------------------------------------------------------------------------


def test_published_checklist_never_changes(draft: Checklist, officer: User) -> None:
    question = draft.questions.get()
    removed = add(draft, officer)
    actions.remove_question(question=removed, by=officer)
    actions.publish(checklist=draft, seen=seen_checklist(draft), by=officer)
    draft.refresh_from_db()
    before = (seen_checklist(draft), list(Checklist.objects.values()), Event.objects.count())
    seen = seen_question(question)

    for deed in (
        lambda: actions.change_title(checklist=draft, title="x", version=2, by=officer),
        lambda: add(draft, officer),
        lambda: actions.change_question(question=question, values=asked(), seen=seen, by=officer),
        lambda: actions.move_question(question=question, up=True, by=officer),
        lambda: actions.remove_question(question=question, by=officer),
        lambda: actions.bring_back(checklist=draft, by=officer),
        lambda: actions.publish(checklist=draft, seen=before[0], by=officer),
        lambda: actions.drop_draft(checklist=draft, by=officer),
    ):
        with pytest.raises(MoveNotAllowed, match="đã ban hành nên không sửa được nữa"):
            deed()

    after = (seen_checklist(draft), list(Checklist.objects.values()), Event.objects.count())
    assert after == before


def test_publishing_says_who_and_when(draft: Checklist, officer: User) -> None:
    made = actions.publish(checklist=draft, seen=seen_checklist(draft), by=officer)

    made.refresh_from_db()
    assert (made.is_draft, made.published_by) == (False, officer)
    assert (last_event().action, last_event().after) == ("checklist.publish", {"number": 1})


def test_checklist_that_asks_nothing_is_not_published(draft: Checklist, officer: User) -> None:
    draft.questions.all().delete()

    with pytest.raises(ValidationError, match="chưa có câu hỏi nào"):
        actions.publish(checklist=draft, seen=seen_checklist(draft), by=officer)


@pytest.mark.parametrize("change", ["title", "words", "order", "more"])
def test_checklist_that_changed_since_it_was_seen_is_not_published(
    draft: Checklist, officer: User, change: str
) -> None:
    last = add(draft, officer)
    seen = seen_checklist(draft)
    if change == "title":
        actions.change_title(checklist=draft, title="Khác", version=1, by=officer)
    elif change == "words":
        mark = seen_question(last)
        actions.change_question(question=last, values=asked(hint=""), seen=mark, by=officer)
    elif change == "order":
        actions.move_question(question=last, up=True, by=officer)
    else:
        add(draft, officer)

    with pytest.raises(ValidationError, match="vừa được người khác sửa"):
        actions.publish(checklist=draft, seen=seen, by=officer)

    draft.refresh_from_db()
    assert draft.is_draft


def test_new_version_is_a_copy_of_the_last_and_leaves_it_alone(
    draft: Checklist, officer: User
) -> None:
    add(draft, officer)
    first = actions.publish(checklist=draft, seen=seen_checklist(draft), by=officer)
    second = actions.begin_version(checklist=first, by=officer)
    add(second, officer, words="Câu của phiên bản 2?")
    second = actions.publish(checklist=second, seen=seen_checklist(second), by=officer)

    third = actions.begin_version(checklist=first, by=officer)  # of the last, wherever one asks

    assert (third.code, third.number, third.is_draft) == (first.code, 3, True)
    assert words_of(third) == words_of(second) == [*words_of(first), "Câu của phiên bản 2?"]
    actions.remove_question(question=third.questions.all()[0], by=officer)
    assert len(words_of(second)) == 3
    event = Event.objects.filter(action="checklist.new_version").latest("pk")
    assert (event.subject_id, event.before) == (str(third.pk), {"number": 2})


def test_one_checklist_has_one_draft(draft: Checklist, officer: User) -> None:
    with pytest.raises(ValidationError, match="đang có một bản soạn dở"):
        actions.begin_version(checklist=draft, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        checklists.checklist(
            draft.body, framework=draft.framework, code=draft.code, number=2, published=False
        )


def test_dropped_draft_is_gone_with_its_questions_and_its_words_are_in_the_record(
    draft: Checklist, officer: User
) -> None:
    first = actions.publish(checklist=draft, seen=seen_checklist(draft), by=officer)
    second = actions.begin_version(checklist=first, by=officer)

    actions.drop_draft(checklist=second, by=officer)

    assert list(Checklist.objects.all()) == [first]
    assert Question.objects.count() == 1
    told = last_event().before
    assert (last_event().action, told["title"]) == ("checklist.drop", first.title)
    assert [one["words"] for one in told["questions"]] == words_of(first)
    with pytest.raises(MoveNotAllowed, match="có người vừa bỏ bản đang soạn"):
        actions.drop_draft(checklist=Checklist(pk=10**9), by=officer)


def test_current_are_drafts_and_the_versions_in_use(draft: Checklist, officer: User) -> None:
    framework: Framework = draft.framework
    old, used = (
        checklists.checklist(draft.body, framework=framework, code="bep", number=n) for n in (1, 2)
    )
    begun = actions.begin_version(checklist=used, by=officer)
    elsewhere = checklists.checklist(framework=framework, code="bep")

    assert set(Checklist.objects.current()) == {draft, used, begun, elsewhere}
    assert set(Checklist.objects.published().current()) == {used, elsewhere}
    assert old in Checklist.objects.published()
