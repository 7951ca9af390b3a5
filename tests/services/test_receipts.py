"""The chain of receipts in the database: what was changed, put in or taken out is found."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.attendance.progress import Decision, State
from bot.attendance.receipt import read_line
from bot.database import Database
from bot.services.receipt_ends import PURPOSE, ReceiptEnds
from bot.services.receipts import ReceiptBook, Receipts, Verdict
from bot.store.cipher import Cipher, new_secret_key
from bot.store.links import Link
from bot.store.punches import Punch
from bot.store.tables import receipt_ends
from bot.store.tables import receipts as table
from tests.store.rows import LINK, NOW, PUNCH, migrate

OLD, NEW = new_secret_key(), new_secret_key()
HUDA = replace(LINK, emp_code="3001", app_role=2)
OMAR = replace(LINK, emp_code="2001")


def confirmed(punch_id: int, emp_code: str = "1001") -> Punch:
    at = NOW + timedelta(hours=punch_id)
    settled = replace(PUNCH.progress, state=State.CONFIRMED, punched_at=at, server_at=at)
    return replace(PUNCH, id=punch_id, ref=f"REF{punch_id:03d}", emp_code=emp_code, progress=settled)


@pytest.fixture
async def store(database: Database) -> Database:
    return await migrate(database)


async def write(db: Database, *punches: Punch, key: str = OLD) -> None:
    book = ReceiptBook(Cipher(key), lambda: NOW)

    def settle(connection: sa.Connection) -> None:
        for punch in punches:
            book.write(connection, punch)

    await db.write(settle)


async def test_each_receipt_holds_on_to_the_one_before(store: Database) -> None:
    await write(store, confirmed(1), confirmed(2), confirmed(4, "2001"), confirmed(3))
    lines = (await store.read(lambda c: c.execute(sa.select(table.c.line).order_by(table.c.id)))).scalars().all()
    first, second, _, third = (read_line(line) for line in lines)
    assert first
    assert second
    assert third
    assert [one.statement.seq for one in (first, second, third)] == [1, 2, 3]
    assert (second.previous, third.previous) == (first.signature, second.signature)
    assert await Receipts(store, Cipher(OLD)).find_breaks() == (4, [])


async def test_a_punch_is_certified_once_for_each_outcome(store: Database) -> None:
    punch = confirmed(1)
    await write(store, punch, punch)
    approved = replace(punch.progress, state=State.MANUAL_CONFIRMED, decision=Decision.APPROVED)
    await write(store, replace(punch, progress=approved))
    assert [one.statement.outcome for one in await Receipts(store, Cipher(OLD)).find(LINK, "ref001")] == [
        "confirmed",
        "approved",
    ]


@pytest.mark.parametrize("decision", [Decision.PENDING, Decision.REFUSED, Decision.REVOKED])
async def test_what_is_not_decided_is_not_certified(store: Database, decision: Decision) -> None:
    waiting = replace(PUNCH.progress, state=State.MANUAL_CONFIRMED, decision=decision)
    await write(store, replace(PUNCH, id=1, progress=waiting), replace(PUNCH, id=2))
    assert await Receipts(store, Cipher(OLD)).find_breaks() == (0, [])


@pytest.mark.parametrize(
    "change",
    [
        table.update().where(table.c.seq == 2).values(line=sa.func.replace(table.c.line, "CHECK_IN", "CHECK_OUT")),
        table.update().where(table.c.seq == 2).values(signature="0" * 32, line=table.c.line + "0"),
        table.delete().where(table.c.seq == 2),
        table.delete().where(table.c.seq == 1),
        table.update().where(table.c.seq == 2).values(ref="REF009"),
    ],
    ids=["changed", "signed anew", "taken out", "the first taken out", "of another punch"],
)
async def test_whoever_changes_the_table_is_found_out(store: Database, change: sa.Executable) -> None:
    await write(store, confirmed(1), confirmed(2), confirmed(3), confirmed(4, "2001"))
    await store.write(lambda c: c.execute(change))
    _, breaks = await Receipts(store, Cipher(OLD)).find_breaks()
    assert [(company, code) for company, code, _ in breaks] == [("Demo Trading", "1001")]


async def test_a_new_key_leaves_old_receipts_good(store: Database) -> None:
    await write(store, confirmed(1))
    await write(store, confirmed(2), key=f"{NEW},{OLD}")
    assert await Receipts(store, Cipher(f"{NEW},{OLD}")).find_breaks() == (2, [])
    assert (await Receipts(store, Cipher(NEW)).find_breaks())[1] == [("Demo Trading", "1001", 1)]


STRANGERS = (None, OMAR, replace(HUDA, company="Elsewhere"), replace(LINK, company="Elsewhere"))


@pytest.mark.parametrize("asker", STRANGERS)
async def test_a_stranger_learns_of_the_text_alone(store: Database, asker: Link | None) -> None:
    await write(store, confirmed(1), confirmed(2))
    receipts = Receipts(store, Cipher(OLD))
    line = (await store.read(lambda c: c.execute(sa.select(table.c.line).limit(1)))).scalar_one()
    judged = await receipts.judge_text(f"words around it\n{line}", asker)
    assert (judged.verdict, judged.chain_is_whole) == (Verdict.GENUINE, None)
    assert [receipt.statement.ref for receipt in judged.receipts] == ["REF001"], "what stands in the text"
    changed = await receipts.judge_text(line.replace("CHECK_IN", "CHECK_OUT"), asker)
    unknown = await receipts.judge_text(line.replace("REF001", "REF009"), asker)
    assert changed == unknown
    assert changed.verdict is Verdict.NOT_GENUINE
    assert changed.receipts == ()
    assert await receipts.judge_ref("REF001", asker) == await receipts.judge_ref("REF009", asker)


@pytest.mark.parametrize("asker", [LINK, HUDA])
async def test_the_employee_and_hr_see_the_chain(store: Database, asker: Link) -> None:
    await write(store, confirmed(1), confirmed(2))
    receipts = Receipts(store, Cipher(OLD))
    judged = await receipts.judge_ref("refoo1", asker)
    assert (judged.verdict, judged.chain_is_whole) == (Verdict.GENUINE, True)
    await store.write(lambda c: c.execute(table.delete().where(table.c.seq == 1)))
    assert (await receipts.judge_ref("REF002", asker)).chain_is_whole is False


@pytest.mark.parametrize("since", [0, 1])
async def test_of_receipts_that_were_removed_nothing_is_said_to_be_complete(store: Database, since: int) -> None:
    """The employee was forgotten, and has clocked in anew since or not."""
    await write(store, confirmed(1), confirmed(2))
    line = (await store.read(lambda c: c.execute(sa.select(table.c.line).limit(1)))).scalar_one()
    await store.write(lambda c: c.execute(table.delete()))
    await write(store, *[confirmed(n + 3) for n in range(since)])
    judged = await Receipts(store, Cipher(OLD)).judge_text(line, HUDA)
    assert (judged.verdict, judged.chain_is_whole, judged.is_gone) == (Verdict.GENUINE, None, True)


async def forget(db: Database, key: str = OLD) -> None:
    def remove(connection: sa.Connection) -> None:
        ReceiptEnds(Cipher(key)).keep(connection, LINK.company, LINK.emp_code)
        connection.execute(table.delete().where(table.c.emp_code == LINK.emp_code))

    await db.write(remove)


async def lines(db: Database) -> list[str]:
    return list((await db.read(lambda c: c.execute(sa.select(table.c.line).order_by(table.c.seq)))).scalars())


async def test_the_chain_goes_on_after_its_receipts_were_removed(store: Database) -> None:
    """No number comes twice, whichever key is the first by then; old ones are known for removed, new ones are whole."""
    await write(store, confirmed(1), confirmed(2))
    old = await lines(store)
    await forget(store)
    await forget(store)
    await write(store, confirmed(3), key=f"{NEW},{OLD}")
    await forget(store, f"{NEW},{OLD}")
    await write(store, confirmed(4), confirmed(5), key=f"{NEW},{OLD}")
    new = await lines(store)
    seqs = [receipt.statement.seq for line in old + new if (receipt := read_line(line))]
    assert seqs == [1, 2, 4, 5]
    receipts = Receipts(store, Cipher(f"{NEW},{OLD}"))
    assert await receipts.find_breaks() == (2, [])
    removed = await receipts.judge_text(old[1], HUDA)
    assert (removed.verdict, removed.chain_is_whole, removed.is_removed) == (Verdict.GENUINE, None, True)
    there = await receipts.judge_text(new[0], HUDA)
    assert (there.chain_is_whole, there.since_removal) == (True, True)
    await store.write(lambda c: c.execute(table.delete().where(table.c.seq == 5)))
    assert (await receipts.judge_text(new[1], HUDA)).chain_is_whole is False, "nobody asked for that to be removed"
    await store.write(lambda c: c.execute(table.delete()))
    await write(store, confirmed(6), key=f"{NEW},{OLD}")
    assert (await receipts.judge_text(new[1], HUDA)).chain_is_whole is False


async def test_who_had_their_receipts_removed_is_named_nowhere(store: Database) -> None:
    await write(store, confirmed(1))
    await forget(store)
    (row,) = await store.read(lambda c: list(c.execute(sa.select(receipt_ends))))
    assert LINK.emp_code not in str(row)
    assert row.who not in Cipher(NEW).blind(PURPOSE, f"{LINK.company}\n{LINK.emp_code}"), "only with the key"


async def test_what_is_shown_is_one_s_own(store: Database) -> None:
    await write(store, confirmed(1))
    assert await Receipts(store, Cipher(OLD)).find(HUDA, "REF001") == ()
