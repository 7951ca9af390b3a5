"""The gateway's argon2id, so that both check the same hash at the same cost."""

from django.contrib.auth.hashers import Argon2PasswordHasher

from bot.gateway.settings import PasswordCost


class Argon2(Argon2PasswordHasher):
    time_cost = PasswordCost().rounds
    memory_cost = PasswordCost().memory
    parallelism = PasswordCost().lanes


def as_django(kept: str) -> str:
    """The gateway keeps argon2's own text; Django writes the hasher's name in front of it."""
    return f"{Argon2.algorithm}{kept}"
