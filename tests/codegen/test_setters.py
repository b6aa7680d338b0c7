"""Each optional member has a setter, whose name nothing else has."""

from __future__ import annotations

import re

from mqbind.diagnostics import Location
from mqbind.model.types import Boolean, Member, Struct
from mqbind.plan.symbols.setters import name_setters
from tests.support.compiler import ROOT

HERE = Location(file="setters.yaml", line=1, column=1)


def struct(key: str, *optional: str) -> Struct:
    return Struct(
        key=key,
        name=None,
        hint=key,
        location=HERE,
        title=None,
        description=None,
        members=tuple(map(member, optional)),
        rules=(),
        never_together=(),
        closed=False,
        constraint=None,
    )


def member(name: str) -> Member:
    return Member(
        json_name=name,
        name=None,
        title=None,
        description=None,
        type=Boolean(),
        required=False,
        default=None,
        unit=None,
        deprecated=False,
        location=HERE,
    )


def test_names_are_distinct_and_not_taken() -> None:
    definitions = {"lamp": struct("lamp", "set_on", "init"), "lamp_set": struct("lamp_set", "on")}
    names = name_setters(
        definitions.items(),
        {"lamp": "p_lamp", "lamp_set": "p_lamp_set"},
        {"lamp 0": "set_on", "lamp 1": "init", "lamp_set 0": "on"},
        {"p_lamp_set_init"},
    )
    assert names == {
        "lamp 0": "p_lamp_set_set_on",
        "lamp 1": "p_lamp_set_init_2",
        "lamp_set 0": "p_lamp_set_set_on_2",
    }


def test_each_optional_member_of_the_protocols_has_a_setter() -> None:
    headers = [path.read_text() for path in (ROOT / "generated").rglob("*.h")]
    flags = [flag for text in headers for flag in _flags(text)]
    assert len(flags) > 30
    assert len(re.findall(r"    message->has\.\w+ = true;", "".join(headers))) == len(flags)


def _flags(header: str) -> list[str]:
    blocks = re.findall(r"    struct \{\n((?:        bool \w+ : 1;\n)+)    \} has;", header)
    return [flag for block in blocks for flag in re.findall(r"bool (\w+) : 1;", block)]
