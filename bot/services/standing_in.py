"""Who gets what is a manager's while others stand in for them, and for each other: pure."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping

from bot.store.managers import StandIn


def group_stand_ins(stand_ins: Iterable[StandIn]) -> dict[str, tuple[str, ...]]:
    """By whom they stand in for."""
    found: dict[str, tuple[str, ...]] = defaultdict(tuple)
    for one in stand_ins:
        found[one.emp_code] += (one.stand_in,)
    return dict(found)


def find_acting(
    emp_code: str, stand_ins: Mapping[str, tuple[str, ...]], is_there: Callable[[str], bool] = lambda _: True
) -> tuple[str, ...]:
    """Whoever stands in at the end, having handed over to nobody, each once; where that one is not there, whoever has
    handed over to them. Where nobody is found, and in a circle, it is the manager.
    """
    ends = [next(filter(is_there, reversed(path)), "") for path in _follow((emp_code,), stand_ins)]
    return tuple(dict.fromkeys(filter(None, ends))) or (emp_code,)


def _follow(path: tuple[str, ...], stand_ins: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """To each end, by whom, without the first; a circle has none."""
    following = stand_ins.get(path[-1], ())
    if not following:
        yield path[1:]
    for one in following:
        if one not in path:
            yield from _follow((*path, one), stand_ins)
