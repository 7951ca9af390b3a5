"""Telegram's HTML: text and entities, and its complaints."""

import pytest

from bot.playground.entities import read_formatted
from bot.playground.errors import ApiError
from bot.playground.markup import Entity
from bot.playground.render_text import render_text


def kinds(html: str) -> list[tuple[str, int, int]]:
    return [(e["type"], e["offset"], e["length"]) for e in read_formatted(html, "HTML", None).entities]


@pytest.mark.parametrize(
    ("html", "text", "entities"),
    [
        ("<b>a</b> &lt;&amp;&gt;", "a <&>", [("bold", 0, 1)]),
        ("😀<i>a<b>b</b></i>", "😀ab", [("italic", 2, 2), ("bold", 3, 1)]),
        ("<u>a</u><s>b</s><code>c</code>", "abc", [("underline", 0, 1), ("strikethrough", 1, 1), ("code", 2, 1)]),
        ('<pre><code class="language-py">x</code></pre>', "x", [("pre", 0, 1)]),
        ('<a href="https://a.example/?a=1&amp;b">x</a>', "x", [("text_link", 0, 1)]),
        ('<tg-spoiler>x</tg-spoiler><span class="tg-spoiler">y</span>', "xy", [("spoiler", 0, 1), ("spoiler", 1, 1)]),
        ("<blockquote expandable>x</blockquote>", "x", [("expandable_blockquote", 0, 1)]),
        ("  <b> a </b> ", "a", [("bold", 0, 1)]),
        ("<b></b>x /start", "x /start", [("bot_command", 2, 6)]),
        ("&nbsp;&#1605;", "&nbsp;م", []),
    ],
)
def test_html(html: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    assert read_formatted(html, "HTML", None).text == text
    assert kinds(html) == entities


@pytest.mark.parametrize(
    ("html", "complaint"),
    [
        ("م <b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("م <x>", 'Unsupported start tag "x" at byte offset 3'),
        ("م </b>", "Unexpected end tag at byte offset 3"),
        ("<b>x</i>", 'Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'),
        ("1 <", "Unclosed start tag at byte offset 2"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_complaints(html: str, complaint: str) -> None:
    with pytest.raises(ApiError) as refused:
        read_formatted(html, "HTML", None)
    assert refused.value.description == f"Bad Request: can't parse entities: {complaint}"


def test_given_entities_must_lie_in_the_text() -> None:
    entity = Entity(type="bold", offset=1, length=2)
    assert read_formatted("😀a", None, [entity]).entities == ({"type": "bold", "offset": 1, "length": 2},)
    with pytest.raises(ApiError, match="out of the text"):
        read_formatted("😀", None, [entity])


def test_the_page_escapes_text_and_tags_entities() -> None:
    formatted = read_formatted('<b>1 &lt; <i>2</i></b> <a href="https://a.example/?q=%22&amp;x">go</a>', "HTML", None)
    assert render_text(formatted.text, formatted.entities) == (
        '<strong>1 &lt; <em>2</em></strong> <a href="https://a.example/?q=%22&amp;x" target="_blank" '
        'rel="noopener noreferrer">go</a>'
    )


def test_the_page_makes_no_link_of_a_script() -> None:
    entity = {"type": "text_link", "offset": 0, "length": 1, "url": "javascript:alert(1)"}
    assert render_text("x", (entity,)) == "x"
