"""A pointer that a handler kept shows at once in a checked build."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.compiler import CHECKED, PARSERS, RELEASE, ROOT, SANITIZED, STRICT, link

GENERATED = ROOT / "generated" / "folotoy"


SANITIZERS = {
    "gcc": SANITIZED,
    "clang": ("clang", "-std=c11", "-g", "-DMQB_CHECKED", "-fsanitize=address", *STRICT),
}


def run(command: Sequence[str], parser: str, folder: Path) -> subprocess.CompletedProcess[str]:
    program = folder / "program"
    sources = [*GENERATED.glob("*.c"), Path(__file__).parent / "kept.c"]
    link(command, parser, ["-I", GENERATED, *sources], program)
    return subprocess.run([program], capture_output=True, text=True)


@pytest.mark.parametrize("parser", PARSERS)
def test_a_checked_build_overwrites_it(parser: str, tmp_path: Path) -> None:
    usual = run(RELEASE, parser, tmp_path)
    assert (usual.returncode, usual.stdout) == (0, "610a62\n746f7937\n")
    checked = run(CHECKED, parser, tmp_path)
    assert (checked.returncode, checked.stdout) == (0, "dddddd\ndddddddd\n")


@pytest.mark.parametrize("compiler", SANITIZERS)
def test_a_sanitizer_reports_it(compiler: str, tmp_path: Path) -> None:
    done = run(SANITIZERS[compiler], "jsmn", tmp_path)
    assert done.returncode != 0
    assert "use-after-poison" in done.stderr
