"""The docs pages where the manual says they are, and the OpenAPI document that they are drawn from.

Anybody may read them: they tell what the manual tells, and nothing of any company.
"""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

from starlette.requests import Request
from starlette.responses import Response

from bot.gateway.api.answers import answer_json
from bot.gateway.api.docs_page import render_chapter
from bot.gateway.api.openapi import CHAPTERS, Endpoint, build_document
from bot.gateway.api.openapi_operations import Chapter
from bot.gateway.api.openapi_schemas import Json
from bot.gateway.api.resource import Handlers

DOCUMENT = "/api/openapi.json/"
STYLE = (Path(__file__).parent / "docs.css").read_text(encoding="utf-8")
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


class Api(Protocol):
    def resources(self) -> Mapping[str, Handlers]: ...
    def doors(self) -> Mapping[str, Handlers]: ...


class DocsApi:
    def __init__(self, apis: Sequence[Api]) -> None:
        self._apis = apis

    def doors(self) -> dict[str, Handlers]:
        pages: dict[str, Handlers] = {chapter.page: {"GET": partial(self.show, chapter)} for chapter in CHAPTERS}
        return {**pages, DOCUMENT: {"GET": self.show_document}}

    def resources(self) -> dict[str, Handlers]:
        return {}

    async def show_document(self, _request: Request) -> Response:
        return answer_json(self._text)

    async def show(self, chapter: Chapter, _request: Request) -> Response:
        page = render_chapter(chapter, CHAPTERS, self._document, STYLE)
        return Response(page, headers=HEADERS, media_type="text/html")

    @cached_property
    def _document(self) -> Json:
        """Made when first asked for: most processes never are."""
        return build_document(list_endpoints(self._apis))

    @cached_property
    def _text(self) -> str:
        return json.dumps(self._document, ensure_ascii=False)


def list_endpoints(apis: Sequence[Api]) -> list[Endpoint]:
    return [
        Endpoint(path, tuple(handlers), secured)
        for api in apis
        for secured, paths in ((True, api.resources()), (False, api.doors()))
        for path, handlers in paths.items()
    ]
