"""The layout goes to JSON and back, and refuses what no page could be made of."""

import json
from dataclasses import replace

import pytest

from plans.documents.style import (
    DEFAULT_LAYOUT,
    LayoutError,
    TextStyle,
    layout_from_dict,
    layout_to_dict,
)
from plans.documents.tree import Orientation


def test_a_layout_survives_json():
    changed = replace(DEFAULT_LAYOUT, margin_left_mm=35, body=TextStyle(13))

    stored = json.loads(json.dumps(layout_to_dict(changed)))

    assert layout_from_dict(stored) == changed


def test_an_empty_layout_is_the_default():
    assert layout_from_dict({}) == DEFAULT_LAYOUT


@pytest.mark.parametrize(
    "stored",
    [
        {"margin_middle_mm": 3},
        {"margin_left_mm": "30"},
        {"body": {"size": 14, "colour": "red"}},
        {"headings": [{"size": 14}]},
        {"letterhead_left_share": 0.95},
        {"margin_left_mm": 150},
    ],
)
def test_a_layout_that_cannot_be_used_is_refused(stored):
    with pytest.raises(LayoutError):
        layout_from_dict(stored)


def test_the_widest_legal_text_area():
    assert DEFAULT_LAYOUT.text_width_mm() == 165
    assert DEFAULT_LAYOUT.text_width_mm(Orientation.LANDSCAPE) == 252
