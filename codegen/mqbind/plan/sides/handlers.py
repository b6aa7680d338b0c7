"""The functions that read a message and call its handler."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mqbind.model.protocol import Channel, Message
from mqbind.model.types import Bytes
from mqbind.plan.nodes.code import Call, Function, Guard, Variable
from mqbind.plan.nodes.sides import (
    Exchange,
    Handler,
    HostHandler,
    PropertyCode,
    ReplyMatch,
    TriedForm,
)
from mqbind.plan.nodes.topics import AddressCode
from mqbind.plan.sides import comments
from mqbind.plan.sides.calls import Spelling, request_key
from mqbind.plan.sides.context import SideContext
from mqbind.plan.sides.mqtt_properties import together
from mqbind.plan.sides.names import Traffic
from mqbind.plan.sides.replies import Replies
from mqbind.plan.text import literals

_STATUS = "enum mqb_status"


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A message that arrives on a channel, which is subscribed to with `qos`."""

    message: Message
    channel: Channel
    qos: int
    carriers: list[Traffic] = field(default_factory=list)

    @property
    def is_typed(self) -> bool:
        return not isinstance(self.message.payload, Bytes)

    @property
    def open(self) -> Call | None:
        """The call that starts the reader of the payload, unless that is bytes."""
        if not self.is_typed:
            return None
        types = literals.text_types(self.message.spells)
        if types is None:
            arguments = ("&r", "in->message->payload", "in->scratch")
            return Call(function="mqb_reader_open", arguments=arguments)
        return Call(
            function="mqb_reader_open_text",
            arguments=("&r", types, "in->message->payload", "in->scratch"),
        )

    @property
    def properties(self) -> tuple[PropertyCode, ...]:
        return together(each.properties[self.message.key] for each in self.carriers)


@dataclass(frozen=True)
class Handlers:
    """Plans the handlers of one side. A message is `tried` if nothing but its payload distinguishes
    it from others: its deliver function gets it when it has been read."""

    side: SideContext
    replies: Replies

    def handler(self, incoming: Incoming, condition: str | None, *, tried: bool) -> Handler:
        variable = self.side.names.variable
        message = self._exchange(incoming)
        address = message.address
        spelled = self._spelled(incoming, tried)
        keys = tuple(self._reply_matches(incoming, address, spelled))
        comment = comments.handler(incoming.channel, incoming.message, incoming.qos, condition)
        return Handler(
            message=message,
            comment=self.side.counted(comment, incoming.message),
            pointer=self._function(message, f"(*{message.name})"),
            deliver=self._deliver(incoming, tried),
            variables=tuple(self._variables(incoming, address, tried, keys)),
            read=self._read(incoming, "r", "&message") if incoming.is_typed and not tried else None,
            guards=tuple(_guards(incoming, address)),
            replies=keys,
            missing=f"{variable}->handlers->{message.name} == NULL",
            refusal=Call(
                function="mqb_inbound_refuse_reply" if keys else "mqb_inbound_refuse_unhandled",
                arguments=("in",),
            ),
            call=Call(
                function=f"{variable}->handlers->{message.name}",
                arguments=(
                    variable,
                    *(parameter.received for parameter in address.arguments),
                    *(f"in->message->properties.{each.c_name}" for each in message.properties),
                    spelled,
                ),
            ),
            delivery=self.delivery(incoming, f"&message.{message.name}" if tried else None),
            host=self._host(incoming.message.name, message),
        )

    def deleted(self, channel: Channel, qos: int, message: Message) -> Handler:
        """The handler of the event that a retained message, such as `message`, was deleted."""
        variable, name = self.side.names.variable, self.side.names.deleted(channel)
        address = self.side.topics.address(channel)
        event = Exchange(
            name=name,
            c_name=name,
            c_type=None,
            is_typed=False,
            text_types=None,
            address=address,
            properties=(),
        )
        called = f"{variable}->handlers->{name}"
        received = (parameter.received for parameter in address.arguments)
        return Handler(
            message=event,
            comment=self.side.counted(comments.deleted(channel, qos), message),
            pointer=self._function(event, f"(*{name})"),
            deliver=Function(
                name=f"deliver_{name}",
                parameters=(self.side.struct, "struct mqb_inbound *in"),
                result=_STATUS,
            ),
            variables=tuple(each.variable for each in address.arguments if each.variable),
            read=None,
            guards=tuple(each.check for each in address.arguments if each.check),
            replies=(),
            missing=f"{called} == NULL",
            refusal=Call(function="mqb_inbound_refuse_unhandled", arguments=("in",)),
            call=Call(function=called, arguments=(variable, *received)),
            delivery=Call(function=f"deliver_{name}", arguments=(variable, "in")),
            host=self._host(message.name, event),
        )

    def form(self, incoming: Incoming) -> TriedForm:
        """The plan for trying a message."""
        name, c_type = self._name(incoming), self._c_type(incoming)
        return TriedForm(
            name=name,
            variable=Variable(declaration=f"{c_type} {name}"),
            read=self._read(incoming, "&r", f"&message.{name}"),
            delivery=self.delivery(incoming, f"&message.{name}"),
        )

    def _name(self, incoming: Incoming) -> str:
        return self.side.names.handler(incoming.carriers[0], incoming.message)

    def _c_type(self, incoming: Incoming) -> str:
        return self.side.c_types[incoming.message.key]

    def _exchange(self, incoming: Incoming) -> Exchange:
        return Exchange(
            name=self._name(incoming),
            c_name=self.side.symbols.message_name(incoming.message),
            c_type=self._c_type(incoming),
            is_typed=incoming.is_typed,
            text_types=literals.text_types(incoming.message.spells),
            address=self.side.topics.address(incoming.channel),
            properties=incoming.properties,
        )

    def _function(self, message: Exchange, name: str) -> Function:
        """The type of a handler."""
        parameters = message.arguments(self.side.struct)
        return Function(name=name, parameters=parameters, result=_STATUS, exported=True)

    # ---- The function that calls it ----

    def _deliver(self, incoming: Incoming, tried: bool) -> Function:
        parameters = [self.side.struct, "struct mqb_inbound *in"]
        if incoming.is_typed:
            parameters.append("struct mqb_reader *r")
            if tried:
                parameters.append(f"const {self._c_type(incoming)} *message")
        return Function(
            name=f"deliver_{self._name(incoming)}", parameters=tuple(parameters), result=_STATUS
        )

    def delivery(self, incoming: Incoming, message: str | None = None) -> Call:
        """The call that delivers a message, which may have been read."""
        payload = ["&r", *([message] if message else [])] if incoming.is_typed else []
        return Call(
            function=f"deliver_{self._name(incoming)}",
            arguments=(self.side.names.variable, "in", *payload),
        )

    def _variables(
        self,
        incoming: Incoming,
        address: AddressCode,
        tried: bool,
        keys: Sequence[ReplyMatch],
    ) -> Iterator[Variable]:
        for parameter in address.arguments:
            if parameter.variable:
                yield parameter.variable
        if keys:
            yield Variable(declaration="struct mqb_call_key key")
        if incoming.is_typed and not tried:
            yield Variable(declaration=f"{self._c_type(incoming)} message")

    def _read(self, incoming: Incoming, reader: str, message: str) -> Call:
        name = self.side.symbols.message_name(incoming.message)
        return Call(function=f"{name}_read", arguments=(reader, message))

    @staticmethod
    def _spelled(incoming: Incoming, tried: bool) -> str:
        """The address of the message in its deliver function."""
        if not incoming.is_typed:
            return "&in->message->payload"
        return "message" if tried else "&message"

    def _reply_matches(
        self, incoming: Incoming, address: AddressCode, spelled: str
    ) -> Iterator[ReplyMatch]:
        """The calls that may be waiting for a message on a channel."""
        parameters = [
            (item.name, code.name if code.variable else code.received, code.variable is not None)
            for item, code in zip(incoming.channel.parameters, address.parameters, strict=True)
        ]
        variable = self.side.names.variable
        for pair in self.replies.completed_by(incoming.message):
            if self.side.reply_channel(pair).key != incoming.channel.key:
                continue
            spelling = Spelling(
                side=variable,
                kind=self.side.names.kinds[pair.operation.key],
                parameters=parameters,
                message="message->" if spelled == "message" else "message.",
                correlation_data="in->message->properties.correlation_data",
            )
            reply = self.replies.expression(pair, incoming.message, spelled)
            yield ReplyMatch(
                key=request_key(
                    self.side.protocol, self.side.symbols, pair, incoming.message, spelling
                ),
                ends=Guard(
                    call=Call(
                        function="mqb_call_reply",
                        arguments=(f"{variable}->client", "&key", reply),
                    ),
                    result="MQB_OK",
                ),
            )

    # ---- A program that prints ----

    def _host(self, name: str, message: Exchange) -> HostHandler:
        result = Call(function="host_deleted", arguments=())
        if message.c_type:
            result = Call(function="host_bytes", arguments=("*message",))
        if message.is_typed:
            result = Call(function="host_json", arguments=("message", f"{message.c_name}_write"))
        values = [
            Call(function=each.printer, arguments=(f"MQB_STR({each.literal})", each.name))
            for each in message.address.arguments
        ]
        properties = [
            Call(function="host_property", arguments=(each.literal, each.c_name))
            for each in message.properties
        ]
        return HostHandler(
            function=Function(
                name=f"{self.side.names.variable}_on_{message.name}",
                parameters=message.arguments(self.side.struct),
                result=_STATUS,
            ),
            message=f"MQB_STR({literals.string(name)})",
            printed=(*values, *properties),
            result=result,
        )


def _guards(incoming: Incoming, address: AddressCode) -> Iterator[Guard]:
    """The checks of payload, topic and properties."""
    if incoming.is_typed:
        yield _checked("mqb_reader_close", "r", "in->error")
    for parameter in address.arguments:
        if parameter.check:
            yield parameter.check
    for each in incoming.properties:
        yield _checked(f"mqb_inbound_check_{each.c_name}", "in")


def _checked(function: str, *arguments: str) -> Guard:
    return Guard(
        call=Call(function=function, arguments=arguments),
        compared=" != MQB_OK",
        result="in->error->status",
    )
