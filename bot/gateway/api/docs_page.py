"""One chapter of the OpenAPI document as a page of HTML: no script, no network, a section for each anchor."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby
from typing import Any

from bot.gateway.api.openapi_operations import Chapter
from bot.gateway.api.openapi_schemas import Json

# A JSON document as it is: its shape is known from `openapi`, not from types.
Node = dict[str, Any]

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title} - BioTimeCloud API</title>
<style>{style}</style>
</head>
<body>
<header><h1>BioTimeCloud API</h1><nav>{chapters}<a href="/api/openapi.json">OpenAPI</a></nav></header>
<div class="page">
<nav class="contents">{contents}</nav>
<main><h2>{title}</h2><p>{about}</p>{sections}</main>
</div>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One method of one path, of the document."""

    method: str
    path: str
    said: Node


def render_chapter(chapter: Chapter, chapters: Sequence[Chapter], document: Json, style: str) -> str:
    sections = _sections(_entries(chapter, document))
    return PAGE.format(
        title=escape(chapter.name),
        style=style,
        about=escape(chapter.about),
        chapters="".join(_chapter_link(each, here=each is chapter) for each in chapters),
        contents="".join(_content_link(anchor, entries[0]) for anchor, entries in sections),
        sections="".join(_section(anchor, entries, document) for anchor, entries in sections),
    )


def _entries(chapter: Chapter, document: Json) -> list[Entry]:
    paths: Node = dict(document)["paths"]  # type: ignore[assignment]
    return [
        Entry(method.upper(), path, said)
        for path, item in paths.items()
        for method, said in item.items()
        if said["tags"] == [chapter.name]
    ]


def _sections(entries: Iterable[Entry]) -> list[tuple[str, list[Entry]]]:
    """By anchor, in the order in which the anchors come: other spellings of a path stand with the first."""
    places: dict[str, int] = {}
    for entry in entries:
        places.setdefault(entry.said["x-anchor"], len(places))

    def place(entry: Entry) -> int:
        return places[entry.said["x-anchor"]]

    grouped = groupby(sorted(entries, key=place), key=lambda entry: entry.said["x-anchor"])
    return [(anchor, list(same)) for anchor, same in grouped]


def _chapter_link(chapter: Chapter, *, here: bool) -> str:
    current = ' aria-current="page"' if here else ""
    return f'<a href="{escape(chapter.page)}"{current}>{escape(chapter.name)}</a>'


def _content_link(anchor: str, entry: Entry) -> str:
    return f'<a href="#{escape(anchor)}">{escape(entry.said["summary"])}</a>'


def _section(anchor: str, entries: Sequence[Entry], document: Json) -> str:
    entry = entries[0]
    calls = "".join(
        f'<p class="call"><b class="{each.method.lower()}">{each.method}</b> <code>{escape(each.path)}</code></p>'
        for each in entries
    )
    return (
        f'<section id="{escape(anchor)}"><h3><a href="#{escape(anchor)}">{escape(entry.said["summary"])}</a></h3>'
        f"{calls}{_parameters(entry)}{_body(entry, document)}{_answers(entry, document)}{_example(entry, document)}"
        "</section>\n"
    )


def _parameters(entry: Entry) -> str:
    rows = [
        (each["name"], _type(each["schema"]), each["in"], each.get("description", ""))
        for each in entry.said["parameters"]
    ]
    return _table("Parameters", ("name", "type", "in", ""), rows, folded=True)


def _body(entry: Entry, document: Json) -> str:
    schemas = _body_schemas(entry, document)
    required = _required(entry)
    return "".join(
        _members("Body" if len(schemas) == 1 else f"Body: {schema['title']}", schema, required) for schema in schemas
    )


def _body_schemas(entry: Entry, document: Json) -> list[Node]:
    body = entry.said.get("requestBody")
    if body is None:
        return []
    schema = body["content"]["application/json"]["schema"]
    return _any_of(schema.get("allOf", [schema])[0], document)


def _required(entry: Entry) -> set[str]:
    """Beyond what the model itself requires."""
    schema = entry.said["requestBody"]["content"]["application/json"]["schema"] if "requestBody" in entry.said else {}
    return {name for part in schema.get("allOf", ()) for name in part.get("required", ())}


def _answers(entry: Entry, document: Json) -> str:
    parts = [f'<p class="codes">Answers {_codes(entry)}</p>']
    for code, said in entry.said["responses"].items():
        schema = said.get("content", {}).get("application/json", {}).get("schema")
        if schema:
            parts += [_members(f"{code}: {each['title']}", each, set()) for each in _any_of(schema, document)]
    return "".join(parts)


def _codes(entry: Entry) -> str:
    return " ".join(f"<code>{escape(code)}</code>" for code in entry.said["responses"])


def _members(caption: str, schema: Node, required: set[str]) -> str:
    needed = {*schema.get("required", ()), *required} if caption.startswith("Body") else set()
    rows = [
        (name, _type(said), "required" if name in needed else "", said.get("description", ""))
        for name, said in schema.get("properties", {"[…]": schema}).items()
    ]
    return _table(caption, ("member", "type", "", ""), rows, folded=not caption.startswith("Body"))


def _any_of(schema: Node, document: Json) -> list[Node]:
    return [_resolve(part, document) for part in schema.get("anyOf", [schema])]


def _resolve(schema: Node, document: Json) -> Node:
    reference = schema.get("$ref")
    components: Node = dict(document)["components"]  # type: ignore[assignment]
    return components["schemas"][reference.rpartition("/")[2]] if reference else schema


def _type(schema: Node) -> str:
    """`integer or null`, `list of AreaName`."""
    if "anyOf" in schema:
        return " or ".join(_type(part) for part in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"].rpartition("/")[2])
    if "const" in schema:
        return f'"{schema["const"]}"'
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_type(schema['items'])}"
    return _with_examples(str(schema.get("type", "anything")), schema)


def _with_examples(name: str, schema: Node) -> str:
    shown = ", ".join(f"“{example}”" for example in schema.get("examples", ()))
    return f"{name} such as {shown}" if shown else name


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, folded: bool) -> str:
    if not rows:
        return ""
    head = "".join(f"<th>{escape(name)}</th>" for name in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    opened = "" if folded else " open"
    return f"<details{opened}><summary>{escape(caption)}</summary><div>{table}</div></details>"


def _example(entry: Entry, document: Json) -> str:
    """A line for the shell, with what the body must have."""
    words = ["curl"] if entry.method == "GET" else ["curl", "-X", entry.method]
    if entry.said["security"]:
        words += ["-H", "'Authorization: JWT …'"]
    schemas = _body_schemas(entry, document)
    if schemas:
        words += ["--json", f"'{json.dumps(_sample(schemas[0], _required(entry)))}'"]
    return f"<pre>{escape(' '.join([*words, f'https://…{entry.path}']))}</pre>"


def _sample(schema: Node, required: set[str]) -> Node:
    names = {*schema.get("required", ()), *required}
    return {name: _sample_of(said) for name, said in schema.get("properties", {}).items() if name in names}


def _sample_of(schema: Node) -> object:
    schema = schema["anyOf"][0] if "anyOf" in schema else schema
    return {"integer": 1, "number": 1.0, "boolean": True, "array": [1]}.get(schema.get("type", ""), "…")
