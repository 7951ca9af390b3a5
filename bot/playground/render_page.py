"""The page: a bar to choose people, and a phone for each."""

from datetime import tzinfo
from html import escape

from bot.playground.chats import Keyboard
from bot.playground.icons import MAIL, PIN, SEND
from bot.playground.labels import LANGUAGES, direction, labels
from bot.playground.mails import render_mail
from bot.playground.people import Person
from bot.playground.places import Office
from bot.playground.render_message import render_message

CLIENTS = {"android": "Android", "ios": "iPhone", "web": "Web", "desktop": "Desktop"}


def render_page(people: dict[str, Person], chosen: list[str], office: Office, bot: str, zone: tzinfo) -> str:
    """The whole document. `chosen` are the keys of the people shown, in order."""
    chips = "".join(_chip(key, person, chosen) for key, person in people.items())
    phones = "".join(render_phone(key, people[key], office, zone) for key in chosen)
    cursor = ",".join(str(len(people[key].chat.events)) for key in chosen)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<title>{escape(bot)} · playground</title><link rel="icon" href="/static/icon.svg">'
        '<link rel="stylesheet" href="/static/chat.css">'
        '<script type="module" src="/static/chat.js"></script></head>'
        f'<body data-people="{",".join(chosen)}" data-cursor="{cursor}">'
        f'<header class="bar"><h1><bdi>{escape(bot)}</bdi> <small>playground</small></h1><nav>{chips}</nav></header>'
        f"<main>{phones}</main></body></html>"
    )


def _chip(key: str, person: Person, chosen: list[str]) -> str:
    others = [other for other in chosen if other != key]
    people = others if key in chosen else [*chosen, key]
    state = ' aria-current="true"' if key in chosen else ""
    return f'<a href="/?people={",".join(people)}"{state}>{escape(person.user.first_name)}</a>'


def render_phone(key: str, person: Person, office: Office, zone: tzinfo) -> str:
    """One person's phone, in the language of the person."""
    words = labels(person.language)
    messages = "".join(render_message(message, words, zone) for message in person.history)
    kept = escape(words["deleted"]), escape(words["typing"]), escape(words["working"])
    return (
        f'<section class="phone" id="phone-{key}" data-person="{key}" dir="{direction(person.language)}"'
        f' lang="{escape(person.language)}" data-deleted="{kept[0]}" data-typing="{kept[1]}" data-working="{kept[2]}">'
        f"{_head(person, words)}"
        f'<div class="messages" tabindex="0">{_welcome(person, words)}{messages}</div>'
        f'<div class="toast" hidden></div><div class="menu" hidden>{render_commands(person)}</div>'
        f"{_mailbox(person, words, zone)}{_drawer(person, office, words)}{_composer(person, words)}"
        f'<div class="keyboard" dir="ltr">{render_keyboard(person.keyboard)}</div></section>'
    )


def _head(person: Person, words: dict[str, str]) -> str:
    hue = person.id % 6
    return (
        f'<header><span class="avatar hue{hue}">{escape(person.user.first_name[0])}</span>'
        f'<div class="who"><b><bdi>{escape(person.user.name)}</bdi></b>'
        f'<small class="status" data-idle="{words["online"]}">{words["online"]}</small></div>'
        f"{_mail_button(person, words)}{_select('client', CLIENTS, person.client)}"
        f"{_select('language', LANGUAGES, person.language)}</header>"
    )


def _mail_button(person: Person, words: dict[str, str]) -> str:
    """Hidden where the person has no address; the script shows how many came since somebody looked."""
    hidden = "" if person.email else " hidden"
    return (
        f'<button type="button" class="post" data-toggle="mailbox" title="{words["mail"]}"{hidden}>{MAIL}'
        '<span class="unread" hidden></span></button>'
    )


def _mailbox(person: Person, words: dict[str, str], zone: tzinfo) -> str:
    """The newest first."""
    mails = "".join(render_mail(mail, zone) for mail in reversed(person.mails))
    return (
        f'<section class="mailbox" aria-label="{words["mail"]}" hidden><p class="none">{words["no_mail"]}</p>'
        f'<div class="mails">{mails}</div></section>'
    )


def _select(name: str, options: dict[str, str], chosen: str) -> str:
    shown = options if chosen in options else {**options, chosen: chosen}
    items = "".join(
        f'<option value="{escape(value)}"{" selected" if value == chosen else ""}>{escape(text)}</option>'
        for value, text in shown.items()
    )
    return f'<select name="{name}" aria-label="{name}" autocomplete="off">{items}</select>'


def _welcome(person: Person, words: dict[str, str]) -> str:
    if person.chat.started:
        return ""
    about = f"<b>{words['what']}</b><p dir='auto'>{escape(person.description)}</p>" if person.description else ""
    start = f'<button type="button" class="primary" data-say="/start">{words["start"]}</button>'
    return f'<div class="welcome">{about or words["nothing"]}{start}</div>'


def render_commands(person: Person) -> str:
    """The list behind the "/" button."""
    return "".join(
        f'<button type="button" data-say="/{command}"><b dir="ltr">/{command}</b> '
        f'<span dir="auto">{escape(text)}</span></button>'
        for command, text in person.commands.items()
    )


def render_keyboard(keyboard: Keyboard | None) -> str:
    """The reply keyboard, laid out from left to right as every Telegram app does."""
    if keyboard is None:
        return ""
    rows = ("".join(map(_key, row)) for row in keyboard.labels)
    return "".join(f'<div class="row">{row}</div>' for row in rows)


def _key(label: str) -> str:
    return f'<button type="button" data-key="{escape(label)}"><span dir="auto">{escape(label)}</span></button>'


def placeholder(person: Person) -> str:
    keyboard = person.keyboard
    return (keyboard.placeholder if keyboard else None) or labels(person.language)["message"]


def _composer(person: Person, words: dict[str, str]) -> str:
    return (
        '<form class="composer" autocomplete="off">'
        f'<button type="button" data-toggle="menu" title="{words["commands"]}">/</button>'
        f'<input name="text" dir="auto" placeholder="{escape(placeholder(person))}" aria-label="{words["message"]}">'
        f'<button type="button" data-toggle="drawer" title="{words["place"]}">{PIN}</button>'
        f'<button class="primary send" title="{words["send"]}">{SEND}</button></form>'
    )


def _drawer(person: Person, office: Office, words: dict[str, str]) -> str:
    at, place = office.place, person.place
    away = at.moved(north=2000)
    shares = ("pin", "forward", "venue", "via_bot", "live_start", "live_move", "live_stop")
    return (
        f'<div class="drawer" hidden data-office="{at.latitude},{at.longitude}" data-radius="{office.radius:g}"'
        f' data-office-name="{escape(office.name)}" data-place="{place.latitude},{place.longitude}"'
        f' data-accuracy="{place.accuracy or ""}"><div class="line"><b>{words["where"]}</b>'
        f'<button type="button" data-place="{at.latitude},{at.longitude}">{words["office"]}</button>'
        f'<button type="button" data-place="{away.latitude},{away.longitude}">{words["away"]}</button>'
        f'<span class="typed"><input name="point" dir="ltr" placeholder="{words["typed"]}">'
        f'<button type="button" data-set>{words["set"]}</button></span></div>'
        f'<div class="map" title="{words["map"]}" dir="ltr"></div>'
        f'<div class="line"><b>{words["accuracy"]}</b>{_accuracies(person, words)}</div>'
        f'<label class="line"><input type="checkbox" name="late" autocomplete="off"> {words["late"]}</label>'
        f'<div class="line"><b>{words["share"]}</b>'
        + "".join(f'<button type="button" data-share="{share}">{words[share]}</button>' for share in shares)
        + "</div></div>"
    )


def _accuracies(person: Person, words: dict[str, str]) -> str:
    choices = {"12": words["good"], "400": words["poor"], "": words["unknown"]}
    current = f"{person.place.accuracy:g}" if person.place.accuracy is not None else ""
    return "".join(
        f'<button type="button" data-accuracy="{value}" aria-pressed="{str(value == current).lower()}">{text}</button>'
        for value, text in choices.items()
    )
