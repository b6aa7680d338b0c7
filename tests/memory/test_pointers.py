"""No pointer is subtracted from one of another object, or from NULL."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.codec import PARSERS, ROOT, engine_options, runtime_sources


@pytest.mark.parametrize("parser", PARSERS)
def test_names_that_are_no_strings(parser: str, tmp_path: Path) -> None:
    program = tmp_path / "program"
    options = ("-std=c11", "-g", "-fsanitize=address,pointer-subtract", *engine_options(parser))
    includes = ("-I", ROOT / "include", "-I", ROOT / "runtime")
    sources = [*runtime_sources(parser), Path(__file__).parent / "pointers.c"]
    subprocess.run(["gcc", *options, *includes, *sources, "-o", program], check=True)
    environment = {**os.environ, "ASAN_OPTIONS": "detect_invalid_pointer_pairs=2"}
    done = subprocess.run([program], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
