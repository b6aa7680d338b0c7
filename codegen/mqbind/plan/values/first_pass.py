"""Which values the first pass of the profile `speed` reads by functions of its own."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.model.constraints import JsonType
from mqbind.model.discriminator import discriminator_of
from mqbind.model.json_types import ANY
from mqbind.model.types import (
    Array,
    Boolean,
    Choice,
    Integer,
    Named,
    NamedContainer,
    Nullable,
    Number,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
    Wire,
)
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import literals

_MEMBERS_MAX = 64
"""Each has a bit of `seen`."""


@dataclass(frozen=True, kw_only=True)
class FirstPassTypes:
    """Decides it from the model, for the files that define a type and for those that use it.

    Items of an array are read into memory that grows item by item, so they must not take other
    memory: only values of a fixed size are `flat`.
    """

    symbols: SymbolTable

    def has(self, key: str) -> bool:
        """True if a definition has a function for the first pass."""
        match definition := self.symbols.definitions[key]:
            case Struct():
                return self.has_struct(definition)
            case Union():
                return self.has_union(definition)
            case NamedContainer():
                return self.has_container(definition.type)
            case _:
                return False

    def has_struct(self, struct: Struct) -> bool:
        names = [member.json_name for member in struct.members]
        return (
            struct.others is None
            and 0 < len(names) <= _MEMBERS_MAX
            and not any(map(literals.needs_escape, names))
        )

    def has_union(self, union: Union) -> bool:
        """True if the JSON type, or a member, says which form a value has."""
        if union.constraint is not None or union.beside:
            return False
        types = [branch.type for branch in union.branches]
        return discriminator_of(self.symbols.definitions, types) is not None or self._differ(types)

    def _differ(self, types: list[Type]) -> bool:
        seen: set[JsonType] = set()
        for found in map(self.symbols.json_types.of, types):
            group = {_in_c(each) for each in found}
            if found == ANY or group & seen:
                return False
            seen |= group
        return True

    def has_container(self, kind: Type) -> bool:
        match kind:
            case Array(item=item, inline=inline):
                return not inline and self.is_flat(item)
            case Nullable():
                return True
            case _:
                return False

    def is_flat(self, kind: Type, within: frozenset[str] = frozenset()) -> bool:
        """True if a value takes no memory but that for its C type."""
        match kind:
            case Boolean() | Number() | Scalar():
                return True
            case Integer(wires=wires):
                return wires == (Wire.NUMBER,)
            case Text(inline=inline):
                return not inline
            case Nullable(type=inner):
                return self.is_flat(inner, within)
            case Named(key=key):
                return key not in within and self._is_flat_definition(key, within | {key})
            case _:
                return False

    def _is_flat_definition(self, key: str, within: frozenset[str]) -> bool:
        match definition := self.symbols.definitions[key]:
            case Choice():
                return True
            case Struct(members=members, constraint=constraint):
                return (
                    constraint is None
                    and self.has_struct(definition)
                    and all(self.is_flat(member.type, within) for member in members)
                )
            case _:
                return False


def _in_c(json_type: JsonType) -> JsonType:
    return JsonType.NUMBER if json_type is JsonType.INTEGER else json_type
