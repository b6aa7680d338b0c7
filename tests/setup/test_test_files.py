"""Files of the tests: each holds one subject, so it stays short."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import SLOWEST
from tests.setup.test_source_files import LINES_MAX

TESTS = Path(__file__).parents[1]
LONGER = {"runtime/test_call_fleet.c": "one simulation, whose parts share its state"}
"""Files that may be longer, and why."""


def lines() -> dict[str, int]:
    """How many each file of code has that somebody wrote."""
    return {
        str(path.relative_to(TESTS)): path.read_text(encoding="utf-8").count("\n")
        for suffix in ("c", "cpp", "h", "j2", "mjs", "py", "sh")
        for path in TESTS.rglob(f"*.{suffix}")
        if not {"generated", "node_modules"} & set(path.parts)
    }


def test_files_that_come_first_exist() -> None:
    assert [name for name in SLOWEST if not (TESTS / name).is_file()] == []


def test_files_are_short_or_have_a_reason() -> None:
    assert {name for name, count in lines().items() if count > LINES_MAX} == set(LONGER)
