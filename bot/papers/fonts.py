"""The fonts of all our scripts: Noto Sans (SIL Open Font License), from packages pinned like any other."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

from fontTools.ttLib import TTFont

LATIN, ARABIC, DEVANAGARI = "Noto Sans", "Noto Sans Arabic", "Noto Sans Devanagari"
_PACKAGES: Mapping[str, str] = MappingProxyType(
    {LATIN: "fontpkg_noto_sans", ARABIC: "fontpkg_noto_sans_arabic", DEVANAGARI: "fontpkg_noto_sans_devanagari"}
)
_OWN: Mapping[str, str] = MappingProxyType({"ar": ARABIC, "ur": ARABIC, "hi": DEVANAGARI})


def families_of(language: str) -> Sequence[str]:
    """The language's own font first, then those for names in any other of our scripts."""
    own = _OWN.get(language, LATIN)
    return [own, *(family for family in _PACKAGES if family != own)]


@cache
def path_of(family: str) -> Path:
    """The upright font with all its weights."""
    package = find_spec(_PACKAGES[family])
    assert package is not None
    assert package.origin is not None
    (found,) = (Path(package.origin).parent / "files").glob(f"{family.replace(' ', '')}[[]*.ttf")
    return found


def can_write(text: str) -> bool:
    """Whether there is a letter for each of its characters; marks of direction need none."""
    known = _read_letters()
    return all(ord(letter) in known or unicodedata.category(letter) in ("Cf", "Zs") for letter in text)


@cache
def _read_letters() -> frozenset[int]:
    return frozenset(number for family in _PACKAGES for number in TTFont(path_of(family)).getBestCmap())
