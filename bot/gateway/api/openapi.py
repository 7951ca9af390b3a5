"""The OpenAPI document of what the gateway serves, made from the tables that serve it.

Paths, methods and who must log in come from the routes, filters from the lists, members from the wire models; the
`openapi_*` modules add which of them belong together, and a sentence.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from pydantic import JsonValue

from bot.gateway.api.openapi_att import ATT
from bot.gateway.api.openapi_iclock import ICLOCK
from bot.gateway.api.openapi_mobile import MOBILE
from bot.gateway.api.openapi_operations import Chapter, Operation, Parameters
from bot.gateway.api.openapi_personnel import PERSONNEL
from bot.gateway.api.openapi_schemas import Json, Schemas
from bot.gateway.api.openapi_tokens import TOKENS
from bot.gateway.rest.idempotency import HEADER

CHAPTERS = (TOKENS, PERSONNEL, ICLOCK, ATT, MOBILE)
BODY_TYPES = ("application/json", "application/x-www-form-urlencoded", "multipart/form-data")

SECURITY_SCHEMES: Json = {
    "JWT": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "JWT <token>, of a login at …jwt-api-token-auth/ or of the mobile login.",
    },
    "Token": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "Token <token>, of a login at …api-token-auth/. It does not end by itself.",
    },
    "Basic": {
        "type": "http",
        "scheme": "basic",
        "description": "A system user's e-mail address and password; below /mobile/ an employee's.",
    },
}
REFUSALS: Mapping[str, tuple[str, str]] = {
    "400": ("Something is wrong with the request; nothing was changed", "Refusal"),
    "401": ("Nobody is logged in, or no longer", "Detail"),
    "403": ("Not for this user", "Detail"),
    "404": ("No such record of this company, or no such page", "Detail"),
    "408": ("The body did not arrive in time", "Detail"),
    "413": ("The body is over 64 KB", "Detail"),
    "415": ("The body is neither JSON nor a form", "Detail"),
    "422": ("The Idempotency-Key was used for another request", "Detail"),
    "429": ("Too many requests: wait for Retry-After", "Detail"),
    "503": ("The database does not answer: wait for Retry-After", "Detail"),
}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A route as it is served. `path` in the router's spelling, `/personnel/api/areas/{called}/`."""

    path: str
    methods: tuple[str, ...]
    secured: bool


@dataclass(frozen=True, slots=True)
class Call:
    """One method of an endpoint, of the chapter that describes it."""

    chapter: Chapter
    endpoint: Endpoint
    method: str

    @property
    def operation(self) -> Operation:
        return self.chapter.paths[self.endpoint.path][self.method]


def build_document(endpoints: Sequence[Endpoint]) -> Json:
    """Raises KeyError for an endpoint that no chapter describes."""
    schemas = Schemas()
    paths: Json = {
        shown_path(endpoint.path): {
            method.lower(): _operation(schemas, endpoints, Call(chapter, endpoint, method))
            for method in endpoint.methods
        }
        for chapter, endpoint in _in_order(endpoints)
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "BioTimeCloud API",
            "version": version("hadir"),
            "description": "Every path is answered with and without its trailing slash.",
        },
        "tags": [
            {"name": chapter.name, "description": chapter.about, "externalDocs": {"url": chapter.page}}
            for chapter in CHAPTERS
        ],
        "paths": paths,
        "components": {
            "schemas": schemas.all,
            "responses": {code: _refusal(*said) for code, said in REFUSALS.items()},
            "securitySchemes": SECURITY_SCHEMES,
        },
    }


def shown_path(path: str) -> str:
    return path.replace("{called}", "{id}")


def _in_order(endpoints: Sequence[Endpoint]) -> list[tuple[Chapter, Endpoint]]:
    """By chapter, in the chapter's order."""
    described = {path: chapter for chapter in CHAPTERS for path in chapter.paths}
    places = {path: place for place, path in enumerate(described)}
    return [(described[each.path], each) for each in sorted(endpoints, key=lambda each: places[each.path])]


def _refusal(said: str, schema: str) -> Json:
    content: Json = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": said, "content": content}


def _operation(schemas: Schemas, endpoints: Sequence[Endpoint], call: Call) -> Json:
    operation, path = call.operation, call.endpoint.path
    security: list[JsonValue] = [{name: []} for name in SECURITY_SCHEMES] if call.endpoint.secured else []
    answers = _answers(schemas, operation, call.method)
    if operation.status == 201:
        answers["201"]["links"] = _links(endpoints, path)
    refusals: Json = {code: {"$ref": f"#/components/responses/{code}"} for code in _refusal_codes(call)}
    return {
        "operationId": operation_id(call.method, path),
        "summary": operation.summary,
        "tags": [call.chapter.name],
        "x-anchor": operation.anchor,
        "security": security,
        "parameters": _parameters(path, operation),
        **({"requestBody": _body(schemas, operation)} if operation.bodies else {}),
        "responses": {**answers, **refusals},
    }


def operation_id(method: str, path: str) -> str:
    return "_".join([method.lower(), *path.replace("{called}", "id").replace("-", "_").strip("/").split("/")])


def _parameters(path: str, operation: Operation) -> list[JsonValue]:
    called = {"id": operation.identifier} if "{called}" in path else {}
    places: tuple[tuple[str, Parameters], ...] = (
        ("path", called),
        ("query", operation.query),
        ("header", operation.headers),
    )
    return [_parameter(where, name, dict(schema)) for where, said in places for name, schema in said.items()]


def _parameter(where: str, name: str, schema: Json) -> JsonValue:
    text = schema.pop("description", "")
    said: Json = {"description": text} if text else {}
    return {"name": name, "in": where, **said, "required": where == "path", "schema": schema}


def _body(schemas: Schemas, operation: Operation) -> Json:
    schema = schemas.reference(operation.bodies, "validation")
    if operation.required:
        schema = {"allOf": [schema, {"type": "object", "required": list(operation.required)}]}
    content: Json = {media_type: {"schema": schema} for media_type in BODY_TYPES}
    needs_some = any(field.is_required() for model in operation.bodies for field in model.model_fields.values())
    return {"required": bool(operation.required) or needs_some, "content": content}


def _answers(schemas: Schemas, operation: Operation, method: str) -> dict[str, Json]:
    silent: dict[str, Json] = {"204": {"description": "Done"}} if method == "DELETE" else {}
    if not operation.answers:
        return silent
    schema = schemas.reference(operation.answers, "serialization")
    told: Json = {"description": operation.summary, "content": {"application/json": {"schema": schema}}}
    return {str(operation.status): told, **silent}


def _links(endpoints: Sequence[Endpoint], path: str) -> Json:
    """From what was created to all that can be done with it."""
    below = [endpoint for endpoint in endpoints if endpoint.path.startswith(f"{path}{{called}}/")]
    return {
        operation_id(method, endpoint.path): {
            "operationId": operation_id(method, endpoint.path),
            "parameters": {"id": "$response.body#/id"},
        }
        for endpoint in below
        for method in endpoint.methods
    }


def _refusal_codes(call: Call) -> list[str]:
    operation, endpoint = call.operation, call.endpoint
    takes_body = bool(operation.bodies)
    may_be = {
        "400": bool(takes_body or operation.query or operation.headers or call.method == "DELETE"),
        "401": endpoint.secured,
        "403": endpoint.secured,
        "404": "{called}" in endpoint.path or "page" in operation.query,
        **dict.fromkeys(("408", "413", "415"), takes_body),
        "422": HEADER in operation.headers,
    }
    return sorted([*(code for code, may in may_be.items() if may), "429", "503"])
