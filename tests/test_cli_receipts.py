"""`hadir receipts verify`."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection

from bot.database import Database
from bot.services.receipts import ReceiptBook
from bot.store.cipher import Cipher, new_secret_key
from tests.commands import call_hadir
from tests.services.test_receipts import confirmed
from tests.store.rows import NOW, migrate

KEY = new_secret_key()


async def _fill(url: str) -> None:
    db = await migrate(await Database.open(url))
    book = ReceiptBook(Cipher(KEY), lambda: NOW)

    def settle(connection: Connection) -> None:
        for number in (1, 2, 3):
            book.write(connection, confirmed(number))

    await db.write(settle)
    await db.close()


def test_every_chain_is_checked(tmp_path: Path) -> None:
    given = {"HADIR_SECRET_KEY": KEY, "HADIR_DATABASE_URL": f"sqlite:///{tmp_path}/hadir.db"}
    asyncio.run(_fill(given["HADIR_DATABASE_URL"]))
    whole = call_hadir(tmp_path, "receipts", "verify", **given)
    assert (whole.returncode, whole.stdout.strip()) == (0, "3 receipt(s), all genuine, no chain broken")
    with closing(sqlite3.connect(tmp_path / "hadir.db")) as db, db:
        db.execute("UPDATE receipts SET line = replace(line, 'CHECK_IN', 'CHECK_OUT') WHERE seq = 2")
    broken = call_hadir(tmp_path, "receipts", "verify", **given)
    assert broken.returncode == 2
    assert "Demo Trading, 1001: broken at receipt 2" in broken.stderr
