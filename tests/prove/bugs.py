"""Seeded mistakes: each of them, in a copy of the runtime, must make a goal fail."""

import shutil
import tomllib
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.prove import proofs


@dataclass(frozen=True, kw_only=True)
class Bug:
    """An entry of bugs.toml."""

    name: str
    file: str
    change: str
    into: str
    prove: str
    functions: tuple[str, ...]


def read_bugs() -> list[Bug]:
    data = tomllib.loads((proofs.ROOT / "tests" / "prove" / "bugs.toml").read_text())
    return [Bug(**{**entry, "functions": tuple(entry["functions"])}) for entry in data["bug"]]


def failed_goals(bug: Bug, table: proofs.Table) -> frozenset[str]:
    """The goals that the mistake makes fail, in a copy of the runtime."""
    source = proofs.Source(path=bug.prove, functions=bug.functions)
    proofs.configure()
    with TemporaryDirectory(dir=proofs.BUILD) as folder:
        copy = Path(folder)
        for name in ("include", "runtime"):
            shutil.copytree(proofs.ROOT / name, copy / name)
        path = copy / bug.file
        path.write_text(plant(bug, path.read_text()))
        return proofs.prove(source, copy).unproved - table.unproved.keys()


def plant(bug: Bug, text: str) -> str:
    count = text.count(bug.change)
    if count != 1:
        raise ValueError(f"{bug.name}: found {count} times in {bug.file}, must be once")
    return text.replace(bug.change, bug.into)
