"""Terminals and transactions, described: manual chapters 3, 4 and 9."""

from bot.biotime.wire import iclock as wire
from bot.biotime.wire.envelope import WebList
from bot.gateway.api import iclock_terminals, iclock_transactions
from bot.gateway.api.iclock_lists import TERMINALS, TRANSACTIONS
from bot.gateway.api.openapi_operations import (
    Chapter,
    Noun,
    Operation,
    a_creation,
    a_list,
    a_reading,
    a_removal,
    asked,
    changes,
)
from bot.gateway.rest.filters import INTEGER, Schema
from bot.gateway.rest.idempotency import HEADER

KEY: Schema = {
    "type": "string",
    "description": "The same key and body give the first answer again, for eight days; another body is 422.",
}
_TERMINAL = Noun("terminals", "a terminal", "terminals")
_TRANSACTION = Noun("transactions", "a transaction", "transactions")
_TERMINAL_ROWS = (wire.Terminal, wire.OnpremTerminal)
_TRANSACTION_ROWS = (wire.Transaction, wire.OnpremTransaction)
_TRANSACTION_PAGES = (WebList[wire.Transaction], WebList[wire.OnpremTransaction])

ICLOCK = Chapter(
    name="Terminals and transactions",
    page="/api/iclock_docs/",
    about="For system users, and for administrators (app_role 2) with a staff token; everybody else is 403.",
    paths={
        iclock_terminals.PATH: {
            "GET": a_list(
                _TERMINAL,
                (WebList[wire.Terminal], WebList[wire.OnpremTerminal]),
                asked(TERMINALS, {"state": {**INTEGER, "description": "1 online, 3 offline."}}),
            ),
            "POST": a_creation(_TERMINAL, _TERMINAL_ROWS, wire.NewTerminal, ("sn",)),
        },
        f"{iclock_terminals.PATH}{{called}}/": {
            "GET": a_reading(_TERMINAL, _TERMINAL_ROWS),
            **changes(_TERMINAL, _TERMINAL_ROWS, wire.NewTerminal),
            "DELETE": a_removal(_TERMINAL),
        },
        iclock_transactions.PATH: {
            "GET": a_list(_TRANSACTION, _TRANSACTION_PAGES, asked(TRANSACTIONS)),
            "POST": Operation(
                "transactions-create",
                "Hand in the punches of terminals: one, or a list of them",
                (*_TRANSACTION_ROWS, *_TRANSACTION_PAGES),
                201,
                (wire.NewTransaction, wire.NewTransactions),
                headers={HEADER: KEY},
            ),
        },
        f"{iclock_transactions.PATH}{{called}}/": {"GET": a_reading(_TRANSACTION, _TRANSACTION_ROWS)},
    },
)
