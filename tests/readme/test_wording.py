"""Odd phrases stay out of what people read.

The list is short: each phrase has been there before, and rarely has a legitimate use.
"""

from __future__ import annotations

import io
import re
import tokenize
from pathlib import Path

import click
import pytest

from mqbind.cli import main
from tests.readme.pages import ROOT, documents, name

PHRASES = {
    r"told": "reported, passed, known",
    r"in silence": "silently",
    r"(?:is|are) no (?:JSON|call|id|UTF-8)": "is not ...",
    r"(?:is|are) none of": "is not one of",
    r"leads? nowhere": "does not resolve",
    r"a text(?! file)": "a string",
    r"(?<!JSON.)(?<!`)texts": "strings",
    r"whole number": "integer",
    r"keys of (?:ours|our own)": "extension keys",
    r"has the last word": "takes precedence",
    r"comes? round": "wraps around",
    r"Besides": "also",
    r"judge[ds]?": "compare, check, validate",
    r"dies? (?:when|with)": "is valid until",
    r"stands? (?:in|at|before|beside|behind|between|twice|above|below|there)": "is",
    r"[Ww]ho (?:asks|answers|calls)": "the requester, the responder, the caller",
    r"what (?:\w+ )?makes? of": "how ... handles",
    r"has no place here": "is not allowed here",
    r"draft-07 wants": "expected",
}
"""What not to write, as a regular expression for whole words, and what to write instead."""
BLANK = r"\s+(?:[#*/]+\s+)?"
"""Includes a line break, even within a comment."""
PATTERNS = (
    "Makefile",
    "runtime/CMakeLists.txt",
    "*/cmake/*",
    "CMakeLists.txt",
    "examples/**/*.[ch]",
    "examples/*.py",
    "schema/*.yaml",
    "tests/support/setup*.sh",
)
"""Files other than documents whose comments or messages users see."""
FILES = sorted({*documents(), *(file for pattern in PATTERNS for file in ROOT.glob(pattern))})
C_FILES = sorted(ROOT.glob("runtime/**/*.[ch]"))
PYTHON_FILES = sorted(ROOT.glob("codegen/mqbind/**/*.py"))


def odd_phrases(text: str) -> list[str]:
    found = []
    for phrase, better in PHRASES.items():
        for match in re.finditer(rf"\b{phrase}\b".replace(" ", BLANK), text):
            line = text.count("\n", 0, match.start()) + 1
            found.append(f"line {line}: {match[0]!r}; better: {better}")
    return found


def test_a_phrase_is_found_across_lines() -> None:
    assert odd_phrases(" * one\n * which keys of\n * ours") == [
        "line 2: 'keys of\\n * ours'; better: extension keys"
    ]


def comments_of_c(code: str) -> str:
    """Only the comments, on the same lines."""
    return re.sub(r"(/\*.*?\*/)|[^\n]", lambda match: match[1] or " ", code, flags=re.S)


def comments_of_python(code: str) -> str:
    """Only the comments and docstrings, on the same lines."""
    lines = [""] * (code.count("\n") + 1)
    for token in tokenize.generate_tokens(io.StringIO(code).readline):
        if token.type == tokenize.COMMENT or token.string.startswith('"""'):
            for number, line in enumerate(token.string.split("\n"), start=token.start[0] - 1):
                lines[number] += line
    return "\n".join(lines)


@pytest.mark.parametrize("file", FILES, ids=name)
def test_no_odd_phrase(file: Path) -> None:
    assert odd_phrases(file.read_text()) == []


@pytest.mark.parametrize("file", C_FILES, ids=name)
def test_no_odd_phrase_in_comments_of_c(file: Path) -> None:
    assert odd_phrases(comments_of_c(file.read_text())) == []


@pytest.mark.parametrize("file", PYTHON_FILES, ids=name)
def test_no_odd_phrase_in_comments_of_python(file: Path) -> None:
    assert odd_phrases(comments_of_python(file.read_text())) == []


@pytest.mark.parametrize("command", main.commands.values(), ids=lambda command: command.name)
def test_no_odd_phrase_in_help(command: click.Command) -> None:
    assert odd_phrases(command.get_help(click.Context(command))) == []
