"""Sources stay small: files, templates and functions have a cap each."""

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


def above(cap: int, sizes: Mapping[str, int]) -> dict[str, int]:
    return {name: size for name, size in sizes.items() if size > cap}


def test_files_are_short() -> None:
    sizes = {name(path): lines(path) for path in files(".c", ".h", ".py", ".cmake")}
    assert above(LINES_MAX, sizes) == {}


def test_templates_are_short() -> None:
    sizes = {name(path): lines(path) for path in files(".j2")}
    assert above(TEMPLATE_LINES_MAX, sizes) == {}


def test_functions_in_c_are_simple() -> None:
    found = functions()
    assert found["mqb_client_init"] > 0
    assert above(COMPLEXITY_MAX, found) == {}


def test_functions_in_python_are_simple() -> None:
    """Ruff checks it in `make lint`, so nothing may turn it off."""
    rules = PROJECT["tool"]["ruff"]["lint"]
    assert "C90" in rules["select"]
    assert rules["mccabe"]["max-complexity"] == COMPLEXITY_MAX
    for path in files(".py"):
        assert "noqa" not in path.read_text(encoding="utf-8"), path
