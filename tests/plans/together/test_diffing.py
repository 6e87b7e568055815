"""Word by word: what went, what came, what stayed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.together.diffing import Run, new_side, old_side, shortened, word_diff


def text(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


def test_one_word_that_changed_stands_between_what_stayed() -> None:
    runs = word_diff("Tham mưu sửa bếp ăn", "Tham mưu xây bếp ăn")

    assert runs == (
        Run("same", "Tham mưu"),
        Run("gone", " sửa"),
        Run("new", " xây"),
        Run("same", " bếp ăn"),
    )


@pytest.mark.parametrize(
    ("old", "new"), [("", ""), ("", "Một"), ("Một", ""), ("Một\nHai", "Một\nHai")]
)
def test_nothing_is_made_up_at_the_edges(old: str, new: str) -> None:
    runs = word_diff(old, new)

    assert text(old_side(runs)) == old
    assert text(new_side(runs)) == new


@given(st.text("ab \n", max_size=60), st.text("ab \n", max_size=60))
def test_each_side_reads_as_its_text_to_the_letter(old: str, new: str) -> None:
    runs = word_diff(old, new)

    assert text(old_side(runs)) == old
    assert text(new_side(runs)) == new


def test_texts_too_long_to_match_by_words_are_matched_by_lines() -> None:
    old = "".join(f"dòng {n} cũ\n" for n in range(3000))
    new = "".join(f"dòng {n} mới\n" if n % 2 else f"dòng {n} cũ\n" for n in range(3000))

    runs = word_diff(old, new)

    assert text(old_side(runs)) == old
    assert text(new_side(runs)) == new


def test_short_view_keeps_a_few_words_beside_each_change() -> None:
    runs = word_diff("a" + " a" * 50 + " cũ" + " b" * 50, "a" + " a" * 50 + " mới" + " b" * 50)

    assert shortened(runs, around=2) == (
        Run("cut", " …"),
        Run("same", " a a"),
        Run("gone", " cũ"),
        Run("new", " mới"),
        Run("same", " b b"),
        Run("cut", " …"),
    )


def test_short_view_of_a_long_change_says_that_it_goes_on() -> None:
    assert shortened(word_diff("", " chữ" * 100), most=2) == (
        Run("new", " chữ chữ"),
        Run("cut", " …"),
    )


def test_words_added_at_the_end_leave_the_last_old_one_alone() -> None:
    assert word_diff("Phó hiệu trưởng", "Phó hiệu trưởng chuyên môn") == (
        Run("same", "Phó hiệu trưởng"),
        Run("new", " chuyên môn"),
    )
