"""`mqbind replay`: the program that it compiles and keeps."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.pipeline import plan_schema, render_plan
from mqbind.tools import engines, toolchain
from mqbind.tools.replay import build_host, host_sides
from tests.consumers.installation import MQBIND
from tests.protocols.test_protocols import PROTOCOLS
from tests.support.compiler import STRICT
from tests.tools.conftest import Mqbind
from tests.tools.replaying import CALL, FOLOTOY, ROOT, VOLUME, answers, line


def test_it_is_compiled_once(mqbind: Mqbind, tmp_path: Path) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path)}
    folder = tmp_path / "mqbind" / "hosts"

    def made() -> set[int]:
        return {path.stat().st_ino for path in folder.iterdir()}

    mqbind("replay", FOLOTOY, **cache)
    runtime_and_program = made()
    assert len(runtime_and_program) == 2
    mqbind("replay", FOLOTOY, "--view", "peer", **cache)
    assert made() == runtime_and_program
    changed = tmp_path / "folotoy.yaml"
    changed.write_text(FOLOTOY.read_text().replace("maximum: 100", "maximum: 99"))
    command = ("replay", changed, "--role", "toy")
    (answer,) = answers(mqbind(*command, stdin=line(CALL, VOLUME % 100), **cache))
    assert answer["rule"] == "must be 0 to 99"
    assert len(made()) == 3
    assert made() > runtime_and_program


READ_ONLY = ("setpriv", "--bounding-set", "-dac_override", "--") if os.geteuid() == 0 else ()
"""Makes root observe the permissions of files."""


@pytest.mark.parametrize("cache", ["filled", "empty", "missing", "none"])
def test_a_cache_that_cannot_be_written(
    environment: dict[str, str], tmp_path: Path, cache: str
) -> None:
    """Where the program is in the cache, it is used; otherwise it is compiled elsewhere."""
    folder, spare, calls = tmp_path / "mqbind" / "hosts", tmp_path / "tmp", tmp_path / "calls"
    spare.mkdir()
    calls.touch()
    compiler = tmp_path / "cc"
    compiler.write_text(f"#!/bin/sh\necho called >>'{calls}'\nexec gcc \"$@\"\n")
    compiler.chmod(0o755)
    home = "/dev/null" if cache == "none" else str(tmp_path)
    given = {"XDG_CACHE_HOME": home, "TMPDIR": str(spare), "CC": str(compiler)}
    command = (MQBIND, "replay", FOLOTOY, "--role", "toy")

    def replay() -> str:
        return subprocess.run(
            [*READ_ONLY, *command],
            input=line(CALL, VOLUME % 100),
            env={**environment, **given},
            capture_output=True,
            text=True,
        ).stdout

    if cache == "filled":
        replay()
        calls.write_text("")
    elif cache == "empty":
        folder.mkdir(parents=True)
    closed = [path for path in (folder, folder.parent, tmp_path) if path.exists()]
    for path in closed:
        path.chmod(0o500)
    said = replay()
    for path in closed:
        path.chmod(0o700)
    assert '"ok": true' in said
    assert (calls.read_text() == "") == (cache == "filled")
    assert not list(spare.iterdir())
    assert len(list(folder.glob("*"))) == (2 if cache == "filled" else 0)


def test_the_cache_keeps_the_last_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = tmp_path / "mqbind" / "hosts"
    folder.mkdir(parents=True)
    for number in range(100):
        (folder / f"old{number}").touch()
        os.utime(folder / f"old{number}", (number, number))
    planned = plan_schema(FOLOTOY, Diagnostics())
    program = build_host(planned.plan, render_plan(planned.plan), "jsmn", tmp_path)
    left = {path.name for path in folder.iterdir()}
    assert len(left) == 64
    assert {program.name, "old99"} <= left
    assert "old0" not in left


@pytest.mark.parametrize(
    ("variables", "reported"),
    [
        ({"PATH": "/nowhere"}, "cannot find the C compiler `cc`; install one (Debian: apt-get"),
        (
            {"CC": "frobnicc -m32"},
            "cannot find the C compiler `frobnicc`; install one (Debian: apt-get",
        ),
        ({"CC": "'"}, "the environment variable CC is not a command: "),
        ({"CC": "false"}, "`false` failed: it printed no error"),
        ({"CC": "cc -nostdinc"}, "`cc` failed: "),
    ],
)
def test_what_is_missing_gets_a_sentence(
    mqbind: Mqbind, tmp_path: Path, variables: dict[str, str], reported: str
) -> None:
    cache = {"XDG_CACHE_HOME": str(tmp_path)}
    done = mqbind("replay", FOLOTOY, **{**cache, **variables})
    assert done.returncode == 2
    assert done.stderr.startswith(f"mqbind: {reported}")
    assert done.stderr.count("\n") == 1


def test_a_missing_jsmn_gets_a_sentence(mqbind: Mqbind, tmp_path: Path) -> None:
    (tmp_path / "jsmn.h").write_text("#include <jsmn.h.not_there>\n")
    variables = {"XDG_CACHE_HOME": str(tmp_path), "JSMN_INCLUDE_DIR": str(tmp_path)}
    done = mqbind("replay", FOLOTOY, **variables)
    assert done.returncode == 2
    assert "cannot find the header jsmn.h; install it (Debian: apt-get install" in done.stderr


@pytest.mark.parametrize("compiler", ["gcc", "clang"])
@pytest.mark.parametrize("name", PROTOCOLS)
def test_the_program_compiles_without_a_warning(name: str, compiler: str, tmp_path: Path) -> None:
    plan = plan_schema(ROOT / "schema" / f"{name}.yaml", Diagnostics()).plan
    sides = tmp_path / "host_sides.c"
    sides.write_text(host_sides(plan))
    includes = [*toolchain.includes(), "-I", str(ROOT / "generated" / name)]
    for source in (sides, engines.HOST / "host.c"):
        # Not to /dev/null: a compiler cache that runs as root would replace it with a file.
        output = tmp_path / f"{source.stem}.o"
        command = [compiler, "-std=c11", *STRICT, *includes, "-c", str(source), "-o", str(output)]
        done = subprocess.run(command, capture_output=True, text=True)
        assert (done.returncode, done.stderr) == (0, "")


def test_every_status_has_a_word() -> None:
    header = (ROOT / "include" / "mqbind" / "mqbind.h").read_text()
    statuses = re.findall(r"^    MQB_ERR_(\w+),", header, re.MULTILINE)
    host = (engines.HOST / "host.c").read_text()
    for status in statuses:
        assert f'case MQB_ERR_{status}:\n        return "{status.lower()}";' in host
