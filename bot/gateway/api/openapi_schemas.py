"""The wire models as the document's components: each once, under its own name."""

import re
from typing import Literal

from pydantic import JsonValue

from bot.biotime.wire.envelope import Detail
from bot.gateway.api.openapi_operations import Model

Json = dict[str, JsonValue]
Mode = Literal["validation", "serialization"]

_SCHEMAS = "#/components/schemas/"
REFUSAL: Json = {
    "title": "Refusal",
    "description": "By field what is wrong with it, or one sentence as detail; for a list of objects a list of those.",
    "anyOf": [
        {"$ref": f"{_SCHEMAS}FieldErrors"},
        {"$ref": f"{_SCHEMAS}Detail"},
        {"type": "array", "items": {"$ref": f"{_SCHEMAS}FieldErrors"}},
    ],
}
FIELD_ERRORS: Json = {
    "title": "FieldErrors",
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "string"}},
}


class Schemas:
    def __init__(self) -> None:
        self.all: Json = {"FieldErrors": FIELD_ERRORS, "Refusal": REFUSAL}
        self._names: dict[Model, str] = {}
        self.reference((Detail,), "serialization")

    def reference(self, models: tuple[Model, ...], mode: Mode) -> Json:
        """To any of them."""
        references: list[JsonValue] = [{"$ref": _SCHEMAS + self._name(model, mode)} for model in models]
        return {"anyOf": references} if len(references) > 1 else {"$ref": _SCHEMAS + self._name(models[0], mode)}

    def _name(self, model: Model, mode: Mode) -> str:
        if model not in self._names:
            self._names[model] = self._free_name(model)
            self._add(self._names[model], model, mode)
        return self._names[model]

    def _free_name(self, model: Model) -> str:
        """Two chapters may call a body the same: the second is told apart by its module."""
        plain = re.sub(r"\[(\w+)\]", r"Of\1", model.__name__)
        taken = plain in self._names.values()
        return f"{plain}Of{model.__module__.rpartition('.')[2].title().replace('_', '')}" if taken else plain

    def _add(self, name: str, model: Model, mode: Mode) -> None:
        schema = model.model_json_schema(mode=mode, ref_template=_SCHEMAS + "{model}")
        for below, part in schema.pop("$defs", {}).items():
            self.all.setdefault(below, part)
        self.all[name] = {**schema, "title": name}
