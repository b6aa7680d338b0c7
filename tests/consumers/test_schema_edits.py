"""After every kind of edit of a schema, the build compiles what had to be compiled, and only that.

What has to be compiled follows from what the command generates before and after: a source that is
new or different, or that includes such a header.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.consumers.installation import MQBIND, Door, copy_door, run
from tests.support.scale import LONG

GENERATORS = ("Ninja", "Unix Makefiles", "Ninja Multi-Config")
SHARE = 1 if LONG else 3
"""Every third edit is tried with one of them; with MQBIND_LONG every edit with all."""

SEAL = """\
  seal:
    address: door/{id}/seal
    parameters: {id: {}}
    messages: {Seal: {payload: {$ref: sealing.yaml#/Seal}}}
"""
SEALING = "operations:\n  seal: {action: send, channel: {$ref: '#/channels/seal'}}\n"


@dataclass(frozen=True, kw_only=True)
class Edit:
    """What is edited, and whether any C differs then."""

    file: str
    old: str
    new: str
    differs: bool = True


EDITS = {
    "comment": Edit(file="door.yaml", old="info:", new="# Words.\ninfo:", differs=False),
    "layout": Edit(file="door.yaml", old="id: {}", new="id:   {}", differs=False),
    "bound": Edit(file="door.yaml", old="maximum: 60", new="maximum: 61"),
    "C type": Edit(file="door.yaml", old="maximum: 61", new="maximum: 6100"),
    "description": Edit(file="parts.yaml", old="What the door", new="What a door"),
    "member": Edit(
        file="parts.yaml", old="properties:", new="properties:\n    lit: {type: boolean}"
    ),
    "member's name": Edit(file="parts.yaml", old="lit: {", new="light: {"),
    "required": Edit(file="parts.yaml", old="[open]", new="[open, light]"),
    "address": Edit(file="door.yaml", old="address: door/{id}/state", new="address: d/{id}/state"),
    "parameter": Edit(file="door.yaml", old="id:   {}", new="id: {description: Its number.}"),
    "quality": Edit(
        file="door.yaml",
        old="operations:\n  unlock:\n",
        new="operations:\n  unlock:\n    bindings: {mqtt: {qos: 1}}\n",
    ),
    "version": Edit(file="door.yaml", old="version: 1.0.0", new="version: 1.0.1", differs=False),
    "title": Edit(file="door.yaml", old="title: Door", new="title: Gate"),
    "role": Edit(
        file="door.yaml", old="x-mqbind-peer-role: panel", new="x-mqbind-peer-role: button"
    ),
    "new file": Edit(file="sealing.yaml", old="", new="Seal: {type: integer}\n", differs=False),
    "new channel": Edit(
        file="door.yaml", old="operations:\n", new=SEAL + "operations:\n", differs=False
    ),
    "new message": Edit(file="door.yaml", old="operations:\n", new=SEALING),
    "in the new file": Edit(file="sealing.yaml", old="integer", new="boolean"),
    "no message": Edit(file="door.yaml", old=SEALING, new="operations:\n"),
    "prefix": Edit(file="door.yaml", old="x-mqbind-prefix: door", new="x-mqbind-prefix: gate"),
}


def generate(door: Door, folder: Path) -> dict[str, str]:
    """What the schema gives now, by the names of files."""
    shutil.rmtree(folder, ignore_errors=True)
    run(MQBIND, "generate", door.source / "door.yaml", "-o", folder)
    return {path.name: path.read_text() for path in folder.glob("*.[ch]")}


def includes(text: str, files: Mapping[str, str]) -> set[str]:
    """The generated headers that a source includes, and those that they include."""
    found: set[str] = set()
    left = [text]
    while left:
        names = set(re.findall(r'^#include "([^"]+)"', left.pop(), re.MULTILINE))
        left += [files[name] for name in (names & files.keys()) - found]
        found |= names & files.keys()
    return found


def to_compile(before: Mapping[str, str], after: Mapping[str, str]) -> set[str]:
    different = {name for name in after if before.get(name) != after[name]}
    sources = {name for name in after if name.endswith(".c")}
    return {
        name for name in sources if name in different or includes(after[name], after) & different
    }


def compiled(commands: str) -> set[str]:
    """The generated sources that a build compiled."""
    return set(re.findall(r" -o \S*?([^/\s]+\.c)\.o\b", commands)) - {"main.c"}


@pytest.mark.parametrize("generator", GENERATORS if LONG else GENERATORS[:1])
def test_after_every_edit(generator: str, tmp_path: Path, prefix: Path) -> None:
    door = copy_door(tmp_path)
    (door.source / "sealing.yaml").write_text("")
    door.edit("CMakeLists.txt", " VIEW own OPERATIONS unlock state", "")
    # The name of a side changes with the prefix: only the library is built.
    door.edit("CMakeLists.txt", "add_executable(door main.c)", "add_library(door INTERFACE)")
    door.edit("CMakeLists.txt", "door PRIVATE", "door INTERFACE")
    door.configure(f"-G{generator}", f"-DCMAKE_PREFIX_PATH={prefix}")
    before = generate(door, tmp_path / "files")
    assert compiled(door.make()) == to_compile({}, before)
    last = list(EDITS.values())[-1]
    for number, (name, edit) in enumerate(EDITS.items()):
        apply(door, edit)
        if number % SHARE and edit != last:
            continue
        after = generate(door, tmp_path / "files")
        assert after != before or not (LONG and edit.differs), name
        commands = door.make()
        assert compiled(commands) == to_compile(before, after), name
        assert built(door) == after, name
        before = after
    assert not compiled(door.make())


def apply(door: Door, edit: Edit) -> None:
    if edit.old:
        door.edit(edit.file, edit.old, edit.new)
    else:
        (door.source / edit.file).write_text(edit.new)


def built(door: Door) -> dict[str, str]:
    """The files that the build generated."""
    folder = door.build / "door_protocol.mqbind" / "generated"
    return {path.name: path.read_text() for path in folder.glob("*.[ch]")}
