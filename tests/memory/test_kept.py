"""A pointer that a handler kept shows at once in a checked build."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from mqbind.tools.engines import runtime_options, runtime_sources
from tests.support.codec import PARSERS, ROOT, STRICT, engine_options

GENERATED = ROOT / "generated" / "folotoy"


def run(
    parser: str, folder: Path, options: Sequence[str], compiler: str = "gcc"
) -> subprocess.CompletedProcess[str]:
    program = folder / "program"
    sources = [*runtime_sources(parser, "loopback"), *GENERATED.glob("*.c")]
    includes = (*runtime_options(), "-I", str(GENERATED))
    command: list[str | Path] = [
        compiler,
        "-std=c11",
        "-g",
        *STRICT,
        *engine_options(parser),
        *options,
        *includes,
    ]
    kept = Path(__file__).parent / "kept.c"
    subprocess.run([*command, *sources, kept, "-o", program], check=True)
    return subprocess.run([program], capture_output=True, text=True)


@pytest.mark.parametrize("parser", PARSERS)
def test_a_checked_build_overwrites_it(parser: str, tmp_path: Path) -> None:
    usual = run(parser, tmp_path, ())
    assert (usual.returncode, usual.stdout) == (0, "610a62\n746f7937\n")
    checked = run(parser, tmp_path, ("-DMQB_CHECKED",))
    assert (checked.returncode, checked.stdout) == (0, "dddddd\ndddddddd\n")


@pytest.mark.parametrize("compiler", ("gcc", "clang"))
def test_a_sanitizer_reports_it(compiler: str, tmp_path: Path) -> None:
    done = run("jsmn", tmp_path, ("-DMQB_CHECKED", "-fsanitize=address"), compiler)
    assert done.returncode != 0
    assert "use-after-poison" in done.stderr
