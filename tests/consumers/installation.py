"""mqbind as a project outside this tree gets it, and that project: the door."""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.waiting import DEADLINE_S

ROOT = Path(__file__).resolve().parents[2]
DOOR = Path(__file__).parent / "door"
MQBIND = Path(sys.prefix) / "bin" / "mqbind"
DOOR_SAYS = 'unlock 17 for 5 s\ndoor/17/state {"open":true}\nmosquitto transport: idle\n'


def run(
    *command: str | Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """The standard output of a command that must succeed."""
    done = attempt(*command, cwd=cwd, environment=environment)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def attempt(
    *command: str | Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        timeout=DEADLINE_S,
    )


def configure_command(source: Path, build: Path, *options: str) -> list[str]:
    return ["cmake", "-S", str(source), "-B", str(build), *options]


def build_and_install(build: Path, prefix: Path, *options: str) -> None:
    run(*configure_command(ROOT, build, "-GNinja", "-DMQBIND_BUILD_EXAMPLES=OFF", *options))
    run("cmake", "--build", build)
    run("cmake", "--install", build, "--prefix", prefix)


@dataclass(frozen=True, kw_only=True)
class Door:
    """A copy of the project and a build directory for it."""

    source: Path
    build: Path

    def configure_command(self, *options: str) -> list[str]:
        return configure_command(self.source, self.build, f"-DMQBIND_EXECUTABLE={MQBIND}", *options)

    def configure(self, *options: str) -> None:
        run(*self.configure_command(*options))

    def make(self) -> str:
        """What the build had to do, each command on a line."""
        return run("cmake", "--build", self.build, "--verbose")

    def says(self) -> str:
        return run(self.build / "door")

    def edit(self, name: str, old: str, new: str) -> None:
        path = self.source / name
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))


def copy_door(folder: Path) -> Door:
    """The folder has a blank in its name: paths must survive that."""
    source = folder / "a door"
    shutil.copytree(DOOR, source)
    return Door(source=source, build=source / "build")
