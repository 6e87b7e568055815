"""An issued document on the screen, drawn from the tree that was frozen with it."""

from __future__ import annotations

from plans.documents import html
from plans.documents.storing import UnreadableTree, tree_from_json
from plans.formats.layouts import layout_of
from plans.issuing.models import IssuedDocument
from plans.planning.models import BodyLayout


def drawn(document: IssuedDocument) -> tuple[str, BodyLayout | None]:
    """Return the document as HTML with the layout it was issued in; "" for a tree that this program cannot read.

    Its files stay what they are; only the screen then goes without.
    """
    row = BodyLayout.objects.filter(pk=document.basis.get("layout")).first()
    try:
        return html.html_fragment(tree_from_json(document.tree), layout_of(row)), row
    except UnreadableTree:
        return "", row
