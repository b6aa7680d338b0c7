"""Calls: requests that wait for a reply, and what tells which reply belongs to which request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mqbind.model.protocol import Message, Operation, Protocol, Reply
from mqbind.model.types import Integer, Member, Named, Scalar, Struct, Text
from mqbind.plan import names, side_nodes

_IN_PAYLOAD = "$message.payload#/"


@dataclass(frozen=True, kw_only=True)
class Pair:
    """An operation and the messages that reply to it; `number` tells it from all others."""

    number: int
    operation: Operation
    replies: tuple[Message, ...]
    shared: tuple[str, ...]
    """The parameters that both addresses have, by name."""


def pairs(protocol: Protocol) -> tuple[Pair, ...]:
    """The operations whose sender also receives every reply that they may have."""
    found = []
    for number, operation in enumerate(protocol.operations):
        reply = operation.reply
        if reply is None or not _arrives(protocol, operation, reply):
            continue
        asked = [
            item.name
            for item in protocol.channels[operation.channel].parameters
            if not item.per_side
        ]
        answered = {item.name for item in protocol.channels[reply.channel].parameters}
        found.append(
            Pair(
                number=number,
                operation=operation,
                replies=tuple(protocol.messages[key] for key in reply.messages),
                shared=tuple(name for name in asked if name in answered),
            )
        )
    return tuple(found)


def _arrives(protocol: Protocol, operation: Operation, reply: Reply) -> bool:
    arriving = {
        key
        for other in protocol.operations
        if other.receiver == operation.sender and other.channel == reply.channel
        for key in other.messages
    }
    return bool(reply.messages) and arriving.issuperset(reply.messages)


def key_parts(
    protocol: Protocol,
    pair: Pair,
    message: Message,
    parameters: Sequence[tuple[str, str, bool]],
    variable: str,
) -> tuple[side_nodes.KeyPart, ...]:
    """The C that makes the key, from topic values and the id in a payload.

    `parameters` are name, C expression and whether it is an integer; `variable` is how the message
    is spelled: "message->" or "message.".
    """
    by_name = {name: (expression, number) for name, expression, number in parameters}
    parts = [_topic_part(*by_name[name]) for name in pair.shared]
    member = _id_member(protocol, message)
    if member is not None and all(_id_member(protocol, reply) for reply in pair.replies):
        parts.append(_id_part(member, variable))
    return tuple(parts)


def _topic_part(expression: str, number: bool) -> side_nodes.KeyPart:
    if number:
        return side_nodes.KeyPart(condition=None, kind="int", expression=f"(int64_t){expression}")
    return side_nodes.KeyPart(condition=None, kind="text", expression=expression)


def _id_part(member: Member, variable: str) -> side_nodes.KeyPart:
    c_name = names.identifier(member.name or member.json_name)
    match member.type:
        case Integer():
            kind, cast = "int", "(int64_t)"
        case Scalar():
            kind, cast = "scalar", ""
        case _:
            kind, cast = "text", ""
    return side_nodes.KeyPart(
        condition=None if member.required else f"{variable}has.{c_name}",
        kind=kind,
        expression=f"{cast}{variable}{c_name}",
    )


def _id_member(protocol: Protocol, message: Message) -> Member | None:
    """The member that the correlation id of a message names, if it is an id."""
    location = message.correlation or ""
    if not location.startswith(_IN_PAYLOAD) or not isinstance(message.payload, Named):
        return None
    struct = protocol.definitions[message.payload.key]
    members = struct.members if isinstance(struct, Struct) else ()
    name = location.removeprefix(_IN_PAYLOAD)
    return next(
        (
            member
            for member in members
            if member.json_name == name and isinstance(member.type, Integer | Scalar | Text)
        ),
        None,
    )
