"""The functions that find a side's routes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_
from typing import assert_never

from mqbind.plan.nodes.code import Call, Function, Guard
from mqbind.plan.nodes.topics import AddressCode, TopicBranch, TopicFunction
from mqbind.plan.sides.match_names import match_names
from mqbind.plan.sides.numbering import bits
from mqbind.plan.sides.topic_parts import Kind, Outline, Part, outline
from mqbind.plan.sides.topic_trie import Node, trie, walk
from mqbind.plan.text import comments, literals

ROUTES_MAX = 0xFFFF
"""Maximum number of routes that the runtime can number."""

_COMMENT_MAX = 80


@dataclass(frozen=True)
class Routing:
    """How the addresses of a side are found. They are in the order in which they are tried, each
    with the positions of its parameters among the values of the side, whose names are `values`."""

    addresses: Sequence[tuple[AddressCode, tuple[int, ...]]]
    values: Sequence[str]

    @cached_property
    def outlines(self) -> Sequence[Outline]:
        return [outline(address, places) for address, places in self.addresses]

    @cached_property
    def keys(self) -> Sequence[int]:
        """The sets of values by which bindings are found, in an order that another one does not
        change."""
        keys = {each.key for each in self.outlines if each.key}
        return sorted(keys, key=lambda key: bits(self.values, key))

    @property
    def fixed(self) -> int:
        """The set of values that the functions compare with a topic."""
        return reduce(or_, (each.fixed for each in self.outlines), 0)

    def functions(self, taken: Collection[str]) -> tuple[TopicFunction, ...]:
        """The functions, each before those that call it. `taken` are names of other things."""
        nodes = list(walk(trie([each.parts for each in self.outlines])))
        numbers = {id(node): number for number, node in enumerate(nodes)}
        paths = _paths(nodes)
        spelled = {numbers[id(node)]: (*paths[id(node)], *_common_start(node)) for node in nodes}
        code = _Functions(self.values, numbers, match_names(spelled, taken))
        functions = [
            code.function(node, spelled[number], _parameters(paths[id(node)], node))
            for number, node in enumerate(nodes)
        ]
        return tuple(reversed(functions))


@dataclass(frozen=True)
class _Functions:
    """Plans the functions of nodes, by their numbers."""

    values: Sequence[str]
    numbers: Mapping[int, int]
    names: Mapping[int, str]

    def function(self, node: Node, path: Sequence[Part], first: int) -> TopicFunction:
        """`path` is what has been matched after it, `first` the position of its first parameter."""
        only = node.texts if len(node.texts) == 1 else []
        return TopicFunction(
            function=Function(
                name=self._name(node),
                parameters=("struct mqb_match *walk", "const char *at"),
            ),
            comment=_comment(path, goes_on=bool(node.children)),
            steps=(
                *self._steps(node.parts, first),
                *(
                    Call(function="mqb_match_route", arguments=("walk", "at", str(route)))
                    for route in node.routes
                ),
            ),
            ahead=None
            if only or not node.texts
            else Call(function="mqb_match_peek", arguments=("walk", "at", str(node.ahead))),
            branches=() if only else tuple(self._branches(node)),
            others=tuple(self._call(each) for each in (*only, *node.opens.values())),
        )

    def _name(self, node: Node) -> str:
        return self.names[self.numbers[id(node)]]

    def _call(self, node: Node) -> Call:
        return Call(function=self._name(node), arguments=("walk", "at"))

    def _branches(self, node: Node) -> Iterator[TopicBranch]:
        for child in node.texts:
            byte = literals.character(child.text[node.ahead])
            yield TopicBranch(byte=byte, call=self._call(child))

    def _steps(self, parts: Iterable[Part], place: int) -> Iterator[Call | Guard]:
        """The calls that consume the parts; their first parameter has this position."""
        for part in parts:
            yield self._step(part, str(place))
            place += part.parameters

    def _step(self, part: Part, place: str) -> Call | Guard:
        text = (literals.octets(part.text), str(len(part.text)))
        match part.kind:
            case Kind.TEXT:
                return _found("mqb_match_text", *text)
            case Kind.LEVEL if part.text:
                return _found("mqb_match_level_before", place, *text)
            case Kind.LEVEL:
                return _take("mqb_match_level", place)
            case Kind.REST:
                return _take("mqb_match_rest", place)
            case Kind.VALUE:
                return _found("mqb_match_value", place, self.values[part.place])
            case _:
                assert_never(part.kind)


def _take(function: str, *arguments: str) -> Call:
    return Call(function=function, arguments=("walk", "&at", *arguments))


def _found(function: str, *arguments: str) -> Guard:
    return Guard(unless="!", call=_take(function, *arguments))


def _paths(nodes: Iterable[Node]) -> Mapping[int, tuple[Part, ...]]:
    """What each node (by its id) and those before it consume."""
    before: dict[int, tuple[Part, ...]] = {}
    found = {}
    for node in nodes:
        found[id(node)] = path = (*before.get(id(node), ()), *node.parts)
        before |= dict.fromkeys(map(id, node.children), path)
    return found


def _common_start(node: Node) -> tuple[Part, ...]:
    """The literal that the `texts` of a node begin with."""
    if not node.ahead:
        return ()
    return (Part(kind=Kind.TEXT, text=node.texts[0].text[: node.ahead]),)


def _parameters(path: Sequence[Part], node: Node) -> int:
    """The number of parameters before a node."""
    return sum(part.parameters for part in path[: len(path) - len(node.parts)])


def _comment(path: Sequence[Part], *, goes_on: bool) -> str:
    """The end of an address, as a comment for a place in the tree."""
    text = comments.comment_text("".join(map(_spelled, path)) + ("..." if goes_on else ""))
    return text if len(text) <= _COMMENT_MAX else f"...{text[-_COMMENT_MAX:]}"


def _spelled(part: Part) -> str:
    return "..".join(f"{{{name}}}" for name in part.names) + part.text.decode(errors="replace")
