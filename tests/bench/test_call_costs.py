"""What the table of calls costs does not grow with the calls that wait, but for their logarithm."""

import math
import re
import subprocess
from pathlib import Path

import pytest

PROGRAM = Path(__file__).parents[2] / "build" / "dev" / "tests" / "bench_call_costs"
FEW, MANY = 1_000, 100_000
LOGARITHM = 1.1 * math.log(MANY) / math.log(FEW)
"""How much more a step may cost with many than with few: as the heap is deep."""
STEPS = 100
PART = re.compile(r"^desc: Trigger: Client Request: (\w+)$.*?^totals: (\d+)$", re.M | re.S)


def costs(waiting: int, folder: Path) -> dict[str, float]:
    """Instructions of each work: for a call that it ends, or for one of its steps."""
    dump = folder / f"callgrind.{waiting}"
    options = ("--tool=callgrind", "--combine-dumps=yes", "--instr-atstart=no")
    command = ("valgrind", "--quiet", *options, f"--callgrind-out-file={dump}", PROGRAM)
    done = subprocess.run([*command, str(waiting)], capture_output=True, text=True, check=True)
    ended = {name: int(count) for name, count in map(str.split, done.stdout.splitlines())}
    assert ended == {
        "tick": STEPS,
        "due": 0,
        "unbind_few": STEPS,
        "unbind_many": waiting - STEPS,
        "lost": waiting + STEPS,
    }
    return {name: int(total) / (ended[name] or STEPS) for name, total in counts(dump).items()}


def counts(dump: Path) -> dict[str, str]:
    parts = dump.read_text().split("\npart: ")
    return dict(found for part in parts for found in PART.findall(part))


@pytest.fixture(scope="module")
def ratios(tmp_path_factory: pytest.TempPathFactory) -> dict[str, float]:
    folder = tmp_path_factory.mktemp("costs")
    few, many = costs(FEW, folder), costs(MANY, folder)
    assert few.keys() == many.keys()
    return {name: many[name] / few[name] for name in few}


@pytest.mark.parametrize("work", ["tick", "unbind_few", "unbind_many", "lost"])
def test_to_end_a_call_costs_the_logarithm_of_those_that_wait(
    ratios: dict[str, float], work: str
) -> None:
    assert ratios[work] < LOGARITHM, ratios


def test_to_ask_when_the_next_is_due_costs_the_same(ratios: dict[str, float]) -> None:
    assert ratios["due"] < 1.01
