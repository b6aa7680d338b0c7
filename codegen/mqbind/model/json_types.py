"""The JSON types that the values of a type have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

from mqbind.model.constraints import JsonType
from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Constrained,
    Definition,
    Integer,
    Json,
    Map,
    Named,
    NamedContainer,
    Null,
    Nullable,
    Number,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
    Wire,
)

ANY = tuple(JsonType)

_WIRES = {Wire.NUMBER: JsonType.INTEGER, Wire.STRING: JsonType.STRING}
_PLAIN: Mapping[type, tuple[JsonType, ...]] = {
    Boolean: (JsonType.BOOLEAN,),
    Number: (JsonType.NUMBER,),
    Text: (JsonType.STRING,),
    Scalar: (JsonType.INTEGER, JsonType.STRING),
    Map: (JsonType.OBJECT,),
    Array: (JsonType.ARRAY,),
    Null: (JsonType.NULL,),
    Json: ANY,
    Bytes: (),
}


class JsonTypes:
    """Finds them, for each definition once: each type once, in the order of the forms."""

    def __init__(self, definitions: Mapping[str, Definition]) -> None:
        self._definitions = definitions
        self._found: dict[str, tuple[JsonType, ...]] = {}

    def of(self, kind: Type) -> tuple[JsonType, ...]:
        """All of them for any JSON value; none for what is not JSON."""
        match kind:
            case Nullable(type=inner):
                return _distinct((*self.of(inner), JsonType.NULL))
            case Constrained(type=inner):
                return self.of(inner)
            case Integer(wires=wires):
                return tuple(_WIRES[wire] for wire in wires)
            case Named(key=key):
                if key not in self._found:
                    self._found[key] = ANY  # of a recursive definition
                    self._found[key] = self._of_definition(self._definitions[key])
                return self._found[key]
            case _:
                return _PLAIN[type(kind)]

    def _of_definition(self, definition: Definition) -> tuple[JsonType, ...]:
        match definition:
            case Struct():
                return (JsonType.OBJECT,)
            case Choice(spellings=spellings):
                return _distinct(
                    JsonType.STRING if isinstance(spelling, str) else JsonType.INTEGER
                    for spelling in spellings
                )
            case Union(branches=branches):
                return _distinct(its for branch in branches for its in self.of(branch.type))
            case NamedContainer(type=its):
                return self.of(its)
            case _:
                assert_never(definition)


def _distinct(found: Iterable[JsonType]) -> tuple[JsonType, ...]:
    distinct = tuple(dict.fromkeys(found))
    return ANY if len(distinct) == len(ANY) else distinct
