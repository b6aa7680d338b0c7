"""tests/README.md names every folder of tests/ and every target of the Makefile that runs tests."""

from __future__ import annotations

import re
import subprocess

from tests.readme.pages import ROOT

README = (ROOT / "tests" / "README.md").read_text()
MAINTENANCE = {"format", "lock"}
"""Targets that run a module of tests/support, but no test."""


def first_cells(heading: str) -> list[str]:
    """The first cell of each row of the table in a section."""
    section = re.split(r"^## ", README, flags=re.MULTILINE)
    [text] = [part for part in section if part.startswith(f"{heading}\n")]
    _, *rows = re.findall(r"^\| ([^|]+) \|", text, re.MULTILINE)
    return rows


def test_each_folder_has_a_row() -> None:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "tests/*/*"]
    files = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    folders = {file.split("/")[1] for file in files.splitlines() if (ROOT / file).exists()}
    assert first_cells("What is where") == [f"`{folder}/`" for folder in sorted(folders)]


def test_each_target_that_runs_tests_has_a_row() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    recipe = r"^([a-z-]+):[^\n]*\n(?:\t[^\n]*\n)*?\t[^\n]*-m tests\."
    testing = set(re.findall(recipe, makefile, re.MULTILINE)) - MAINTENANCE
    named = re.findall(r"`make ([a-z-]+)`", "\n".join(first_cells("What runs when")))
    assert len(set(named)) == len(named)
    assert testing <= set(named) <= targets
