"""Side files: what one role receives, sends, and how topics find its handlers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mqbind.diagnostics import Diagnostics
from mqbind.model.discriminator import Discriminator, tell_apart
from mqbind.model.protocol import Channel, Message, Operation, Parameter, Protocol
from mqbind.model.types import Bytes
from mqbind.model.values import Pattern
from mqbind.plan import ctypes, docs, literals, names, side_nodes, table_nodes, words
from mqbind.plan.atlas import Atlas
from mqbind.plan.calls import Pair, key_parts, pairs
from mqbind.plan.messages import payload_code
from mqbind.plan.values import Values

_LOCALS = (
    *("message", "parameters", "out", "in", "r", "w"),
    *("request", "key", "status", "timeout_ms", "on_reply", "user"),
)
"""Variables of the generated functions, which a topic parameter must not hide."""

_FIELDS = ("client", "handlers", "group", "user", "binding", "values")
"""Fields that every side has, beside those that are named after topic parameters."""


@dataclass(frozen=True, kw_only=True)
class _Traffic:
    """Messages that one operation carries over one channel."""

    operation: Operation
    channel: Channel
    messages: tuple[Message, ...]


@dataclass
class _SidePlanner:
    protocol: Protocol
    atlas: Atlas
    diagnostics: Diagnostics
    role: str

    def __post_init__(self) -> None:
        self.values = Values(atlas=self.atlas, diagnostics=self.diagnostics)
        self.incoming = self._traffic(receiving=True)
        self.outgoing = self._traffic(receiving=False)
        self.addresses: dict[str, side_nodes.AddressCode] = {}
        self.filters = self._filters()
        self.prefix = f"{self.protocol.prefix}_{names.snake(self.role)}"
        self.pairs = [pair for pair in pairs(self.protocol) if pair.operation.sender == self.role]
        self.reply_types: dict[str, side_nodes.ReplyType] = {}

    def plan(self) -> side_nodes.SideFile:
        routes = tuple(self._route(group) for group in self._channels(self.incoming))
        senders = tuple(
            self._sender(traffic, message)
            for traffic in self.outgoing
            for message in traffic.messages
        )
        calls = tuple(
            call
            for traffic in self.outgoing
            for message in traffic.messages
            if (call := self._call(traffic, message)) is not None
        )
        return side_nodes.SideFile(
            file_stem=self.prefix,
            guard=f"{self.prefix.upper()}_H",
            role=self.role,
            c_name=self.prefix,
            variable=names.identifier(self.role),
            heading=docs.side_heading(self.protocol, self.role, f"{self.prefix}.h"),
            includes=self._includes(),
            filters=tuple(self._filter_field(parameter) for parameter in self.filters),
            patterns=tuple(self.values.patterns),
            addresses=tuple(self.addresses.values()),
            routes=routes,
            route_order=tuple(
                sorted(routes, key=lambda route: _specificity(route.address.literal))
            ),
            senders=senders,
            reply_types=tuple(self.reply_types.values()),
            calls=calls,
        )

    def _traffic(self, *, receiving: bool) -> list[_Traffic]:
        return [
            _Traffic(
                operation=operation,
                channel=self.protocol.channels[operation.channel],
                messages=tuple(self.protocol.messages[key] for key in operation.messages),
            )
            for operation in self.protocol.operations
            if (operation.receiver if receiving else operation.sender) == self.role
        ]

    def _filters(self) -> list[Parameter]:
        """Every parameter of a received address, once by name."""
        by_name: dict[str, Parameter] = {}
        for traffic in self.incoming:
            for parameter in traffic.channel.parameters:
                by_name.setdefault(parameter.name, parameter)
        return list(by_name.values())

    def _filter_field(self, parameter: Parameter) -> table_nodes.Field:
        c_name = names.identifier(parameter.name)
        return table_nodes.Field(
            c_type="struct mqb_str",
            c_name=f"{c_name}_value" if c_name in _FIELDS else c_name,
            comment=docs.paragraphs(
                f"{docs.sentence(parameter.description or parameter.name)} "
                "Receives only topics with this value; empty takes any."
            ),
        )

    def _includes(self) -> tuple[str, ...]:
        used = [m for traffic in (*self.incoming, *self.outgoing) for m in traffic.messages]
        headers = {f"{self.atlas.message_name(message)}.h" for message in used}
        return tuple(sorted(headers))

    @staticmethod
    def _channels(traffic: Iterable[_Traffic]) -> list[list[_Traffic]]:
        groups: dict[str, list[_Traffic]] = {}
        for item in traffic:
            groups.setdefault(item.channel.address, []).append(item)
        return list(groups.values())

    def _address(self, channel: Channel) -> side_nodes.AddressCode:
        if channel.address not in self.addresses:
            literal = channel.address
            scope = names.Scope(f"parameters of {channel.address}", self.diagnostics)
            for parameter in channel.parameters:
                scope.claim(names.identifier(parameter.name), parameter.name, parameter.location)
                literal = literal.replace(f"{{{parameter.name}}}", "{}")
            self.addresses[channel.address] = side_nodes.AddressCode(
                c_name=f"{names.snake(channel.key)}_address",
                literal=literals.string(literal),
                parameters=tuple(self._parameter(item) for item in channel.parameters),
            )
        return self.addresses[channel.address]

    def _parameter(self, parameter: Parameter) -> side_nodes.ParameterCode:
        c_name = names.identifier(parameter.name)
        if c_name in (names.identifier(self.role), *_LOCALS):
            c_name = f"{c_name}_value"
        pattern = _enum_pattern(parameter) or parameter.pattern
        kind = ctypes.stored(parameter.storage) if parameter.storage else None
        return side_nodes.ParameterCode(
            c_name=c_name,
            c_type=kind.c_name if kind else "struct mqb_str",
            suffix="int" if kind and kind.signed else "uint",
            bounds=(kind.literal(kind.low), kind.literal(kind.high)) if kind else (),
            literal=literals.string(parameter.name),
            pattern=f"&{self.values.pattern(pattern, c_name)}" if pattern else "NULL",
            max_length=parameter.max_length or 0,
            rule=_parameter_rule(parameter),
        )

    def _route(self, group: list[_Traffic]) -> side_nodes.Route:
        channel = group[0].channel
        messages = list({m.key: m for traffic in group for m in traffic.messages}.values())
        stem = names.snake(channel.key)
        discriminator = tell_apart(self.protocol, [message.key for message in messages])
        places = [parameter.name for parameter in self.filters]
        handlers = tuple(self._handler(group, message, discriminator) for message in messages)
        shared = next((t.operation.group for t in group if t.operation.group), None)
        return side_nodes.Route(
            receive_name=f"receive_{stem}",
            wanted_name=f"wants_{stem}",
            address=self._address(channel),
            values_name=f"{stem}_values",
            values=tuple(places.index(parameter.name) for parameter in channel.parameters),
            qos=max(traffic.operation.qos for traffic in group),
            group=literals.string(shared) if shared else "NULL",
            takes_replies=any(handler.keys for handler in handlers),
            handlers=handlers,
            dispatch=_dispatch(discriminator, messages, f"{stem}_choices"),
        )

    def _handler(
        self, group: list[_Traffic], message: Message, discriminator: Discriminator | None
    ) -> side_nodes.Handler:
        traffic = next(item for item in group if message in item.messages)
        name = self._message_name(self.incoming, traffic, message)
        code = payload_code(message, self._scratch_values())
        condition = None
        if discriminator:
            spellings = discriminator.spellings[message.key]
            accepted = words.either([docs.json_text(spelling) for spelling in spellings])
            condition = f'when "{discriminator.member}" is {accepted}'
        return side_nodes.Handler(
            c_name=name,
            message=literals.string(message.name),
            comment=docs.delivery(traffic.channel, message, condition),
            deliver_name=f"deliver_{name}",
            parameters=tuple(self._parameter(item) for item in traffic.channel.parameters),
            message_c_type=code.c_type,
            read_name=f"{self.atlas.message_name(message)}_read",
            encode_name=f"{self.atlas.message_name(message)}_encode",
            is_json=not isinstance(message.payload, Bytes),
            keys=self._reply_keys(traffic.channel, message),
        )

    def _reply_keys(self, channel: Channel, message: Message) -> tuple[side_nodes.CallKey, ...]:
        """The calls that may wait for a message on a channel."""
        parameters = [
            (
                item.name,
                code.c_name if code.bounds else f"in->parameters[{place}]",
                bool(code.bounds),
            )
            for place, item in enumerate(channel.parameters)
            for code in [self._parameter(item)]
        ]
        return tuple(
            side_nodes.CallKey(
                kind=pair.number,
                parts=key_parts(self.protocol, pair, message, parameters, "message."),
            )
            for pair in self.pairs
            if pair.reply == message and self._reply_address(pair) == channel.address
        )

    def _reply_address(self, pair: Pair) -> str:
        assert pair.operation.reply, "a pair has one"
        return self.protocol.channels[pair.operation.reply.channel].address

    def _call(self, traffic: _Traffic, message: Message) -> side_nodes.CallCode | None:
        """The call of a request; None for a message that has no reply."""
        pair = next((pair for pair in self.pairs if pair.operation == traffic.operation), None)
        if pair is None:
            return None
        parameters = [
            (item.name, code.c_name, bool(code.bounds))
            for item in traffic.channel.parameters
            for code in [self._parameter(item)]
        ]
        name = self._message_name(self.outgoing, traffic, message)
        return side_nodes.CallCode(
            c_name=f"call_{name}",
            send_name=f"{self.prefix}_send_{name}",
            comment=docs.request(traffic.channel, message, pair.reply, self._reply_address(pair)),
            address=self._address(traffic.channel),
            message_c_type=payload_code(message, self._scratch_values()).c_type,
            reply=self._reply_type(pair.reply),
            key=side_nodes.CallKey(
                kind=pair.number,
                parts=key_parts(self.protocol, pair, message, parameters, "message->"),
            ),
        )

    def _reply_type(self, reply: Message) -> side_nodes.ReplyType:
        name = self.atlas.message_stems[reply.key]
        if reply.key not in self.reply_types:
            self.reply_types[reply.key] = side_nodes.ReplyType(
                c_name=f"{self.prefix}_on_{name}",
                comment=docs.paragraphs(docs.sentence(reply.title or reply.name)),
                finish_name=f"finish_{name}",
                message_c_type=payload_code(reply, self._scratch_values()).c_type,
            )
        return self.reply_types[reply.key]

    def _scratch_values(self) -> Values:
        """For C types alone: what the values need is defined in the files of the messages."""
        return Values(atlas=self.atlas, diagnostics=self.diagnostics)

    def _sender(self, traffic: _Traffic, message: Message) -> side_nodes.Sender:
        code = payload_code(message, self._scratch_values())
        return side_nodes.Sender(
            c_name=f"send_{self._message_name(self.outgoing, traffic, message)}",
            comment=docs.delivery(traffic.channel, message, None),
            address=self._address(traffic.channel),
            message_c_type=code.c_type,
            write_name=f"{self.atlas.message_name(message)}_write",
            is_json=not isinstance(message.payload, Bytes),
            qos=traffic.operation.qos,
            retain=literals.flag(traffic.operation.retain),
        )

    def _message_name(self, all_traffic: list[_Traffic], own: _Traffic, message: Message) -> str:
        """The message's name; with the operation's before it where several carry the message."""
        uses = Counter(m.key for traffic in all_traffic for m in traffic.messages)
        name = names.identifier(self.atlas.message_stems[message.key])
        if uses[message.key] == 1:
            return name
        return f"{names.snake(own.operation.name or own.operation.key)}_{name.strip('_')}"


def plan_side(
    protocol: Protocol, role: str, atlas: Atlas, diagnostics: Diagnostics
) -> side_nodes.SideFile:
    """The file of one role."""
    return _SidePlanner(protocol, atlas, diagnostics, role).plan()


def _dispatch(
    discriminator: Discriminator | None, messages: list[Message], table_name: str
) -> side_nodes.Dispatch | None:
    """The table that chooses between messages; None when there is only one."""
    if discriminator is None:
        return None
    spellings = [discriminator.spellings[message.key] for message in messages]
    rows = tuple(
        table_nodes.TextChoice(
            literal=literals.string(text), length=literals.size(text), constant=str(index)
        )
        for index, texts in enumerate(spellings)
        for text in texts
    )
    accepted = words.either([docs.json_text(text) for texts in spellings for text in texts])
    return side_nodes.Dispatch(
        member=literals.string(discriminator.member),
        choices=table_nodes.ChoiceTable(
            c_name=table_name, rows=rows, rule=literals.string(f"must be {accepted}")
        ),
    )


def _specificity(address: str) -> list[bool]:
    """Sorts a literal level before a parameter."""
    return [level == "{}" for level in address.split("/")]


def _enum_pattern(parameter: Parameter) -> Pattern | None:
    """The texts that a parameter may have, as a pattern."""
    if not parameter.enum:
        return None
    texts = "|".join(re.sub(r"([^A-Za-z0-9_ ])", _hexadecimal, text) for text in parameter.enum)
    return Pattern(regex=f"^({texts})$", location=parameter.location)


def _hexadecimal(match: re.Match[str]) -> str:
    return f"\\u{{{ord(match[0]):x}}}"


def _parameter_rule(parameter: Parameter) -> str:
    parts = []
    if parameter.max_length:
        parts.append(f"have at most {parameter.max_length} characters")
    if parameter.enum:
        parts.append(f"be {words.either(parameter.enum)}")
    elif parameter.pattern:
        parts.append(f"match {parameter.pattern.regex}")
    if not parts:
        return "NULL"
    return literals.string(f"{parameter.name} must {' and '.join(parts)}")
