"""Side files: what one role receives, sends, and how topics find its handlers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mqbind.diagnostics import Diagnostics
from mqbind.model.discriminator import Discriminator, discriminator_of
from mqbind.model.first_match import match_order
from mqbind.model.protocol import Channel, Connection, Message, Operation, Protocol
from mqbind.model.types import Bytes
from mqbind.plan.nodes.code import Field
from mqbind.plan.nodes.sides import (
    CallCode,
    CallKey,
    Dispatch,
    Handler,
    Macro,
    ReplyType,
    RivalTable,
    Route,
    Router,
    Sender,
    SideFile,
    Timeout,
    Trial,
)
from mqbind.plan.nodes.tables import ChoiceTable, TextChoice
from mqbind.plan.sides.address_levels import specificity
from mqbind.plan.sides.address_tables import AddressTables
from mqbind.plan.sides.calls import Pair, Spelling, key_parts, pairs, reply_topic
from mqbind.plan.sides.mqtt_properties import plan_properties, together
from mqbind.plan.sides.names import SideNames, Traffic, reply_owner, variable_of
from mqbind.plan.sides.overlaps import Rivals
from mqbind.plan.sides.topic_trie import ROUTES_MAX, plan_router
from mqbind.plan.sides.topics import Topics
from mqbind.plan.symbols import identifiers
from mqbind.plan.symbols.table import SymbolTable
from mqbind.plan.text import comments, literals, rules

_CHARACTERS_PER_WORK = 10


@dataclass
class _SidePlanner:
    protocol: Protocol
    symbols: SymbolTable
    c_types: Mapping[str, str]
    rivals: Rivals
    tables: AddressTables
    diagnostics: Diagnostics
    role: str

    def __post_init__(self) -> None:
        self.incoming = self._traffic(receiving=True)
        self.outgoing = self._traffic(receiving=False)
        self.prefix = f"{self.protocol.prefix}_{identifiers.snake(self.role)}"
        self.pairs = [pair for pair in pairs(self.protocol) if pair.operation.sender == self.role]
        self.reply_types: dict[str, ReplyType] = {}
        self.names = SideNames(
            side=self.prefix,
            variable=variable_of(self.role),
            symbols=self.symbols,
            tables=self.tables,
            diagnostics=self.diagnostics,
            incoming=self.incoming,
            outgoing=self.outgoing,
            pairs=self.pairs,
            rivals=[rival for traffic in self.outgoing for rival in self._rivals(traffic.channel)],
        )
        self.topics = Topics(
            names=self.names,
            tables=self.tables,
            incoming=[traffic.channel for traffic in self.incoming],
            outgoing=[traffic.channel for traffic in self.outgoing],
        )

    def plan(self) -> SideFile:
        for pair in self.pairs:
            self._reply_type(pair)
        connection = self.protocol.connection if self.role == self.protocol.role else None
        groups = self._channels(self.incoming)
        routes = {group[0].channel.key: self._route(group) for group in groups}
        channels = [group[0].channel for group in groups]
        route_order = tuple(routes[channel.key] for channel in sorted(channels, key=specificity))
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
        return SideFile(
            file_stem=self.prefix,
            guard=f"{self.prefix.upper()}_H",
            role=self.role,
            c_name=self.prefix,
            variable=self.names.variable,
            heading=comments.side_heading(self.protocol, self.role, f"{self.prefix}.h"),
            server=comments.comment_text(connection.server) if connection else "",
            connection=_macros(connection, self.prefix.upper()) if connection else (),
            includes=self._includes(),
            filters=self.topics.side_values(),
            routes=tuple(routes.values()),
            route_order=route_order,
            router=self._router(route_order),
            rivals=tuple(dict.fromkeys(each.rivals for each in senders if each.rivals)),
            senders=senders,
            reply_types=tuple(self.reply_types.values()),
            calls=calls,
        )

    def _traffic(self, *, receiving: bool) -> list[Traffic]:
        return [
            Traffic(
                operation=operation,
                channel=self.protocol.channels[operation.channel],
                messages=tuple(self.protocol.messages[key] for key in operation.messages),
                properties=plan_properties(self.protocol, operation),
            )
            for operation in self.protocol.operations
            if (operation.receiver if receiving else operation.sender) == self.role
            and operation.messages
        ]

    def _includes(self) -> tuple[str, ...]:
        used = [m for traffic in (*self.incoming, *self.outgoing) for m in traffic.messages]
        headers = {f"{self.symbols.message_name(message)}.h" for message in used}
        return tuple(sorted(headers))

    @staticmethod
    def _channels(traffic: Iterable[Traffic]) -> list[list[Traffic]]:
        groups: dict[str, list[Traffic]] = {}
        for item in traffic:
            groups.setdefault(item.channel.key, []).append(item)
        return list(groups.values())

    def _delivery(
        self, channel: Channel, message: Message, condition: str | None
    ) -> tuple[str, ...]:
        comment = comments.delivery(channel, message, condition)
        self.diagnostics.spend(sum(map(len, comment)) // _CHARACTERS_PER_WORK, message.location)
        return comment

    # ---- Receiving ----

    def _route(self, group: list[Traffic]) -> Route:
        channel = group[0].channel
        by_key: dict[str, Message] = {}
        carriers: dict[str, list[Traffic]] = {}
        for traffic in group:
            for message in traffic.messages:
                by_key[message.key] = message
                carriers.setdefault(message.key, []).append(traffic)
        stem = self.names.channels[channel.key]
        discriminator = self._discriminator(list(by_key.values()))
        tried = discriminator is None and len(by_key) > 1
        order = match_order(self.protocol, by_key) if tried else by_key
        conditions = _conditions(discriminator, by_key)
        handlers = [
            self._handler(carriers[key], by_key[key], conditions.get(key), tried) for key in order
        ]
        trial = _trial(handlers) if tried else None
        if trial is not None:
            handlers = [*trial.forms, *([trial.rest] if trial.rest else [])]
        shared = next((t.operation.group for t in group if t.operation.group), None)
        return Route(
            receive_name=f"receive_{stem}",
            wanted_name=f"wants_{stem}",
            address=self.topics.address(channel),
            values_name=f"{stem}_values",
            values=self.topics.places(channel),
            qos=max(traffic.operation.qos for traffic in group),
            group=literals.string(shared) if shared else "NULL",
            takes_replies=any(handler.keys for handler in handlers),
            dynamic=channel.dynamic,
            handlers=tuple(handlers),
            dispatch=_dispatch(discriminator, f"{stem}_choices"),
            trial=trial,
        )

    def _discriminator(self, messages: Sequence[Message]) -> Discriminator | None:
        """What distinguishes the messages of one address, if there are several."""
        if len(messages) < 2:
            return None
        payloads = [message.payload for message in messages]
        return discriminator_of(self.protocol.definitions, payloads)

    def _router(self, routes: tuple[Route, ...]) -> Router:
        if len(routes) > ROUTES_MAX:
            self.diagnostics.error(
                self.incoming[0].channel.location,
                f"`{self.role}` receives on {len(routes)} addresses, which are too many",
                f"divide the role; it may receive on {ROUTES_MAX}",
            )
        return plan_router([(route.address, route.values) for route in routes])

    def _handler(
        self,
        carriers: Sequence[Traffic],
        message: Message,
        condition: str | None,
        tried: bool,
    ) -> Handler:
        traffic = carriers[0]
        name = self.names.handler(traffic, message)
        is_json = not isinstance(message.payload, Bytes)
        own = "message" if tried else "&message"
        spelled = own if is_json else "&in->message->payload"
        return Handler(
            c_name=name,
            message_name=literals.string(message.name),
            comment=self._delivery(traffic.channel, message, condition),
            deliver_name=f"deliver_{name}",
            address=self.topics.address(traffic.channel),
            message=spelled,
            message_c_type=self.c_types[message.key],
            read_name=f"{self.symbols.message_name(message)}_read",
            encode_name=f"{self.symbols.message_name(message)}_encode",
            is_json=is_json,
            properties=together(item.properties[message.key] for item in carriers),
            keys=self._reply_keys(traffic.channel, message, spelled),
        )

    def _reply_keys(self, channel: Channel, message: Message, spelled: str) -> tuple[CallKey, ...]:
        """The calls that may wait for a message on a channel."""
        parameters = [
            (
                item.name,
                code.c_name if code.bounds else f"in->parameters[{code.place}]",
                bool(code.bounds),
            )
            for item, code in zip(
                channel.parameters, self.topics.address(channel).parameters, strict=True
            )
        ]
        spelling = Spelling(
            parameters=parameters,
            message="message->" if spelled == "message" else "message.",
            correlation_data="in->message->properties.correlation_data",
        )
        return tuple(
            CallKey(
                kind=pair.number,
                parts=key_parts(self.protocol, self.symbols, pair, message, spelling),
                reply=self._reply_expression(pair, message, spelled),
            )
            for pair in self._pairs_by_reply.get(message.key, ())
            if self._reply_channel(pair).key == channel.key
        )

    @cached_property
    def _pairs_by_reply(self) -> Mapping[str, list[Pair]]:
        """The calls that each message may end, by its key."""
        found: dict[str, list[Pair]] = {}
        for pair in self.pairs:
            for key in dict.fromkeys(reply.key for reply in pair.replies):
                found.setdefault(key, []).append(pair)
        return found

    @cached_property
    def _pairs_by_operation(self) -> Mapping[str, Pair]:
        return {pair.operation.key: pair for pair in reversed(self.pairs)}

    def _reply_channel(self, pair: Pair) -> Channel:
        assert pair.operation.reply, "a pair has one"
        return self.protocol.channels[pair.operation.reply.channel]

    # ---- Sending ----

    def _sender(self, traffic: Traffic, message: Message) -> Sender:
        return Sender(
            c_name=f"send_{self.names.sender(traffic, message)}",
            comment=self._delivery(traffic.channel, message, None),
            address=self.topics.address(traffic.channel),
            message_c_type=self.c_types[message.key],
            write_name=f"{self.symbols.message_name(message)}_write",
            is_json=not isinstance(message.payload, Bytes),
            properties=traffic.properties[message.key],
            qos=traffic.operation.qos,
            retain=literals.flag(traffic.operation.retain),
            rivals=self._rival_table(traffic.channel),
            bound=self._bound(traffic.channel),
        )

    def _rivals(self, channel: Channel) -> tuple[Channel, ...]:
        """Channels that may take what is sent on `channel`. Where its topic is told, those whose
        values per side are known: they are the same for all that this side says at one server."""
        rivals = self.rivals.of(self.role, channel)
        if not channel.dynamic:
            return rivals
        every = (*self.incoming, *self.outgoing)
        known = next((names for t in every if (names := t.channel.address.per_side)), ())
        return tuple(rival for rival in rivals if rival.address.per_side in ((), known))

    def _rival_table(self, channel: Channel) -> RivalTable | None:
        rivals = self._rivals(channel)
        if not rivals:
            return None
        return RivalTable(
            c_name=f"{self.names.channels[channel.key]}_rivals",
            addresses=tuple(self.topics.address(rival) for rival in rivals),
        )

    def _bound(self, channel: Channel) -> tuple[str, ...]:
        """What the rivals of a channel that is told have bound."""
        if not channel.dynamic:
            return ()
        codes = [self.topics.address(rival).parameters for rival in self._rivals(channel)]
        bound = max(([p.value for p in code if p.per_side] for code in codes), key=len, default=[])
        return tuple(bound)

    # ---- Calls ----

    def _call(self, traffic: Traffic, message: Message) -> CallCode | None:
        """The call of a request; None for a message that has no reply."""
        pair = self._pairs_by_operation.get(traffic.operation.key)
        if pair is None or traffic.operation.answers:
            return None
        address = self.topics.address(traffic.channel)
        parameters = [
            (item.name, code.c_name, bool(code.bounds))
            for item, code in zip(traffic.channel.parameters, address.parameters, strict=True)
        ]
        name = self.names.sender(traffic, message)
        own = self._own_topic(pair)
        given = {"response_topic": own, "correlation_data": "correlation_data"}
        properties = [each.c_name for each in traffic.properties[message.key]]
        spelling = Spelling(
            parameters=parameters, message="message->", correlation_data="correlation_data"
        )
        return CallCode(
            c_name=f"call_{name}",
            send_name=f"{self.prefix}_send_{name}",
            comment=comments.request(
                self.protocol, traffic.channel, message, pair.operation, pair.replies
            ),
            address=address,
            message_c_type=self.c_types[message.key],
            reply=self._reply_type(pair),
            key=CallKey(
                kind=pair.number,
                parts=key_parts(self.protocol, self.symbols, pair, message, spelling),
                reply="",
            ),
            arguments=(
                *(each.c_name for each in address.arguments),
                *(given[name] for name in properties),
            ),
            correlates="correlation_data" in properties,
            reply_topic=reply_topic(self.protocol, self.symbols, pair, message, own)
            if own
            else None,
            timeout=self._timeout(pair.operation, name),
        )

    def _own_topic(self, pair: Pair) -> str:
        """The field of the side for the topic that replies come on; empty if the schema has it."""
        channel = self._reply_channel(pair)
        if not channel.dynamic:
            return ""
        return f"{self.names.variable}->{self.names.fields[channel.parameters[0].name]}"

    def _timeout(self, operation: Operation, name: str) -> Timeout | None:
        if operation.timeout_ms is None:
            return None
        return Timeout(
            c_name=f"{self.prefix}_call_{name}_timeout_ms".upper(),
            comment=comments.paragraphs("How long the schema has a call wait for its reply."),
            value=operation.timeout_ms,
        )

    def _reply_type(self, pair: Pair) -> ReplyType:
        owner = reply_owner(pair)
        if owner not in self.reply_types:
            self.reply_types[owner] = self._new_reply_type(pair)
        return self.reply_types[owner]

    def _new_reply_type(self, pair: Pair) -> ReplyType:
        name = self.names.replies[reply_owner(pair)]
        if len(pair.replies) == 1:
            [reply] = pair.replies
            forms: tuple[Field, ...] = ()
            c_type, title = self.c_types[reply.key], reply.title or reply.name
        else:
            forms = tuple(map(self._form, pair.replies))
            c_type = f"struct {self.prefix}_{name}"
            title = f"{rules.either([reply.name for reply in pair.replies])}: one is not NULL"
        return ReplyType(
            c_name=f"{self.prefix}_on_{name}",
            forms=forms,
            comment=comments.paragraphs(comments.sentence(title)),
            finish_name=f"finish_{name}",
            message_c_type=c_type,
        )

    def _form(self, reply: Message) -> Field:
        c_name = identifiers.identifier(self.symbols.message_stems[reply.key])
        return Field(c_type=f"const {self.c_types[reply.key]} *", c_name=c_name, comment=())

    def _reply_expression(self, pair: Pair, message: Message, spelled: str) -> str:
        """What a call is given as its reply."""
        reply = self._reply_type(pair)
        if not reply.forms:
            return spelled
        form = reply.forms[pair.replies.index(message)]
        return f"&(const {reply.message_c_type}){{.{form.c_name} = {spelled}}}"


def plan_side(
    protocol: Protocol,
    role: str,
    symbols: SymbolTable,
    c_types: Mapping[str, str],
    rivals: Rivals,
    tables: AddressTables,
    diagnostics: Diagnostics,
) -> SideFile:
    """The file of one role. `c_types` are those of payloads, by the key of the message."""
    return _SidePlanner(protocol, symbols, c_types, rivals, tables, diagnostics, role).plan()


def _macros(connection: Connection, prefix: str) -> tuple[Macro, ...]:
    values: dict[str, str] = {}
    if connection.client_id is not None:
        values["CLIENT_ID"] = literals.string(connection.client_id)
    if connection.keep_alive_s is not None:
        values["KEEPALIVE_S"] = str(connection.keep_alive_s)
    if connection.clean_session is not None:
        values["KEEP_SESSION"] = literals.flag(not connection.clean_session)
    if connection.will is not None:
        values["WILL_TOPIC"] = literals.string(connection.will.topic)
        values["WILL_PAYLOAD"] = f"MQB_STR({literals.string(connection.will.payload)})"
        values["WILL_QOS"] = str(connection.will.qos)
        values["WILL_RETAIN"] = literals.flag(connection.will.retain)
    return tuple(Macro(c_name=f"{prefix}_{name}", value=value) for name, value in values.items())


def _trial(handlers: list[Handler]) -> Trial:
    """The JSON messages one after the other, and the first that is not JSON."""
    forms = tuple(handler for handler in handlers if handler.is_json)
    rest = next((handler for handler in handlers if not handler.is_json), None)
    accepted = [form.c_name.strip("_").replace("_", " ") for form in forms] or ["bytes"]
    rule = literals.string(f"must be {rules.either(accepted)}")
    return Trial(forms=forms, rest=rest, rule=rule)


def _conditions(discriminator: Discriminator | None, keys: Iterable[str]) -> Mapping[str, str]:
    """For each message, by its key, when it is the one, in words."""
    if discriminator is None:
        return {}
    return {
        key: f'when "{discriminator.member}" is {_spelled(spellings)}'
        for key, spellings in zip(keys, discriminator.spellings, strict=True)
    }


def _spelled(texts: Iterable[str]) -> str:
    return rules.either([comments.json_text(text) for text in texts])


def _dispatch(discriminator: Discriminator | None, table_name: str) -> Dispatch | None:
    """The table that chooses between messages; None when there is only one."""
    if discriminator is None:
        return None
    spellings = discriminator.spellings
    rows = tuple(
        TextChoice(literal=literals.string(text), length=literals.size(text), constant=str(index))
        for index, texts in enumerate(spellings)
        for text in texts
    )
    accepted = _spelled(text for texts in spellings for text in texts)
    return Dispatch(
        member=literals.string(discriminator.member),
        choices=ChoiceTable(
            c_name=table_name, rows=rows, rule=literals.string(f"must be {accepted}")
        ),
    )
