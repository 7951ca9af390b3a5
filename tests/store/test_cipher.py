import base64

import pytest

from bot.store.cipher import BadKey, Cipher, Undecipherable, new_secret_key

OLD, NEW = new_secret_key(), new_secret_key()
MONA = ("links.token", "Demo Trading", 101)


def test_what_is_encrypted_can_be_read_in_its_place() -> None:
    sealed = Cipher(OLD).encrypt(b"a token", *MONA)
    assert b"a token" not in sealed
    assert Cipher(OLD).decrypt(sealed, *MONA) == b"a token"


def test_the_same_value_never_looks_the_same() -> None:
    cipher = Cipher(OLD)
    assert len({cipher.encrypt(b"a token", *MONA) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "elsewhere",
    [
        ("links.token", "Demo Trading", 201),
        ("links.token", "Elsewhere", 101),
        ("inbox.payload", "Demo Trading", 101),
        ("links.token", "Demo Trading"),
        ("links.tokenDemo", " Trading", 101),
        (),
    ],
)
def test_moved_to_another_place_it_is_worthless(elsewhere: tuple[str | int, ...]) -> None:
    sealed = Cipher(OLD).encrypt(b"a token", *MONA)
    with pytest.raises(Undecipherable):
        Cipher(OLD).decrypt(sealed, *elsewhere)


def test_a_changed_byte_is_noticed_wherever_it_is() -> None:
    sealed = Cipher(OLD).encrypt(b"a token", *MONA)
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(Undecipherable):
            Cipher(OLD).decrypt(bytes(changed), *MONA)


@pytest.mark.parametrize("cut", [b"", b"abc", b"abcd", b"abcd" + b"0" * 12])
def test_what_is_too_short_is_not_one(cut: bytes) -> None:
    with pytest.raises(Undecipherable):
        Cipher(OLD).decrypt(cut, *MONA)


def test_a_new_key_reads_what_the_old_one_wrote_and_writes_its_own() -> None:
    before = Cipher(OLD).encrypt(b"a token", *MONA)
    both = Cipher(f"{NEW}, {OLD}")
    assert both.decrypt(before, *MONA) == b"a token"
    after = both.encrypt(b"another", *MONA)
    assert Cipher(NEW).decrypt(after, *MONA) == b"another"
    with pytest.raises(Undecipherable):
        Cipher(OLD).decrypt(after, *MONA)
    with pytest.raises(Undecipherable):
        Cipher(NEW).decrypt(before, *MONA)


@pytest.mark.parametrize("key", ["", " , ", "no base64!", base64.urlsafe_b64encode(b"x" * 31).decode()])
def test_a_bad_key_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(BadKey):
        Cipher(key)


def test_keys_for_other_uses_differ_by_purpose_and_key() -> None:
    keys = {Cipher(OLD).subkey("links"), Cipher(OLD).subkey("gateway"), Cipher(NEW).subkey("links")}
    assert len(keys) == 3
    assert Cipher(f"{OLD},{NEW}").subkey("links") == Cipher(OLD).subkey("links")
