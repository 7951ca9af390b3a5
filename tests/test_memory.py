"""What is loaded is not walked by the collector, and the young only seldom."""

import subprocess
import sys

LOOK = "import gc; from bot import memory; memory.settle(); print(gc.get_freeze_count() > 1_000, gc.get_threshold()[0])"


def test_what_is_loaded_stays_and_the_young_are_looked_at_seldom() -> None:
    said = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["True", "50000"]
