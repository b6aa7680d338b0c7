"""Checks of a protocol that do not depend on the kind of document it came from."""

from __future__ import annotations

from dataclasses import dataclass, field

from mqbind.diagnostics import Diagnostics
from mqbind.model.correlation import id_path, shared_parameters
from mqbind.model.discriminator import discriminator_of
from mqbind.model.first_match import confusions, is_orderable, match_order
from mqbind.model.mqtt_properties import correlates
from mqbind.model.protocol import Channel, Operation, Protocol, Reply
from mqbind.model.protocol_size import is_bounded
from mqbind.model.types import Choice
from mqbind.rules import Rule


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """Everything that a role can receive at one address: messages by key, and the operations that
    carry them."""

    role: str
    channel: Channel
    messages: dict[str, None] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)


def check(protocol: Protocol, diagnostics: Diagnostics) -> None:
    """Report violations as errors, and legal but unwise choices as warnings."""
    if not is_bounded(protocol, diagnostics):
        return
    if not protocol.operations:
        diagnostics.warning(
            Rule.NO_OPERATIONS,
            protocol.location,
            "there is no operation, so no side sends or receives anything",
            "add `operations`, each with an `action` and a `channel` (in AsyncAPI 2, add `publish` "
            "or `subscribe` to the channels)",
        )
    for arrival in arrivals_of(protocol):
        _check_distinguishable(protocol, arrival, diagnostics)
    for operation in protocol.operations:
        _check_correlation(protocol, operation, diagnostics)
    for definition in protocol.definitions.values():
        if isinstance(definition, Choice):
            _check_spellings(definition, diagnostics)


def arrivals_of(protocol: Protocol) -> list[Arrival]:
    """What each role receives, in the order of the operations."""
    found: dict[tuple[str, str], Arrival] = {}
    for operation in protocol.operations:
        arrival = found.setdefault(
            (operation.receiver, operation.channel),
            Arrival(role=operation.receiver, channel=protocol.channels[operation.channel]),
        )
        arrival.messages.update(dict.fromkeys(operation.messages))
        arrival.operations.append(operation)
    return list(found.values())


def _check_distinguishable(protocol: Protocol, arrival: Arrival, diagnostics: Diagnostics) -> None:
    keys = list(arrival.messages)
    payloads = [protocol.messages[key].payload for key in keys]
    if len(keys) < 2 or discriminator_of(protocol.definitions, payloads) is not None:
        return
    if not is_orderable(protocol, keys):
        diagnostics.error(
            Rule.TOO_MANY_ALTERNATIVES,
            arrival.operations[0].location,
            f"{len(keys)} messages share `{arrival.channel.address}` and no member distinguishes "
            "them",
            "give each message a required `const` member with a distinct string value, or an "
            "address of its own",
        )
        return
    confused = confusions(protocol, match_order(protocol, keys))
    if not confused:
        return
    one, other = confused[0]
    more = f" (nor {len(confused) - 1} other pairs of messages)" if len(confused) > 1 else ""
    diagnostics.warning(
        Rule.AMBIGUOUS_MESSAGES,
        arrival.operations[0].location,
        f"cannot distinguish `{protocol.messages[one].name}` from "
        f"`{protocol.messages[other].name}` at `{arrival.channel.address}`{more}",
        f"`{arrival.role}` takes the first one that matches, in this order; give each message a "
        "required `const` member with a distinct string value, or an address of its own",
    )


def _check_correlation(protocol: Protocol, operation: Operation, diagnostics: Diagnostics) -> None:
    """Ids that cannot be compared cannot match replies with requests; only topics or the order
    can."""
    if operation.reply is None or correlates(protocol, operation):
        return
    _check_matched(protocol, operation, operation.reply, diagnostics)
    for key in (*operation.messages, *operation.reply.messages):
        message = protocol.messages[key]
        if message.correlation is not None and id_path(protocol, message) is None:
            diagnostics.warning(
                Rule.UNUSABLE_CORRELATION_ID,
                message.location,
                f"`{message.correlation}` cannot be used as a correlation id",
                "point it at an integer or string in the payload, with every member on the path "
                "required; or at the header in all requests and replies of the operation",
            )


def _check_matched(
    protocol: Protocol, operation: Operation, reply: Reply, diagnostics: Diagnostics
) -> None:
    """With neither ids nor parameters of the topic, only the order of replies is left."""
    if not reply.messages or shared_parameters(protocol, operation, reply):
        return
    every = [protocol.messages[key] for key in (*operation.messages, *reply.messages)]
    if operation.messages and not all(id_path(protocol, each) for each in every):
        diagnostics.warning(
            Rule.UNCORRELATED_REPLY,
            operation.location,
            "nothing says which request a reply belongs to: they are matched in order, so only one "
            "call can be pending at a time",
            "add a `correlationId` to the requests and the replies, or a parameter to both "
            "addresses",
        )


def _check_spellings(choice: Choice, diagnostics: Diagnostics) -> None:
    """Constants that differ only by case are probably meant to be one."""
    seen: dict[str, str] = {}
    for value in choice.values:
        for spelling in dict.fromkeys(str(each) for each in value.spellings):
            known = seen.get(spelling.casefold())
            if known is not None and known not in value.spellings:
                diagnostics.warning(
                    Rule.SIMILAR_CONSTANTS,
                    choice.location,
                    f"`{known}` and `{spelling}` differ only in case and become two constants",
                    "give them the same name in `x-enum-varnames` if they mean the same",
                )
            seen.setdefault(spelling.casefold(), spelling)
