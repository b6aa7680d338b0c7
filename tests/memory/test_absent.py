"""A checked build reports a member that was set without its presence flag."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from tests.support.compiler import CHECKED, PARSERS, RELEASE, SANITIZED, link

HERE = Path(__file__).parent
FLAGS = {
    "count": "count",
    "small": "small_",
    "ratio": "ratio",
    "on": "on",
    "mode": "mode",
    "text": "text",
    "short": "short_",
    "serial": "serial",
    "tags": "tags",
    "odd as null": "odd",
    "any": "any",
    "id": "id",
    "id as a string": "id",
    "list": "list",
    "map": "map",
    "empty": "empty",
    "null": "empty",
    "either": "either",
    "self": "self",
    "inner": "inner",
    "flag of inner": "inner",
}
"""The flag that is missing, by what was set."""
VALID = (
    "none", "zero", "default of count", "default of open", "empty object", "setter",
    "setter of serial",
)  # fmt: skip


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("absent")
    write(folder, compile_schema(HERE / "absent.yaml", Diagnostics()).files)
    return folder


def reports(command: Sequence[str], parser: str, generated: Path, folder: Path) -> dict[str, str]:
    program = folder / "program"
    sources = [*sorted(generated.glob("*.c")), HERE / "absent.c"]
    link(command, parser, ["-I", generated, *sources], program)
    done = subprocess.run([program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines())


@pytest.mark.parametrize("command", [CHECKED, SANITIZED], ids=["gcc", "sanitized"])
@pytest.mark.parametrize("parser", PARSERS)
def test_a_checked_build_reports_it(
    command: Sequence[str], parser: str, generated: Path, tmp_path: Path
) -> None:
    assert reports(command, parser, generated, tmp_path) == {
        **dict.fromkeys(VALID, "sent"),
        **{name: f"must set has.{flag} where {flag} is set" for name, flag in FLAGS.items()},
    }


def test_a_release_build_leaves_it_out(generated: Path, tmp_path: Path) -> None:
    assert reports(RELEASE, "jsmn", generated, tmp_path) == dict.fromkeys((*VALID, *FLAGS), "sent")
