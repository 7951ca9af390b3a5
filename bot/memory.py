"""The garbage collector, told what kind of program this is."""

import gc

# By itself it looks at the young after every 700 new objects; one scan of a large company makes a hundred thousand that
# all live until its end, and a third of its time went into looking at them again and again.
_YOUNG, _MIDDLE, _OLD = 50_000, 20, 20


def settle() -> None:
    """To be called when all is loaded: what there is by now (a gazetteer of 155,000 places) is not walked."""
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _OLD)
