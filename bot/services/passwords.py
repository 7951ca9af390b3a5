"""A forgotten password and a changed one. Nothing of what is typed is kept: it goes to BioTime, and is gone.

Whether a company or an address is known is nobody's business: what is answered does not depend on it.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from bot.biotime.client import BioTimeClient
from bot.biotime.errors import BioTimeError, Refused, Unclear
from bot.services.guessing import LIMITS, Claim, Guess, Guessing, SlowDown
from bot.services.linking import Credentials, Linked, Linking
from bot.services.sessions import SessionOver, Sessions
from bot.services.tenants import Tenants
from bot.store.links import Link, Person

CODE_LIFE = timedelta(minutes=10)
LIMITED_TRIES = LIMITS[Guess.CODE].per_name
RESEND_AFTER = timedelta(minutes=1)
# The manual does not say what a tenant's codes look like; ours have six digits.
ANY_CODE, OUR_CODE = (4, 8), (6, 6)


@dataclass(frozen=True, slots=True)
class Rules:
    """What the company asks of a password: how many characters at least, and its own words for the rest. `code`: how
    many digits a code of BioTime's has, at least and at most.
    """

    shortest: int = 8
    words: str = ""
    code: tuple[int, int] = ANY_CODE


@dataclass(frozen=True, slots=True)
class Forgotten:
    """Whose password, as typed: `who` is an e-mail address or an employee code."""

    company: str
    who: str


@dataclass(frozen=True, slots=True)
class NewPassword:
    """`proof` is the code from the mail or the password until now. `unsure`: an earlier try of this may have been
    applied.
    """

    proof: str = field(repr=False)
    new: str = field(repr=False)
    source: str | None = None
    unsure: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """Every session of the employee has ended with it; `link` is the new one, None where logging in did not work."""

    link: Link | None


@dataclass(frozen=True, slots=True)
class WrongProof:
    """The code is wrong or no longer valid; or the password until now is another one."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """BioTime does not like the new password."""

    reason: str


@dataclass(frozen=True, slots=True)
class NotReached:
    """`unsure`: it may have been changed all the same; the same once more will show."""

    unsure: bool


class LogInFirst:
    """The session has ended."""


Outcome = Changed | WrongProof | NotTaken | NotReached | SlowDown | LogInFirst


class Passwords:
    def __init__(
        self, tenants: Tenants, sessions: Sessions, guessing: Guessing, linking: Linking, rules: Rules
    ) -> None:
        self._tenants = tenants
        self._sessions = sessions
        self._guessing = guessing
        self._linking = linking
        self.rules = rules

    @property
    def companies(self) -> tuple[str, ...]:
        return self._tenants.companies

    async def claim_code(self, person: Person, forgotten: Forgotten, source: str | None) -> SlowDown | None:
        """Before anything is said or sent: how often somebody may have a mail sent to somebody."""
        claim = await self._guessing.claim(Guess.MAIL, person.telegram_id, forgotten.who, source)
        return claim if isinstance(claim, SlowDown) else None

    async def send_code(self, person: Person, forgotten: Forgotten, language: str) -> bool:
        """Whether BioTime took the wish; for a company that is not served, nobody is asked."""
        company = self._tenants.find(forgotten.company)
        if company is None:
            return True
        try:
            await self._tenants[company].client.request_code(forgotten.who, person.client_id, language)
        except Refused:
            return True  # a tenant that says whom it does not know: we do not
        except BioTimeError:
            return False
        return True

    async def reset(self, person: Person, forgotten: Forgotten, typed: NewPassword) -> Outcome:
        """With the code from the mail."""
        claim = await self._guessing.claim(Guess.CODE, person.telegram_id, forgotten.who, typed.source)
        if isinstance(claim, SlowDown):
            return claim
        company = self._tenants.find(forgotten.company)
        if company is None:
            return WrongProof()
        client = self._tenants[company].client
        fresh = Credentials(company, forgotten.who, typed.new)
        try:
            await client.create_password(forgotten.who, typed.proof, typed.new)
        except BioTimeError as problem:
            return await self._judge(problem, person, fresh, claim=claim, typed=typed)
        return await self._enter(person, fresh)

    async def change(self, person: Person, link: Link, typed: NewPassword) -> Outcome:
        """Of who is logged in; the password until now is a guess like at a log-in, and counts as one."""
        claim = await self._guessing.claim(Guess.PASSWORD, person.telegram_id, link.emp_code, typed.source)
        if isinstance(claim, SlowDown):
            return claim
        fresh = Credentials(link.company, link.emp_code, typed.new)

        async def request(client: BioTimeClient, token: str) -> None:
            await client.change_password(token, link.emp_id, typed.proof, typed.new)

        try:
            await self._sessions.call(link, request)
        except SessionOver:
            await self._guessing.give_back(claim)
            return LogInFirst()
        except BioTimeError as problem:
            return await self._judge(problem, person, fresh, claim=claim, typed=typed)
        return await self._enter(person, fresh)

    async def _judge(
        self, problem: BioTimeError, person: Person, fresh: Credentials, *, claim: Claim, typed: NewPassword
    ) -> Outcome:
        """What a failure says about whether it was applied; where that is open, logging in shows it."""
        if not isinstance(problem, Refused | Unclear):
            await self._guessing.give_back(claim)
            return NotReached(unsure=typed.unsure)
        if isinstance(problem, Unclear) or typed.unsure or claim.repeated:
            entered = await self._linking.enter(person, fresh)
            if isinstance(entered, Linked):
                return Changed(entered.link)
        if isinstance(problem, Unclear):
            return NotReached(unsure=True)
        return _read(problem)

    async def _enter(self, person: Person, fresh: Credentials) -> Changed:
        entered = await self._linking.enter(person, fresh)
        return Changed(entered.link if isinstance(entered, Linked) else None)


def _read(problem: Refused) -> WrongProof | NotTaken:
    """A reason about the new password is told; all others are alike, or they would tell who has an account."""
    for reason in problem.reasons:
        field_name, _, words = reason.partition(": ")
        if field_name.casefold() in ("new password", "password") and words:
            return NotTaken(words)
    return WrongProof()
