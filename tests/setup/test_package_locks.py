"""The set-up waits while another package manager is at work, then goes on."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPTS = Path("tests/support")
PACKAGE = "mosquitto-clients"
PROGRAM = "mosquitto_pub"
LOCKS = ("lists/lock", "cache/archives/lock", "dpkg/lock-frontend", "dpkg/lock")
CONFIGURATION = """\
Dir::State "@/";
Dir::State::lists "@/lists";
Dir::State::status "@/dpkg/status";
Dir::Cache "@/cache";
Dir::Etc "@/etc";
Dir::Log "@/log";
APT::Sandbox::User "";
DPkg::Path "/usr/sbin:/usr/bin:/sbin:/bin";
DPkg::Options { "--root=@/root"; "--admindir=@/dpkg"; "--force-not-root"; "--log=@/log/dpkg"; };
"""
CONTROL = f"""\
Package: {PACKAGE}
Version: 1
Architecture: all
Maintainer: nobody <nobody@localhost>
Description: stands in for the real one
"""


class System:
    """apt and dpkg of their own, one package that they offer, and a checkout that lacks it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.configuration = folder / "apt.conf"
        for name in ("lists", "cache/archives", "dpkg/info", "dpkg/updates", "log", "root"):
            (folder / name).mkdir(parents=True)
        for name in ("apt.conf.d", "preferences.d"):
            (folder / "etc" / name).mkdir(parents=True)
        (folder / "dpkg/status").touch()
        self.configuration.write_text(CONFIGURATION.replace("@", str(folder)))
        self._make_repository()
        self._make_programs()
        shutil.copytree(ROOT / SCRIPTS, folder / "checkout" / SCRIPTS)
        # Python packages are not what is tested: the set-up leaves a link alone.
        (folder / "checkout/.venv").symlink_to(folder)

    def _make_repository(self) -> None:
        repository, package = self.folder / "repository", self.folder / "package"
        repository.mkdir()
        (package / "DEBIAN").mkdir(parents=True)
        (package / "DEBIAN/control").write_text(CONTROL)
        deb = repository / "package.deb"
        subprocess.run(["dpkg-deb", "--build", package, deb], check=True, capture_output=True)
        digest = hashlib.sha256(deb.read_bytes()).hexdigest()
        file = f"Filename: ./{deb.name}\nSize: {deb.stat().st_size}\nSHA256: {digest}\n"
        (repository / "Packages").write_text(CONTROL + file)
        source = f"deb [trusted=yes] file:{repository} ./\n"
        (self.folder / "etc/sources.list").write_text(source)

    def _make_programs(self) -> None:
        """All that this machine has, but not what the package brings."""
        programs = self.folder / "bin"
        programs.mkdir()
        for place in ("/usr/local/bin", "/usr/bin", "/bin"):
            for program in Path(place).iterdir():
                if program.name != PROGRAM and not (programs / program.name).exists():
                    (programs / program.name).symlink_to(program)
        sudo = programs / "sudo"
        sudo.unlink(missing_ok=True)
        sudo.write_text('#!/bin/sh\nexec "$@"\n')
        sudo.chmod(0o755)

    def set_up(self) -> subprocess.Popen[str]:
        environment = {
            **os.environ,
            "APT_CONFIG": str(self.configuration),
            "PATH": str(self.folder / "bin"),
        }
        return subprocess.Popen(
            ["sh", str(self.folder / "checkout" / SCRIPTS / "setup.sh"), "demo"],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def has_package(self) -> bool:
        return f"Package: {PACKAGE}\n" in (self.folder / "dpkg/status").read_text()


@pytest.fixture
def system(tmp_path: Path) -> System:
    return System(tmp_path)


def said(process: subprocess.Popen[str]) -> Iterator[str]:
    assert process.stdout
    for line in process.stdout:
        yield line.removeprefix("set-up: ").rstrip("\n")


@pytest.mark.parametrize("lock", LOCKS)
def test_set_up_waits_for_the_lock_of_another_package_manager(system: System, lock: str) -> None:
    with (system.folder / lock).open("w") as held:
        fcntl.lockf(held, fcntl.LOCK_EX)
        process = system.set_up()
        lines = said(process)
        waiting = next((line for line in lines if "waiting for it" in line), "")
        holder = f"another package manager is running (process {os.getpid()})"
        assert waiting.startswith(holder)
        assert process.poll() is None
        assert not system.has_package()
    rest = "\n".join(lines)
    assert process.wait() == 0, rest
    assert system.has_package()


def test_set_up_does_not_wait_when_something_else_is_wrong(system: System) -> None:
    (system.folder / "repository/Packages").unlink()
    process = system.set_up()
    reported = list(said(process))
    assert process.wait() == 1
    assert reported[-1] == "failed: apt-get update"
