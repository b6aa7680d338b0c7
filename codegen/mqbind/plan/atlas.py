"""Where each definition of a model lives in C: its type, its file, who may call its functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import assert_never

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import Array, Choice, Definition, Member, Named, Struct, Type, Union
from mqbind.plan import names


@dataclass(frozen=True, kw_only=True)
class Place:
    """A definition in C. `owner` is the key of the one message that uses it, or None."""

    local_name: str
    c_name: str
    owner: str | None


@dataclass(frozen=True, kw_only=True)
class Atlas:
    """All definitions that the messages reach, and their places."""

    prefix: str
    definitions: Mapping[str, Definition]
    places: Mapping[str, Place]
    order: tuple[str, ...]
    roots: frozenset[str]

    def definition(self, key: str) -> Definition:
        return self.definitions[key]

    def place(self, key: str) -> Place:
        return self.places[key]

    def is_exported(self, key: str) -> bool:
        """True if other files call the functions of a definition."""
        return self.places[key].owner is None or key in self.roots

    def init_name(self, key: str) -> str:
        """The function that sets the defaults of a struct or a union."""
        place = self.places[key]
        return f"{place.c_name}_init" if self.is_exported(key) else f"init_{place.local_name}"

    def has_functions(self, kind: Type) -> bool:
        """True for a definition that is filled by address: a struct or a union."""
        return isinstance(kind, Named) and not isinstance(self.definitions[kind.key], Choice)

    def is_constant(self, kind: Type) -> bool:
        """True for a choice of one, which carries no information."""
        return isinstance(kind, Named) and _is_constant(self.definitions[kind.key])

    def default_constant(self, member: Member) -> str | None:
        """The C constant of an enumerated default."""
        assert isinstance(member.type, Named)
        choice = self.definitions[member.type.key]
        if not isinstance(choice, Choice):
            return None
        for value in choice.values:
            if any(same_scalar(member.default, spelling) for spelling in value.spellings):
                return self.constant_name(choice, value.name or str(value.spellings[0]))
        return None

    def constant_name(self, choice: Choice, value_name: str) -> str:
        """ "FOLOTOY_RECORD_TYPE_CLICK"; a minus sign is spelled out."""
        words = f"minus {value_name[1:]}" if value_name[:1] == "-" else value_name
        tail = names.constant(f"x {words}")[2:]
        return f"{self.place(choice.key).c_name.upper()}_{tail}"


def same_scalar(left: object, right: object) -> bool:
    """Equal as JSON: true is not 1."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right


def _is_constant(definition: Definition) -> bool:
    return isinstance(definition, Choice) and len(definition.values) == 1


def chart(protocol: Protocol, messages: tuple[Message, ...], diagnostics: Diagnostics) -> Atlas:
    """Find what the messages reach, and name it."""
    users: dict[str, list[str]] = {}
    order: list[str] = []
    for message in messages:
        for key in _reach(protocol, message.payload, order, (), diagnostics):
            users.setdefault(key, []).append(message.key)
    namer = _Namer(protocol=protocol, scope=names.Scope("types", diagnostics))
    places = {key: namer.place(protocol.definitions[key], users[key]) for key in order}
    return Atlas(
        prefix=protocol.prefix,
        definitions=protocol.definitions,
        places=places,
        order=tuple(order),
        roots=frozenset(m.payload.key for m in messages if isinstance(m.payload, Named)),
    )


def _reach(
    protocol: Protocol,
    kind: Type,
    order: list[str],
    above: tuple[str, ...],
    diagnostics: Diagnostics,
) -> set[str]:
    """Keys that a type contains; `order` gets each before whatever contains it."""
    found: set[str] = set()
    for key in _direct(kind):
        definition = protocol.definitions[key]
        if key in above:
            diagnostics.error(
                definition.location,
                "this object contains itself",
                "break the circle with a member whose schema is {}: it is kept as raw JSON",
            )
            continue
        found.add(key)
        for child in children(definition):
            found |= _reach(protocol, child, order, (*above, key), diagnostics)
        if key not in order:
            order.append(key)
    return found


def _direct(kind: Type) -> Iterator[str]:
    match kind:
        case Named(key=key):
            yield key
        case Array(item=item):
            yield from _direct(item)
        case _:
            pass


def children(definition: Definition) -> Iterator[Type]:
    """The types that a definition is made of."""
    match definition:
        case Struct():
            yield from (member.type for member in definition.members)
        case Union():
            yield from (branch.type for branch in definition.branches)
        case Choice():
            pass
        case _:
            assert_never(definition)


@dataclass
class _Namer:
    protocol: Protocol
    scope: names.Scope
    _given: dict[str, str] = field(default_factory=dict)

    def place(self, definition: Definition, users: list[str]) -> Place:
        local = names.snake(definition.name or definition.hint)
        c_name = f"{self.protocol.prefix}_{local}"
        if not _is_constant(definition):
            self.scope.claim(c_name, definition.name or definition.hint, definition.location)
        owner = users[0] if len(set(users)) == 1 else None
        return Place(local_name=local, c_name=c_name, owner=owner)
