"""What `generate` tells a build system: the generated files, and all that they depend on."""

from __future__ import annotations

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.codegen.writing import generate, schema
from tests.consumers.installation import MQBIND

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "codegen" / "mqbind"
DOCUMENT = """\
asyncapi: 3.0.0
info: {title: Door, version: '1'}
channels:
  door: {address: door, messages: {Door: {payload: {$ref: 'types/a%20b.yaml#/Level'}}}}
operations: {receive: {action: receive, channel: {$ref: '#/channels/door'}}}
"""
MAKEFILE = """\
{out}/door_device.h:
\t{mqbind} generate {document} -o {out} --depfile {out}.d && touch $@
-include {out}.d
"""


@pytest.fixture
def door(tmp_path: Path) -> Path:
    (tmp_path / "types").mkdir()
    (tmp_path / "types" / "a b.yaml").write_text("Level: {type: integer, minimum: 0}\n")
    path = tmp_path / "door.yaml"
    path.write_text(DOCUMENT)
    return path


def listed(*arguments: str | Path) -> dict[str, list[str]]:
    """The files that are listed, by what they are."""
    found = json.loads(generate(*arguments, "--list-files").stdout)
    return {**found, "generator": found["generator"]["files"]}


def test_what_is_listed_is_what_is_generated(door: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    found = listed(door, "-o", out)
    assert not out.exists()
    assert found["documents"] == [str(door), str(tmp_path / "types" / "a b.yaml")]
    generate(door, "-o", out)
    assert set(found["outputs"]) == {path.name for path in out.iterdir()}
    view = listed(door, "-o", out, "--view", "own")
    assert set(view["outputs"]) < set(found["outputs"])


def test_every_file_of_the_generator_is_listed(door: Path, tmp_path: Path) -> None:
    """And where pip says which version it is."""
    files = set(listed(door, "-o", tmp_path / "out")["generator"])
    [metadata] = [file for file in files if not file.startswith(str(PACKAGE))]
    assert metadata.endswith(".dist-info/METADATA")
    kinds = ("*.py", "*.j2", "*.toml", "fuzz/*.c", "fuzz/*.h")
    assert files - {metadata} == {str(path) for kind in kinds for path in PACKAGE.rglob(kind)}


def test_the_rule_is_one_that_make_reads(tmp_path: Path) -> None:
    """Wherever the document is: make generates after a change, and only then."""
    name = r"a b$c#d\e\ f"
    (tmp_path / name).mkdir()
    file = schema(tmp_path / name, "Door", "door")
    document = shlex.quote(str(file)).replace("$", "$$")
    rules = MAKEFILE.format(mqbind=MQBIND, document=document, out=tmp_path / "out")
    (tmp_path / "Makefile").write_text(rules)

    def make() -> subprocess.CompletedProcess[str]:
        return subprocess.run(["make", "-s"], cwd=tmp_path, capture_output=True, text=True)

    assert " written" in make().stdout
    assert (make().stdout, make().stderr) == ("", "")
    schema(tmp_path / name, "Door", "door", "Other words.")
    assert " 2 written" in make().stdout
    file.unlink()
    assert "cannot be read" in make().stderr or "No such file" in make().stderr
