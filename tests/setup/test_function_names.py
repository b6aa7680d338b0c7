"""The functions of the headers are named after what they work on: mqb_<object>_<verb>."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = sorted((ROOT / "include" / "mqbind").glob("*.h"))
INTERNAL = sorted((ROOT / "include" / "mqbind" / "detail").glob("*.h"))
COMMENT = re.compile(r"/\*.*?\*/|^ *#.*?(?<!\\)$", re.DOTALL | re.MULTILINE)
FUNCTION = re.compile(r"^[a-zA-Z][\w *\n]*?\b(\w+)\([^;{}]*\)\s*[;{]", re.MULTILINE)
TYPE = re.compile(r"\b(?:struct|enum) mqb_(\w+) \{")

WITHOUT_TYPE = {"payload", "version"}
"""What public functions work on that is not a type: the bytes of a message, the library."""
INTERNAL_OBJECTS = {
    "reader",
    "direct",  # the reader's second engine
    "fast",  # its first pass
    "writer",
    "match",
    "topic",
    "inbound",
    "outbound",
    "call",
    "number",
    "utf8",
    "pattern",
    "scratch",
    "memory",
    "flag",
    "byte",
    "bytes",
    "word",  # of eight bytes
    "assert",
}
"""The reader, the writer, topics, the message at hand, and plain values."""


def code(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


def functions(path: Path) -> list[str]:
    return FUNCTION.findall(code(path))


def types() -> set[str]:
    return {name for path in PUBLIC for name in TYPE.findall(code(path))} | WITHOUT_TYPE


def names_an_object(function: str, objects: set[str]) -> bool:
    return any(f"{function}_".startswith(f"mqb_{each}_") for each in objects)


def test_functions_are_found() -> None:
    found = [name for path in [*PUBLIC, *INTERNAL] for name in functions(path)]
    assert {"mqb_client_receive", "mqb_client_init", "mqb_reader_int", "mqb_version"} <= set(found)
    assert len(found) > 150


@pytest.mark.parametrize("header", PUBLIC, ids=lambda path: path.name)
def test_public_functions_start_with_their_type(header: Path) -> None:
    assert [name for name in functions(header) if not names_an_object(name, types())] == []


@pytest.mark.parametrize("header", INTERNAL, ids=lambda path: path.name)
def test_internal_functions_say_where_they_belong(header: Path) -> None:
    assert [name for name in functions(header) if not names_an_object(name, INTERNAL_OBJECTS)] == []


@pytest.mark.parametrize("function", ["mqb_receive", "mqb_bind", "mqb_skip", "receive"])
def test_a_verb_alone_is_not_a_name(function: str) -> None:
    assert not names_an_object(function, types() | INTERNAL_OBJECTS)
