"""The office and its people, for dialogs."""

from tests.talk import _quick, environ, huda, linked, mona, office, omar, sara, t, talk

__all__ = ["_quick", "environ", "huda", "linked", "mona", "office", "omar", "sara", "t", "talk"]
