"""Calls: requests that wait for a reply, and how replies are matched with requests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from mqbind.model.correlation import Step, id_path, shared_parameters, topic_path
from mqbind.model.mqtt_properties import correlates
from mqbind.model.protocol import Message, Operation, Protocol
from mqbind.model.types import Integer, Scalar, bare
from mqbind.plan.nodes.code import Call
from mqbind.plan.nodes.sides import KeyPart, RequestKey
from mqbind.plan.symbols.table import SymbolTable


@dataclass(frozen=True, kw_only=True)
class Pair:
    """An operation and the messages that reply to it."""

    operation: Operation
    replies: tuple[Message, ...]
    shared: tuple[str, ...]
    """The parameters that both addresses have, by name."""


@dataclass(frozen=True, kw_only=True)
class Spelling:
    """The C expressions that a key is made of: the `side` and the `kind` of its calls, the
    `parameters` (name, expression and whether it is an integer), and the prefix of a field of the
    message: "message->" or "message."."""

    side: str
    kind: str
    parameters: Sequence[tuple[str, str, bool]]
    message: str
    correlation_data: str


def pairs(protocol: Protocol) -> tuple[Pair, ...]:
    """The operations with a request whose sender also receives every possible reply."""
    found = []
    arriving = _arriving(protocol)
    for operation in protocol.operations:
        reply = operation.reply
        if reply is None or not operation.messages or not reply.messages:
            continue
        if not arriving.get((operation.sender, reply.channel), set()).issuperset(reply.messages):
            continue
        found.append(
            Pair(
                operation=operation,
                replies=tuple(protocol.messages[key] for key in reply.messages),
                shared=shared_parameters(protocol, operation, reply),
            )
        )
    return tuple(found)


def _arriving(protocol: Protocol) -> Mapping[tuple[str, str], set[str]]:
    """The messages (keys) that each role receives on each channel."""
    found: dict[tuple[str, str], set[str]] = {}
    for operation in protocol.operations:
        found.setdefault((operation.receiver, operation.channel), set()).update(operation.messages)
    return found


def request_key(
    protocol: Protocol,
    symbols: SymbolTable,
    pair: Pair,
    message: Message,
    spelling: Spelling,
) -> RequestKey:
    """The C that builds the key, from topic values and the id in the payload or the properties."""
    by_name = {name: (expression, number) for name, expression, number in spelling.parameters}
    parts = [_topic_part(*by_name[name]) for name in pair.shared]
    if correlates(protocol, pair.operation):
        parts.append(_part("string", spelling.correlation_data))
    path = id_path(protocol, message)
    if path is not None and all(id_path(protocol, reply) for reply in pair.replies):
        parts.append(_id_part(path, spelling.message, symbols))
    start = ("&key", spelling.side, spelling.kind)
    return RequestKey(start=Call(function="mqb_call_key_init", arguments=start), parts=tuple(parts))


def reply_topic(
    protocol: Protocol, symbols: SymbolTable, pair: Pair, message: Message, own: str
) -> tuple[str, ...]:
    """The members of a `struct mqb_call_request` for the reply topic in the payload of a request,
    if any; `own` is the side's own topic, as a C expression."""
    assert pair.operation.reply, "a pair has one"
    path = topic_path(protocol, message, pair.operation.reply)
    if path is None:
        return ()
    owner, field = _place(path, "message->", symbols)
    asked = f"{owner}{field}"
    if path[-1].member.has_flag:
        asked = f"{owner}has.{field} ? {asked} : {own}"
    return (f".reply_to = {asked}", f".own_topic = {own}")


def _topic_part(expression: str, number: bool) -> KeyPart:
    return _part("int", f"(int64_t){expression}") if number else _part("string", expression)


def _part(kind: str, expression: str, condition: str | None = None) -> KeyPart:
    call = Call(function=f"mqb_call_key_add_{kind}", arguments=("&key", expression))
    return KeyPart(call=call, condition=condition)


def _id_part(path: Sequence[Step], variable: str, symbols: SymbolTable) -> KeyPart:
    owner, field = _place(path, variable, symbols)
    member = path[-1].member
    match bare(member.type):
        case Integer():
            how, cast = "int", "(int64_t)"
        case Scalar():
            how, cast = "scalar", ""
        case _:
            how, cast = "string", ""
    condition = f"{owner}has.{field}" if member.has_flag else None
    return _part(how, f"{cast}{owner}{field}", condition)


def _place(path: Sequence[Step], variable: str, symbols: SymbolTable) -> tuple[str, str]:
    """The C expressions for the struct at the end of a path, and the field in it."""
    fields = [symbols.member_name(step.owner, step.place) for step in path]
    return variable + "".join(f"{field}." for field in fields[:-1]), fields[-1]
