"""Odd phrases stay out of what people read.

The list is short: each phrase has been there before, and rarely has a legitimate use.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Mapping
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

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
MESSAGE_PHRASES = PHRASES | {
    r"leads? back to": "circular",
    r"inside itself": "recursive",
    r"(?:is|are) not compiled": "is not supported",
    r"(?:is|are) no (?:AsyncAPI|file|JSONPath|member|message|pattern|place|text)": "is not a",
    r"exchange or correct": "swap or fix",
    r"apart": "distinguish, separate",
    r"nothing tells": "cannot distinguish",
    r"speaks? MQTT": "no MQTT server defined",
    r"(?:can|must) ?not (?:hold|stand)": "must not contain, is not allowed",
    r"belongs? into": "belongs in",
    r"differ by case alone": "differ only in case",
    r"beside": "next to",
    r"not be there": "be absent",
}
"""For diagnostics and other messages."""
BLANK = r"\s+(?:[#*/]+\s+)?"
"""Includes a line break, even within a comment."""
PATTERNS = (
    "Makefile",
    "runtime/CMakeLists.txt",
    "*/cmake/*.*",
    "*/cmake/*/*.cmake",
    "CMakeLists.txt",
    "examples/**/*.[ch]",
    "examples/*.py",
    "schema/*.json",
    "schema/*.yaml",
    "tests/support/setup*.sh",
)
"""Files other than documents whose comments or messages users see."""
FILES = sorted({*documents(), *(file for pattern in PATTERNS for file in ROOT.glob(pattern))})
C_FILES = sorted([*ROOT.glob("include/**/*.h"), *ROOT.glob("runtime/**/*.[ch]")])
PYTHON_FILES = sorted(ROOT.glob("codegen/mqbind/**/*.py"))


def odd_phrases(text: str, phrases: Mapping[str, str] = PHRASES) -> list[str]:
    found = []
    for phrase, better in phrases.items():
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


def messages_of_python(code: str) -> str:
    """The strings of more than one word, without docstrings, each on the line where it starts.
    What is filled in stands as `x`."""
    tree = ast.parse(code)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    lines = [""] * (code.count("\n") + 1)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in docstrings:
            lines[node.lineno - 1] += _message(node)
    return "\n".join(lines)


def _message(node: ast.Constant | ast.JoinedStr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    values = [part.value if isinstance(part, ast.Constant) else "`x`" for part in parts]
    text = "".join(value for value in values if isinstance(value, str))
    is_c = text.startswith(".")  # a designated initializer
    return " ".join(["", *text.split(), ""]) if " " in text and not is_c else ""


def strings_of_c(code: str) -> str:
    """Only the string literals, on the same lines."""
    found = r'("(?:[^"\\\n]|\\.)*")|/\*.*?\*/|.'
    return re.sub(found, lambda match: match[1] or "\n" * match[0].count("\n"), code, flags=re.S)


def test_messages_are_found() -> None:
    code = """def f(x):\n    "told you"\n    g(f"{x} told "\n      "you", "told")\n"""
    assert messages_of_python(code).split("\n")[2].startswith(" `x` told you ")
    assert "told" not in "".join(messages_of_python(code).split("\n")[:2])
    assert strings_of_c('/* "a\n b" */ f("c \\" d"); // e\n') == '\n"c \\" d"\n'


@pytest.mark.parametrize("file", PYTHON_FILES, ids=name)
def test_no_odd_phrase_in_messages(file: Path) -> None:
    assert odd_phrases(messages_of_python(file.read_text()), MESSAGE_PHRASES) == []


@pytest.mark.parametrize("file", C_FILES, ids=name)
def test_no_odd_phrase_in_strings_of_c(file: Path) -> None:
    assert odd_phrases(strings_of_c(file.read_text()), MESSAGE_PHRASES) == []


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
    help_text = CliRunner().invoke(main, [str(command.name), "--help"]).output
    assert help_text.startswith("Usage: ")
    assert odd_phrases(help_text) == []
