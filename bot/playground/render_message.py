"""A message as HTML: what it is, its text, its buttons."""

from datetime import tzinfo
from html import escape

from bot.playground.chats import Button, SeenMessage
from bot.playground.errors import Json
from bot.playground.icons import PERSON, PIN, SHEET
from bot.playground.render_text import link, render_text


def render_message(message: SeenMessage, words: dict[str, str], zone: tzinfo) -> str:
    """One bubble with what belongs to it; times in `zone`."""
    side = "theirs" if message.by_bot else "mine"
    text = render_text(message.text, message.entities)
    return (
        f'<article class="message {side}" data-id="{message.message_id}"><div class="bubble">'
        f"{_origin(message, words)}{_media(message.content, words)}"
        + (f'<div class="text" dir="auto">{text}</div>' if text else "")
        + f"{_foot(message, words, zone)}</div>{_buttons(message)}</article>"
    )


def _origin(message: SeenMessage, words: dict[str, str]) -> str:
    lines = []
    if origin := message.content.get("forward_origin"):
        name = origin.get("sender_user_name") or origin["sender_user"]["first_name"]
        lines.append(f"{words['forwarded']} <b>{escape(name)}</b>")
    if via := message.content.get("via_bot"):
        lines.append(f"{words['via']} <b><bdi>@{escape(via['username'])}</bdi></b>")
    if message.reply_to is not None and message.by_bot:
        lines.append(words["reply"] + f" #{message.reply_to}")
    return "".join(f'<p class="origin">{line}</p>' for line in lines)


def _media(content: Json, words: dict[str, str]) -> str:
    if "photo" in content:
        photo = content["photo"][-1]
        size = f'width="{photo["width"]}" height="{photo["height"]}"'
        spoiler = ' class="spoiler" tabindex="0"' if content.get("has_media_spoiler") else ""
        return f'<span{spoiler}><img class="photo" src="/media/{escape(photo["file_id"])}" {size} alt=""></span>'
    if "document" in content:
        return _document(content["document"])
    if "contact" in content:
        number = escape(content["contact"]["phone_number"])
        return f'<p class="card"><span class="icon">{PERSON}</span>{words["contact"]}: <bdi>{number}</bdi></p>'
    return _location(content, words) if "location" in content else ""


def _document(document: Json) -> str:
    kilobytes = max(1, document["file_size"] // 1024)
    name = escape(document["file_name"])
    return (
        f'<a class="card document" href="/media/{escape(document["file_id"])}" download="{name}">'
        f'<span class="icon">{SHEET}</span><span><bdi>{name}</bdi><small>{kilobytes} KB</small></span></a>'
    )


def _location(content: Json, words: dict[str, str]) -> str:
    where = content["location"]
    title = words["live"] if "live_period" in where else words["location"]
    if venue := content.get("venue"):
        title = f"{venue['title']}, {venue['address']}"
    point = f"{where['latitude']:.5f}, {where['longitude']:.5f}"
    if "horizontal_accuracy" in where:
        point += f" ±{where['horizontal_accuracy']:g} m"
    live = " live" if "live_period" in where else ""
    return (
        f'<div class="card place{live}"><span class="icon">{PIN}</span>'
        f"<span><b dir='auto'>{escape(title)}</b><small><bdi>{point}</bdi></small></span></div>"
    )


def _foot(message: SeenMessage, words: dict[str, str], zone: tzinfo) -> str:
    reactions = "".join(f'<span class="reaction">{escape(emoji)}</span>' for emoji in message.reactions)
    edited = f"<i>{words['edited']}</i> " if message.edited else ""
    sent = message.sent_at.astimezone(zone)
    return (
        f'<footer>{reactions}<span class="when">{edited}'
        f'<time datetime="{sent.isoformat()}">{sent:%H:%M}</time></span></footer>'
    )


def _buttons(message: SeenMessage) -> str:
    rows = "".join(f'<div class="row">{"".join(map(_button, row))}</div>' for row in message.buttons)
    return f'<div class="inline-keyboard" dir="ltr">{rows}</div>' if rows else ""


def _button(button: Button) -> str:
    label = f"<span dir='auto'>{escape(button.text)}</span>"
    if button.data is not None:
        return f'<button type="button" data-press="{escape(button.data)}">{label}</button>'
    return link(button.url, label + " ↗") if button.url else f"<button type='button' disabled>{label}</button>"
