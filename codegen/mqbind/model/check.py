"""The laws of a protocol: what must hold whatever document it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from mqbind.diagnostics import Diagnostics
from mqbind.model.discriminator import tell_apart
from mqbind.model.protocol import Channel, Operation, Protocol
from mqbind.model.types import Choice


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """All that one role can receive at one address: messages by key, and the operations that say
    so."""

    role: str
    channel: Channel
    messages: dict[str, None] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)


def check(protocol: Protocol, diagnostics: Diagnostics) -> None:
    """Report what breaks a law as an error, and what is legal and unwise as a warning."""
    arrivals = arrivals_of(protocol)
    for arrival in arrivals:
        _check_told_apart(protocol, arrival, diagnostics)
    for one, other in combinations(arrivals, 2):
        if one.role == other.role:
            _check_overlap(one, other, diagnostics)
    for definition in protocol.definitions.values():
        if isinstance(definition, Choice):
            _check_spellings(definition, diagnostics)


def arrivals_of(protocol: Protocol) -> list[Arrival]:
    """What each role receives, answers included, in the order of the operations."""
    found: dict[tuple[str, str], Arrival] = {}
    for role, channel, messages, operation in _deliveries(protocol):
        arrival = found.setdefault(
            (role, channel), Arrival(role=role, channel=protocol.channels[channel])
        )
        arrival.messages.update(dict.fromkeys(messages))
        arrival.operations.append(operation)
    return list(found.values())


def _deliveries(
    protocol: Protocol,
) -> Iterator[tuple[str, str, tuple[str, ...], Operation]]:
    for operation in protocol.operations:
        yield operation.receiver, operation.channel, operation.messages, operation
        if operation.reply is not None:
            reply = operation.reply
            yield operation.sender, reply.channel, reply.messages, operation


def _check_told_apart(protocol: Protocol, arrival: Arrival, diagnostics: Diagnostics) -> None:
    keys = list(arrival.messages)
    if len(keys) < 2 or tell_apart(protocol, keys) is not None:
        return
    one, other = _confused(protocol, keys)
    diagnostics.error(
        arrival.operations[0].location,
        f"`{arrival.role}` cannot tell `{protocol.messages[one].name}` from "
        f"`{protocol.messages[other].name}` at `{arrival.channel.address}`",
        "give all messages there a required member that is `const`, with a text of its own in "
        "each, or give them addresses of their own",
    )


def _confused(protocol: Protocol, keys: list[str]) -> tuple[str, str]:
    """Two messages that cannot be told apart, or else two that have no member in common with
    the rest that would do."""
    for one, other in combinations(keys, 2):
        if tell_apart(protocol, (one, other)) is None:
            return one, other
    return keys[0], keys[1]


def _check_overlap(one: Arrival, other: Arrival, diagnostics: Diagnostics) -> None:
    levels = _common_levels(one.channel, other.channel)
    if levels is None:
        return
    first, second = one.channel, other.channel
    if all(_is_parameter(left) == _is_parameter(right) for left, right in levels):
        diagnostics.error(
            second.location,
            f"`{first.address}` and `{second.address}` are the same topics for `{one.role}`",
            "use one address, with the same names of parameters",
        )
        return
    diagnostics.warning(
        second.location,
        f"`{first.address}` and `{second.address}` overlap for `{one.role}`: a topic can be both",
        "the literal level wins over the parameter; rename a level, or list the parameter's "
        "values in `enum`",
    )


def _common_levels(one: Channel, other: Channel) -> list[tuple[str, str]] | None:
    """The levels side by side, if some topic fits both addresses."""
    left, right = one.address.split("/"), other.address.split("/")
    if len(left) != len(right):
        return None
    pairs = list(zip(left, right, strict=True))
    for mine, theirs in pairs:
        if mine != theirs and not _meet(_values(one, mine), _values(other, theirs)):
            return None
    return pairs


def _meet(left: frozenset[str] | None, right: frozenset[str] | None) -> bool:
    return left is None or right is None or bool(left & right)


def _values(channel: Channel, level: str) -> frozenset[str] | None:
    """What can stand at a level; None for anything."""
    if not _is_parameter(level):
        return frozenset({level})
    for parameter in channel.parameters:
        if parameter.name == level[1:-1] and parameter.enum:
            return frozenset(parameter.enum)
    return None


def _is_parameter(level: str) -> bool:
    return level.startswith("{")


def _check_spellings(choice: Choice, diagnostics: Diagnostics) -> None:
    """Constants whose spellings differ by case alone are probably meant to be one."""
    seen: dict[str, str] = {}
    for value in choice.values:
        for spelling in dict.fromkeys(str(each) for each in value.spellings):
            known = seen.get(spelling.casefold())
            if known is not None and known not in value.spellings:
                diagnostics.warning(
                    choice.location,
                    f"`{known}` and `{spelling}` differ by case alone and are two constants",
                    "give them one name in `x-enum-varnames` if they mean the same",
                )
            seen.setdefault(spelling.casefold(), spelling)
