"""Each folder of tests/cases: a schema, the C that it gives, and verdicts on payloads. What it is
warned of stands in warnings.txt.

The C is compared to the byte; `--accept` takes it over. The verdicts are the C's own, compiled
under sanitizers, and JSON Schema's.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import compare, write
from mqbind.pipeline import compile_schema
from tests.support.codec import Codec, compile_c
from tests.support.verdicts import confirm, expectations

CASES = Path(__file__).parents[1] / "cases"
NAMES = sorted(path.name for path in CASES.iterdir() if path.is_dir())


@pytest.fixture(scope="module", params=NAMES)
def case(request: pytest.FixtureRequest) -> Path:
    return CASES / str(request.param)


@pytest.fixture(scope="module")
def codec(case: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codec]:
    built = Codec(case / "schema.yaml", tmp_path_factory.mktemp(case.name))
    yield built
    built.close()


def test_generated_code_is_the_golden(case: Path, pytestconfig: pytest.Config) -> None:
    diagnostics = Diagnostics()
    files = compile_schema(case / "schema.yaml", diagnostics).files
    warnings = case / "warnings.txt"
    told = [f"{found.location.line}: {found.message}" for found in diagnostics]
    assert told == (warnings.read_text().splitlines() if warnings.exists() else [])
    if pytestconfig.getoption("--accept"):
        write(case / "generated", files)
    changes = compare(case / "generated", files)
    assert changes.none, changes


def test_generated_code_compiles_with_clang_and_as_cpp(case: Path, tmp_path: Path) -> None:
    for source in sorted((case / "generated").glob("*.c")):
        compile_c("clang", [source], tmp_path / "object", "-c", "-I", str(case / "generated"))
    for header in sorted((case / "generated").glob("*.h")):
        options = ["-c", "-xc++", "-I", str(case / "generated")]
        compile_c("g++", [header], tmp_path / "object", *options)


def test_verdicts_are_those_of_json_schema_too(case: Path, codec: Codec) -> None:
    for expected in expectations(case / "verdicts.yaml"):
        confirm(case / "schema.yaml", codec, expected)
