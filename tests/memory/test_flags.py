"""Bools, enums and kinds that hold any byte: encode refuses them, or writes valid JSON.

Compilers count on a bool to be 0 or 1 only when they optimise, so the code is built as it ships.
"""

from __future__ import annotations

import json
import subprocess
from itertools import product
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from tests.support.compiler import CHECKED, PARSERS, RELEASE, STRICT, link
from tests.support.scale import LONG

HERE = Path(__file__).parent
CLANG = ("clang", "-std=c11", "-DMQB_CHECKED", *STRICT)
SANITIZE = ("-O1", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")
BUILDS = {
    "gcc -O1": CHECKED,
    "gcc -O2": RELEASE,
    "clang -O1": (*CLANG, "-O1"),
    "clang -O2": (*CLANG, "-O2"),
    "clang, sanitized": (*CLANG, *SANITIZE),
}
SAMPLE = [(build, PARSERS[at % len(PARSERS)]) for at, build in enumerate(BUILDS)]
"""Encoding does not depend on the engine, so that one for each build is enough."""
VALUE = "8"
"""MQB_ERR_VALUE."""


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("flags")
    write(folder, compile_schema(HERE / "flags.yaml", Diagnostics()).files)
    return folder


@pytest.mark.parametrize(("build", "parser"), [*product(BUILDS, PARSERS)] if LONG else SAMPLE)
def test_any_byte_is_refused_or_json(
    build: str, parser: str, generated: Path, tmp_path: Path
) -> None:
    program = tmp_path / "program"
    sources = [*sorted(generated.glob("*.c")), HERE / "flags.c"]
    link(BUILDS[build], parser, ["-I", generated, *sources], program)
    done = subprocess.run([program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    statuses = set()
    for line in set(done.stdout.splitlines()):
        status, _, text = line.partition(" ")
        statuses.add(status)
        if status == "0":
            json.loads(bytes.fromhex(text))
    assert statuses == {"0", VALUE}
