"""The chat page."""

from starlette.routing import Route


class Page:
    def __init__(self, playground: object) -> None:
        self._playground = playground

    def routes(self) -> list[Route]:
        return []
