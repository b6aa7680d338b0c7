"""Each folder of tests/cases: a schema, files that it generates, and verdicts on payloads. The
warnings that it gives are in warnings.txt.

A case keeps the files that its schema names after `# keeps:`. They are compared to the byte;
`--accept` rewrites them. Everything else that a case generates is compiled as well, and has to be
the same in another process. The verdicts are the C's own, compiled under sanitizers, and JSON
Schema's.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import compare
from mqbind.pipeline import compile_schema
from tests.support import cases
from tests.support.codec import Codec
from tests.support.compiler import RELEASE, ROOT, STRICT, compile_each, run
from tests.support.verdicts import confirm, expectations

GOLDEN_LINES_MAX = 11_000
"""Over all cases: more than this nobody reads."""


@pytest.fixture(scope="module", params=cases.NAMES)
def case(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def codec(case: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codec]:
    built = Codec(cases.schema(case), tmp_path_factory.mktemp(case))
    yield built
    built.close()


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for each case with all its files, from a process where sets have another order."""
    folder = tmp_path_factory.mktemp("cases")
    command = [sys.executable, "-m", "tests.support.cases", str(folder)]
    subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": "1"}, check=True)
    return folder


def test_kept_files_are_those_generated(case: str, pytestconfig: pytest.Config) -> None:
    diagnostics = Diagnostics()
    files = compile_schema(cases.schema(case), diagnostics).files
    names = cases.kept(case)
    assert names, f"name the files to keep in `# keeps:` at the top of the schema: {sorted(files)}"
    assert set(names) <= set(files), f"the schema generates {sorted(files)}"
    goldens = {f"generated/{name}": files[name] for name in names}
    warnings = [f"{found.location.line}: {found.message}\n" for found in diagnostics]
    if warnings:
        goldens["warnings.txt"] = "".join(warnings)
    if pytestconfig.getoption("--accept"):
        _accept(cases.CASES / case, goldens)
    assert _goldens(cases.CASES / case) == goldens


def test_schema_begins_with_what_the_case_shows(case: str) -> None:
    first, *_ = cases.schema(case).read_text(encoding="utf-8").splitlines()
    assert first.startswith("# ")
    assert not first.startswith("# keeps:")


def _accept(folder: Path, goldens: Mapping[str, str]) -> None:
    for name in _goldens(folder):
        (folder / name).unlink()
    (folder / "generated").mkdir(exist_ok=True)
    for name, text in goldens.items():
        (folder / name).write_text(text, encoding="utf-8")


def _goldens(folder: Path) -> dict[str, str]:
    paths = [*folder.glob("generated/*"), *folder.glob("warnings.txt")]
    return {str(path.relative_to(folder)): path.read_text(encoding="utf-8") for path in paths}


def test_cases_keep_what_can_be_read() -> None:
    texts = [path.read_text(encoding="utf-8") for path in cases.CASES.glob("*/generated/*")]
    assert sum(text.count("\n") for text in texts) <= GOLDEN_LINES_MAX


def test_another_process_generates_the_same(case: str, generated: Path) -> None:
    files = compile_schema(cases.schema(case), Diagnostics()).files
    changes = compare(generated / case, files)
    assert changes.none, changes


def test_generated_code_compiles_without_a_warning_and_as_cpp(
    case: str, generated: Path, tmp_path: Path
) -> None:
    """Some warnings of gcc come only when it optimises; those of clang come from the syntax."""
    folder = generated / case
    includes = ("-I", ROOT / "include", "-I", folder)
    sources = sorted(folder.glob("*.c"))
    compile_each([*RELEASE, *map(str, includes)], sources, tmp_path)
    only_check = (*STRICT, "-fsyntax-only", *includes)
    run("clang", "-std=c11", *only_check, *sources)
    run("g++", "-std=c++17", *only_check, "-xc++", *sorted(folder.glob("*.h")))


def test_verdicts_are_those_of_json_schema_too(case: str, codec: Codec) -> None:
    for expected in expectations(cases.CASES / case / "verdicts.yaml"):
        confirm(cases.schema(case), codec, expected)
