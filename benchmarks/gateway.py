"""`python -m benchmarks.gateway`: `hadir gateway` beside the same endpoints on Django REST framework; time cards."""

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.gateway_cards import measure_cards
from benchmarks.gateway_data import Size, fill
from benchmarks.gateway_duel import Effort, fight
from benchmarks.gateway_load import WrongAnswerError
from benchmarks.gateway_report import build_report
from benchmarks.gateway_servers import DRF, NotServingError

MILLION = Size(people=1000, days=500)
# The same people with ten times the history, then ten times the people.
CARDS = (Size(1000, 50), Size(1000, 500), Size(3000, 22), Size(10_000, 22))
QUICK_CARDS = (Size(100, 25), Size(100, 250), Size(300, 22))
RESULTS = Path(__file__).with_name("RESULTS-gateway.md")


@dataclass(frozen=True, slots=True)
class Options:
    size: Size
    effort: Effort
    cards: tuple[Size, ...]
    folder: Path | None
    output: Path | None


def read_options(arguments: list[str]) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.gateway", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one round over little data, not written to the results")
    parser.add_argument("--folder", type=Path, help="where the databases are made (default: the system's for such)")
    parser.add_argument("--output", type=Path, help="file for the report (default: benchmarks/RESULTS-gateway.md)")
    given = parser.parse_args(arguments)
    if given.quick:
        return Options(Size(100, 100), Effort(1, 1.0), QUICK_CARDS, given.folder, given.output)
    return Options(MILLION, Effort(5, 3.0), CARDS, given.folder, given.output or RESULTS)


def main(arguments: list[str]) -> int:
    options = read_options(arguments)
    if not DRF.installed:
        print("Django REST framework is not installed: pip install -r requirements/bench.txt", file=sys.stderr)
        return 1
    try:
        report = measure(options, " ".join(["python -m benchmarks.gateway", *arguments]))
    except (NotServingError, WrongAnswerError) as error:
        print(error, file=sys.stderr)
        return 1
    print(report)
    if options.output:
        options.output.write_text(report)
    return 0


def measure(options: Options, command: str) -> str:
    """The report. Raises NotServingError and WrongAnswerError."""
    with tempfile.TemporaryDirectory(prefix="bench-", dir=options.folder) as name:
        folder = Path(name)
        file = folder / "company.db"
        print(f"filling in {options.size.punches:,} punches", file=sys.stderr, flush=True)
        staff = fill(file, options.size)
        duel = fight(file, staff, options.size, options.effort)
        cards = measure_cards(folder, options.cards, {options.size: (file, staff)})
    return build_report(duel, cards, options.size, options.effort, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
