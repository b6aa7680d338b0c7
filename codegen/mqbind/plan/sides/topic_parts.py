"""An address as the parts that are consumed from a topic one after the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum, auto

from mqbind.plan.nodes.topics import AddressCode

SET_MAX = 32
"""The runtime's sets of values have 32 bits; values beyond them are in no set."""


class Kind(Enum):
    """What a part consumes of a topic."""

    TEXT = auto()
    LEVEL = auto()
    """The rest of a level, up to a literal at its end."""
    REST = auto()
    """All that is left."""
    VALUE = auto()
    """The binding's value at a position, which may span levels."""


@dataclass(frozen=True, kw_only=True)
class Part:
    """A piece of an address. Addresses that begin with equal parts share them, whatever `names`
    their parameters have.

    `loose`: it matches more than topics of the address's shape, or depends on values.
    """

    kind: Kind
    text: bytes = b""
    parameters: int = 0
    place: int = 0
    loose: bool = False
    names: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, kw_only=True)
class Outline:
    """An address in parts. `key` is the set of values by which its bindings are found, `fixed` that
    of the values that are compared with the topic, both as bits."""

    parts: tuple[Part, ...]
    key: int
    fixed: int
    loose: bool


def outline(address: AddressCode, places: tuple[int, ...]) -> Outline:
    """Divide an address; `places` are the positions of its parameters among the side's values."""
    parts = tuple(_parts(address, places))
    key = fixed = first = 0
    for part in parts:
        if part.kind in (Kind.LEVEL, Kind.REST) and not part.loose:
            key |= _bit(places[first])
        if part.kind == Kind.VALUE:
            fixed |= _bit(part.place)
        first += part.parameters
    return Outline(parts=parts, key=key, fixed=fixed, loose=any(part.loose for part in parts))


def text_part(text: bytes) -> Part:
    return Part(kind=Kind.TEXT, text=text)


def _bit(place: int) -> int:
    return 1 << place if place < SET_MAX else 0


def _parts(address: AddressCode, places: tuple[int, ...]) -> Iterator[Part]:
    """Literals with parameters between them; a literal at which a parameter ends belongs to it."""
    texts = address.texts
    first, rest = 0, texts[0]
    while True:
        if rest:
            yield text_part(rest.encode())
        if first == len(places):
            return
        part = _parameter_part(address, places, first)
        yield part
        first += part.parameters
        rest = "" if part.kind == Kind.REST else texts[first][len(part.text.decode()) :]


def _parameter_part(address: AddressCode, places: tuple[int, ...], first: int) -> Part:
    """The part that begins with a parameter."""
    texts, last = address.texts, first
    while last + 1 < len(places) and "/" not in texts[last + 1]:
        last += 1
    names = tuple(parameter.name for parameter in address.parameters[first:])
    if not any(each.multi_level for each in address.parameters[first : last + 1]):
        count = last + 1 - first
        return Part(
            kind=Kind.LEVEL,
            text=texts[last + 1].partition("/")[0].encode(),
            parameters=count,
            loose=last > first,
            names=names[:count],
        )
    parameter = address.parameters[first]
    ends = first + 1 == len(places) and not texts[first + 1]
    if parameter.multi_level and parameter.bound and not ends and places[first] < SET_MAX:
        return Part(kind=Kind.VALUE, parameters=1, place=places[first], names=names[:1])
    return Part(kind=Kind.REST, parameters=len(places) - first, loose=not ends, names=names)
