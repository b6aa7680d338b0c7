"""The C of the runtime: includes go one way, and any of its files could be compiled as one."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from mqbind.tools.engines import ENGINES, runtime_sources
from tests.support.lint import ROOT

RUNTIME = ROOT / "runtime"
FILES = sorted(RUNTIME.rglob("*.[ch]"))
BASE = "."
"""The room of the files that every room may include: `compiler.h`, `scratch.h`."""

MAY_INCLUDE: Mapping[str, set[str]] = {
    BASE: set(),
    "json": {BASE},
    "payload/constraint": {BASE, "json"},
    "payload": {BASE, "json", "payload/constraint"},
    "payload/jsmn": {BASE, "json", "payload"},
    "payload/direct": {BASE, "json", "payload"},
    "client": {BASE, "json", "payload"},
    "transport": {"client"},
}
FLOORS = [BASE, "json", "payload/constraint", "payload", "client", "transport"]
"""No function calls one on a floor above its own, also not through a public header."""
ENGINE_ROOMS = [f"payload/{engine}/" for engine in ENGINES]
INTERFACE = "payload/engine"
"""The header whose functions each engine defines."""

INCLUDE = re.compile(r'^#include "(.+)\.h"$', re.MULTILINE)
PROTOTYPE = re.compile(r"^(?!static |typedef )\w[\w *]*?\b(mqb_\w+)\([^;{}]*\);", re.MULTILINE)
DEFINITION = re.compile(r"^(?!static )\w[\w *]*?\b(mqb_\w+)\([^;{}]*\)\n\{", re.MULTILINE)
PRIVATE = re.compile(
    r"""^(?:
        (?:MQB_\w+\ )*(?:static|MQB_INLINE)\ [^;={}()]*?(?P<function>\w+)\((?!\() |
        static\ [^;={}()]*?(?P<object>\w+)(?:\[\w*\])*\ (?:=|;) |
        (?:struct|union|enum)\ (?P<type>\w+)\ \{ |
        \#define\ (?P<macro>\w+)
    )""",
    re.MULTILINE | re.VERBOSE,
)
CONSTANT = re.compile(r"^enum \w*\s*\{(.*?)\}", re.MULTILINE | re.DOTALL)


def part(path: Path) -> str:
    """A source and its header are one part, called by its path without an extension."""
    return path.relative_to(RUNTIME).with_suffix("").as_posix()


def room(name: str) -> str:
    return Path(name).parent.as_posix()


def floor(name: str) -> int:
    """The engines are on the floor of the payloads that they read."""
    return FLOORS.index("payload" if name.startswith(tuple(ENGINE_ROOMS)) else room(name))


def code(path: Path) -> str:
    return re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)


def includes() -> dict[str, set[str]]:
    """The parts that each part includes, besides itself."""
    found: dict[str, set[str]] = defaultdict(set)
    for path in FILES:
        found[part(path)] |= set(INCLUDE.findall(path.read_text())) - {part(path)}
    return found


def cycle(edges: Mapping[str, set[str]]) -> list[str]:
    """Parts that include each other, the first one once more at the end; or nothing."""
    done: set[str] = set()

    def visit(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        found = next(filter(None, (visit(each, [*path, name]) for each in edges[name])), [])
        done.add(name)
        return found

    return next(filter(None, (visit(name, []) for name in sorted(edges))), [])


def test_every_include_names_a_header() -> None:
    assert {name for names in includes().values() for name in names} <= set(map(part, FILES))


def test_rooms_include_one_way() -> None:
    seen = set()
    for name, others in includes().items():
        seen.add(room(name))
        assert {room(other) for other in others} - {room(name)} <= MAY_INCLUDE[room(name)], name
    assert seen == set(MAY_INCLUDE)


def test_files_include_one_way() -> None:
    assert cycle(includes()) == []


@pytest.mark.parametrize("edges", [{"a": {"a"}}, {"a": {"b"}, "b": {"c"}, "c": {"b"}}])
def test_a_cycle_is_found(edges: Mapping[str, set[str]]) -> None:
    assert cycle(edges)


@pytest.mark.parametrize("engine", ENGINES)
def test_functions_call_one_way(engine: str) -> None:
    """No two parts need each other, not even through the interface of the engines."""
    sources = runtime_sources(engine, "loopback", "mosquitto")
    parts = {part(path): code(path) for path in sources}
    owners = {name: part for part, text in parts.items() for name in DEFINITION.findall(text)}
    assert len(owners) > 300
    calls = {
        name: {owners[used] for used in set(re.findall(r"\bmqb_\w+", text)) & owners.keys()}
        - {name}
        for name, text in parts.items()
    }
    assert cycle(calls) == []
    for name, others in calls.items():
        assert max(map(floor, others), default=0) <= floor(name), name


def test_functions_are_defined_where_their_header_says() -> None:
    defined: dict[str, set[str]] = defaultdict(set)
    for path in RUNTIME.rglob("*.c"):
        defined[part(path)] |= set(DEFINITION.findall(code(path)))
    declared = 0
    for path in RUNTIME.rglob("*.h"):
        functions = set(PROTOTYPE.findall(code(path)))
        declared += len(functions)
        if part(path) != INTERFACE:
            assert functions <= defined[part(path)], path
            continue
        for engine in ENGINES:
            mine = (names for name, names in defined.items() if room(name) == f"payload/{engine}")
            shared = {name for name in functions if f"_{engine}_" in name or "reader" in name}
            assert shared <= set().union(*mine), engine
    assert declared > 100


@pytest.mark.parametrize("engine", ENGINES)
def test_no_two_objects_have_one_name(engine: str) -> None:
    """Some build systems put all objects into one folder."""
    sources = runtime_sources(engine, "loopback", "mosquitto", "paho")
    assert len({source.name for source in sources}) == len(sources)


def private_names(path: Path) -> Iterator[str]:
    """What a source defines for itself: functions, objects, types, constants, macros."""
    text = code(path)
    for match in PRIVATE.finditer(text):
        name = match[match.lastgroup or 0]
        if not name.startswith("_"):  # What asks for POSIX, at the start of a file.
            yield name
    for body in CONSTANT.findall(text):
        yield from re.findall(r"^\s*(\w+)", body, re.MULTILINE)


def test_private_names_are_unique() -> None:
    """Over all files, of both engines: so the runtime also builds as a single file."""
    names = Counter(name for path in RUNTIME.rglob("*.c") for name in set(private_names(path)))
    assert len(names) > 500
    assert [name for name, count in names.items() if count > 1] == []
