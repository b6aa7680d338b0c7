"""Sizes: how long a payload can get, and what decoding one takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import assert_never

from mqbind.model.types import (
    Array,
    Boolean,
    Bytes,
    Choice,
    Integer,
    Json,
    Map,
    Named,
    Number,
    Scalar,
    Struct,
    Text,
    Type,
    Union,
    Wire,
)
from mqbind.plan import docs, literals
from mqbind.plan.atlas import Atlas, children
from mqbind.plan.ctypes import integer_type

_DOUBLE_BYTES = 24
"""The longest double that the runtime prints: "-2.2250738585072014e-308"."""

_ESCAPED_BYTES = 6
"""The longest that a code point gets in JSON text: "\\u001f"."""


def longest(kind: Type, atlas: Atlas) -> int | None:
    """Bytes of the longest compact JSON of a value, or None if there is no bound."""
    match kind:
        case Boolean():
            return len("false")
        case Integer():
            return _longest_integer(kind)
        case Number():
            return _DOUBLE_BYTES
        case Text(max_length=length):
            return None if length is None else 2 + _ESCAPED_BYTES * length
        case Scalar() | Json() | Map() | Bytes():
            return None
        case Array(item=item, max_items=count):
            each = longest(item, atlas)
            return None if each is None or count is None else 2 + count * (each + 1)
        case Named(key=key):
            return _longest_definition(key, atlas)
        case _:
            assert_never(kind)


def _longest_integer(integer: Integer) -> int:
    kind = integer_type(integer)
    low, high = integer.intervals[0].low, integer.intervals[-1].high
    ends = (kind.low if low is None else low, kind.high if high is None else high)
    quotes = 2 if integer.wires[0] is Wire.STRING else 0
    if quotes:
        ends = (kind.low, kind.high)
    return quotes + max(len(str(end)) for end in ends)


def _longest_definition(key: str, atlas: Atlas) -> int | None:
    match definition := atlas.definition(key):
        case Choice():
            return max(
                literals.size(docs.json_text(value.spellings[0])) for value in definition.values
            )
        case Struct():
            total = 2
            for member in definition.members:
                value = longest(member.type, atlas)
                if value is None:
                    return None
                total += literals.size(docs.json_text(member.json_name)) + len(":,") + value
            return total
        case Union():
            each = [longest(branch.type, atlas) for branch in definition.branches]
            return None if None in each else max(filter(None, each))
        case _:
            assert_never(definition)


_AS_MANY_AS_FIT = "((payload_bytes) / 2 + 1)"
"""Values, or items, that a payload has room for: each takes a byte and a comma."""


@dataclass(frozen=True, kw_only=True)
class _Need:
    """What decoding takes; None in `tokens` means as many as the payload has room for."""

    tokens: int | None
    items: tuple[str, ...] = ()


def scratch(kind: Type, atlas: Atlas) -> tuple[str, ...]:
    """Terms over `payload_bytes`: scratch memory that is enough for a valid payload.

    They count the schema's members. Members that the schema does not know take tokens of their own.
    """
    need = _need(kind, atlas, nested=False)
    tokens = _AS_MANY_AS_FIT if need.tokens is None else str(need.tokens)
    return (f"{tokens} * MQB_TOKEN_BYTES", *need.items, "(payload_bytes)", "MQB_SCRATCH_ALIGN")


def _need(kind: Type, atlas: Atlas, *, nested: bool) -> _Need:
    match kind:
        case Boolean() | Integer() | Number() | Text() | Scalar():
            return _Need(tokens=1)
        case Bytes():
            return _Need(tokens=0)
        case Json():
            return _Need(tokens=None)
        case Map():
            return _Need(tokens=None, items=(_items("sizeof(struct mqb_map_entry)", None, nested),))
        case Array(item=item, max_items=count):
            each = _need(item, atlas, nested=True)
            tokens = None if each.tokens is None or count is None else 1 + count * each.tokens
            own = _items(_size_of(item, atlas), count, nested)
            return _Need(tokens=tokens, items=(*each.items, own))
        case Named(key=key):
            return _definition_need(key, atlas, nested=nested)
        case _:
            assert_never(kind)


def _items(size: str, count: int | None, nested: bool) -> str:
    """The memory of all lists of one kind; nested ones are as many as their items at most."""
    number = _AS_MANY_AS_FIT if nested or count is None else str(count)
    if nested:
        return f"{number} * ({size} + MQB_SCRATCH_ALIGN)"
    return f"{number} * {size} + MQB_SCRATCH_ALIGN"


def _definition_need(key: str, atlas: Atlas, *, nested: bool) -> _Need:
    definition = atlas.definition(key)
    if isinstance(definition, Choice):
        return _Need(tokens=1)
    needs = [_need(child, atlas, nested=nested) for child in children(definition)]
    counts = [need.tokens for need in needs]
    if None in counts:
        tokens = None
    elif isinstance(definition, Union):
        tokens = max(filter(None, counts), default=1)
    else:
        tokens = 1 + len(needs) + sum(filter(None, counts))
    return _Need(tokens=tokens, items=tuple(item for need in needs for item in need.items))


def _size_of(kind: Type, atlas: Atlas) -> str:
    """The C size of an item. A list is a pointer and a count, as a map is."""
    match kind:
        case Boolean():
            return "sizeof(bool)"
        case Integer():
            return f"sizeof({integer_type(kind).c_name})"
        case Number():
            return "sizeof(double)"
        case Text() | Bytes():
            return "sizeof(struct mqb_str)"
        case Scalar():
            return "sizeof(struct mqb_scalar)"
        case Json():
            return "sizeof(struct mqb_json)"
        case Map() | Array():
            return "sizeof(struct mqb_map)"
        case Named(key=key):
            word = "struct" if atlas.has_functions(kind) else "enum"
            return f"sizeof({word} {atlas.place(key).c_name})"
        case _:
            assert_never(kind)
