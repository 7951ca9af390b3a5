"""What waits of a new password until it is typed a second time."""

from bot.chat.typed_twice import digest, is_same


async def test_only_the_very_same_is_the_same() -> None:
    first = await digest("b3tter-Wort")
    assert await is_same(first, "b3tter-Wort")
    assert not await is_same(first, "b3tter-wort")
    assert not await is_same(first, "")


async def test_what_waits_tells_nothing() -> None:
    """No password, and the same one looks different each time: nobody sees that two people chose alike."""
    first, second = await digest("b3tter-Wort"), await digest("b3tter-Wort")
    assert first != second
    assert b"b3tter-Wort" not in bytes.fromhex(first)


async def test_half_a_character_is_no_trouble() -> None:
    assert await is_same(await digest("\ud83d"), "\ud83d")
