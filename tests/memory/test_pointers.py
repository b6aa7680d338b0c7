"""No pointer is subtracted from one of another object, or from NULL."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.compiler import PARSERS, link


@pytest.mark.parametrize("parser", PARSERS)
def test_names_that_are_no_strings(parser: str, tmp_path: Path) -> None:
    program = tmp_path / "program"
    command = ("gcc", "-std=c11", "-g", "-fsanitize=address,pointer-subtract")
    link(command, parser, [Path(__file__).parent / "pointers.c"], program)
    environment = {**os.environ, "ASAN_OPTIONS": "detect_invalid_pointer_pairs=2"}
    done = subprocess.run([program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
