"""Formatted text as safe HTML: everything is escaped, only entities become tags."""

from html import escape

from bot.playground.errors import Json

SIMPLE = {
    "bold": "strong",
    "italic": "em",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
}


def render_text(text: str, entities: tuple[Json, ...]) -> str:
    """HTML of a text and its entities (offsets in UTF-16 units, nested but not crossing)."""
    units = text.encode("utf-16-le", "surrogatepass")
    return _range(units, 0, len(units) // 2, sorted(entities, key=lambda e: (e["offset"], -e["length"])))


def _range(units: bytes, start: int, stop: int, entities: list[Json]) -> str:
    parts = []
    position = start
    while entities:
        entity, *entities = entities
        first, last = max(entity["offset"], position), min(entity["offset"] + entity["length"], stop)
        if last <= first:
            continue
        inside = [other for other in entities if other["offset"] < last]
        entities = entities[len(inside) :]
        parts.append(_plain(units, position, first))
        parts.append(_tagged(entity, _range(units, first, last, inside), _slice(units, first, last)))
        position = last
    return "".join(parts) + _plain(units, position, stop)


def _slice(units: bytes, start: int, stop: int) -> str:
    return units[2 * start : 2 * stop].decode("utf-16-le", "replace")


def _plain(units: bytes, start: int, stop: int) -> str:
    return escape(_slice(units, start, stop))


def _tagged(entity: Json, inner: str, text: str) -> str:
    kind = entity["type"]
    if kind in SIMPLE:
        return f"<{SIMPLE[kind]}>{inner}</{SIMPLE[kind]}>"
    if kind == "spoiler":
        return f'<span class="spoiler" tabindex="0">{inner}</span>'
    if kind == "bot_command":
        return f'<button type="button" class="command" data-say="{escape(text)}">{inner}</button>'
    if kind == "text_link" and str(entity.get("url", "")).startswith(("https://", "http://")):
        return link(entity["url"], inner)
    return inner


def link(url: str, inner: str) -> str:
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{inner}</a>'
