"""SECURITY.md: its limits are those of the headers and of the compiler, and none is left out."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from mqbind.tools.engines import runtime_headers

ROOT = Path(__file__).parents[2]
HEADERS = runtime_headers()
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| `([^`|]+)`([^|]*) \|$", re.M)
UNITS = {"MB": 1 << 20}


def rows() -> dict[str, str]:
    """What the tables say, by the name in their last column."""
    text = (ROOT / "SECURITY.md").read_text()
    return {name: value for _, value, name, _ in ROW.findall(text)}


def number(value: str) -> int:
    """A number with or without a unit."""
    digits, _, unit = value.partition(" ")
    return int(digits) * UNITS.get(unit, 1)


def definition(name: str) -> int:
    """The first value that the headers give a macro."""
    for header in HEADERS:
        found = re.search(rf"^#define {name} (\d+)$", header.read_text(), re.M)
        if found:
            return int(found[1])
    raise AssertionError(f"no header defines {name} as a number")


def constant(name: str) -> object:
    """A constant of the compiler: `load/document/allowed_folders.py: BYTES_MAX`."""
    file, word = name.split(".py: ")
    return getattr(importlib.import_module(f"mqbind.{file.replace('/', '.')}"), word)


def setting(name: str) -> int:
    """The default in brackets above a field of the settings of a queue."""
    text = (ROOT / "include" / "mqbind" / "queue.h").read_text()
    found = re.search(rf"\[(\d+)\] \*/\n    \w+ {name};", text)
    assert found, name
    return int(found[1])


@pytest.mark.parametrize("name", [name for name in rows() if name.startswith("MQB_")])
def test_limits_of_the_runtime(name: str) -> None:
    assert number(rows()[name]) == definition(name)


@pytest.mark.parametrize("name", [name for name in rows() if ".py: " in name])
def test_limits_of_the_compiler(name: str) -> None:
    assert number(rows()[name]) == constant(name)


def test_limits_that_are_fields() -> None:
    found = rows()
    assert number(found["in_flight_bytes"]) == setting("in_flight_bytes")
    header = (ROOT / "include" / "mqbind" / "mqbind.h").read_text()
    for name in ("max_payload_bytes", "scratch_bytes", "call_count"):
        assert name in found
        assert re.search(rf"\bsize_t {name};", header)
    assert "0 means no limit. */\n    size_t max_payload_bytes;" in header


def test_no_limit_is_left_out() -> None:
    """What may be set when the library is built is a limit."""
    text = "".join(header.read_text() for header in HEADERS)
    limits = set(
        re.findall(
            r"^#ifndef (MQB_\w+)\n(?:/\*\*(?:(?!\*/).)*\*/\n)?#define \1 \d+$", text, re.M | re.S
        )
    )
    assert len(limits) > 6
    assert limits <= set(rows())


@pytest.mark.parametrize("file", ["README.md", "CONTRIBUTING.md"])
def test_it_is_found(file: str) -> None:
    assert "](SECURITY.md)" in (ROOT / file).read_text()
