"""After decoding, an absent member of any type holds its default, which is never sent."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from tests.support.compiler import PARSERS, SANITIZED, link

HERE = Path(__file__).parent


@pytest.mark.parametrize("parser", PARSERS)
def test_an_absent_member_holds_its_default(parser: str, tmp_path: Path) -> None:
    write(tmp_path, compile_schema(HERE / "defaults.yaml", Diagnostics()).files)
    sources = [*sorted(tmp_path.glob("*.c")), HERE / "defaults.c"]
    link(SANITIZED, parser, ["-I", tmp_path, *sources], tmp_path / "program")
    done = subprocess.run([tmp_path / "program"], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_header_says_which_default_is_not_used() -> None:
    diagnostics = Diagnostics()
    header = compile_schema(HERE / "defaults.yaml", diagnostics).files["defaults_all.h"]
    assert [found.message for found in diagnostics] == [
        "this default violates its schema: 10 is greater than 9"
    ]
    lines = [line for line in header.splitlines() if "Default 10" in line]
    assert lines == ["    /** 0 to 9. Default 10, which is not valid and not used. */"]
