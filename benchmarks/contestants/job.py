"""The job every contestant does: a location in, one POST to BioTime, one reply. A text is only answered."""

import argparse
from dataclasses import dataclass

TOKEN = "700:bench"
OUTCOME = "Clocked in"


@dataclass(frozen=True, slots=True)
class Ends:
    """Addresses of the far end."""

    base: str

    @property
    def telegram(self) -> str:
        return f"{self.base}/bot{TOKEN}"

    @property
    def transactions(self) -> str:
        return f"{self.base}/mobile/api/v1.0/transactions/"


def _read_command_line() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("base", help="address of the far end")
    parser.add_argument("--tasks", type=int, help="updates handled at the same time, where the framework can say")
    return parser.parse_args()


def read_ends() -> Ends:
    """From the contestant process' command line."""
    return Ends(_read_command_line().base)


def read_tasks() -> int | None:
    """From the command line; None is no limit."""
    tasks: int | None = _read_command_line().tasks
    return tasks


def build_punch(chat: int, latitude: float, longitude: float) -> dict[str, object]:
    """The manual's body (6.4); the far end knows people by their chat id."""
    return {
        "latitude": str(latitude),
        "longitude": str(longitude),
        "punch_state": "0",
        "source": 3,
        "emp_code": str(chat),
        "terminal_sn": "App",
        "gps_location": "7HQQ35R5+MF Dubai Internet City",
    }


def build_reply(message_id: int, stamp: str | None) -> str:
    """`stamp`: BioTime's punch_time; None where the message was no location. The number says which message is meant."""
    return f"{OUTCOME} at {stamp} #{message_id}" if stamp else f"Send me your location #{message_id}"
