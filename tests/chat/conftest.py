"""The office and its people, for dialogs; and bare databases."""

from tests.databases import database, database_url
from tests.talk import _quick, environ, huda, linked, mona, office, omar, sara, t, talk

__all__ = [
    "_quick",
    "database",
    "database_url",
    "environ",
    "huda",
    "linked",
    "mona",
    "office",
    "omar",
    "sara",
    "t",
    "talk",
]
