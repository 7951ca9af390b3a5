"""Formatted text as Telegram reads it: HTML in, plain text and entities in UTF-16 units out."""

import html
import re
from dataclasses import dataclass

from bot.playground.errors import ApiError, Json, bad_request
from bot.playground.markup import Entity

TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
GIVEN_TYPES = frozenset(TAGS.values()) | {"expandable_blockquote", "text_mention"}
FOUND_TYPES = frozenset(
    ["mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number", "date_time"]
)
_TAG = re.compile(r"</?([a-zA-Z0-9-]*)((?:[^<>\"']|\"[^\"]*\"|'[^']*')*)(>?)")
_ATTRIBUTE = re.compile(r"([a-zA-Z-]+)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+)))?")
_CHARACTER = re.compile(r"&(?:#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot);")


@dataclass(frozen=True)
class Formatted:
    """Plain text and its entities, sorted as Telegram sorts them."""

    text: str
    entities: tuple[Json, ...] = ()


@dataclass
class _Open:
    tag: str
    entity: Json
    source_offset: int


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, the unit of all of Telegram's limits and offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def read_formatted(text: str, parse_mode: str | None, entities: list[Entity] | None) -> Formatted:
    """Plain text and entities of what a bot sent, trimmed at both ends; raises "can't parse entities"."""
    mode = (parse_mode or "").lower()
    if mode == "html":
        formatted = _Parser(text).parse()
    elif mode:
        raise bad_request("unsupported parse_mode: the playground reads HTML or entities")
    else:
        formatted = Formatted(text, tuple(_checked(entity, text) for entity in entities or ()))
    trimmed = _trim(formatted)
    return Formatted(trimmed.text, tuple(sorted((*trimmed.entities, *_commands(trimmed.text)), key=_order)))


def _checked(entity: Entity, text: str) -> Json:
    if entity.type not in GIVEN_TYPES | FOUND_TYPES:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    if entity.offset < 0 or entity.length <= 0 or entity.offset + entity.length > utf16_length(text):
        raise bad_request("can't parse MessageEntity: entity is out of the text")
    return entity.wire()


def _order(entity: Json) -> tuple[int, int]:
    return entity["offset"], -entity["length"]


def _trim(formatted: Formatted) -> Formatted:
    stripped = formatted.text.strip()
    lead = utf16_length(formatted.text[: len(formatted.text) - len(formatted.text.lstrip())])
    end = utf16_length(stripped)
    kept = []
    for entity in formatted.entities:
        start = min(max(entity["offset"] - lead, 0), end)
        stop = min(max(entity["offset"] + entity["length"] - lead, 0), end)
        if stop > start:
            kept.append({**entity, "offset": start, "length": stop - start})
    return Formatted(stripped, tuple(kept))


def _commands(text: str) -> list[Json]:
    return command_entities(text)


def command_entities(text: str) -> list[Json]:
    """What Telegram finds by itself in any text; of those the commands, which bots rely on."""
    found = re.finditer(r"(?<![\w/<>])/[a-zA-Z0-9_]{1,64}(?:@[a-zA-Z0-9_]{3,32})?(?![\w/<>])", text)
    return [
        {"type": "bot_command", "offset": utf16_length(text[: m.start()]), "length": utf16_length(m.group())}
        for m in found
    ]


class _Parser:
    """Telegram's HTML: a fixed set of tags, properly nested, four named characters."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._out: list[str] = []
        self._length = 0
        self._open: list[_Open] = []
        self._done: list[Json] = []

    def parse(self) -> Formatted:
        position = 0
        while position < len(self._source):
            position = self._step(position)
        if self._open:
            tag = self._open[-1]
            raise self._error(f'Can\'t find end tag corresponding to start tag "{tag.tag}"')
        return Formatted("".join(self._out), tuple(sorted(self._done, key=_order)))

    def _step(self, position: int) -> int:
        character = self._source[position]
        if character == "<":
            return self._tag(position)
        if character == "&" and (match := _CHARACTER.match(self._source, position)):
            self._write(html.unescape(match.group()))
            return match.end()
        self._write(character)
        return position + 1

    def _write(self, text: str) -> None:
        self._out.append(text)
        self._length += utf16_length(text)

    def _tag(self, position: int) -> int:
        match = _TAG.match(self._source, position)
        if match is None or not match.group(3):
            raise self._error(f"Unclosed start tag at byte offset {self._byte(position)}")
        name = match.group(1).lower()
        if match.group().startswith("</"):
            self._close(name, position)
        else:
            self._start(name, match.group(2), position)
        return match.end()

    def _start(self, name: str, rest: str, position: int) -> None:
        if name not in TAGS:
            raise self._error(f'Unsupported start tag "{name}" at byte offset {self._byte(position)}')
        attributes = {m[1].lower(): html.unescape(m[2] or m[3] or m[4] or "") for m in _ATTRIBUTE.finditer(rest)}
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise self._error(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(position)}')
        self._open.append(_Open(name, _entity(name, attributes, self._length), position))

    def _close(self, name: str, position: int) -> None:
        if not self._open:
            raise self._error(f"Unexpected end tag at byte offset {self._byte(position)}")
        opened = self._open.pop()
        if name not in {"", opened.tag}:
            raise self._error(
                f"Unmatched end tag at byte offset {self._byte(position)}, "
                f'expected "</{opened.tag}>", found "</{name}>"'
            )
        entity = {**opened.entity, "length": self._length - opened.entity["offset"]}
        if entity["length"] > 0 and not self._absorbed(entity):
            self._done.append(entity)

    def _absorbed(self, entity: Json) -> bool:
        """`<pre><code class="language-x">` is one entity; a link without an address is none."""
        if entity["type"] == "text_link" and not entity["url"]:
            return True
        if entity["type"] == "code" and self._open and self._open[-1].tag == "pre":
            if "language" in entity:
                self._open[-1].entity["language"] = entity["language"]
            return True
        entity.pop("language", None) if entity["type"] == "code" else None
        return False

    def _byte(self, position: int) -> int:
        return len(self._source[:position].encode())

    def _error(self, text: str) -> ApiError:
        return bad_request(f"can't parse entities: {text}")


def _entity(name: str, attributes: dict[str, str], offset: int) -> Json:
    entity: Json = {"type": TAGS[name], "offset": offset, "length": 0}
    if name == "a":
        entity["url"] = attributes.get("href", "")
    elif name == "blockquote" and "expandable" in attributes:
        entity["type"] = "expandable_blockquote"
    elif name == "tg-emoji":
        entity["custom_emoji_id"] = attributes.get("emoji-id", "")
    elif name == "code" and attributes.get("class", "").startswith("language-"):
        entity["language"] = attributes["class"].removeprefix("language-")
    return entity
