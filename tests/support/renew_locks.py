"""Renew the lock files: `make lock`.

tests/support/locks/ has what pip installs, a file for each set of setup.sh, with the hash of every
file that may be downloaded; package-lock.json the same for npm; renew_broker_locks.py renews the
others. None names a host: packages come from wherever the package managers are configured to look.
"""

import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from tests.support.lint import BIN, ROOT
from tests.support.renew_broker_locks import lock_brokers

LOCKS = ROOT / "tests" / "support" / "locks"
NODE_FOLDERS = (
    "tests/bench/quicktype",
    "tests/brokers/aedes",
    "tests/differential/ajv",
    "tests/protocols/asyncapi_parser",
)
"""Each has a package.json, a package-lock.json and an .npmrc that keeps hosts out of it."""
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
BUILD = (*PROJECT["build-system"]["requires"], "editables")
"""What `pip install --no-build-isolation -e .` expects to find."""


@dataclass(frozen=True, kw_only=True)
class Lock:
    """One file. `extras` are those of pyproject.toml."""

    name: str
    extras: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    project: bool = True

    def requirements(self) -> list[str]:
        if not self.project:
            return list(self.more)
        optional = PROJECT["project"]["optional-dependencies"]
        extras = [each for extra in self.extras for each in optional[extra]]
        return [*PROJECT["project"]["dependencies"], *BUILD, *extras, *self.more]


SETS = (
    Lock(name="demo"),
    Lock(name="test", extras=("dev",)),
    Lock(name="bench", extras=("bench",)),
    Lock(name="lock", more=("uv",)),
)
"""They share .venv, so a package has one version in all of them."""

OLDEST = Lock(name="oldest", extras=("dev",), options=("--resolution", "lowest-direct"))
"""The test set with the lowest versions that pyproject.toml allows."""

SOURCES = (
    Lock(name="jsonschema", more=("jsonschema",), options=("--no-deps",), project=False),
    Lock(name="yyjson", more=("yyjson",), options=("--no-deps",), project=False),
    Lock(
        name="builders",
        more=("hatchling", "hatch-vcs", "hatch-fancy-pypi-readme", "setuptools"),
        project=False,
    ),
)
"""Packages of which setup.sh unpacks the sources, and what pip needs to look into those."""


def compile_lock(lock: Lock, target: Path, *options: str) -> None:
    """Resolve for every system and Python that the project supports."""
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "requirements.in"
        wanted.write_text("\n".join(lock.requirements()))
        python = PROJECT["project"]["requires-python"].removeprefix(">=")
        run(
            BIN / "uv",
            *("pip", "compile", "--quiet", "--no-config", "--no-annotate"),
            *("--universal", "--fork-strategy", "fewest", "--python-version", python),
            *("--custom-compile-command", "make lock", "--output-file", str(target)),
            *(*lock.options, *options, str(wanted)),
        )


def lock_python() -> None:
    LOCKS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        together = Path(folder) / "all.txt"
        compile_lock(all_sets(), together)
        for lock in SETS:
            write_lock(lock, "--constraint", together)
    for lock in (OLDEST, *SOURCES):
        write_lock(lock)


def all_sets() -> Lock:
    extras = tuple(extra for lock in SETS for extra in lock.extras)
    more = tuple(each for lock in SETS for each in lock.more)
    return Lock(name="all", extras=extras, more=more)


def write_lock(lock: Lock, *options: str | Path) -> None:
    compile_lock(
        lock, LOCKS / f"{lock.name}.txt", "--upgrade", "--generate-hashes", *map(str, options)
    )


def lock_node(folder: Path) -> None:
    """Somewhere else, as npm would keep the versions that are installed."""
    with tempfile.TemporaryDirectory() as elsewhere:
        for name in ("package.json", ".npmrc"):
            shutil.copy(folder / name, elsewhere)
        run("npm", "install", "--package-lock-only", "--silent", "--prefix", elsewhere)
        shutil.copy(Path(elsewhere) / "package-lock.json", folder)


def run(*command: str | Path) -> None:
    subprocess.run(command, cwd=ROOT, check=True)


def main() -> int:
    try:
        lock_python()
        for folder in NODE_FOLDERS:
            lock_node(ROOT / folder)
        lock_brokers()
    except subprocess.CalledProcessError as error:
        print(f"failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
