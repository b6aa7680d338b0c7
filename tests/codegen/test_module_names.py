"""Files have names that a newcomer can guess."""

from __future__ import annotations

import re

import pytest

from tests.support.lint import ROOT

PRIVATE_WORDS = frozenset(
    """
    atlas chart circles expectations facts forms hot joints kinds limits manners print rare raw
    reach readings shapes site sized slots stem told trials
    """.split()
)
"""Words that say little of what is in a file, or mean something of their own in this project."""
SOURCES = (".c", ".h", ".j2", ".py")


@pytest.mark.parametrize("folder", ["codegen", "examples", "include", "runtime"])
def test_no_file_is_called_by_a_private_word(folder: str) -> None:
    files = [file for file in (ROOT / folder).rglob("*") if file.suffix in SOURCES]
    assert files
    for file in files:
        words = re.split("[_.]", file.name)
        assert PRIVATE_WORDS.isdisjoint(words), file.relative_to(ROOT)


def test_no_test_is_called_by_a_private_word_alone() -> None:
    """In the name of a test, such a word can have its everyday meaning."""
    files = [file for file in (ROOT / "tests").rglob("*") if file.suffix in SOURCES]
    assert files
    for file in files:
        if not {"cases", "node_modules"} & set(file.parts):
            assert file.stem.removeprefix("test_") not in PRIVATE_WORDS, file.relative_to(ROOT)
