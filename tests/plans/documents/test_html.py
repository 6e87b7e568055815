"""The preview: sound HTML that a strict policy lets through and a screen reader finds its way in."""

import re
from html.parser import HTMLParser

from plans.documents.html import html_fragment, print_css, screen_css
from plans.documents.style import Layout, TextStyle
from plans.documents.tree import Heading
from tests.plans.documents import samples


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.seen, self.open = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))
        if tag not in ("br", "col", "meta"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def tags(html):
    parser = _Tags()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser.seen


def headings(html):
    return [int(tag[1]) for tag, _ in tags(html) if re.fullmatch(r"h\d", tag)]


def test_the_preview_needs_no_inline_style():
    seen = tags(html_fragment(samples.plan(3)))

    assert {"style", "script"}.isdisjoint(tag for tag, _ in seen)
    assert not any("style" in attributes for _, attributes in seen)


def test_headings_go_down_step_by_step_below_the_pages_own():
    assert headings(html_fragment(samples.plan(1)))[:4] == [2, 3, 3, 4]

    deep = samples.document(Heading(3, samples.text("a")), Heading(1, samples.text("b")))
    assert headings(html_fragment(deep)) == [2, 2]


def test_tables_have_a_name_heads_with_scope_and_a_frame_to_scroll_in():
    seen = tags(html_fragment(samples.plan(1)))

    frames = [attributes for tag, attributes in seen if attributes.get("class") == "table-scroll"]
    assert [frame["aria-label"] for frame in frames] == [
        "Kết quả tự đánh giá theo tiêu chí",
        "Nội dung kế hoạch cải tiến",
    ]
    assert all((frame["role"], frame["tabindex"]) == ("region", "0") for frame in frames)
    assert {attributes["scope"] for tag, attributes in seen if tag == "th"} == {"col", "colgroup"}
    assert [tag for tag, _ in seen].count("caption") == 2


def test_every_measure_reaches_the_style():
    css = print_css(Layout(margin_left_mm=35, body=TextStyle(13), first_line_indent_mm=10))

    assert "margin:20mm 15mm 20mm 35mm" in css
    assert "normal normal 13pt/1.265" in css
    assert "text-indent: 10mm" in css
    assert "var(" not in css


def test_the_screen_style_touches_nothing_outside_the_document():
    css = re.sub(r"@counter-style [^{]+\{[^}]*\}", "", screen_css())
    css = re.sub(r"@media[^{]+\{", "", css)

    selectors = [
        part.strip() for rule in re.findall(r"([^{}]+)\{", css) for part in rule.split(",")
    ]
    assert all(selector.startswith(".official") for selector in selectors)
