"""Names everything that the messages of a protocol reach, and finds its place in C."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import Definition, Named
from mqbind.plan.symbols.naming import Namer
from mqbind.plan.symbols.reachability import edges_in, payload_spot, spots, walk
from mqbind.plan.symbols.table import Symbol, SymbolTable, is_constant
from mqbind.plan.symbols.uses import find_uses


def resolve(
    protocol: Protocol, messages: tuple[Message, ...], diagnostics: Diagnostics
) -> SymbolTable:
    """Find and name everything reachable from the messages."""
    reach = _Reach.of(protocol, messages)
    namer = Namer(protocol, messages, reach.order, reach.held, diagnostics)
    places = {
        key: Symbol(
            stem=stem,
            c_name=f"{protocol.prefix}_{stem}",
            owner=reach.owners[key],
        )
        for key, stem in namer.definition_stems.items()
    }
    return SymbolTable(
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
        setters=namer.setters,
        identifiers=namer.identifiers,
        boxed=reach.boxed,
        held=reach.held,
        uses=find_uses(protocol.definitions, messages),
    )


@dataclass(frozen=True, kw_only=True)
class _Reach:
    """The definitions reachable from messages, each after those that it is made of."""

    order: tuple[str, ...]
    owners: Mapping[str, str | None]
    roots: frozenset[str]
    boxed: frozenset[str]
    held: frozenset[str]

    @staticmethod
    def of(protocol: Protocol, messages: tuple[Message, ...]) -> _Reach:
        definitions = protocol.definitions

        edges = edges_in(definitions)
        payloads = {m.key: [key for _, key in payload_spot(m).named()] for m in messages}
        order, _ = walk((key for keys in payloads.values() for key in keys), edges)
        _, boxed = walk(reversed(order), edges_in(definitions, by_value=True))
        return _Reach(
            order=tuple(order),
            owners=_owners(payloads, edges),
            roots=frozenset(m.payload.key for m in messages if isinstance(m.payload, Named)),
            boxed=boxed,
            held=frozenset(_held(definitions, messages, order)),
        )


def _owners(
    payloads: Mapping[str, Sequence[str]], edges: Callable[[str], Iterable[tuple[str, str]]]
) -> dict[str, str | None]:
    """For each definition, the only message that reaches it, or None for several. Each is
    propagated at most twice, however many messages there are."""
    found: dict[str, str | None] = {}
    pending: list[tuple[str, str | None]] = [
        (key, message) for message, keys in payloads.items() for key in keys
    ]
    while pending:
        key, owner = pending.pop()
        known = found.get(key, owner)
        if key in found and (known is None or known == owner):
            continue
        found[key] = owner if key not in found else None
        pending += [(inner, found[key]) for _, inner in edges(key)]
    return found


def _held(
    definitions: Mapping[str, Definition], messages: tuple[Message, ...], order: list[str]
) -> Iterator[str]:
    """Constants in places where C needs a value, such as payloads and items."""
    inner = [part for key in order for spot in spots(definitions[key]) for part in spot.parts()]
    for spot in (*map(payload_spot, messages), *inner):
        for _, key in spot.named():
            if is_constant(definitions[key]):
                yield key
