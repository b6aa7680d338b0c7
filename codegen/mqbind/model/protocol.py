"""A protocol: who sends which message to which topic."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from mqbind.diagnostics import Location
from mqbind.model.address import Address, Parameter
from mqbind.model.constraints import Constraint, JsonType
from mqbind.model.types import Definition, Type


@dataclass(frozen=True, kw_only=True)
class Channel:
    """An address on the broker.

    `dynamic`: the address is known at run time only. It is then one parameter that spans all
    levels, whose value the receiver sets and the sender is given.
    """

    key: str
    address: Address
    title: str | None
    description: str | None
    location: Location
    dynamic: bool = False

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return self.address.parameters


@dataclass(frozen=True, kw_only=True)
class Example:
    """A payload that the document prints: `value` is plain JSON data (a float where the number is
    written with a point or an exponent)."""

    name: str | None
    summary: str | None
    value: object
    location: Location


@dataclass(frozen=True, kw_only=True)
class Message:
    """A payload with a name, which may be `given` by the author for C. `payload` is any type; a
    top-level object is `Named`.

    `correlation` is the place of the value that links a reply to its request:
    "$message.payload#/msgId". A place in the header is the correlation data of MQTT 5.

    `spells`: the payload is text, and is read as the JSON value that it spells if that has one of
    these types; None if it is not text. `empty_deletes`: an empty payload is not this message, but
    deletes the one that the broker retains.
    """

    key: str
    name: str
    title: str | None
    summary: str | None
    description: str | None
    payload: Type
    examples: tuple[Example, ...]
    location: Location
    correlation: str | None = None
    given: bool = False
    spells: tuple[JsonType, ...] | None = None
    empty_deletes: bool = False

    @property
    def about(self) -> str:
        """The summary or the title, whichever has words first; empty if neither has."""
        return (self.summary or "").strip() or (self.title or "").strip()


@dataclass(frozen=True, kw_only=True)
class Reply:
    """Where replies to an operation arrive, their messages (keys), and how they are published if no
    operation says so.

    `location` is the place where a request names the topic to reply to:
    "$message.payload#/replyTo". A place in the header is the response topic of MQTT 5.
    """

    channel: str
    messages: tuple[str, ...]
    qos: int
    retain: bool
    location: str | None = None


@dataclass(frozen=True, kw_only=True)
class Operation:
    """Messages (keys) that travel over a channel (key) from one role to another.

    `group`: receivers that share the messages among them subscribe in this group. `timeout_ms`: how
    long to wait for a reply. `answers`: this is not in the document, but the reply of the operation
    with that key. `qos_choice`: the sender may choose one of these instead of `qos`; empty if not.
    """

    key: str
    name: str | None
    title: str | None
    description: str | None
    channel: str
    messages: tuple[str, ...]
    sender: str
    receiver: str
    qos: int
    retain: bool
    reply: Reply | None
    location: Location
    group: str | None = None
    timeout_ms: int | None = None
    answers: bool = False
    qos_choice: tuple[int, ...] = ()

    def answer(self) -> Operation | None:
        """The reply as an operation of its own, with all its messages."""
        if self.reply is None:
            return None
        return replace(
            self,
            name=f"{self.name or self.key} reply",
            title=None,
            description=None,
            channel=self.reply.channel,
            messages=self.reply.messages,
            sender=self.receiver,
            receiver=self.sender,
            qos=self.reply.qos,
            retain=self.reply.retain,
            reply=None,
            group=None,
            timeout_ms=None,
            answers=True,
            qos_choice=(),
        )


@dataclass(frozen=True, kw_only=True)
class Will:
    """What a broker publishes if the client vanishes."""

    topic: str
    payload: str
    qos: int
    retain: bool


@dataclass(frozen=True, kw_only=True)
class Connection:
    """How the document's own role connects to `server`, as far as the document says."""

    server: str
    client_id: str | None = None
    keep_alive_s: int | None = None
    clean_session: bool | None = None
    will: Will | None = None


@dataclass(frozen=True, kw_only=True)
class Protocol:
    """A whole document. Mappings keep the document's order.

    `prefix` starts every C name. `role` is whose view the document describes; every other role
    that an operation names is a peer. `constraints` are those that `Shared` names. `files` are the
    paths of all files that were read, the document itself first.
    """

    prefix: str
    source: str
    title: str
    version: str
    description: str | None
    role: str
    channels: Mapping[str, Channel]
    messages: Mapping[str, Message]
    operations: tuple[Operation, ...]
    definitions: Mapping[str, Definition]
    location: Location
    files: tuple[str, ...] = ()
    constraints: Mapping[str, Constraint] = field(default_factory=dict)
    connection: Connection | None = None

    @cached_property
    def carriers(self) -> Mapping[str, Sequence[Operation]]:
        """The operations that carry each message, by its key."""
        found: dict[str, list[Operation]] = {key: [] for key in self.messages}
        for operation in self.operations:
            for key in dict.fromkeys(operation.messages):
                found[key].append(operation)
        return found

    @cached_property
    def answered(self) -> Mapping[tuple[str, str, str], Sequence[Operation]]:
        """The operations that a message replies to, by the role that receives it, its channel and
        its key."""
        found: dict[tuple[str, str, str], list[Operation]] = {}
        for operation in self.operations:
            reply = operation.reply
            if reply is None:
                continue
            for key in dict.fromkeys(reply.messages):
                place = (operation.sender, reply.channel, key)
                found.setdefault(place, []).append(operation)
        return found
