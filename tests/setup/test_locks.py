"""What the set-up takes from registries is locked, and from nowhere in particular."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support.renew_broker_locks import GO_FOLDERS, MAVEN_FOLDERS
from tests.support.renew_locks import LOCKS, NODE_FOLDERS, OLDEST, PROJECT, SETS, SOURCES, Lock

ROOT = Path(__file__).parents[2]
EVERY = (*SETS, OLDEST, *SOURCES)
PIN = re.compile(
    r"(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ]+)(?: ; [^-]+)?(?: --hash=sha256:[0-9a-f]{64})+"
)


def lines(lock: Lock) -> list[str]:
    text = (LOCKS / f"{lock.name}.txt").read_text().replace(" \\\n   ", "")
    return [line for line in text.splitlines() if not line.startswith("#")]


def pins(lock: Lock) -> dict[str, Version]:
    found = [PIN.fullmatch(line) for line in lines(lock)]
    return {canonicalize_name(each["name"]): Version(each["version"]) for each in found if each}


def requirements(lock: Lock) -> list[Requirement]:
    return [Requirement(each) for each in lock.requirements()]


def folders_of(name: str) -> list[str]:
    found = [path.relative_to(ROOT).parent for path in ROOT.glob(f"tests/**/{name}")]
    return sorted(str(folder) for folder in found if "node_modules" not in folder.parts)


def test_every_lock_file_is_renewed() -> None:
    assert {path.stem for path in LOCKS.iterdir()} == {lock.name for lock in EVERY}
    assert folders_of("package.json") == sorted(NODE_FOLDERS)
    assert folders_of("go.mod") == sorted(GO_FOLDERS)
    assert folders_of("pom.xml") == sorted(MAVEN_FOLDERS)


@pytest.mark.parametrize("lock", EVERY, ids=lambda lock: lock.name)
def test_packages_of_pip_are_exact_and_hashed(lock: Lock) -> None:
    """A line that is anything else, such as an option that names a host, is not a pin."""
    for line in lines(lock):
        assert PIN.fullmatch(line), line


@pytest.mark.parametrize("lock", EVERY, ids=lambda lock: lock.name)
def test_locked_versions_are_those_that_are_asked_for(lock: Lock) -> None:
    locked = pins(lock)
    for wanted in requirements(lock):
        assert locked[canonicalize_name(wanted.name)] in wanted.specifier, f"{wanted}: `make lock`"


def test_sets_agree() -> None:
    """They share .venv."""
    together: dict[str, Version] = {}
    for lock in SETS:
        for name, version in pins(lock).items():
            assert together.setdefault(name, version) == version, name


def test_the_oldest_are_the_lowest_that_are_allowed() -> None:
    locked = pins(OLDEST)
    for wanted in requirements(OLDEST):
        for bound in wanted.specifier:
            if bound.operator == ">=":
                assert locked[canonicalize_name(wanted.name)] == Version(bound.version), wanted


@pytest.mark.parametrize("folder", NODE_FOLDERS)
def test_packages_of_npm_are_exact_and_hashed(folder: str) -> None:
    wanted: dict[str, Any] = json.loads((ROOT / folder / "package.json").read_text())
    lock = json.loads((ROOT / folder / "package-lock.json").read_text())
    root = lock["packages"].pop("")
    assert root["dependencies"] == wanted["dependencies"], "`make lock`"
    for name, package in lock["packages"].items():
        assert package["version"], name
        assert package["integrity"].startswith("sha512-"), name
        assert "resolved" not in package, name


@pytest.mark.parametrize("folder", GO_FOLDERS)
def test_modules_of_go_have_hashes(folder: str) -> None:
    wanted = re.findall(
        r"^(?:require|\t)\s*(\S+ v\S+)", (ROOT / folder / "go.mod").read_text(), re.M
    )
    locked = {line.rpartition(" ")[0] for line in (ROOT / folder / "go.sum").open()}
    assert wanted
    assert set(wanted) <= locked, "`make lock`"


@pytest.mark.parametrize("folder", MAVEN_FOLDERS)
def test_files_of_maven_have_hashes(folder: str) -> None:
    pom = (ROOT / folder / "pom.xml").read_text().partition("<dependencies>")[2]
    names = re.findall(r"<artifactId>(.+)</artifactId>\s*<version>(.+)</version>", pom)
    locked = [line.split() for line in (ROOT / folder / "jars.sha256").open()]
    assert names
    assert {f"{name}-{version}.jar" for name, version in names} <= {jar for _, jar in locked}
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest, _ in locked)


def test_what_keeps_below_the_newest_is_explained() -> None:
    """The table in CONTRIBUTING.md has every range with an end, as pyproject.toml writes it."""
    reported = (ROOT / "CONTRIBUTING.md").read_text()
    table = dict(re.findall(r"^\| `([^`]+[=<][^`]+)` \| (\S.*) \|$", reported, re.MULTILINE))
    project = PROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    groups.append(PROJECT["build-system"]["requires"])
    every = [Requirement(each) for group in groups for each in group]
    ended = {str(each) for each in every if any(part.operator != ">=" for part in each.specifier)}
    assert {str(Requirement(each)) for each in table} == ended
