"""`hadir receipts verify`."""

import typer

from bot.cli.ending import Refused, finish, out
from bot.cli.inputs import load
from bot.config.options import ServerSettings
from bot.opening import open_database
from bot.services.receipts import Receipts
from bot.store.cipher import Cipher


def register(app: typer.Typer) -> None:
    receipts = typer.Typer(no_args_is_help=True, help="The signed receipts of punches.")
    receipts.command("verify")(verify_receipts)
    app.add_typer(receipts, name="receipts")


def verify_receipts() -> None:
    """Check every receipt there is: each signature, and each employee's chain from the first on."""
    finish(_verify(load(ServerSettings)))


async def _verify(settings: ServerSettings) -> None:
    async with open_database(settings) as db:
        receipts = Receipts(db, Cipher(settings.secret_key.get_secret_value()))
        count, breaks = await receipts.find_breaks()
    if breaks:
        raise Refused(*(f"{company}, {code}: broken at receipt {number}" for company, code, number in breaks))
    out.print(f"{count} receipt(s), all genuine, no chain broken")
