"""The functions that find a side's routes: a tree in which addresses share common parts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import assert_never

from mqbind.plan.nodes.code import Call
from mqbind.plan.nodes.sides import (
    AddressCode,
    Router,
    TopicBranch,
    TopicFunction,
    TopicStep,
    Track,
)
from mqbind.plan.text import comments, literals

ROUTES_MAX = 0xFFFF
"""Maximum number of routes that the runtime can number."""

_SET_MAX = 32
"""The runtime's sets of values have 32 bits; values beyond them are in no set."""

_COMMENT_MAX = 80


class _Kind(Enum):
    """What a part consumes of a topic."""

    TEXT = auto()
    LEVEL = auto()
    """The rest of a level, up to a literal at its end."""
    REST = auto()
    """All that is left."""
    VALUE = auto()
    """The binding's value at a position, which may span levels."""


@dataclass(frozen=True, kw_only=True)
class _Part:
    """A piece of an address. Addresses that begin with equal parts share them.

    `loose`: it matches more than topics of the address's shape, or depends on values.
    """

    kind: _Kind
    text: bytes = b""
    parameters: int = 0
    place: int = 0
    loose: bool = False


@dataclass(kw_only=True)
class _Node:
    """What a function consumes of a topic, and what it tries next: `texts`, by the byte `ahead`
    bytes further on, where they begin to differ; and the others."""

    parts: list[_Part] = field(default_factory=list)
    ahead: int = 0
    texts: list[_Node] = field(default_factory=list)
    opens: dict[_Part, _Node] = field(default_factory=dict)
    routes: list[int] = field(default_factory=list)

    @property
    def children(self) -> list[_Node]:
        return [*self.texts, *self.opens.values()]

    @property
    def only_child(self) -> _Node | None:
        """What always follows; None if the address may end here or continue in several ways."""
        children = self.children
        return children[0] if len(children) == 1 and not self.routes else None

    @property
    def text(self) -> bytes:
        """The literal at the start of a node in `texts`."""
        node = self
        while not node.parts:
            node = node.texts[0]
        return node.parts[0].text

    @text.setter
    def text(self, text: bytes) -> None:
        self.parts[0] = _text_part(text)


@dataclass(frozen=True, kw_only=True)
class _Outline:
    """An address in parts, with their use of its values."""

    parts: tuple[_Part, ...]
    key: int
    fixed: int
    loose: bool


def plan_router(
    addresses: Sequence[tuple[AddressCode, tuple[int, ...]]],
) -> Router:
    """How the addresses are found, each with its parameters' places among the side's values. They
    come in the order in which they are tried."""
    outlines = [_outline(address, places) for address, places in addresses]
    root = _Node()
    for number, outline in enumerate(outlines):
        _insert(root, outline.parts, number)
    for node in _walk(root):
        _join(node)
        _look_ahead(node)
    keys = list(dict.fromkeys(outline.key for outline in outlines if outline.key))
    return Router(
        functions=tuple(_functions(root)),
        keys=tuple(f"0x{key:x}" for key in keys),
        fixed=f"0x{_union(outline.fixed for outline in outlines):x}",
        tracks=tuple(
            Track(
                key=keys.index(outline.key) + 1 if outline.key else 0,
                loose=outline.loose,
            )
            for outline in outlines
        ),
    )


# ---- Addresses ----


def _outline(address: AddressCode, places: tuple[int, ...]) -> _Outline:
    parts = tuple(_parts(address, places))
    key = first = 0
    for part in parts:
        if part.kind in (_Kind.LEVEL, _Kind.REST) and not part.loose:
            key |= _bit(places[first])
        first += part.parameters
    return _Outline(
        parts=parts,
        key=key,
        fixed=_union(_bit(part.place) for part in parts if part.kind == _Kind.VALUE),
        loose=any(part.loose for part in parts),
    )


def _union(sets: Iterable[int]) -> int:
    union = 0
    for each in sets:
        union |= each
    return union


def _bit(place: int) -> int:
    return 1 << place if place < _SET_MAX else 0


def _parts(address: AddressCode, places: tuple[int, ...]) -> Iterator[_Part]:
    """Literals with parameters between them; a literal at which a parameter ends belongs to it."""
    texts = address.texts
    first, rest = 0, texts[0]
    while True:
        if rest:
            yield _text_part(rest.encode())
        if first == len(places):
            return
        part = _parameter_part(address, places, first)
        yield part
        first += part.parameters
        rest = "" if part.kind == _Kind.REST else texts[first][len(part.text.decode()) :]


def _text_part(text: bytes) -> _Part:
    return _Part(kind=_Kind.TEXT, text=text)


def _parameter_part(address: AddressCode, places: tuple[int, ...], first: int) -> _Part:
    """The part that begins with a parameter."""
    texts = address.texts
    last = first
    while last + 1 < len(places) and "/" not in texts[last + 1]:
        last += 1
    if not any(each.multi_level for each in address.parameters[first : last + 1]):
        return _Part(
            kind=_Kind.LEVEL,
            text=texts[last + 1].partition("/")[0].encode(),
            parameters=last + 1 - first,
            loose=last > first,
        )
    parameter = address.parameters[first]
    ends = first + 1 == len(places) and not texts[first + 1]
    if parameter.multi_level and parameter.bound and not ends and places[first] < _SET_MAX:
        return _Part(kind=_Kind.VALUE, parameters=1, place=places[first])
    return _Part(kind=_Kind.REST, parameters=len(places) - first, loose=not ends)


# ---- The tree ----


def _insert(node: _Node, parts: Sequence[_Part], route: int) -> None:
    for part in parts:
        node = _text(node, part.text) if part.kind == _Kind.TEXT else _open(node, part)
    node.routes.append(route)


def _open(node: _Node, part: _Part) -> _Node:
    return node.opens.setdefault(part, _Node(parts=[part]))


def _join(node: _Node) -> None:
    """Merge nodes that always follow each other into one function."""
    while child := node.only_child:
        node.parts += child.parts
        node.texts, node.opens, node.routes = child.texts, child.opens, child.routes


def _look_ahead(node: _Node) -> None:
    """Compare a literal as a whole, after a byte has selected it."""
    if not node.parts or node.parts[-1].kind != _Kind.TEXT or node.opens or node.routes:
        return
    start = node.parts.pop().text
    node.ahead = len(start)
    for child in node.texts:
        child.text = start + child.text


def _text(node: _Node, text: bytes) -> _Node:
    """The node after `text`; a node whose literal only begins with it is split."""
    while text:
        place, common = _branch(node, text)
        if common == 0:
            node.texts.append(_Node(parts=[_text_part(text)]))
            return node.texts[-1]
        child = node.texts[place]
        if common < len(child.text):
            divided = _Node(parts=[_text_part(child.text[:common])])
            child.text = child.text[common:]
            divided.texts.append(child)
            node.texts[place] = child = divided
        node, text = child, text[common:]
    return node


def _branch(node: _Node, text: bytes) -> tuple[int, int]:
    """The literal after a node with the same beginning as `text`, and the number of common bytes: 0
    if there is none."""
    for place, child in enumerate(node.texts):
        if child.text[0] == text[0]:
            return place, _common(child.text, text)
    return 0, 0


def _common(one: bytes, other: bytes) -> int:
    """The number of bytes that both begin with."""
    for place, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return place
    return min(len(one), len(other))


def _walk(root: _Node) -> Iterator[_Node]:
    """All nodes; the successors of each in the order in which they are tried."""
    nodes = deque([root])
    while nodes:
        node = nodes.popleft()
        yield node
        node.texts.sort(key=lambda child: child.text)
        nodes += node.children


# ---- Functions ----


def _functions(root: _Node) -> Iterator[TopicFunction]:
    """The functions, each before those that call it."""
    nodes = list(_walk(root))
    numbers = {id(node): number for number, node in enumerate(nodes)}
    taken = {id(root): 0}
    spelled = {id(root): ""}
    functions = []
    for number, node in enumerate(nodes):
        first = taken[id(node)]
        count = first + sum(part.parameters for part in node.parts)
        address = spelled[id(node)] + "".join(map(_spelling, node.parts))
        for child in node.children:
            taken[id(child)] = count
            spelled[id(child)] = address
        opens = [numbers[id(child)] for child in node.opens.values()]
        one_text = [numbers[id(child)] for child in node.texts if len(node.texts) == 1]
        functions.append(
            TopicFunction(
                number=number,
                comment=_comment(address, node),
                steps=tuple(_steps(node.parts, first)),
                routes=tuple(node.routes),
                ahead=node.ahead,
                branches=() if one_text else tuple(_branches(node, numbers)),
                others=(*one_text, *opens),
            )
        )
    return reversed(functions)


def _branches(node: _Node, numbers: Mapping[int, int]) -> Iterator[TopicBranch]:
    for child in node.texts:
        byte = literals.character(child.text[node.ahead])
        yield TopicBranch(byte=byte, number=numbers[id(child)])


def _steps(parts: Iterable[_Part], place: int) -> Iterator[TopicStep]:
    """The calls that consume the parts; their first parameter has this position."""
    for part in parts:
        yield _step(part, str(place))
        place += part.parameters


def _step(part: _Part, place: str) -> TopicStep:
    text = (literals.octets(part.text), str(len(part.text)))
    match part.kind:
        case _Kind.TEXT:
            return _call("mqb_match_text", *text, may_fail=True)
        case _Kind.LEVEL if part.text:
            return _call("mqb_match_level_before", place, *text, may_fail=True)
        case _Kind.LEVEL:
            return _call("mqb_match_level", place)
        case _Kind.REST:
            return _call("mqb_match_rest", place)
        case _Kind.VALUE:
            return _call("mqb_match_value", place, str(part.place), may_fail=True)
        case _:
            assert_never(part.kind)


def _call(function: str, *arguments: str, may_fail: bool = False) -> TopicStep:
    call = Call(function=function, arguments=("walk", "&at", *arguments))
    return TopicStep(call=call, may_fail=may_fail)


def _spelling(part: _Part) -> str:
    """A part in a comment."""
    parameters = b"{}.." * (part.parameters - 1) + b"{}" if part.parameters else b""
    return (parameters + part.text).decode(errors="replace")


def _comment(address: str, node: _Node) -> str:
    """The end of an address, as a comment for a place in the tree."""
    if node.children:
        start = node.texts[0].text[: node.ahead] if node.ahead else b""
        address += f"{start.decode(errors='replace')}..."
    text = comments.comment_text(address)
    return text if len(text) <= _COMMENT_MAX else f"...{text[-_COMMENT_MAX:]}"
