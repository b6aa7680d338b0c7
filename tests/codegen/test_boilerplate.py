"""What a message needs besides its own reading and writing stays small: decode, validate and encode
are shared functions of the runtime, and a message only has typed functions that call them."""

from __future__ import annotations

import re
from pathlib import Path

GENERATED = Path(__file__).parents[2] / "generated"
MOST_LINES = 300
"""Of the five protocols."""

_BODY = re.compile(
    r"^(?!/)[^\n]* (\w+)_(decode|validate|encode)\((?:[^{};]*)\)\n\{\n(.*?)^\}$",
    re.MULTILINE | re.DOTALL,
)


def bodies() -> list[tuple[str, str, str]]:
    """Message, verb and what is between the braces, of each such function that is generated."""
    files = sorted(path for path in GENERATED.rglob("*") if path.suffix in (".c", ".h"))
    return [found for path in files for found in _BODY.findall(path.read_text())]


def test_each_message_has_the_three_functions() -> None:
    names = {(message, verb) for message, verb, _ in bodies()}
    declared = {
        (path.stem, verb)
        for path in GENERATED.rglob("*.h")
        for verb in ("decode", "validate", "encode")
        if f" {path.stem}_{verb}(" in path.read_text()
    }
    assert names == declared
    assert len(names) >= 3 * 40


def test_their_bodies_are_few_lines() -> None:
    assert sum(body.count("\n") for _, _, body in bodies()) <= MOST_LINES


def test_they_are_not_macros() -> None:
    assert not [
        path
        for path in GENERATED.rglob("*.h")
        if re.search(r"#define \w+_(decode|validate|encode)\b", path.read_text())
    ]
