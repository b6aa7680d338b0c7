"""The tree of a side's topics: what all addresses have in common stands in it once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from mqbind.plan import docs, literals, side_nodes

NODES_MAX = 0xFFFF
"""Nodes that the runtime can number."""

_SET_MAX = 32
"""The runtime's sets of values are 32 bits; values behind them are in none."""

_COMMENT_MAX = 80

_TEXT = "MQB_TOPIC_TEXT"
_LEVEL = "MQB_TOPIC_LEVEL"
_PARTS = "MQB_TOPIC_PARTS"
_REST = "MQB_TOPIC_REST"
_VALUE = "MQB_TOPIC_VALUE"


@dataclass(frozen=True, kw_only=True)
class _Part:
    """What one node takes of a topic. Equal parts are one node.

    `loose`: it takes more than has the shape of the address, or what is in it depends on values.
    """

    kind: str
    text: bytes = b""
    parameters: int = 0
    place: int = 0
    loose: bool = False


@dataclass(kw_only=True)
class _Node:
    """A node while the tree grows: a text or a part with parameters, until they are joined."""

    text: bytes = b""
    part: _Part | None = None
    slash: bool = False
    texts: list[_Node] = field(default_factory=list)
    opens: dict[_Part, _Node] = field(default_factory=dict)
    routes: list[int] = field(default_factory=list)

    @property
    def children(self) -> list[_Node]:
        return [*self.texts, *self.opens.values()]

    @property
    def only_child(self) -> _Node | None:
        """What always follows; None if the address may end here or go on in several ways."""
        children = self.children
        return children[0] if len(children) == 1 and not self.routes else None

    def take_over(self, child: _Node) -> None:
        """Let what follows the child follow this one."""
        self.texts, self.opens, self.routes = child.texts, child.opens, child.routes


@dataclass(frozen=True, kw_only=True)
class _Outline:
    """An address in parts, with what they say of its values."""

    parts: tuple[_Part, ...]
    key: int
    fixed: int
    loose: bool


def plan_router(
    addresses: Sequence[tuple[side_nodes.AddressCode, tuple[int, ...]]],
) -> side_nodes.Router:
    """The tree of the addresses, each with its parameters' places among the side's values, in the
    order in which they are tried."""
    outlines = [_outline(address, places) for address, places in addresses]
    root = _Node()
    for number, outline in enumerate(outlines):
        _insert(root, outline.parts, number)
    for node in _walk(root):
        _join(node)
    keys = list(dict.fromkeys(outline.key for outline in outlines if outline.key))
    twins = {one: other for node in _walk(root) for one, other in pairwise(node.routes)}
    return side_nodes.Router(
        nodes=tuple(_flatten(root)),
        keys=tuple(f"0x{key:x}" for key in keys),
        fixed=f"0x{_union(outline.fixed for outline in outlines):x}",
        tracks=tuple(
            side_nodes.Track(
                key=keys.index(outline.key) + 1 if outline.key else 0,
                twin=twins[number] + 1 if number in twins else 0,
                loose=outline.loose,
            )
            for number, outline in enumerate(outlines)
        ),
    )


# ---- Addresses ----


def _outline(address: side_nodes.AddressCode, places: tuple[int, ...]) -> _Outline:
    parts = tuple(_parts(address, places))
    key = first = 0
    for part in parts:
        if part.kind in (_LEVEL, _REST) and not part.loose:
            key |= _bit(places[first])
        first += part.parameters
    return _Outline(
        parts=parts,
        key=key,
        fixed=_union(_bit(part.place) for part in parts if part.kind == _VALUE),
        loose=any(part.loose for part in parts),
    )


def _union(sets: Iterable[int]) -> int:
    union = 0
    for each in sets:
        union |= each
    return union


def _bit(place: int) -> int:
    return 1 << place if place < _SET_MAX else 0


def _parts(address: side_nodes.AddressCode, places: tuple[int, ...]) -> Iterator[_Part]:
    """Texts, and between them parameters; a text that ends a parameter's level belongs to it."""
    texts = address.text.split("{}")
    first, rest = 0, texts[0]
    while True:
        if rest:
            yield _Part(kind=_TEXT, text=rest.encode())
        if first == len(places):
            return
        part = _parameter_part(address, places, texts, first)
        yield part
        first += part.parameters
        rest = "" if part.kind == _REST else texts[first][len(part.text.decode()) :]


def _parameter_part(
    address: side_nodes.AddressCode, places: tuple[int, ...], texts: list[str], first: int
) -> _Part:
    """The part that begins with a parameter."""
    last = first
    while last + 1 < len(places) and "/" not in texts[last + 1]:
        last += 1
    if not any(each.multi_level for each in address.parameters[first : last + 1]):
        return _Part(
            kind=_PARTS if last > first else _LEVEL,
            text=texts[last + 1].partition("/")[0].encode(),
            parameters=last + 1 - first,
            loose=last > first,
        )
    parameter = address.parameters[first]
    ends = first + 1 == len(places) and not texts[first + 1]
    if parameter.multi_level and parameter.bound and not ends and places[first] < _SET_MAX:
        return _Part(kind=_VALUE, parameters=1, place=places[first])
    return _Part(kind=_REST, parameters=len(places) - first, loose=not ends)


# ---- The tree ----


def _insert(node: _Node, parts: Sequence[_Part], route: int) -> None:
    for part in parts:
        node = _text(node, part.text) if part.kind == _TEXT else _open(node, part)
    node.routes.append(route)


def _open(node: _Node, part: _Part) -> _Node:
    return node.opens.setdefault(part, _Node(part=part))


def _join(node: _Node) -> None:
    """Fewer nodes are fewer steps: let one take what always comes together."""
    while (child := node.only_child) and not node.part and not (node.text and child.text):
        node.text, node.part = node.text or child.text, child.part
        node.take_over(child)
    if child and node.part and node.part.kind in (_LEVEL, _PARTS):
        node.slash = True
        child.text = child.text[1:]
        if not child.text:
            node.take_over(child)


def _text(node: _Node, text: bytes) -> _Node:
    """The node behind `text`; one whose text only begins like it is divided."""
    while text:
        place, common = _branch(node, text)
        if common == 0:
            node.texts.append(_Node(text=text))
            return node.texts[-1]
        child = node.texts[place]
        if common < len(child.text):
            divided = _Node(text=child.text[:common])
            child.text = child.text[common:]
            divided.texts.append(child)
            node.texts[place] = child = divided
        node, text = child, text[common:]
    return node


def _branch(node: _Node, text: bytes) -> tuple[int, int]:
    """Which text behind a node begins like `text`, and for how many bytes: 0 if none does."""
    for place, child in enumerate(node.texts):
        if child.text[0] == text[0]:
            return place, _common(child.text, text)
    return 0, 0


def _common(one: bytes, other: bytes) -> int:
    """How many bytes both begin with."""
    for place, (mine, theirs) in enumerate(zip(one, other, strict=False)):
        if mine != theirs:
            return place
    return min(len(one), len(other))


def _walk(root: _Node) -> Iterator[_Node]:
    """All nodes; those behind one node in a row, texts by their first byte and then the others."""
    nodes = deque([root])
    while nodes:
        node = nodes.popleft()
        yield node
        node.texts.sort(key=lambda child: child.text)
        nodes += node.children


def _flatten(root: _Node) -> Iterator[side_nodes.TopicNode]:
    nodes = list(_walk(root))
    numbers = {id(node): number for number, node in enumerate(nodes)}
    parents = {id(child): numbers[id(node)] for node in nodes for child in node.children}
    followers = {
        id(one): numbers[id(other)]
        for node in nodes
        for one, other in pairwise(node.opens.values())
    }
    spelled: list[str] = []
    for node in nodes:
        parent = parents.get(id(node), 0)
        spelled.append((spelled[parent] if spelled else "") + _spelling(node))
        behind = [numbers[id(child)] for child in node.children]
        first_open = behind[len(node.texts)] if node.opens else 0
        followers |= {id(child): first_open for child in node.texts}
        part = node.part or _Part(kind=_TEXT)
        yield side_nodes.TopicNode(
            comment=_comment(spelled[-1]),
            part=part.kind,
            text=literals.octets(node.text) if node.text else None,
            text_bytes=len(node.text),
            tail=literals.octets(part.text) if part.text else None,
            tail_bytes=len(part.text),
            slash=node.slash,
            branches=literals.octets(_branches(node)),
            branch_count=len(node.texts),
            branch=behind[0] if node.texts else 0,
            open=first_open,
            next=followers.get(id(node), 0),
            parent=parent,
            route=node.routes[0] + 1 if node.routes else 0,
            place=part.place,
            parameters=part.parameters,
        )


def _branches(node: _Node) -> bytes:
    """The runtime looks at eight at a time."""
    first = bytes(child.text[0] for child in node.texts)
    return first.ljust((len(first) + 7) // 8 * 8)


def _spelling(node: _Node) -> str:
    """How a comment shows a node."""
    text = node.text
    if node.part:
        text += b"{}.." * (node.part.parameters - 1) + b"{}" + node.part.text
    return (text + b"/" * node.slash).decode(errors="replace")


def _comment(address: str) -> str:
    """The end of an address says where in the tree one is."""
    text = docs.comment_text(address) or "any topic"
    return text if len(text) <= _COMMENT_MAX else f"...{text[-_COMMENT_MAX:]}"
