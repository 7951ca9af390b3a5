"""Departments, areas and positions: manual chapters 6, 7 and 8."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.gateway.api.personnel_places import CHAPTERS, Chapter
from bot.gateway.hr.choices import load_choices
from bot.gateway.hr.forms import SELECT, Field, Group
from bot.gateway.hr.sections import Section
from bot.gateway.hr.visits import Form
from bot.gateway.records.offices import Office


def _section(chapter: Chapter) -> Section:
    kind, prefix = chapter.kind, chapter.kind.prefix

    def groups(conn: Connection, office: Office, _form: Form) -> Sequence[Group]:
        above = load_choices(conn, office, kind.label, empty="None")
        return (
            Group(
                "",
                (
                    Field(f"{prefix}_code", "Code", column=kind.code.name, required=True),
                    Field(f"{prefix}_name", "Name", column=kind.label.name, required=True),
                    Field(f"parent_{prefix}", "Part of", SELECT, "parent_id", choices=above),
                ),
            ),
        )

    return Section(
        key=f"{kind.name}s",
        title=f"{kind.name.title()}s",
        one=kind.name,
        path=chapter.path,
        listing=chapter.listing,
        columns={
            "Code": lambda row: getattr(row, kind.code.name),
            "Name": lambda row: getattr(row, kind.label.name),
            "Part of": lambda row: row.parent_name,
        },
        groups=groups,
        search="search",
        name_of=lambda row: str(getattr(row, kind.label.name)),
    )


STRUCTURE = tuple(_section(chapter) for chapter in CHAPTERS)
