"""A fingerprint changes with everything a file is made of, and with nothing else."""

from dataclasses import replace

from plans.documents import fingerprint as module
from plans.documents.fingerprint import fingerprint
from plans.documents.style import DEFAULT_LAYOUT, TextStyle
from tests.plans.documents import samples


def test_equal_trees_have_one_fingerprint():
    assert fingerprint(samples.plan(3)) == fingerprint(samples.plan(3))
    assert len(fingerprint(samples.plan(3))) == 64


def test_tree_layout_format_and_writers_each_change_it(monkeypatch):
    names = {
        fingerprint(samples.plan(3)),
        fingerprint(samples.plan(4)),
        fingerprint(replace(samples.plan(3), author="Trường khác")),
        fingerprint(samples.plan(3), replace(DEFAULT_LAYOUT, body=TextStyle(13))),
        fingerprint(samples.plan(3), format="docx"),
        fingerprint(samples.plan(3), format="xlsx"),
    }
    monkeypatch.setattr(module, "writers_digest", lambda: "a mended writer")
    names.add(fingerprint(samples.plan(3)))

    assert len(names) == 7


def test_a_docx_needs_no_font_here(monkeypatch, tmp_path):
    monkeypatch.setattr(module, "find_fonts", None)

    assert fingerprint(samples.plan(3), format="docx")
