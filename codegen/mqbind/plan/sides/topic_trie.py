"""A tree in which addresses share common parts."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from mqbind.plan.sides.topic_parts import Kind, Part, text_part


@dataclass(kw_only=True)
class Node:
    """What a function consumes of a topic, and what it tries next: `texts`, by the byte `ahead`
    bytes further on, where they begin to differ; and the others. The addresses of `routes` may end
    before these."""

    parts: list[Part] = field(default_factory=list)
    ahead: int = 0
    texts: list[Node] = field(default_factory=list)
    opens: dict[Part, Node] = field(default_factory=dict)
    routes: list[int] = field(default_factory=list)

    @property
    def children(self) -> list[Node]:
        return [*self.texts, *self.opens.values()]

    @property
    def only_child(self) -> Node | None:
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
        self.parts[0] = text_part(text)


def trie(addresses: Iterable[Sequence[Part]]) -> Node:
    """The tree of the addresses; their indexes are the routes."""
    root = Node()
    for route, parts in enumerate(addresses):
        _insert(root, parts, route)
    for node in walk(root):
        _join(node)
        _defer_common_text(node)
    return root


def walk(root: Node) -> Iterator[Node]:
    """All nodes; the successors of each in the order in which they are tried."""
    nodes = deque([root])
    while nodes:
        node = nodes.popleft()
        yield node
        node.texts.sort(key=lambda child: child.text)
        nodes += node.children


def _insert(node: Node, parts: Sequence[Part], route: int) -> None:
    for part in parts:
        if part.kind == Kind.TEXT:
            node = _behind(node, part.text)
        else:
            node = node.opens.setdefault(part, Node(parts=[part]))
    node.routes.append(route)


def _behind(node: Node, text: bytes) -> Node:
    """The node after `text`; a node whose literal only begins with it is split."""
    while text:
        place, common = _branch(node, text)
        if common == 0:
            node.texts.append(Node(parts=[text_part(text)]))
            return node.texts[-1]
        child = node.texts[place]
        if common < len(child.text):
            divided = Node(parts=[text_part(child.text[:common])], texts=[child])
            child.text = child.text[common:]
            node.texts[place] = child = divided
        node, text = child, text[common:]
    return node


def _branch(node: Node, text: bytes) -> tuple[int, int]:
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


def _join(node: Node) -> None:
    """Merge nodes that always follow each other into one function."""
    while child := node.only_child:
        node.parts += child.parts
        node.texts, node.opens, node.routes = child.texts, child.opens, child.routes


def _defer_common_text(node: Node) -> None:
    """Compare a literal that only literals follow as the start of each of them: a byte selects one,
    and it is compared as a whole."""
    ends_in_text = bool(node.parts) and node.parts[-1].kind == Kind.TEXT
    if not ends_in_text or node.opens or node.routes:
        return
    start = node.parts.pop().text
    node.ahead = len(start)
    for child in node.texts:
        child.text = start + child.text
