"""The gateway as one ASGI app: served over a socket, or called in process by our own client."""

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI
from starlette.routing import Route

from bot.database import Database
from bot.gateway.access.gate import Gate
from bot.gateway.api.att_reports import ReportsApi
from bot.gateway.api.att_requests import RequestsApi
from bot.gateway.api.att_setup import SetupApi
from bot.gateway.api.auth import AuthApi
from bot.gateway.api.docs import DocsApi
from bot.gateway.api.iclock_terminals import TerminalsApi
from bot.gateway.api.iclock_transactions import TransactionsApi
from bot.gateway.api.mobile import MobileApi
from bot.gateway.api.mobile_passwords import MobilePasswordApi
from bot.gateway.api.mobile_reports import MobileReportsApi
from bot.gateway.api.personnel import EmployeesApi
from bot.gateway.api.personnel_places import PlacesApi
from bot.gateway.api.resource import Resource
from bot.gateway.api.unrouted import Unrouted
from bot.gateway.hr.diary import Diary
from bot.gateway.hr.pages import HrPages
from bot.gateway.mail import Mailbox, NoMailbox, SmtpMailbox
from bot.gateway.rest.edge import Edge
from bot.gateway.settings import GatewaySettings


def build_gateway(
    db: Database,
    settings: GatewaySettings,
    now: Callable[[], datetime],
    mailbox: Mailbox | None = None,
    diary: Diary | None = None,
) -> FastAPI:
    """Over records that `open_records` has migrated. `now` gives aware UTC; without a `mailbox`, mail goes through
    the SMTP server of the settings. The HR page shows the `diary`, where there is one.
    """
    # FastAPI's own pages load scripts from other hosts; the slash is `Edge`'s business.
    app = FastAPI(title="Hadir gateway", openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False)
    gate = Gate(db, settings, now)
    mailbox = mailbox or (SmtpMailbox(settings.smtp) if settings.smtp else NoMailbox())
    apis = (
        MobilePasswordApi(gate, mailbox),
        MobileApi(gate),
        MobileReportsApi(gate),
        AuthApi(gate),
        EmployeesApi(gate),
        PlacesApi(gate),
        TerminalsApi(gate),
        TransactionsApi(gate),
        ReportsApi(gate),
        RequestsApi(gate),
        SetupApi(gate),
    )
    resources: dict[str, Resource] = {}
    for api in (*apis, DocsApi(apis), HrPages(gate, app, diary)):
        resources |= {path: Resource(handlers, admit=gate.admit) for path, handlers in api.resources().items()}
        resources |= {path: Resource(handlers) for path, handlers in api.doors().items()}
    app.router.routes.extend(Route(path, resource) for path, resource in resources.items())
    app.add_exception_handler(404, Unrouted(gate))
    app.add_middleware(Edge, plain={path: resource for path, resource in resources.items() if "{" not in path})
    return app
