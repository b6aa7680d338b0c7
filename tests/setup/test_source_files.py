"""Sources stay small: files, templates and functions have a cap each.

What exceeds one is listed with its size, and may only shrink.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import lizard

from tests.support.lint import ROOT
from tests.support.renew_locks import PROJECT

FOLDERS = ("codegen", "examples", "include", "runtime")
LINES_MAX = 400
TEMPLATE_LINES_MAX = 120
COMPLEXITY_MAX = 10
LONG_FILES: Mapping[str, int] = {}
LONG_TEMPLATES: Mapping[str, int] = {}
COMPLEX_FUNCTIONS: Mapping[str, int] = {}
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


def files(*suffixes: str) -> list[Path]:
    found = [
        path
        for folder in FOLDERS
        for suffix in suffixes
        for path in (ROOT / folder).rglob(f"*{suffix}")
    ]
    assert found
    return found


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def lines(path: Path) -> int:
    """Without the comments of a public header, which document it where it is declared."""
    text = path.read_text(encoding="utf-8")
    if (ROOT / "include") not in path.parents:
        return text.count("\n")
    return sum(1 for line in COMMENT.sub("", text).splitlines() if line.strip())


def functions() -> dict[str, int]:
    """The cyclomatic complexity of each function in C; a `switch` is one decision."""
    analyze = lizard.FileAnalyzer(lizard.get_extensions(["modified"]))
    return {
        function.name: function.cyclomatic_complexity
        for path in files(".c", ".h")
        for function in analyze(str(path)).function_list
    }


def assert_capped(sizes: Mapping[str, int], cap: int, exceptions: Mapping[str, int]) -> None:
    exceeding = {name: size for name, size in sizes.items() if size > cap}
    assert exceeding.keys() == exceptions.keys()
    assert all(size <= exceptions[name] for name, size in exceeding.items()), exceeding


def test_files_are_short() -> None:
    sizes = {name(path): lines(path) for path in files(".c", ".h", ".py", ".cmake")}
    assert_capped(sizes, LINES_MAX, LONG_FILES)


def test_templates_are_short() -> None:
    sizes = {name(path): lines(path) for path in files(".j2")}
    assert_capped(sizes, TEMPLATE_LINES_MAX, LONG_TEMPLATES)


def test_functions_in_c_are_simple() -> None:
    found = functions()
    assert found["mqb_client_init"] > 0
    assert_capped(found, COMPLEXITY_MAX, COMPLEX_FUNCTIONS)


def test_functions_in_python_are_simple() -> None:
    """Ruff checks it in `make lint`, so nothing may turn it off."""
    rules = PROJECT["tool"]["ruff"]["lint"]
    assert "C90" in rules["select"]
    assert rules["mccabe"]["max-complexity"] == COMPLEXITY_MAX
    for path in files(".py"):
        assert "noqa" not in path.read_text(encoding="utf-8"), path
