"""From a model to a plan: the files of one protocol, for the sides that are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Message, Operation, Protocol
from mqbind.plan import docs, names, nodes
from mqbind.plan.atlas import Atlas, chart
from mqbind.plan.messages import message_c_name, plan_message, plan_types
from mqbind.plan.sides import plan_side


class View(StrEnum):
    """Whose code is generated: the role that the document describes, its peers, or all."""

    OWN = "own"
    PEER = "peer"
    BOTH = "both"


class UnknownOperation(Exception):
    """An operation that the document does not have was asked for."""


def build_plan(
    protocol: Protocol,
    diagnostics: Diagnostics,
    *,
    view: View = View.BOTH,
    operations: Sequence[str] = (),
) -> nodes.Plan:
    """Plan the files of a protocol. `operations` (keys) leaves out all others; empty means all."""
    if operations:
        protocol = _only(protocol, operations)
    roles = _roles(protocol, view)
    messages = _messages(protocol, roles, diagnostics)
    atlas = chart(protocol, messages, diagnostics)
    _check_roles(protocol, roles, messages, atlas, diagnostics)
    return nodes.Plan(
        prefix=protocol.prefix,
        macro=protocol.prefix.upper(),
        title=protocol.title,
        version=protocol.version,
        description=(protocol.description or "").strip(),
        source=protocol.source,
        types=plan_types(protocol, atlas, diagnostics),
        messages=tuple(plan_message(protocol, m, atlas, diagnostics) for m in messages),
        sides=tuple(plan_side(protocol, role, atlas, diagnostics) for role in roles),
        topics=tuple(
            _topic(protocol, operation, protocol.messages[key])
            for operation in protocol.operations
            for key in operation.messages
        ),
    )


def _only(protocol: Protocol, keys: Sequence[str]) -> Protocol:
    known = list(dict.fromkeys(operation.key for operation in protocol.operations))
    for key in keys:
        if key not in known:
            raise UnknownOperation(
                f"{protocol.source} has no operation `{key}`; it has {', '.join(known)}"
            )
    return replace(protocol, operations=tuple(o for o in protocol.operations if o.key in keys))


def _roles(protocol: Protocol, view: View) -> list[str]:
    """The roles of a view, in the order of the document, the document's own first."""
    named = [role for o in protocol.operations for role in (o.sender, o.receiver)]
    roles = list(dict.fromkeys([protocol.role, *named]))
    match view:
        case View.OWN:
            return roles[:1]
        case View.PEER:
            return roles[1:]
        case View.BOTH:
            return roles


def _messages(
    protocol: Protocol, roles: list[str], diagnostics: Diagnostics
) -> tuple[Message, ...]:
    """The messages that the roles send or receive, each file name once."""
    keys = dict.fromkeys(
        key
        for operation in protocol.operations
        if {operation.sender, operation.receiver} & set(roles)
        for key in operation.messages
    )
    messages = tuple(protocol.messages[key] for key in keys)
    scope = names.Scope("messages", diagnostics)
    for message in messages:
        scope.claim(message_c_name(protocol, message), message.name, message.location)
    return messages


def _check_roles(
    protocol: Protocol,
    roles: list[str],
    messages: tuple[Message, ...],
    atlas: Atlas,
    diagnostics: Diagnostics,
) -> None:
    """A side is a struct and a file: neither a type nor a message may be called like it."""
    taken = {place.c_name for place in atlas.places.values()}
    taken |= {message_c_name(protocol, message) for message in messages}
    taken.add(f"{protocol.prefix}_types")
    for role in roles:
        c_name = f"{protocol.prefix}_{names.snake(role)}"
        if c_name in taken:
            diagnostics.error(
                protocol.location,
                f"role `{role}` is `{c_name}` in C, as is a message or a type",
                "give that another name with `x-mqbind-name`, or the role another word",
            )


def _topic(protocol: Protocol, operation: Operation, message: Message) -> nodes.TopicRow:
    channel = protocol.channels[operation.channel]
    words = message.summary or message.title or ""
    summary = docs.sentence(words if words.lower() != message.name.lower() else "")
    return nodes.TopicRow(
        address="told at run time" if channel.told else channel.address,
        sender=operation.sender,
        receiver=operation.receiver,
        message=message.name,
        header=f"{message_c_name(protocol, message)}.h",
        summary=docs.comment_text(summary).replace("|", "\\|"),
    )
