"""Where types are used, in words: what describes a type that has no description of its own."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from mqbind.model.protocol import Message
from mqbind.model.types import Array, Definition, Map, Named, NamedContainer, Struct
from mqbind.plan.symbols.reachability import Spot, member_spots, payload_spot, spots


@dataclass(frozen=True, kw_only=True)
class Use:
    """A place in a payload: a member, or the payload as a whole (`base`), or a part of its value.
    `inner`: the part is not directly in it, but in another part."""

    base: str
    part: str | None = None
    inner: bool = False

    def within(self, part: str) -> Use:
        return replace(self, part=part, inner=self.part is not None)

    @property
    def words(self) -> str:
        """ "`params`", "one item of `params`" """
        if self.part is None:
            return self.base
        return f"one {self.part} {'in' if self.inner else 'of'} {self.base}"

    @property
    def sentence(self) -> str:
        """What a value is that is used here."""
        words = self.words if self.part else f"the value of {self.base}"
        return f"{words[0].upper()}{words[1:]}."


@dataclass(frozen=True, kw_only=True)
class Uses:
    """The first use of each definition, by its key, and the use of each spot, by its path."""

    of_definitions: Mapping[str, Use]
    of_spots: Mapping[str, Use]


def find_uses(definitions: Mapping[str, Definition], messages: tuple[Message, ...]) -> Uses:
    """Walk from the payloads inwards, through each definition once."""
    of_definitions: dict[str, Use] = {}
    of_spots: dict[str, Use] = {}
    pending = deque((payload_spot(each), Use(base="the payload")) for each in messages)
    while pending:
        for part, use in _parts(*pending.popleft()):
            of_spots.setdefault(part.path, use)
            if isinstance(part.type, Named) and part.type.key not in of_definitions:
                of_definitions[part.type.key] = use
                pending += _inside(definitions[part.type.key], use)
    return Uses(of_definitions=of_definitions, of_spots=of_spots)


def _parts(spot: Spot, use: Use) -> Iterator[tuple[Spot, Use]]:
    """The spot and all parts of its value that are not members of a definition."""
    yield spot, use
    match spot.type:
        case Array():
            use = use.within("item")
        case Map():
            use = use.within("value")
        case _:
            pass
    for part in spot.parts():
        yield from _parts(part, use)


def _inside(definition: Definition, use: Use) -> Iterator[tuple[Spot, Use]]:
    if isinstance(definition, Struct):
        for spot, member in zip(member_spots(definition), definition.members, strict=True):
            yield spot, Use(base=f"`{json.dumps(member.json_name, ensure_ascii=False)[1:-1]}`")
        for spot in spots(definition)[len(definition.members) :]:
            yield spot, Use(base="the other members")
    else:
        inner = use if isinstance(definition, NamedContainer) else use.within("form")
        for spot in spots(definition):
            yield spot, inner
