"""The mobile API, described: manual chapter 6 and the four URLs after 6.9."""

from bot.biotime.wire import mobile as wire
from bot.biotime.wire import mobile_time, passwords
from bot.biotime.wire.auth import MobileLoginAnswer, MobileLoginBody
from bot.biotime.wire.envelope import MobileList, WebList
from bot.gateway.api.att_filters import PEOPLE as PEOPLE_FILTERS
from bot.gateway.api.mobile import BASE
from bot.gateway.api.mobile_lists import MANUAL_LOGS, PEOPLE, PUNCHES, Listing
from bot.gateway.api.openapi_iclock import KEY
from bot.gateway.api.openapi_operations import (
    PAGING,
    PERIOD,
    Chapter,
    Methods,
    Model,
    Operation,
    Parameters,
    Paths,
    ordering,
    typed,
)
from bot.gateway.rest.filters import TEXT
from bot.gateway.rest.idempotency import HEADER

_FORGOTTEN: tuple[Model, ...] = (passwords.WhoForgotBody, passwords.SearchForgottenBody)
_PERSON = "/employees/{called}"


def _query(listing: Listing) -> Parameters:
    return {**PAGING, "ordering": ordering(listing.orders)}


def _settings() -> Methods:
    return {"GET": Operation("app_settings-read", "Who is logged in", (wire.AppSettings,))}


def _summary(span: str) -> Methods:
    anchor, said = f"{span}ly_summary-read", f"How often this {span} somebody was late, left early or was absent"
    return {"GET": Operation(anchor, said, (mobile_time.Summary,), identifier=TEXT)}


_OWN: Paths = {
    "/configurations/app_settings/": _settings(),
    "/app_settings/": _settings(),
    "/employees/": {
        "GET": Operation("employees-list", "List employees", (MobileList[wire.MobileEmployee],), query=_query(PEOPLE))
    },
    f"{_PERSON}/": {
        "GET": Operation("employees-read", "Show an employee", (wire.MobileEmployeeAnswer,), identifier=TEXT)
    },
    "/transactions/": {
        "GET": Operation("transactions-list", "List punches", (MobileList[wire.ListedPunch],), query=_query(PUNCHES)),
        "POST": Operation(
            "transactions-create",
            "Clock in or out, now",
            (wire.PunchReceipt,),
            201,
            (wire.NewPunch,),
            ("latitude", "longitude"),
            headers={HEADER: KEY},
        ),
    },
    "/manual_logs/": {
        "GET": Operation(
            "manual_logs-list", "List manual logs", (MobileList[wire.ListedManualLog],), query=_query(MANUAL_LOGS)
        )
    },
    f"{_PERSON}/manual_logs/": {
        "POST": Operation(
            "manual_logs-create",
            "File a manual log",
            (wire.ManualLogReceipt,),
            201,
            (wire.NewManualLog,),
            identifier=TEXT,
        )
    },
}
_TIME: Paths = {
    f"{_PERSON}/weekly_summary/": _summary("week"),
    f"{_PERSON}/monthly_summary/": _summary("month"),
    f"{_PERSON}/exception_summary/": {
        "GET": Operation(
            "exception_summary-list",
            "Late, early, absent or without a punch, day by day",
            (MobileList[mobile_time.DayException],),
            query=PERIOD,
            identifier=TEXT,
        )
    },
    "/total_time_cards/page_data/": {
        "GET": Operation(
            "total_time_cards-list",
            "Time cards, by employee, date and timetable",
            (WebList[mobile_time.MobileTimeCard],),
            query={**typed(PEOPLE_FILTERS), **PERIOD, **PAGING},
        )
    },
}
_DOORS: Paths = {
    "/auth_token/": {
        "POST": Operation(
            "auth_token",
            "Log in an employee, for a JWT",
            (MobileLoginAnswer,),
            bodies=(MobileLoginBody,),
            headers={"Client": {**TEXT, "description": "Names the device; accepted and not kept."}},
        )
    },
    "/reset_password/": {
        "POST": Operation("reset_password", "Ask for a code by mail", (passwords.Done,), bodies=_FORGOTTEN)
    },
    "/forgot_password_create_otp/": {
        "POST": Operation("forgot_password_create_otp", "Ask for a code by mail", (passwords.Done,), bodies=_FORGOTTEN)
    },
    "/create_password/": {
        "POST": Operation(
            "create_password",
            "Set a new password with the code",
            (passwords.Done,),
            bodies=(passwords.CreatePasswordBody,),
        )
    },
    f"{_PERSON}/reset_password/": {
        "POST": Operation(
            "employees-reset_password",
            "Change the password, with the caller's own",
            (passwords.Done,),
            bodies=(passwords.ResetPasswordBody,),
            identifier=TEXT,
        )
    },
}

MOBILE = Chapter(
    name="Mobile",
    page="/api/mobile_docs/",
    about=(
        "For employees, with a mobile or a staff token. Everybody has their own records, an administrator (app_role 2) "
        "their company's; what is not theirs does not exist: 404. A system user's token is 403."
    ),
    paths={BASE + path: methods for path, methods in {**_DOORS, **_OWN, **_TIME}.items()},
)
