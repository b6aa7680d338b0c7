"""Sizes of payloads that are text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from mqbind.model.protocol import Message
from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Constrained,
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
from mqbind.plan.messages.sizes import ESCAPED_BYTES, longest_integer, longest_scalar
from mqbind.plan.symbols.reachability import payload_spot, reached, spots
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import literals


@dataclass(frozen=True)
class TextSizes:
    """The longest text of a payload, and the memory for reading one. No text is recursive."""

    symbols: SymbolTable

    def longest(self, message: Message) -> int | None:
        """Bytes of the longest text of a message, or None if there is no bound."""
        size = self._longest(message.payload)
        return None if size is None or size > literals.COUNT_MAX else size

    def scratch(self, message: Message) -> tuple[str, ...]:
        """Terms over `payload_bytes`: only what is spelled is read as JSON, and only a value of any
        type is kept as JSON."""
        terms = []
        if message.spells:
            terms += ["1 * MQB_TOKEN_BYTES", "MQB_SCRATCH_ALIGN"]
        top = payload_spot(message)
        definitions = [
            self.symbols.definition(key) for key in reached(top, self.symbols.definitions)
        ]
        places = [top, *(spot for each in definitions for spot in spots(each))]
        if any(isinstance(spot.type, Json) for place in places for spot in place.all()):
            terms.append(f"{ESCAPED_BYTES} * (payload_bytes) + 2")
        return tuple(terms) or ("0U",)

    def _longest(self, kind: Type) -> int | None:
        match kind:
            case Text():
                return kind.max_bytes
            case Integer(wires=(Wire.STRING, *_)):
                return longest_integer(kind) - len('""')
            case Nullable(type=inner):
                size = self._longest(inner)
                return None if size is None else max(size, len("null"))
            case Constrained(type=inner):
                return self._longest(inner)
            case Named(key=key):
                return self._longest_definition(key)
            case Boolean() | Null() | Integer() | Number() | Scalar() | Json() | Map() | Bytes():
                return longest_scalar(kind)
            case Array():
                return None
            case _:
                assert_never(kind)

    def _longest_definition(self, key: str) -> int | None:
        match self.symbols.definition(key):
            case Choice(values=values):
                return max(literals.size(str(value.spellings[0])) for value in values)
            case Union(branches=branches):
                sizes = [self._longest(branch.type) for branch in branches]
                return None if None in sizes else max(filter(None, sizes), default=0)
            case NamedContainer(type=its):
                return self._longest(its)
            case Struct():
                return None
            case _ as definition:
                assert_never(definition)
