"""The manual's JSON examples, one file each: `<chapter>-<what>.json`.

They are copied as printed, except that line breaks inside texts, stray commas and elided rows (`.....`) are mended.
There are two chapters 6, departments and the mobile API. The manual's `{}` of a DELETE has no file.
"""

import json
from pathlib import Path

from pydantic import JsonValue


def golden_text(name: str) -> str:
    """One example as compact JSON with its members in the manual's order, comparable with `model_dump_json()`."""
    return compact(Path(__file__).with_name(f"{name}.json").read_text(encoding="utf-8"))


def compact(text: str) -> str:
    """Any JSON text in the same form: order and types kept, spaces not."""
    body: JsonValue = json.loads(text)
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))
