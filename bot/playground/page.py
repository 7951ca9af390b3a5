"""The chat page's HTTP: the document, its static files, live events, and what people do in it."""

import json
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, model_validator
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from bot.playground.chats import Event
from bot.playground.entities import utf16_length
from bot.playground.errors import ApiError, Json
from bot.playground.guard import guarded
from bot.playground.labels import LANGUAGES, labels
from bot.playground.mails import render_mail
from bot.playground.markup import Strict
from bot.playground.people import Client, Person
from bot.playground.places import Office, Place
from bot.playground.render_message import render_message
from bot.playground.render_page import placeholder, render_commands, render_keyboard, render_page
from bot.playground.world import World

STATIC = Path(__file__).parent / "static"
HEARTBEAT_SECONDS = 15.0
LATE = timedelta(minutes=10)
LONGEST_TEXT = 4096
WAYS = ("pin", "forward", "venue", "via_bot", "live_start", "live_move", "live_stop")


def _check_text(text: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise ValueError("half a character cannot be sent")
    if utf16_length(text) > LONGEST_TEXT:
        raise ValueError(f"a message has at most {LONGEST_TEXT} characters; phones send the rest as another one")
    return text


class Act(Strict):
    """What the browser says a person does; no more than a phone would send."""

    do: Literal["say", "press", "key", "place", "share", "language", "client"]
    text: Annotated[str, AfterValidator(_check_text)] = ""
    message_id: int = 0
    latitude: float = Field(0.0, ge=-90, le=90, allow_inf_nan=False)
    longitude: float = Field(0.0, ge=-180, le=180, allow_inf_nan=False)
    accuracy: float | None = Field(None, ge=0, le=1500, allow_inf_nan=False)
    late: bool = False
    client: Client = "android"

    @model_validator(mode="after")
    def _check_what_is_sent(self) -> Self:
        if self.do == "say" and not self.text.strip():
            raise ValueError("an empty message cannot be sent")
        if self.do == "press" and not 1 <= len(self.text.encode()) <= 64:
            raise ValueError("a button has 1 to 64 bytes of data")
        if self.do == "share" and self.text not in WAYS:
            raise ValueError(f"a place is shared by one of {', '.join(WAYS)}")
        return self


class Page:
    """The pages of one playground; times are shown in `zone`."""

    def __init__(self, world: World, people: dict[str, Person], office: Office, zone: tzinfo) -> None:
        self._world = world
        self._people = people
        self._office = office
        self._zone = zone

    def routes(self) -> list[Route | Mount]:
        return [
            Route("/", guarded(self.show)),
            Route("/events", guarded(self.events)),
            Route("/media/{file_id}", guarded(self.media)),
            Route("/people/{key}", guarded(self.act), methods=["POST"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    async def show(self, request: Request) -> Response:
        chosen = self._chosen(request)
        return HTMLResponse(render_page(self._people, chosen, self._office, self._world.bot.first_name, self._zone))

    def _chosen(self, request: Request) -> list[str]:
        asked = request.query_params.get("people", "").split(",")
        return [key for key in dict.fromkeys(asked) if key in self._people] or list(self._people)[:2]

    async def media(self, request: Request) -> Response:
        """A file of a chat; only pictures are shown by the browser itself."""
        try:
            stored = self._world.files.get(request.path_params["file_id"])
        except ApiError:
            return Response(status_code=404)
        if stored.path.startswith("photos/"):
            return Response(stored.data, media_type="image/png" if stored.data[:1] == b"\x89" else "image/jpeg")
        return Response(
            stored.data, media_type="application/octet-stream", headers={"Content-Disposition": "attachment"}
        )

    async def act(self, request: Request) -> Response:
        person = self._people.get(request.path_params["key"])
        if person is None:
            return Response(status_code=404)
        try:
            _act(person, Act.model_validate(await request.json()), self._world)
        except ValidationError as problem:
            return _refused(_explain(problem))
        except (ValueError, LookupError, RuntimeError) as problem:
            return _refused(str(problem))
        return JSONResponse({"place": [person.place.latitude, person.place.longitude]})

    async def events(self, request: Request) -> Response:
        """Server-sent events from where the page (or its last event) left off."""
        chosen = self._chosen(request)
        given = request.headers.get("last-event-id") or request.query_params.get("from", "")
        numbers = [int(number) for number in given.split(",") if number.isdecimal()]
        cursors = dict(zip(chosen, numbers + [0] * len(chosen), strict=False))
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(self._stream(cursors), media_type="text/event-stream", headers=headers)

    async def _stream(self, cursors: dict[str, int]) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        while not self._world.signal.closed:
            for key in cursors:
                for event in self._people[key].chat.events[cursors[key] :]:
                    cursors[key] += 1
                    place = ",".join(map(str, cursors.values()))
                    yield f"id: {place}\ndata: {json.dumps(self._told(key, event))}\n\n"
            if await self._world.signal.wait_for(self._news(cursors), HEARTBEAT_SECONDS) is None:
                yield ": still here\n\n"

    def _news(self, cursors: dict[str, int]) -> Callable[[], bool | None]:
        return lambda: any(len(self._people[key].chat.events) > seen for key, seen in cursors.items()) or None

    def _told(self, key: str, event: Event) -> Json:
        """An event as the page's script takes it."""
        person = self._people[key]
        told: Json = {"person": key, "kind": event.kind, **event.detail}
        if event.message is not None:
            words = labels(person.language)
            told |= {"id": event.message.message_id, "html": render_message(event.message, words, self._zone)}
        if event.kind == "keyboard":
            told |= {"html": render_keyboard(person.keyboard), "placeholder": placeholder(person)}
        if event.kind == "mail":
            told["html"] = render_mail(person.mails[event.detail["number"]], self._zone)
        if event.kind == "menu":
            told["html"] = render_commands(person)
        return told


def _explain(problem: ValidationError) -> str:
    first = problem.errors(include_url=False, include_context=False, include_input=False)[0]
    return ": ".join([*map(str, first["loc"]), first["msg"].removeprefix("Value error, ")])


def _refused(sentence: str) -> Response:
    return JSONResponse({"error": sentence}, 400)


def _act(person: Person, act: Act, world: World) -> None:
    sent_at = world.now() - LATE if act.late else None
    match act.do:
        case "say":
            person.say(act.text, sent_at=sent_at)
        case "press":
            if act.message_id not in person.chat.posts:
                raise LookupError("there is no such message")
            person.press_data(act.text, act.message_id)
        case "key":
            person.press_key(act.text, sent_at=sent_at)
        case "place":
            person.place = Place(act.latitude, act.longitude, act.accuracy)
        case "language":
            person.language = act.text if act.text in LANGUAGES else person.language
        case "client":
            person.client = act.client
        case "share":
            _share(person, act.text, sent_at)


def _share(person: Person, how: str, sent_at: datetime | None) -> None:
    if how == "live_move":
        moved = person.place.moved(north=35, east=35)
        if abs(moved.latitude) > 90 or abs(moved.longitude) > 180:
            raise ValueError("the map ends here")
        person.place = moved
    place = person.place
    at = place.latitude, place.longitude
    ways: dict[str, Callable[[], object]] = {
        "pin": lambda: person.share_location(*at, via="pin", sent_at=sent_at),
        "forward": lambda: person.forward_location(*at, sent_at=sent_at),
        "venue": lambda: person.share_venue(*at),
        "via_bot": lambda: person.share_via_bot(*at),
        "live_start": lambda: person.start_live(*at, accuracy=place.accuracy),
        "live_move": lambda: person.move_live(*at, accuracy=place.accuracy),
        "live_stop": person.stop_live,
    }
    ways[how]()
