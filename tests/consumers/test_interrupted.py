"""Builds that are interrupted, and builds at the same time, leave nothing that stays wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.consumers.installation import DOOR_SAYS, MQBIND, Door, configure_command, run
from tests.support.scale import LONG
from tests.support.waiting import wait_until

SLOW = """\
#!{python}
import os, subprocess, sys
from pathlib import Path

done = subprocess.run(["{mqbind}", *sys.argv[1:]]).returncode
stop = Path("{stop}")
if "-o" in sys.argv and "--list-files" not in sys.argv and stop.exists():
    {damage}
    stop.with_name("reached").touch()
    import signal
    signal.pause()
sys.exit(done)
"""
DAMAGE = {
    "after generating": "pass",
    "half-way": "(Path(sys.argv[sys.argv.index('-o') + 1]) / 'door_state.c').unlink()",
}
"""What is left when the build is killed."""


WAYS = [("Unix Makefiles", "half-way"), ("Ninja", "after generating")]


@pytest.mark.parametrize(("generator", "when"), WAYS if LONG else WAYS[:1])
def test_an_interrupted_build_continues(
    door: Door, prefix: Path, tmp_path: Path, generator: str, when: str
) -> None:
    stop = tmp_path / "stop"
    stop.touch()
    command = tmp_path / "mqbind"
    command.write_text(
        SLOW.format(python=sys.executable, mqbind=MQBIND, stop=stop, damage=DAMAGE[when])
    )
    command.chmod(0o755)
    where = (f"-DMQBIND_EXECUTABLE={command}", f"-DCMAKE_PREFIX_PATH={prefix}")
    run(*configure_command(door.source, door.build, f"-G{generator}", *where))
    build = subprocess.Popen(
        ["cmake", "--build", door.build],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    wait_until((tmp_path / "reached").exists, lambda: "the build did not generate")
    # All its processes, at once: nobody can tidy up.
    os.killpg(build.pid, signal.SIGKILL)
    build.wait()
    assert not list(door.build.rglob("door_state.c.o"))
    stop.unlink()
    assert " generate " in door.make()
    assert door.says() == DOOR_SAYS
    assert " generate " not in door.make()


def test_a_schema_that_changes_meanwhile_is_read_again(
    door: Door, prefix: Path, tmp_path: Path
) -> None:
    """The build has read it when it changes, and is not yet finished."""
    command = tmp_path / "mqbind"
    change = f"sed -i 's/maximum: 60$/maximum: 61/' '{door.source}/door.yaml'"
    command.write_text(
        f'#!/bin/sh\n"{MQBIND}" "$@" || exit\ncase "$*" in *--list-files* | --version) ;; '
        f"*) {change} ;; esac\n"
    )
    command.chmod(0o755)
    where = (f"-DMQBIND_EXECUTABLE={command}", f"-DCMAKE_PREFIX_PATH={prefix}")
    run(*configure_command(door.source, door.build, "-GUnix Makefiles", *where))
    door.make()
    [header] = door.build.rglob("door_unlock.h")
    assert "1 to 60" in header.read_text()
    door.make()
    assert "1 to 61" in header.read_text()


def test_two_builds_at_once_with_one_folder(door: Door, prefix: Path, tmp_path: Path) -> None:
    """As with Debug and Release, when the code is generated into the sources."""
    door.edit("CMakeLists.txt", "VIEW own", 'OUTPUT_DIR "${CMAKE_SOURCE_DIR}/generated" VIEW own')
    builds = [tmp_path / "first", tmp_path / "second"]
    options = ("-GNinja", f"-DMQBIND_EXECUTABLE={MQBIND}", f"-DCMAKE_PREFIX_PATH={prefix}")
    at_once(*(configure_command(door.source, build, *options) for build in builds))
    at_once(*(["cmake", "--build", str(build)] for build in builds))
    for build in builds:
        assert run(build / "door") == DOOR_SAYS
    door.edit("door.yaml", "maximum: 60", "maximum: 61")
    at_once(*(["cmake", "--build", str(build)] for build in builds))
    for build in builds:
        assert "door_unlock.c" not in run("cmake", "--build", build, "--verbose")


def at_once(*commands: list[str]) -> None:
    """Run them in parallel; all must succeed."""
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for command in commands]
    for process in started:
        said, _ = process.communicate()
        assert process.returncode == 0, said
