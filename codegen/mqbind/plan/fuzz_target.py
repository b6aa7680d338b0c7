"""The plan of a fuzz target: the shape of each message, and the initial examples."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from mqbind.model.protocol import Protocol
from mqbind.model.types import (
    Array,
    Choice,
    Constrained,
    Definition,
    Integer,
    Json,
    Map,
    Member,
    Named,
    NamedContainer,
    Nullable,
    Number,
    Struct,
    Type,
    Union,
    bare,
)
from mqbind.plan.nodes.files import Plan
from mqbind.plan.nodes.fuzz import FuzzMessage, FuzzPart, FuzzSeed, FuzzShape, FuzzTarget
from mqbind.plan.text import comments
from mqbind.plan.text.literals import size, string

_Parts = Sequence[tuple[str, int]]
"""The text and the shape of each."""

_WORD_MAX = 200
"""Bytes of the longest name or spelling that mutations insert."""


class NothingToFuzz(Exception):
    """All messages are bytes."""


def plan_fuzz(protocol: Protocol, plan: Plan) -> FuzzTarget:
    """The target for the messages of a plan; `protocol` is what was planned. Raises
    NothingToFuzz."""
    shapes = _Shapes(protocol)
    messages = [message for message in plan.messages if message.is_typed]
    if not messages:
        raise NothingToFuzz(f"{protocol.source} has no message to fuzz: all are bytes")
    places = [shapes.place(protocol.messages[message.key].payload) for message in messages]
    seeds = [
        _seed(number, comments.payload_text(protocol.messages[message.key], example.value))
        for number, message in enumerate(messages)
        for example in protocol.messages[message.key].examples
    ]
    file = f"{plan.prefix}_fuzz.c - the messages, for mqbind_fuzz_driver.c"
    return FuzzTarget(
        heading=(file, "", *plan.banner),
        includes=tuple(f"{message.file_stem}.h" for message in messages),
        messages=tuple(
            FuzzMessage(
                c_name=message.c_name,
                c_type=message.c_type,
                macro=message.macro,
                literal=string(protocol.messages[message.key].name),
                shape=place,
                text_types=message.text_types,
            )
            for message, place in zip(messages, places, strict=True)
        ),
        shapes=tuple(shapes.found),
        seeds=tuple(seeds),
        words=tuple(string(word) for word in shapes.words if size(word) <= _WORD_MAX),
    )


def _seed(message: int, text: str) -> FuzzSeed:
    return FuzzSeed(message=message, literal=string(text))


@dataclass
class _Shapes:
    """Shapes by their places; each definition has one, so that it may be recursive."""

    protocol: Protocol

    def __post_init__(self) -> None:
        self.found: list[FuzzShape] = []
        self.words: dict[str, None] = {}
        self._places: dict[Type, int] = {}

    def place(self, kind: Type) -> int:
        """Where the shape of a type is."""
        while isinstance(kind, Constrained):
            kind = kind.type
        if kind not in self._places:
            self._places[kind] = place = len(self.found)
            self.found.append(_shape(place, "EXACT"))
            self.found[place] = self._of_type(place, kind)
        return self._places[kind]

    def _of_type(self, place: int, kind: Type) -> FuzzShape:
        match kind:
            case Named():
                return self._of_definition(place, self.protocol.definitions[kind.key])
            case Integer():
                return _shape(place, "INTEGER")
            case Number():
                return _shape(place, "DOUBLE")
            case Map():
                return _shape(place, "MAP", [("", self.place(kind.value))])
            case Array():
                return _shape(place, "LIST", [("", self.place(kind.item))])
            case Nullable():
                return _shape(place, "NULLABLE", [("", self.place(kind.type))])
            case _:
                return _shape(place, "EXACT")

    def _of_definition(self, place: int, definition: Definition) -> FuzzShape:
        match definition:
            case Struct():
                return self._of_struct(place, definition)
            case Choice():
                spellings = [
                    (json.dumps(spelling, ensure_ascii=False), number)
                    for number, value in enumerate(definition.values)
                    for spelling in value.spellings
                ]
                self.words.update(dict.fromkeys(text for text, _ in spellings))
                return _shape(place, "CHOICE", spellings)
            case Union():
                return self._of_union(place, definition)
            case NamedContainer(type=its):
                return self._of_type(place, bare(its))

    def _of_struct(self, place: int, struct: Struct, beside: tuple[str, ...] = ()) -> FuzzShape:
        members = [(m.json_name, self._of_member(m)) for m in struct.members]
        members += [(name, self.place(Json())) for name in beside]
        names = [json.dumps(name, ensure_ascii=False) for name, _ in members]
        self.words.update(dict.fromkeys(names))
        # A member is spelled as in a string of JSON, without the quotes.
        spelled = [(name[1:-1], at) for name, (_, at) in zip(names, members, strict=True)]
        return self._beside(place, struct, spelled)

    def _of_union(self, place: int, union: Union, names: tuple[str, ...] = ()) -> FuzzShape:
        """`names` are members beside all of its forms."""
        forms = [
            self._form(each.type, (*union.kept_beside(each), *names)) for each in union.branches
        ]
        return _shape(place, "UNION", [("", form) for form in forms])

    def _form(self, kind: Type, names: tuple[str, ...]) -> int:
        """A form, with members that only other forms name."""
        its = bare(kind)
        if not names or not isinstance(its, Named):
            return self.place(kind)
        definition = self.protocol.definitions[its.key]
        place = len(self.found)
        self.found.append(_shape(place, "EXACT"))
        if isinstance(definition, Struct):
            self.found[place] = self._of_struct(place, definition, names)
        elif isinstance(definition, Union):
            self.found[place] = self._of_union(place, definition, names)
        if not isinstance(kind, Nullable):
            return place
        self.found.append(_shape(len(self.found), "NULLABLE", [("", place)]))
        return len(self.found) - 1

    def _of_member(self, member: Member) -> int:
        """A loose member is sent like its field, or as it was."""
        its = self.place(member.type)
        if not member.loose:
            return its
        forms = [("", its), ("", self.place(Json()))]
        place = len(self.found)
        self.found.append(_shape(place, "UNION", forms))
        return place

    def _beside(self, place: int, struct: Struct, members: _Parts) -> FuzzShape:
        """A struct, perhaps with a map beside its members."""
        others = struct.others
        if others is None or not others.unknown:
            return _shape(place, "STRUCT", members)
        kind = "SOME_BESIDE" if others.pattern else "BESIDE"
        return _shape(place, kind, [*members, ("", self.place(others.type.value))])


def _shape(place: int, kind: str, parts: _Parts = ()) -> FuzzShape:
    return FuzzShape(
        kind=kind,
        parts_name=f"parts_{place}" if parts else "NULL",
        parts=tuple(FuzzPart(literal=string(text), shape=shape) for text, shape in parts),
    )
