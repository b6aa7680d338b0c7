"""No test depends on how busy the machine is: none looks at a clock or has a deadline of its own.

tests/bench measures, and for `make soak` so do tests/soak/figures.py and the console of the
programs that it drives. tests/support/waiting.py ends tests that would hang, and run_tests.py
reports how long a step took.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
MAY = {
    Path("broker/console_clock.c"),
    Path("soak/figures.py"),
    Path("support/run_tests.py"),
    Path("support/waiting.py"),
}
CLOCKS = {
    "clock_gettime",
    "getrusage",
    "monotonic",
    "monotonic_ns",
    "now",
    "perf_counter",
    "perf_counter_ns",
    "process_time",
    "process_time_ns",
    "thread_time",
    "time",
    "time_ns",
    "times",
    "timeit",
}
"""Functions of `time`, `os`, `resource`, `datetime` and `timeit`."""
OF = {"datetime", "os", "resource", "time", "timeit"}
C_CLOCKS = re.compile(r"\b(clock|clock_gettime|gettimeofday|getrusage|time|times)\s*\(")


def clocks(source: str) -> Iterator[str]:
    """Each use of a clock, and each deadline written as a number."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Attribute(value=ast.Name(id=module), attr=name) if module in OF:
                if name in CLOCKS:
                    yield f"{node.lineno}: {module}.{name}"
            case ast.ImportFrom(module=str(module), names=names) if module in OF:
                yield from (
                    f"{node.lineno}: {module}.{each.name}" for each in names if each.name in CLOCKS
                )
            case ast.keyword(arg="timeout", value=ast.Constant(value=int() | float())):
                yield f"{node.value.lineno}: timeout"
            case ast.Call(func=ast.Attribute(attr="wait"), args=[ast.Constant(value=int())]):
                yield f"{node.lineno}: wait"


def sources(suffix: str) -> list[Path]:
    """Ours, beside those of the benchmark."""
    found = (path.relative_to(TESTS) for path in TESTS.rglob(f"*{suffix}"))
    aside = {"bench", "generated", "node_modules"}
    return sorted(path for path in found if not aside & set(path.parts) and path not in MAY)


def test_no_python_looks_at_a_clock() -> None:
    found = [
        f"{path}:{each}" for path in sources(".py") for each in clocks((TESTS / path).read_text())
    ]
    assert not found, "count calls (tests.support.steps) or instructions (tests.bench.measure)"


def test_no_c_looks_at_a_clock() -> None:
    found = [
        f"{path}:{number}: {line.strip()}"
        for path in (*sources(".c"), *sources(".h"))
        for number, line in enumerate((TESTS / path).read_text().splitlines(), 1)
        if C_CLOCKS.search(line)
    ]
    assert not found


@pytest.mark.parametrize(
    "source",
    [
        "import time\nassert time.perf_counter() < 1",
        "import time\nstart = time.monotonic",
        "from time import process_time",
        "import os\nos.times()",
        "import subprocess\nsubprocess.run([], timeout=5)",
        "process.wait(5)",
    ],
)
def test_clocks_are_found(source: str) -> None:
    assert list(clocks(source))
