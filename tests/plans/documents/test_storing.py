"""What is kept as JSON comes back as the same document."""

import json

import pytest

from plans.documents.fingerprint import fingerprint
from plans.documents.storing import UnreadableTree, tree_as_json, tree_from_json
from plans.documents.tree import CheckMark, Document
from tests.plans.documents import samples


@pytest.mark.parametrize("document", [samples.plan(3), samples.plan(12), samples.minutes()])
def test_a_tree_comes_back_equal_in_every_byte_it_makes(document: Document) -> None:
    text = json.dumps(tree_as_json(document))

    read = tree_from_json(json.loads(text))

    assert read == document
    assert fingerprint(read) == fingerprint(document)


def test_the_mark_at_the_foot_comes_along() -> None:
    mark = CheckMark("R4HX-8W3N-K2QT", "https://vd.vn", "https://vd.vn/tra-cuu/R4HX8W3NK2QT/")
    document = Document("Kế hoạch", "Trường", (), mark)

    assert tree_from_json(tree_as_json(document)) == document


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"is": "Run", "text": "chữ"},
        {"is": "Document", "title": "Kế hoạch"},
        {"is": "re"},
        {"is": "Enum", "value": 1},
        {"is": "Document", "title": "a", "author": "b", "sections": [], "later": 1},
    ],
)
def test_what_is_no_document_is_refused(data: dict) -> None:
    with pytest.raises(UnreadableTree):
        tree_from_json(data)
