"""Names everything that the messages of a protocol reach, and finds its place in C."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import Definition, Named
from mqbind.plan.atlas import Atlas, Place, is_constant
from mqbind.plan.naming import Namer
from mqbind.plan.reach import payload_spot, spots, walk


def chart(protocol: Protocol, messages: tuple[Message, ...], diagnostics: Diagnostics) -> Atlas:
    """Find what the messages reach, and name it."""
    reach = _Reach.of(protocol, messages)
    namer = Namer(protocol, messages, reach.order, reach.held, diagnostics)
    places = {
        key: Place(
            stem=stem,
            c_name=f"{protocol.prefix}_{stem}",
            owner=reach.users[key][0] if len(reach.users[key]) == 1 else None,
        )
        for key, stem in namer.definition_stems.items()
    }
    return Atlas(
        prefix=protocol.prefix,
        definitions=protocol.definitions,
        constraints=protocol.constraints,
        places=places,
        order=reach.order,
        roots=reach.roots,
        message_stems=namer.message_stems,
        stems=namer.spot_stems,
        fields=namer.fields,
        constants=namer.constants,
        identifiers=namer.identifiers,
        boxed=reach.boxed,
        held=reach.held,
    )


@dataclass(frozen=True, kw_only=True)
class _Reach:
    """The definitions that messages reach, each behind those that it is made of."""

    order: tuple[str, ...]
    users: Mapping[str, tuple[str, ...]]
    roots: frozenset[str]
    boxed: frozenset[str]
    held: frozenset[str]

    @staticmethod
    def of(protocol: Protocol, messages: tuple[Message, ...]) -> _Reach:
        definitions = protocol.definitions

        def edges(key: str) -> list[tuple[str, str]]:
            return [edge for spot in spots(definitions[key]) for edge in spot.named()]

        def value_edges(key: str) -> list[tuple[str, str]]:
            return [e for spot in spots(definitions[key]) for e in spot.named(by_value=True)]

        payloads = {m.key: [key for _, key in payload_spot(m).named()] for m in messages}
        order, _ = walk((key for keys in payloads.values() for key in keys), edges)
        _, boxed = walk(reversed(order), value_edges)
        users: dict[str, list[str]] = {key: [] for key in order}
        for message, keys in payloads.items():
            for key in walk(keys, edges)[0]:
                users[key].append(message)
        return _Reach(
            order=tuple(order),
            users={key: tuple(found) for key, found in users.items()},
            roots=frozenset(m.payload.key for m in messages if isinstance(m.payload, Named)),
            boxed=boxed,
            held=frozenset(_held(definitions, messages, order)),
        )


def _held(
    definitions: Mapping[str, Definition], messages: tuple[Message, ...], order: list[str]
) -> Iterator[str]:
    """Choices of one that stand where C needs a value: payloads, items, and the like."""
    inner = [part for key in order for spot in spots(definitions[key]) for part in spot.parts()]
    for spot in (*map(payload_spot, messages), *inner):
        for _, key in spot.named():
            if is_constant(definitions[key]):
                yield key
