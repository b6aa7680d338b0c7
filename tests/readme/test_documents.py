"""Documents are short, their links resolve, and what they name exists."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.readme.pages import ROOT, anchors, documents, links, name

README_LINES_MAX = 200
GENERATED = sorted((ROOT / "generated").glob("*/*.md"))
NAMED_IN_C = re.compile(r"\bmqb_\w+(?=\()|\bMQB_[A-Z]\w*[A-Z0-9]\b(?!_)")
"""Functions and constants of the runtime."""
NAMED_AS_GENERATED = re.compile(r"\b(?:folotoy|thingspanel)_[a-z]\w*")
MADE_BY_A_READER = {"folotoy_battery", "folotoy_toy_send_battery", "folotoy_fuzz"}
NAMED_IN_CMAKE = re.compile(r"\bMQBIND_[A-Z_]+[A-Z]\b")
PATH = re.compile(r"`(\w[\w.*/-]*/[\w.*-]*)`")
PLACES = [ROOT / place for place in (".", "include", "runtime", "codegen", "codegen/mqbind")]
"""What paths in documents are relative to: `load/` is a package of the compiler."""
NOT_IN_THE_TREE = ("build/", "a/", "application/", "image/", "text/")
"""What is built, topics, and content types."""
SHELL_VARIABLES = {"MQBIND_BUILD_DIR", "MQBIND_PACKAGES"}


def sources(*patterns: str) -> str:
    files = [file for pattern in patterns for file in sorted(ROOT.glob(pattern))]
    return "\n".join(file.read_text() for file in files)


def test_readme_is_short() -> None:
    assert len((ROOT / "README.md").read_text().splitlines()) <= README_LINES_MAX


@pytest.mark.parametrize("page", [*documents(), *GENERATED], ids=name)
def test_links_resolve(page: Path) -> None:
    for file, anchor in links(page):
        target = page.parent / file if file else page
        assert target.exists(), f"{file} does not exist"
        assert not anchor or anchor in anchors(target), f"{file} has no heading #{anchor}"


def test_every_page_is_in_the_index() -> None:
    listed = {file for file, _ in links(ROOT / "docs" / "README.md")}
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"} <= listed


def test_index_is_linked() -> None:
    assert ("docs/README.md", "") in links(ROOT / "README.md")


@pytest.mark.parametrize("page", documents(), ids=name)
def test_names_of_the_runtime_exist(page: Path) -> None:
    code = sources("include/**/*.h", "runtime/**/*.[ch]")
    wanted = set(NAMED_IN_C.findall(page.read_text()))
    assert sorted(word for word in wanted if not re.search(rf"\b{word}\b", code)) == []


@pytest.mark.parametrize("page", documents(), ids=name)
def test_names_of_generated_code_exist(page: Path) -> None:
    code = sources("generated/*/*.h", "examples/CMakeLists.txt")
    wanted = set(NAMED_AS_GENERATED.findall(page.read_text())) - MADE_BY_A_READER
    assert sorted(word for word in wanted if not re.search(rf"\b{word}\b", code)) == []


@pytest.mark.parametrize("page", documents(), ids=name)
def test_options_of_the_build_exist(page: Path) -> None:
    code = sources("CMakeLists.txt", "codegen/cmake/*.cmake", "runtime/CMakeLists.txt")
    wanted = set(NAMED_IN_CMAKE.findall(page.read_text())) - SHELL_VARIABLES
    assert sorted(word for word in wanted if not re.search(rf"\b{word}\b", code)) == []


def make_targets(page: Path) -> set[str]:
    """What a page says to type: `make WORD` in code, inline or in a block of its own."""
    text = page.read_text()
    return set(re.findall(r"(?:`|^ {4}|^)(?:\w+=\w+ )?make ([a-z-]+)\b", text, re.MULTILINE))


@pytest.mark.parametrize("page", documents(), ids=name)
def test_make_targets_exist(page: Path) -> None:
    known = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert make_targets(page) <= known


def test_make_targets_are_found() -> None:
    assert make_targets(ROOT / "README.md") == {"demo", "test"}
    assert {"prove", "lock", "test-python"} <= make_targets(ROOT / "CONTRIBUTING.md")


def exists(path: str, page: Path) -> bool:
    """Whether a pattern matches a file; `json/utf8` are `json/utf8.c` and `json/utf8.h`."""
    patterns = (path.rstrip("/"), f"{path}.*")
    places = (*PLACES, page.parent)
    return any(list(place.glob(pattern)) for place in places for pattern in patterns)


@pytest.mark.parametrize("page", documents(), ids=name)
def test_paths_exist(page: Path) -> None:
    paths = set(PATH.findall(page.read_text()))
    named = [path for path in sorted(paths) if not path.startswith(NOT_IN_THE_TREE)]
    assert [path for path in named if not exists(path, page)] == []


def python_commands(page: Path) -> list[list[str]]:
    """The arguments of each `python -m ...` in code."""
    found = re.findall(r"python -m ([^\n`)]+)", page.read_text())
    return [shlex.split(command) for command in found]


@pytest.mark.parametrize("page", [page for page in documents() if python_commands(page)], ids=name)
def test_what_is_run_with_python_exists(page: Path) -> None:
    for module, *arguments in python_commands(page):
        assert find_spec(module), module
        options = {each for each in arguments if each.startswith("-")}
        assert module != "pytest" or options <= {"--accept"}
        paths = set(arguments) - options - {"FOLDER"}
        assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []
