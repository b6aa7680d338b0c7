"""What is reachable from the messages of a model: definitions, and every place with a value."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import assert_never

from mqbind.model.protocol import Message
from mqbind.model.types import (
    Array,
    Choice,
    Constrained,
    Definition,
    Map,
    Named,
    NamedContainer,
    Nullable,
    Struct,
    Type,
    Union,
)


@dataclass(frozen=True, kw_only=True)
class Spot:
    """A place of a value in C: a member, a form, an item, a payload.

    `path` identifies it. `by_value`: the value is stored there, not elsewhere in memory.
    """

    path: str
    type: Type
    by_value: bool = True

    def parts(self) -> Iterator[Spot]:
        """The places inside the value, of which none is a member of a definition."""
        match self.type:
            case Array(item=item, inline=inline):
                yield Spot(path=f"{self.path}/item", type=item, by_value=inline)
            case Map(value=value):
                yield Spot(path=f"{self.path}/value", type=value, by_value=False)
            case Nullable(type=inner):
                yield Spot(path=f"{self.path}/value", type=inner)
            case Constrained(type=inner):
                yield Spot(path=self.path, type=inner)
            case _:
                pass

    def all(self) -> Iterator[Spot]:
        """This place and all places inside it."""
        yield self
        for part in self.parts():
            yield from part.all()

    def named(self, *, by_value: bool = False) -> Iterator[tuple[str, str]]:
        """Where inside the value a definition is used, and its key."""
        if isinstance(self.type, Named):
            yield self.path, self.type.key
        for part in self.parts():
            if part.by_value or not by_value:
                yield from part.named(by_value=by_value)


def payload_spot(message: Message) -> Spot:
    """The payload of a message."""
    return Spot(path=f"message {message.key}", type=message.payload)


def member_path(key: str, index: int) -> str:
    """The path of a member of a struct, or of a form of a union."""
    return f"{key} {index}"


def spots(definition: Definition) -> tuple[Spot, ...]:
    """The members of a struct and the map beside them, the forms of a union, the value of a
    container. A nullable member is represented by its value: the struct has a flag for null."""
    match definition:
        case Struct(key=key, members=members, others=others):
            types = [_beside_null(member.type) for member in members]
            types += [others.type] if others else []
        case Union(key=key, branches=branches):
            types = [branch.type for branch in branches]
        case NamedContainer(key=key, type=its):
            types = [its]
        case Choice():
            return ()
        case _:
            assert_never(definition)
    return tuple(Spot(path=member_path(key, index), type=kind) for index, kind in enumerate(types))


def member_spots(struct: Struct) -> tuple[Spot, ...]:
    """The members of a struct alone."""
    return spots(struct)[: len(struct.members)]


def reached(spot: Spot, definitions: Mapping[str, Definition]) -> list[str]:
    """The definitions that a value is made of, each after those that it contains."""
    edges = edges_in(definitions)
    return walk((key for _, key in spot.named()), edges)[0]


def edges_in(
    definitions: Mapping[str, Definition], *, by_value: bool = False
) -> Callable[[str], list[tuple[str, str]]]:
    """Finds where a definition, by its key, uses others: the spots and the keys."""

    def edges(key: str) -> list[tuple[str, str]]:
        return [edge for spot in spots(definitions[key]) for edge in spot.named(by_value=by_value)]

    return edges


def _beside_null(kind: Type) -> Type:
    return kind.type if isinstance(kind, Nullable) else kind


def walk(
    roots: Iterable[str], edges: Callable[[str], Iterable[tuple[str, str]]]
) -> tuple[list[str], frozenset[str]]:
    """All keys, each after its successors, and the edges that close a cycle.

    `edges` are the labels and targets of the edges from a key.
    """
    order: list[str] = []
    back: set[str] = set()
    done: dict[str, bool] = {}
    for root in roots:
        if root in done:
            continue
        done[root] = False
        stack = [(root, iter(edges(root)))]
        while stack:
            key, rest = stack[-1]
            label, target = next(rest, (None, key))
            if label is None:
                done[key] = True
                order.append(key)
                stack.pop()
            elif target not in done:
                done[target] = False
                stack.append((target, iter(edges(target))))
            elif not done[target]:
                back.add(label)
    return order, frozenset(back)
