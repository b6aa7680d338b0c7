"""Sizes of payloads that are text."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from mqbind.model.protocol import Message
from mqbind.model.types import Choice, Definition, Integer, Json, Text, Type, Wire
from mqbind.plan.messages.sizes import ESCAPED_BYTES, Longest, Sizes, longest_integer
from mqbind.plan.symbols.reachability import payload_spot, reached, spots
from mqbind.plan.text import literals


@dataclass(frozen=True)
class TextSizes(Sizes):
    """The sizes of messages that are text."""

    @cached_property
    def lengths(self) -> Longest:
        return _LongestText.of_all(self.symbols)

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


@dataclass
class _LongestText(Longest):
    """The longest text: strings have neither quotes nor escapes."""

    def of(self, kind: Type) -> int | None:
        match kind:
            case Text():
                return kind.max_bytes
            case Integer(wires=(Wire.STRING, *_)):
                return longest_integer(kind) - len('""')
            case _:
                return super().of(kind)

    def of_definition(self, definition: Definition) -> int | None:
        if isinstance(definition, Choice):
            return max(literals.size(str(value.spellings[0])) for value in definition.values)
        return super().of_definition(definition)
