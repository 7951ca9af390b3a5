"""Mail as people read it beside the chat, on the phone of the person it is addressed to."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape


@dataclass(frozen=True)
class SeenMail:
    to: str
    subject: str
    text: str
    arrived_at: datetime


def render_mail(mail: SeenMail, zone: tzinfo) -> str:
    """One letter; what is in it finds its own direction, line by line."""
    arrived = mail.arrived_at.astimezone(zone)
    return (
        f'<article class="mail"><h3 dir="auto">{escape(mail.subject)}</h3>'
        f'<p class="to"><bdi>{escape(mail.to)}</bdi><time datetime="{arrived.isoformat()}">{arrived:%H:%M}</time></p>'
        f'<p class="letter" dir="auto">{escape(mail.text.strip())}</p></article>'
    )
