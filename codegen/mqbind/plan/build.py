"""From a model to a plan: the files of one protocol, for the requested sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum

from mqbind.diagnostics import Diagnostics
from mqbind.model.protocol import Message, Operation, Protocol
from mqbind.plan.budget import check_sizes, count_definitions, count_messages
from mqbind.plan.messages.ambiguous_text import check_texts
from mqbind.plan.messages.deletions import check_deletions
from mqbind.plan.messages.message import plan_message, plan_types
from mqbind.plan.messages.sizes import Sizes
from mqbind.plan.messages.text_sizes import TextSizes
from mqbind.plan.nodes.files import Plan, TopicRow
from mqbind.plan.sides.address_tables import AddressTables
from mqbind.plan.sides.example import plan_example
from mqbind.plan.sides.overlaps import find_rivals
from mqbind.plan.sides.side import plan_side
from mqbind.plan.symbols.resolve import resolve
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import comments


class View(StrEnum):
    """Whose code is generated: the role that the document describes, its peers, or all."""

    OWN = "own"
    PEER = "peer"
    BOTH = "both"


class UnknownOperation(Exception):
    """A requested operation is not in the document."""


def build_plan(
    protocol: Protocol,
    diagnostics: Diagnostics,
    *,
    view: View = View.BOTH,
    operations: Sequence[str] = (),
) -> Plan:
    """Plan the files of a protocol. `operations` (keys) leaves out all others; empty means all."""
    rivals = find_rivals(protocol, diagnostics)
    if operations:
        protocol = _only(protocol, operations)
    roles = _roles(protocol, view)
    messages = _messages(protocol, roles)
    count_definitions(protocol, diagnostics)
    count_messages(protocol, messages, diagnostics)
    symbols = resolve(protocol, messages, diagnostics)
    check_sizes(protocol, messages, symbols.order, diagnostics)
    check_texts(protocol, messages, diagnostics)
    check_deletions(protocol, diagnostics)
    sizes, texts = Sizes(symbols), TextSizes(symbols)
    types = plan_types(protocol, symbols, diagnostics)
    files = tuple(
        plan_message(protocol, m, sizes if m.spells is None else texts, diagnostics)
        for m in messages
    )
    tables = AddressTables(protocol, symbols, diagnostics)
    c_types = {file.key: file.c_type for file in files}
    sides = tuple(
        plan_side(protocol, role, symbols, c_types, rivals, tables, diagnostics) for role in roles
    )
    return Plan(
        prefix=protocol.prefix,
        macro=protocol.prefix.upper(),
        title=comments.comment_text(protocol.title),
        version=comments.comment_text(protocol.version),
        description=(protocol.description or "").strip(),
        banner=tuple(comments.banner(protocol)),
        types=types,
        messages=files,
        sides=sides,
        addresses=tables.file(),
        example=plan_example(sides),
        topics=tuple(
            _topic(protocol, operation, protocol.messages[key], symbols)
            for operation in protocol.operations
            for key in operation.messages
        ),
    )


def _only(protocol: Protocol, keys: Sequence[str]) -> Protocol:
    known = list(dict.fromkeys(operation.key for operation in protocol.operations))
    for key in keys:
        if key not in known:
            raise UnknownOperation(
                f"{protocol.source} has no operation `{key}`; known: {', '.join(known)}"
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


def _messages(protocol: Protocol, roles: list[str]) -> tuple[Message, ...]:
    """The messages that the roles send or receive."""
    keys = dict.fromkeys(
        key
        for operation in protocol.operations
        if {operation.sender, operation.receiver} & set(roles)
        for key in operation.messages
    )
    return tuple(protocol.messages[key] for key in keys)


def _topic(
    protocol: Protocol, operation: Operation, message: Message, symbols: SymbolTable
) -> TopicRow:
    channel = protocol.channels[operation.channel]
    words = message.about
    summary = comments.sentence(words if words.lower() != message.name.lower() else "")
    return TopicRow(
        address="dynamic address" if channel.dynamic else str(channel.address),
        sender=operation.sender,
        receiver=operation.receiver,
        delivery=comments.delivery(operation),
        message=message.name,
        header=f"{symbols.message_name(message)}.h",
        summary=comments.comment_text(summary).replace("|", "\\|"),
    )
