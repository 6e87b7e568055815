"""Drawing by lot: the seed and the list alone decide, and anybody can repeat it with a tool of their own."""

import subprocess

import pytest

from plans.arranging.drawing import draw, how_many, lots, new_seed, ticket


def test_same_seed_and_list_draw_the_same_whatever_the_order_of_the_list() -> None:
    ids = list(range(1, 41))

    assert draw("mua-thu", ids, 25) == draw("mua-thu", ids[::-1], 25)
    assert len(draw("mua-thu", ids, 25)) == 10


def test_another_seed_draws_others() -> None:
    ids = list(range(1, 41))

    assert draw("mua-thu", ids, 25) != draw("mua-dong", ids, 25)


def test_ticket_is_what_a_command_line_says() -> None:
    said = subprocess.run(
        ["sha256sum"], input=b"mua-thu:7", capture_output=True, check=True
    ).stdout.split()[0]

    assert ticket("mua-thu", 7) == said.decode()


def test_drawn_are_the_first_of_the_rising_tickets() -> None:
    found = lots("s", [1, 2, 3, 4, 5], 40)

    assert [lot.ticket for lot in found] == sorted(lot.ticket for lot in found)
    assert [lot.drawn for lot in found] == [True, True, False, False, False]
    assert [lot.school_id for lot in found if lot.drawn] == draw("s", [1, 2, 3, 4, 5], 40)


@pytest.mark.parametrize(
    ("share", "total", "drawn"), [(100, 3, 3), (1, 3, 1), (50, 3, 2), (30, 10, 3), (20, 0, 0)]
)
def test_share_is_rounded_up(share: int, total: int, drawn: int) -> None:
    assert how_many(share, total) == drawn
    assert len(draw("s", range(total), share)) == drawn


def test_each_is_drawn_about_as_often_as_its_share() -> None:
    counts = dict.fromkeys(range(20), 0)
    for number in range(400):
        for pk in draw(f"seed {number}", counts, 25):
            counts[pk] += 1

    # 400 draws of a quarter: 100 each, and no school far from it
    assert sum(counts.values()) == 400 * 5
    assert all(65 <= count <= 135 for count in counts.values())


def test_seeds_made_by_the_program_differ() -> None:
    assert len({new_seed() for _ in range(50)}) == 50
