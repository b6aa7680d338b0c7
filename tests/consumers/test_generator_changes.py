"""A changed generator is noticed: by the next build, without a change to the schema."""

from __future__ import annotations

import os
import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.consumers.installation import ROOT, Door, attempt, configure_command, copy_door, run
from tests.support.scale import LONG

TEMPLATE = "templates/message.c.j2"
RENDER = "emit/render.py"
LAST = '    add(f"{plan.prefix}.cmake"'
ANOTHER = (
    '    files["door_more.c"] = files["door_state.c"].replace("door_state.c", "door_more.c")\n'
)


@dataclass(frozen=True, kw_only=True)
class Generator:
    """A copy of mqbind, and a project that it generates for."""

    package: Path
    door: Door

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.package / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new, 1))

    def make(self) -> tuple[bool, set[str]]:
        """Whether the build generated, and which sources it compiled."""
        commands = self.door.make()
        sources = set(re.findall(r" -o \S*?([^/\s]+\.c)\.o\b", commands))
        return " generate " in commands, sources

    def refused(self) -> str:
        done = attempt("cmake", "--build", self.door.build)
        assert done.returncode != 0
        return " ".join((done.stdout + done.stderr).split())


def copy_generator(folder: Path) -> Path:
    """The package as in a checkout, and a command beside it; the folder of the package."""
    package = folder / "codegen" / "mqbind"
    shutil.copytree(
        ROOT / "codegen" / "mqbind", package, ignore=shutil.ignore_patterns("__pycache__")
    )
    for other in ("docs", "include", "runtime", "schema"):
        (folder / other).symlink_to(ROOT / other)
    script = folder / "mqbind"
    command = f"PYTHONDONTWRITEBYTECODE=1 PYTHONPATH='{package.parent}' exec '{sys.executable}'"
    script.write_text(f'#!/bin/sh\n{command} -m mqbind "$@"\n')
    script.chmod(0o755)
    return package


@pytest.fixture(params=["Ninja", "Unix Makefiles"] if LONG else ["Ninja"])
def generator(request: pytest.FixtureRequest, tmp_path: Path, prefix: Path) -> Generator:
    door = copy_door(tmp_path)
    package = copy_generator(tmp_path / "checkout")
    (package / "unused.py").write_text("")
    command = (f"-DMQBIND_EXECUTABLE={tmp_path}/checkout/mqbind", f"-DCMAKE_PREFIX_PATH={prefix}")
    run(*configure_command(door.source, door.build, f"-G{request.param}", *command))
    found = Generator(package=package, door=door)
    generated, sources = found.make()
    assert generated
    assert {"door_state.c", "door_unlock.c", "main.c"} <= sources
    return found


def test_what_changes_in_the_generator(generator: Generator) -> None:
    """One after the other, as configuring a project takes a while."""
    assert generator.make() == (False, set())

    # A template, as `git pull` changes it.
    generator.edit(TEMPLATE, "#include", "/* Changed. */\n#include")
    assert generator.make() == (True, {"door_state.c", "door_unlock.c"})
    assert generator.make() == (False, set())

    # A module that changes nothing, and a time that changes without the content.
    generator.edit("rules.py", '"""', '"""Reworded: ')
    assert generator.make() == (True, set())
    os.utime(generator.package / "rules.py")
    assert generator.make() == (False, set())

    # Another file is generated, and later no longer.
    generator.edit(RENDER, LAST, ANOTHER + LAST)
    assert generator.make() == (True, {"door_more.c"})
    generator.edit(RENDER, ANOTHER, "")
    assert generator.make() == (True, set())
    assert not list(generator.door.build.rglob("door_more.c"))

    # Files that are older than what was generated, as some installers leave them.
    (generator.package / "unused.py").unlink()
    generator.edit(TEMPLATE, "/* Changed. */\n", "")
    os.utime(generator.package / TEMPLATE, (1, 1))
    assert generator.make() == (True, {"door_state.c", "door_unlock.c"})
    assert generator.make() == (False, set())


def test_another_abi_is_reported_until_it_fits(generator: Generator) -> None:
    text = (generator.package / RENDER).read_text()
    [line] = re.findall(r"^GENERATED_ABI = .*\n", text, re.MULTILINE)
    generator.edit(RENDER, line, "GENERATED_ABI = 999\n")
    for _ in range(2):
        assert "its ABI is 999" in generator.refused()
    generator.edit(RENDER, "GENERATED_ABI = 999\n", line)
    generator.make()
    assert generator.make() == (False, set())
