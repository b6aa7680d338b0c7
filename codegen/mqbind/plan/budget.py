"""Checks the amount of work and the size of C objects before anything is planned."""

from __future__ import annotations

from collections.abc import Mapping
from typing import assert_never

from mqbind.diagnostics import Diagnostics, Location
from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import (
    Array,
    Choice,
    Constrained,
    Definition,
    Named,
    NamedContainer,
    Nullable,
    Struct,
    Text,
    Type,
    Union,
)
from mqbind.plan.symbols.reachability import Spot, payload_spot, reached, spots
from mqbind.rules import Rule

_MESSAGE, _USE, _REACHED = 1000, 350, 15
_STRUCT, _UNION, _CONTAINER, _CHOICE, _VALUE = 400, 500, 200, 100, 10
_PLACE, _PART = 80, 200

_SIZE_MAX = 1 << 30
"""Maximum bytes of an object, so that 32-bit targets can hold it, too."""


def count_definitions(protocol: Protocol, diagnostics: Diagnostics) -> None:
    """Count the types of a protocol; raises GivenUp if there are too many."""
    for definition in protocol.definitions.values():
        diagnostics.spend(_definition(definition), definition.location)


def count_messages(
    protocol: Protocol, messages: tuple[Message, ...], diagnostics: Diagnostics
) -> None:
    """Count the files of messages, and their operations; raises GivenUp if there are too many."""
    known: set[Type] = set()
    for message in messages:
        uses = len(protocol.carriers[message.key])
        work = _MESSAGE + _USE * uses
        if message.payload not in known:
            known.add(message.payload)
            work += _REACHED * len(reached(payload_spot(message), protocol.definitions))
        diagnostics.spend(work, message.location)


def _definition(definition: Definition) -> int:
    match definition:
        case Struct():
            return _STRUCT + sum(map(_spot, spots(definition)))
        case Union():
            return _UNION + sum(map(_spot, spots(definition)))
        case Choice(values=values):
            return _CHOICE + _VALUE * len(values)
        case NamedContainer():
            return _CONTAINER + sum(map(_spot, spots(definition)))
        case _:
            assert_never(definition)


def _spot(spot: Spot) -> int:
    return _PLACE + _PART * sum(1 for _ in spot.all()) - _PART


def check_sizes(
    protocol: Protocol,
    messages: tuple[Message, ...],
    order: tuple[str, ...],
    diagnostics: Diagnostics,
) -> None:
    """Report values stored inline that are too large for a C object. `order` are the definitions,
    each after those that it is made of."""
    sizes: dict[str, int] = {}
    for key in order:
        definition = protocol.definitions[key]
        parts = [_least_size(spot.type, sizes) for spot in spots(definition)]
        sizes[key] = max(parts, default=0) if isinstance(definition, Union) else sum(parts)
        if sizes[key] > _SIZE_MAX:
            _report_size(definition.location, diagnostics)
            sizes[key] = 0
    for message in messages:
        if _least_size(message.payload, sizes) > _SIZE_MAX:
            _report_size(message.location, diagnostics)


def _report_size(location: Location, diagnostics: Diagnostics) -> None:
    diagnostics.error(
        Rule.OBJECT_TOO_LARGE,
        location,
        "too large: a value stored inline takes more than 1 GiB in C",
        "lower `maxItems` or `maxLength`, or remove `x-mqbind-storage`",
    )


def _least_size(kind: Type, sizes: Mapping[str, int]) -> int:
    """Minimum number of bytes of a value in its place."""
    match kind:
        case Nullable(type=inner) | Constrained(type=inner):
            return _least_size(inner, sizes)
        case Array(item=item, inline=True, max_items=count):
            return max(1, _least_size(item, sizes)) * (count or 0)
        case Text(inline=True):
            return kind.max_bytes or 0
        case Named(key=key):
            return sizes.get(key, 0)
        case _:
            return 0
