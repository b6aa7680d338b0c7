"""The names of everything that the messages of a protocol reach."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import assert_never

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import (
    Array,
    Boolean,
    Branch,
    Bytes,
    Choice,
    Definition,
    Json,
    Map,
    Named,
    NamedContainer,
    Null,
    Scalar,
    Struct,
    Text,
    Union,
    bare,
)
from mqbind.plan.symbols import identifiers
from mqbind.plan.symbols.identifiers import Settling, Wish
from mqbind.plan.symbols.reachability import Spot, member_path, payload_spot, spots
from mqbind.plan.symbols.setters import name_setters
from mqbind.plan.symbols.table import is_constant

_STATIC = ("read_{}", "write_{}", "init_{}", "fast_{}")
_BOXED = ("read_{}_pointer", "write_{}_pointer")
_STRUCT = ("init", "read", "write", "fast")
_MESSAGE = (*_STRUCT, "decode", "validate", "encode")
_KNOWN = ("known_{}",)
"""The function that returns the members that have a field."""
_BESIDE = ("beside_{}",)
"""The function that returns the members that only some forms name."""
_OTHERS = "others"
_SPOT = ("read", "write", "fast", "entry", "set")
_CONTAINER: Mapping[type, Sequence[str]] = {
    Array: ("read", "write", "fast"),
    Map: ("read", "write", "entry"),
    Text: ("read", "write", "set"),
}
_SIDE = ("bind", "unbind", "handlers")
_SIDE_MESSAGE = ("send", "call", "on")
_MACROS = ("H", "MAX_BYTES", "SCRATCH_BYTES")


@dataclass
class Namer:
    """Names messages first, then definitions, then their contents.

    `order` are the reachable definitions, `held` the constants that have a C type.
    """

    protocol: Protocol
    messages: tuple[Message, ...]
    order: tuple[str, ...]
    held: frozenset[str]
    diagnostics: Diagnostics
    message_stems: Mapping[str, str] = field(init=False)
    definition_stems: Mapping[str, str] = field(init=False)
    fields: Mapping[str, str] = field(init=False)
    spot_stems: Mapping[str, str] = field(init=False)
    constants: Mapping[str, str] = field(init=False)
    setters: Mapping[str, str] = field(init=False)
    identifiers: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        self._prefix = self.protocol.prefix
        self._settling = Settling(
            "types and functions",
            self.diagnostics,
            dict.fromkeys(self._reserved(), "a reserved name"),
        )
        self.message_stems, self.definition_stems = self._top_stems()
        self.fields = self._fields()
        self.spot_stems = self._spot_stems()
        self.constants = self._constants()
        c_names = {key: f"{self._prefix}_{stem}" for key, stem in self.definition_stems.items()}
        self.setters = name_setters(self._definitions(), c_names, self.fields, self._settling.taken)
        self.identifiers = frozenset(self._settling.taken) - frozenset(self._reserved())

    def _definitions(self) -> Iterator[tuple[str, Definition]]:
        return ((key, self.protocol.definitions[key]) for key in self.order)

    # ---- What other files have ----

    def _roles(self) -> Iterator[str]:
        yield self.protocol.role
        for operation in self.protocol.operations:
            yield operation.sender
            yield operation.receiver

    def _reserved(self) -> Iterator[str]:
        """Names in the shared files, in those of the sides, and on platforms."""
        yield from identifiers.reserved()
        yield from (f"{self._prefix}_{ending}" for ending in ("types", "topics"))
        messages = [identifiers.snake(message.name) for message in self.messages]
        for role in dict.fromkeys(self._roles()):
            side = f"{self._prefix}_{identifiers.snake(role)}"
            yield side
            yield from (f"{side}_{ending}" for ending in _SIDE)
            yield from (f"{side}_{verb}_{name}" for verb in _SIDE_MESSAGE for name in messages)

    # ---- Messages and definitions ----

    def _top_stems(self) -> tuple[Mapping[str, str], Mapping[str, str]]:
        """Names by key. A message and the definition of its payload may have the same name."""
        same: dict[str, str] = {}
        wishes = []
        for message in self.messages:
            wish = self._message_wish(message)
            payload = message.payload
            if isinstance(payload, Named) and payload.key not in same:
                inner = self._definition_wish(payload.key)
                if inner.name == wish.name:
                    same[payload.key] = wish.owner
                    wish = wish.joined(inner)
            wishes.append(wish)
        wishes += [self._definition_wish(key) for key in self.order if key not in same]
        settled = self._settling.settle(wishes)
        return (
            {message.key: settled[payload_spot(message).path] for message in self.messages},
            {key: settled[same.get(key, key)] for key in self.order},
        )

    def _message_wish(self, message: Message) -> Wish:
        return Wish(
            owner=payload_spot(message).path,
            words=message.name,
            name=identifiers.short(identifiers.snake(message.name)),
            location=message.location,
            given=message.given,
            forms=self._forms(_MESSAGE),
        )

    def _definition_wish(self, key: str) -> Wish:
        definition = self.protocol.definitions[key]
        words = definition.name or definition.hint
        return Wish(
            owner=key,
            words=words,
            name=identifiers.short(identifiers.snake(words)),
            location=definition.location,
            given=definition.name is not None,
            forms=self._definition_forms(definition),
        )

    def _definition_forms(self, definition: Definition) -> tuple[str, ...]:
        match definition:
            case Struct():
                return (*self._forms(_STRUCT), *_BOXED, *_KNOWN)
            case Union(beside=beside):
                forms = self._forms((*_STRUCT, "kind"))
                return (*forms, *_BOXED, *(_BESIDE if beside else ()))
            case Choice(key=key) if is_constant(definition) and key not in self.held:
                return _STATIC
            case Choice():
                return (f"{self._prefix}_{{}}", *_STATIC)
            case NamedContainer(type=its):
                return (*self._forms(_CONTAINER[type(bare(its))]), *_BOXED)
            case _:
                assert_never(definition)

    def _forms(self, endings: Sequence[str]) -> tuple[str, ...]:
        c_name = f"{self._prefix}_{{}}"
        return (c_name, *(f"{c_name}_{ending}" for ending in endings), *_STATIC)

    # ---- Inside them ----

    def _fields(self) -> Mapping[str, str]:
        """Names by the path of a member of a struct, or of a form of a union."""
        found: dict[str, str] = {}
        for key, definition in self._definitions():
            settling = Settling(
                f"members of {identifiers.snake(definition.hint)}", self.diagnostics
            )
            match definition:
                case Struct():
                    found.update(settling.settle(_member_wishes(definition)))
                case Union(branches=branches):
                    found.update(settling.settle(_branch_wishes(key, branches)))
                case Choice() | NamedContainer():
                    pass
                case _:
                    assert_never(definition)
        return found

    def _spot_stems(self) -> Mapping[str, str]:
        """Names by path, for what is defined for a payload, a member, a form or an item."""
        found: dict[str, str] = {}
        wishes: dict[str, Wish] = {}
        for message in self.messages:
            top = payload_spot(message)
            found[top.path] = self.message_stems[message.key]
            self._wish_inside(top, found[top.path], message.location, wishes)
        for key, definition in self._definitions():
            stem = self.definition_stems[key]
            for top in spots(definition):
                if isinstance(definition, NamedContainer):
                    found[top.path] = stem
                else:
                    stem = f"{self.definition_stems[key]}_{self.fields[top.path].strip('_')}"
                self._wish_inside(top, stem, definition.location, wishes)
        for path in found:
            del wishes[path]
        return {**found, **self._settling.settle(list(wishes.values()))}

    def _wish_inside(
        self, top: Spot, stem: str, location: Location, wishes: dict[str, Wish]
    ) -> None:
        for spot in top.all():
            name = identifiers.short(stem + spot.path.removeprefix(top.path).replace("/", "_"))
            wish = Wish(
                owner=spot.path,
                words=name,
                name=name,
                location=location,
                forms=self._forms(_SPOT) if _defines(spot) else (),
            )
            wishes.setdefault(spot.path, wish)

    # ---- Constants ----

    def _constants(self) -> Mapping[str, str]:
        """Names by path, for the values of choices and the forms of unions, in one namespace."""
        files = [*self.message_stems.values(), "types", *map(identifiers.snake, self._roles())]
        macros = {
            f"{self._prefix}_{file}_{macro}".upper(): "a macro"
            for file in files
            for macro in _MACROS
        }
        taken = dict.fromkeys(identifiers.reserved(), "a macro of a platform") | macros
        settling = Settling("enum constants", self.diagnostics, taken)
        return settling.settle(
            [wish for each in self._definitions() for wish in self._kinds(*each)]
        )

    def _kinds(self, key: str, definition: Definition) -> Iterator[Wish]:
        for index, words in enumerate(self._constant_words(key, definition)):
            stem = f"{self._prefix}_{self.definition_stems[key]}".upper()
            yield Wish(
                owner=member_path(key, index),
                words=words,
                name=f"{stem}_{identifiers.short(identifiers.constant(words))}",
                location=definition.location,
            )

    def _constant_words(self, key: str, definition: Definition) -> list[str]:
        match definition:
            case Choice(values=values):
                return [value.name or str(value.spellings[0]) for value in values]
            case Union(branches=branches):
                return [self.fields[member_path(key, index)] for index in range(len(branches))]
            case Struct() | NamedContainer():
                return []
            case _:
                assert_never(definition)


def _member_wishes(struct: Struct) -> list[Wish]:
    """Those of the members, and of the map beside them."""
    wishes = [
        Wish(
            owner=member_path(struct.key, index),
            words=member.json_name,
            name=identifiers.short(identifiers.member(member.name or member.json_name)),
            location=member.location,
            given=member.name is not None,
        )
        for index, member in enumerate(struct.members)
    ]
    if struct.others:
        owner = member_path(struct.key, len(wishes))
        wishes.append(Wish(owner=owner, words=_OTHERS, name=_OTHERS, location=struct.location))
    return wishes


def _branch_wishes(key: str, branches: Sequence[Branch]) -> list[Wish]:
    return [
        Wish(
            owner=member_path(key, index),
            words=branch.hint,
            name=identifiers.short(identifiers.identifier(branch.hint)),
            location=branch.location,
        )
        for index, branch in enumerate(branches)
    ]


def _defines(spot: Spot) -> bool:
    """True if C may need a type or functions for the value there."""
    return not isinstance(spot.type, Boolean | Bytes | Json | Named | Null | Scalar)
