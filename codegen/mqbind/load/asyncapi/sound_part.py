"""What is left of a protocol without the parts that have errors.

Later stages can look at it, so that one run reports their errors, too. It must be a protocol like
any other: whatever contains or refers to a part with an error is left out as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

from mqbind.diagnostics import Location
from mqbind.load.document.nodes import ArrayNode, Node, ObjectNode, key_of
from mqbind.model.protocol import Operation, Protocol, Reply

_Part = TypeVar("_Part")

_CARRIED = re.compile(
    "(/components)?(/channels/[^/]+/(messages|(publish|subscribe)(/message)?)"
    "|/operations/[^/]+/(reply/)?messages)"
)
"""Messages in a channel or an operation, which can do without them."""


def sound_part(
    protocol: Protocol,
    trees: Iterable[Node],
    references: Iterable[tuple[Node, Node | None]],
    errors: Collection[Location],
) -> Protocol | None:
    """The protocol without what has an error; None if one of the errors is in none of the trees.
    `references` are those that were followed, with their targets."""
    marks = _Marks(errors=errors)
    for tree in trees:
        marks.enter(tree)
    for reference, target in references:
        marks.refer(reference, target)
    if not marks.found.issuperset(errors):
        return None
    marks.spread()
    return _without(protocol, marks)


@dataclass(frozen=True, kw_only=True)
class _Marks:
    """What has an error in it: nodes by their keys, and members by the locations of their names.

    `found` are the errors in the trees, `users` the nodes that contain or refer to a node.
    """

    errors: Collection[Location]
    nodes: set[str] = field(default_factory=set)
    members: set[Location] = field(default_factory=set)
    found: set[Location] = field(default_factory=set)
    users: dict[Node, list[Node]] = field(default_factory=dict)
    _names: dict[Node, list[Location]] = field(default_factory=dict)
    _places: dict[str, Node] = field(default_factory=dict)
    _pending: dict[Node, None] = field(default_factory=dict)

    def enter(self, tree: Node) -> None:
        """Look for errors in a tree."""
        pending = [(tree, tree.location)]
        while pending:
            node, location = pending.pop()
            self._names.setdefault(node, []).append(location)
            self._places.setdefault(key_of(node), node)
            here = {location, node.location}.intersection(self.errors)
            if here:
                self.found.update(here)
                self._pending[node] = None
            inside = _inside(node)
            for inner, _ in inside:
                if not _CARRIED.fullmatch(inner.pointer):
                    self.users.setdefault(inner, []).append(node)
            pending += inside

    def refer(self, reference: Node, target: Node | None) -> None:
        """Note a reference. One without a target has an error, maybe on the way."""
        if target is None:
            self._pending[reference] = None
        else:
            self.users.setdefault(target, []).append(reference)
        written = self._written(reference)
        if written is not None and written is not reference:
            self.users.setdefault(reference, []).append(written)

    def _written(self, reference: Node) -> Node | None:
        """The node of a tree that a reference is, or that it was made from: with keywords next to
        it, it becomes one of several schemas."""
        pointer = reference.pointer
        while pointer and f"{reference.document.name}#{pointer}" not in self._places:
            pointer = pointer.rpartition("/")[0]
        return self._places.get(f"{reference.document.name}#{pointer}")

    def spread(self) -> None:
        """Mark whatever uses something marked."""
        marked = self._pending
        pending = list(marked)
        while pending:
            node = pending.pop()
            self.nodes.add(key_of(node))
            self.members.update(self._names.get(node, ()))
            new = [user for user in self.users.get(node, ()) if user not in marked]
            marked.update(dict.fromkeys(new))
            pending += dict.fromkeys(new)


def _inside(node: Node) -> list[tuple[Node, Location]]:
    match node:
        case ObjectNode():
            return [(entry.value, entry.location) for entry in node.entries.values()]
        case ArrayNode():
            return [(item, item.location) for item in node.items]
        case _:
            return []


def _without(protocol: Protocol, marks: _Marks) -> Protocol:
    messages = _sound(protocol.messages, marks)
    channels = {
        key: channel
        for key, channel in protocol.channels.items()
        if channel.location not in marks.members
    }
    operations = (
        _operation(operation, channels, messages)
        for operation in protocol.operations
        if operation.location not in marks.members and operation.channel in channels
    )
    return replace(
        protocol,
        channels=channels,
        messages=messages,
        operations=tuple(operation for operation in operations if operation is not None),
        definitions=_sound(protocol.definitions, marks),
        constraints=_sound(protocol.constraints, marks),
    )


def _sound(parts: Mapping[str, _Part], marks: _Marks) -> dict[str, _Part]:
    return {key: part for key, part in parts.items() if key not in marks.nodes}


def _operation(
    operation: Operation, channels: Collection[str], messages: Collection[str]
) -> Operation | None:
    """The operation with the messages and the reply that are left; None without messages."""
    carried = tuple(key for key in operation.messages if key in messages)
    if operation.messages and not carried:
        return None
    return replace(operation, messages=carried, reply=_reply(operation.reply, channels, messages))


def _reply(
    reply: Reply | None, channels: Collection[str], messages: Collection[str]
) -> Reply | None:
    if reply is None or reply.channel not in channels:
        return None
    return replace(reply, messages=tuple(key for key in reply.messages if key in messages))
