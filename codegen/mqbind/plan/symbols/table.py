"""The C symbols of a model: names, files, and visibility of functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TypeGuard

from mqbind.model.constraints import Constraint
from mqbind.model.json_types import JsonTypes
from mqbind.model.protocol import Message
from mqbind.model.types import (
    Choice,
    Constrained,
    Definition,
    Member,
    Named,
    NamedContainer,
    Struct,
    Type,
    Union,
    bare,
)
from mqbind.plan.symbols.reachability import Spot, member_path
from mqbind.plan.symbols.uses import Use, Uses


@dataclass(frozen=True, kw_only=True)
class Symbol:
    """A definition in C. `owner` is the key of the one message that uses it, or None."""

    stem: str
    c_name: str
    owner: str | None


@dataclass(frozen=True, kw_only=True)
class SymbolTable:
    """Everything reachable from the messages, with its names.

    `stems` are the names of messages, by key, and of spots, by path, without the prefix; `fields`
    those of members and forms, by path, and `constants` those of enum constants: by path too, the
    values of a choice and the forms of a union being numbered. `setters` are the functions that set
    optional members, by path. `identifiers` are all names of types and of other functions. `boxed`
    are the paths of spots whose value contains itself, so that they hold a pointer to it. `held`
    are the constants that need a C type nevertheless, such as items.
    """

    prefix: str
    definitions: Mapping[str, Definition]
    constraints: Mapping[str, Constraint]
    places: Mapping[str, Symbol]
    order: tuple[str, ...]
    roots: frozenset[str]
    message_stems: Mapping[str, str]
    stems: Mapping[str, str]
    fields: Mapping[str, str]
    constants: Mapping[str, str]
    setters: Mapping[str, str]
    identifiers: frozenset[str]
    boxed: frozenset[str]
    held: frozenset[str]
    uses: Uses

    def definition(self, key: str) -> Definition:
        return self.definitions[key]

    @cached_property
    def owned(self) -> Mapping[str | None, Sequence[str]]:
        """The definitions in order, by the message that owns them."""
        found: dict[str | None, list[str]] = {}
        for key in self.order:
            found.setdefault(self.places[key].owner, []).append(key)
        return found

    @cached_property
    def json_types(self) -> JsonTypes:
        return JsonTypes(self.definitions)

    def use(self, key: str) -> Use:
        """Where a definition is used first."""
        return self.uses.of_definitions[key]

    def spot_use(self, spot: Spot) -> Use:
        """Where a spot is in a payload."""
        return self.uses.of_spots[spot.path]

    def place(self, key: str) -> Symbol:
        return self.places[key]

    def stem(self, spot: Spot) -> str:
        """The stem of names for what is defined at a spot."""
        return self.stems[spot.path]

    def message_name(self, message: Message) -> str:
        """The C name of a message, and of its file."""
        return f"{self.prefix}_{self.message_stems[message.key]}"

    @cached_property
    def message_structs(self) -> frozenset[str]:
        """The C structs that have the name of a message: each is its payload."""
        return frozenset(f"struct {self.prefix}_{stem}" for stem in self.message_stems.values())

    def member_name(self, key: str, index: int) -> str:
        """The field of a member of a struct, or of a form of a union."""
        return self.fields[member_path(key, index)]

    def constant_name(self, key: str, index: int) -> str:
        """The C constant of a value of a choice, or of a form of a union."""
        return self.constants[member_path(key, index)]

    def is_exported(self, key: str) -> bool:
        """True if other files call the functions of a definition."""
        return self.places[key].owner is None or key in self.roots

    def init_name(self, key: str) -> str:
        """The function that sets the defaults of a struct or a union."""
        place = self.places[key]
        return f"{place.c_name}_init" if self.is_exported(key) else f"init_{place.stem}"

    def known_name(self, key: str) -> str:
        """The function that returns the members of a struct that have a field."""
        return f"known_{self.places[key].stem}"

    def has_functions(self, kind: Type) -> bool:
        """True for a definition that is read by address: a struct or a union."""
        return isinstance(kind, Named) and isinstance(self.definitions[kind.key], Struct | Union)

    def struct_at(self, spot: Spot) -> Struct | None:
        """The struct that is stored at a place, not pointed to."""
        if not isinstance(spot.type, Named) or spot.path in self.boxed:
            return None
        definition = self.definitions[spot.type.key]
        return definition if isinstance(definition, Struct) else None

    def resolved(self, kind: Type) -> Type:
        """The type without constraints and without the name of a container."""
        while True:
            named = self.definitions[kind.key] if isinstance(kind, Named) else None
            if isinstance(kind, Constrained):
                kind = kind.type
            elif isinstance(named, NamedContainer):
                kind = named.type
            else:
                return kind

    def constant(self, kind: Type) -> Choice | None:
        """A choice with a single value, which carries no information."""
        definition = self.definitions[kind.key] if isinstance(kind, Named) else None
        return definition if is_constant(definition) else None

    def default_constant(self, member: Member) -> str | None:
        """The C constant of an enumerated default."""
        kind = bare(member.type)
        assert isinstance(kind, Named)
        choice = self.definitions[kind.key]
        if not isinstance(choice, Choice) or member.default is None:
            return None
        for index, value in enumerate(choice.values):
            if any(same_scalar(member.default.value, spelling) for spelling in value.spellings):
                return self.constant_name(choice.key, index)
        return None


def is_constant(definition: Definition | None) -> TypeGuard[Choice]:
    """True for a choice with a single value."""
    return isinstance(definition, Choice) and len(definition.values) == 1


def same_scalar(left: object, right: object) -> bool:
    """Equal as JSON: true is not 1."""
    return isinstance(left, bool) == isinstance(right, bool) and left == right
