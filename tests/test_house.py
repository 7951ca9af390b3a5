"""What must hold for every committed file, for the pins and for the image."""

import json
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PINS = sorted((ROOT / "requirements").glob("*.txt"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
NEEDED = {"run.txt": (), "dev.txt": ("dev",), "bench.txt": ("dev", "bench")}

# Written in pieces, or this file would find itself.
FORBIDDEN = re.compile(
    "|".join(["pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.", r"deb\." + "debian", r"proxy\." + "golang"])
    + "|"
    + "|".join(rf"(?<![\w.])/{folder}/" for folder in ("work", "root", "Users", "home"))
)


@cache
def committed() -> tuple[Path, ...]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return tuple(ROOT / name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file())


def test_no_file_names_a_registry_or_somebodys_machine() -> None:
    found = []
    for path in committed():
        text = path.read_bytes().decode("utf-8", "ignore")
        found += [f"{path.relative_to(ROOT)}: {hit[0]}" for hit in FORBIDDEN.finditer(text)]
    assert found == []


def test_the_search_for_them_finds() -> None:
    for text in ("https://pypi" + ".org/simple", "'/work" + "/main'", "cd /root" + "/x", "/home" + "/mona/x"):
        assert FORBIDDEN.search(text), text


@cache
def read_pins(file: Path) -> dict[str, str]:
    """Name → the whole entry, with its hashes."""
    text = re.sub(r"\s*\\\n\s*", " ", file.read_text(encoding="utf-8"))
    entries = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return {canonicalize_name(re.split(r"[\[=]", entry)[0]): entry for entry in entries}


@pytest.mark.parametrize("file", PINS, ids=lambda file: file.name)
def test_every_pin_has_its_version_and_hashes(file: Path) -> None:
    pins = read_pins(file)
    assert len(pins) > 30
    for entry in pins.values():
        assert re.fullmatch(r"[\w.-]+==\S+( ; [^#]+?)?( --hash=sha256:[0-9a-f]{64})+\s*", entry), entry


@pytest.mark.parametrize("file", PINS, ids=lambda file: file.name)
def test_what_the_project_needs_is_pinned(file: Path) -> None:
    wanted = [*PROJECT["dependencies"]]
    for extra in NEEDED[file.name]:
        wanted += PROJECT["optional-dependencies"][extra]
    for requirement in map(Requirement, wanted):
        entry = read_pins(file)[canonicalize_name(requirement.name)]
        version = re.search(r"==(\S+)", entry)
        assert version
        assert requirement.specifier.contains(version[1]), entry


def test_what_runs_is_what_was_tested() -> None:
    run, dev, bench = (read_pins(ROOT / "requirements" / name) for name in NEEDED)
    assert run.items() <= dev.items() <= bench.items()


def test_test_tools_do_not_run_in_production() -> None:
    assert not {"pytest", "mypy", "ruff", "hypothesis", "playwright"} & read_pins(ROOT / "requirements/run.txt").keys()


def instructions() -> list[tuple[str, str]]:
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in lines)]


def arguments(wanted: str) -> list[str]:
    return [rest for word, rest in instructions() if word == wanted]


def test_the_image_is_pinned_and_installs_with_hashes() -> None:
    assert arguments("FROM") == ["python:3.11-slim"]
    (install,) = (run for run in arguments("RUN") if "pip install" in run)
    assert "--require-hashes -r /app/requirements/run.txt" in install


def test_the_image_does_not_run_as_root() -> None:
    words = [word for word, _ in instructions()]
    (user,) = arguments("USER")
    assert int(user) > 0, "a number: an orchestrator can see that it is not root"
    assert words.index("USER") > max(index for index, word in enumerate(words) if word in ("RUN", "COPY"))


def test_the_image_can_be_read_only() -> None:
    assert arguments("VOLUME") == arguments("WORKDIR") == ["/data"]
    assert "PYTHONDONTWRITEBYTECODE=1" in " ".join(arguments("ENV"))


def test_the_image_runs_one_process_and_knows_its_health() -> None:
    (health,) = arguments("HEALTHCHECK")
    assert json.loads(health.split("CMD ")[1]) == ["python", "-m", "bot", "health"]
    assert json.loads(arguments("ENTRYPOINT")[0]) == ["python", "-m", "bot"]
    assert json.loads(arguments("CMD")[0]) == ["run"]


def test_the_image_gets_what_it_copies_and_no_more() -> None:
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {copy.split()[0] for copy in arguments("COPY")} == allowed
    assert "\n*\n" in (ROOT / ".dockerignore").read_text()


def test_no_secret_is_in_the_image() -> None:
    assert not re.search(r"TOKEN|SECRET|PASSWORD", " ".join(arguments("ENV") + arguments("ARG")))


def test_ci_runs_what_people_run() -> None:
    script = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert "set -euo pipefail" in script
    assert script.rstrip().endswith("make --no-print-directory test")
    assert "HADIR_TEST_STRICT=1" in script
    subprocess.run(["bash", "-n", ROOT / ".ci/run"], check=True)
