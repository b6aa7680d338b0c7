"""The C names of one side: of its topics, their parameters, and its functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

from mqbind.diagnostics import Diagnostics
from mqbind.model.address import Parameter
from mqbind.model.protocol import Channel, Message, Operation
from mqbind.plan.nodes.sides import PropertyCode
from mqbind.plan.sides.address_tables import AddressTables
from mqbind.plan.sides.calls import Pair
from mqbind.plan.sides.numbering import Constants
from mqbind.plan.symbols import identifiers
from mqbind.plan.symbols.identifiers import Settling, Wish
from mqbind.plan.symbols.table import SymbolTable

_LOCALS = (
    *("message", "parameters", "out", "in", "r", "w", "routes"),
    *("request", "key", "status", "timeout_ms", "on_reply", "user", "bound"),
)
"""Names in the generated functions that a topic parameter must not hide."""

_FIELDS = ("client", "handlers", "group", "qos", "user", "binding", "values", "links")
"""Fields of every side, in addition to those named after topic parameters."""

_TABLES = ("values", "choices", "choices_items", "rivals")
_OF_CHANNEL = ("receive_{}", "wants_{}", *(f"{{}}_{table}" for table in _TABLES))
"""What is defined for a channel."""


@dataclass(frozen=True, kw_only=True)
class Traffic:
    """Messages that one operation carries over one channel."""

    operation: Operation
    channel: Channel
    messages: tuple[Message, ...]
    properties: Mapping[str, tuple[PropertyCode, ...]]
    """The properties of each message (by its key)."""

    @property
    def deletable(self) -> tuple[Message, ...]:
        """The messages that an empty payload deletes."""
        return tuple(message for message in self.messages if message.empty_deletes)


@dataclass
class SideNames:
    """Chooses the names of one side. `side` is its C name, `variable` its name in its functions.

    Messages are named in `handlers` by channel and message, in `senders` by operation, channel and
    message; `replies` by operation. `rivals` are channels of other sides whose addresses are
    needed.
    """

    side: str
    variable: str
    symbols: SymbolTable
    tables: AddressTables
    constants: Constants
    diagnostics: Diagnostics
    incoming: Sequence[Traffic]
    outgoing: Sequence[Traffic]
    pairs: Sequence[Pair]
    rivals: Sequence[Channel]
    channels: Mapping[str, str] = field(init=False)
    fields: Mapping[str, str] = field(init=False)
    handlers: Mapping[str, str] = field(init=False)
    senders: Mapping[str, str] = field(init=False)
    replies: Mapping[str, str] = field(init=False)
    kinds: Mapping[str, str] = field(init=False)
    """Of each request, by the key of its operation, the constant that its calls have."""

    def __post_init__(self) -> None:
        every = {traffic.channel.key: traffic.channel for traffic in self._traffic()}
        named = {**every, **{channel.key: channel for channel in self.rivals}}
        self.channels = self._settle("topics", (_channel_wish(each) for each in named.values()))
        tables = {form.format(stem) for stem in self.channels.values() for form in _OF_CHANNEL}
        given = {each.name: each for channel in every.values() for each in channel.parameters}
        self.fields = Settling("values of a side", self.diagnostics).settle(
            [_parameter_wish(each, _FIELDS) for each in given.values()]
        )
        handled = ("{}", "deliver_{}")
        received = self._wishes(self.incoming, _handled, handled)
        deleted = self._deletions(self.incoming, "{}_deleted", handled)
        self.handlers = self._settle("handlers", (*received, *deleted), tables)
        forms = (f"{self.side}_send_{{}}", f"{self.side}_call_{{}}")
        sent = self._wishes(self.outgoing, _sent, forms)
        deleting = self._deletions(self.outgoing, "{}", (f"{self.side}_delete_{{}}",))
        self.senders = self._settle("functions", (*sent, *deleting))
        self.replies = self._settle("replies", map(self._reply_wish, self.pairs), tables)
        asking = {pair.operation.key: pair.operation for pair in self.pairs}
        words = [identifiers.snake(each.name or each.key) for each in asking.values()]
        kinds = self.constants.names("request", words)
        self.kinds = dict(zip(asking, kinds, strict=True))

    @property
    def functions(self) -> frozenset[str]:
        """What is defined in the C file of the side, beside what finds routes."""
        tables = {form.format(stem) for stem in self.channels.values() for form in _OF_CHANNEL}
        deliver = {f"deliver_{name}" for name in self.handlers.values()}
        return self.symbols.identifiers | tables | deliver

    def handler(self, traffic: Traffic, message: Message) -> str:
        return self.handlers[_handled(traffic, message)]

    def sender(self, traffic: Traffic, message: Message) -> str:
        return self.senders[_sent(traffic, message)]

    def deleted(self, channel: Channel) -> str:
        """The handler of the event that a retained message of the channel was deleted."""
        return self.handlers[_deletion(channel)]

    def deleter(self, channel: Channel) -> str:
        """The function that deletes a retained message of the channel, without its verb."""
        return self.senders[_deletion(channel)]

    def parameters(self, channel: Channel) -> Mapping[str, str]:
        """The C variables of an address, by the names of its parameters."""
        hidden = (self._hidden, self._properties.get(channel.key, set()))
        wishes = [_parameter_wish(parameter, *hidden) for parameter in channel.parameters]
        return Settling("parameters", self.diagnostics).settle(wishes)

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """Names that a topic parameter must not hide."""
        tables = (f"{stem}_{table}" for stem in self.channels.values() for table in _TABLES)
        return frozenset((*_LOCALS, self.variable, *tables, *self.tables.names.values()))

    @cached_property
    def _properties(self) -> Mapping[str, Set[str]]:
        """The C variables for properties, by the key of the channel."""
        found: dict[str, set[str]] = {}
        for traffic in self._traffic():
            identifiers = found.setdefault(traffic.channel.key, set())
            for each in chain.from_iterable(traffic.properties.values()):
                identifiers |= {each.c_name, f"{each.c_name}_bytes"}
        return found

    def _traffic(self) -> Iterable[Traffic]:
        return (*self.incoming, *self.outgoing)

    def _settle(
        self, what: str, wishes: Iterable[Wish], others: Iterable[str] = ()
    ) -> Mapping[str, str]:
        taken = dict.fromkeys(self.symbols.identifiers, "a type or a function")
        taken |= dict.fromkeys((*self.tables.names.values(), *others), "a topic")
        by_owner: dict[str, Wish] = {}
        for wish in wishes:
            by_owner.setdefault(wish.owner, wish)
        return Settling(what, self.diagnostics, taken).settle(list(by_owner.values()))

    def _wishes(
        self,
        all_traffic: Sequence[Traffic],
        owner: Callable[[Traffic, Message], str],
        forms: tuple[str, ...],
    ) -> Iterator[Wish]:
        """The name of each message, prefixed with the operation's if several carry it."""
        spoken = [(traffic, message) for traffic in all_traffic for message in traffic.messages]
        uses = Counter(message.key for _, message in spoken)
        for traffic, message in spoken:
            name = identifiers.identifier(self.symbols.message_stems[message.key])
            if uses[message.key] != 1:
                operation = traffic.operation
                name = f"{identifiers.snake(operation.name or operation.key)}_{name.strip('_')}"
            yield Wish(
                owner=owner(traffic, message),
                words=message.name,
                name=identifiers.short(name),
                location=message.location,
                forms=forms,
            )

    def _deletions(
        self, all_traffic: Sequence[Traffic], form: str, forms: tuple[str, ...]
    ) -> Iterator[Wish]:
        """One name for each channel with messages that can be deleted: that of the message if there
        is one, and it is on no other channel."""
        places: dict[str, set[str]] = {}
        found: dict[str, dict[str, Message]] = {}
        for traffic in all_traffic:
            for message in traffic.deletable:
                places.setdefault(message.key, set()).add(traffic.channel.key)
                found.setdefault(traffic.channel.key, {})[message.key] = message
        channels = {traffic.channel.key: traffic.channel for traffic in all_traffic}
        for key, messages in found.items():
            name = identifiers.snake(key)
            [first, *others] = messages.values()
            if not others and len(places[first.key]) == 1:
                name = self.symbols.message_stems[first.key]
            yield Wish(
                owner=_deletion(channels[key]),
                words=key,
                name=identifiers.short(form.format(identifiers.identifier(name).strip("_"))),
                location=channels[key].location,
                forms=forms,
            )

    def _reply_wish(self, pair: Pair) -> Wish:
        """One reply is named after its message, several after the operation."""
        name = identifiers.snake(f"{pair.operation.name or pair.operation.key} reply")
        if len(pair.replies) == 1:
            name = self.symbols.message_stems[pair.replies[0].key]
        return Wish(
            owner=reply_owner(pair),
            words=pair.operation.key,
            name=identifiers.short(name),
            location=pair.operation.location,
            forms=(f"{self.side}_on_{{}}", f"{self.side}_{{}}", "finish_{}"),
        )


def variable_of(role: str) -> str:
    """The side's name in its functions: the role, unless that is a variable or a function there."""
    name = identifiers.identifier(role)
    return f"{name}_side" if name in _LOCALS or name.startswith("mqb_") else name


def reply_owner(pair: Pair) -> str:
    """Calls with the same replies have one type of reply."""
    return " ".join(reply.key for reply in pair.replies)


def _handled(traffic: Traffic, message: Message) -> str:
    """A message on a channel has one handler."""
    return f"{traffic.channel.key} {message.key}"


def _sent(traffic: Traffic, message: Message) -> str:
    return f"{traffic.operation.key} {traffic.channel.key} {message.key}"


def _deletion(channel: Channel) -> str:
    """A channel has one event, whatever its messages are."""
    return f"{channel.key} deleted"


def _channel_wish(channel: Channel) -> Wish:
    return Wish(
        owner=channel.key,
        words=channel.key,
        name=identifiers.short(identifiers.snake(channel.key)),
        location=channel.location,
        forms=_OF_CHANNEL,
    )


def _parameter_wish(parameter: Parameter, *others: Collection[str]) -> Wish:
    name = identifiers.short(identifiers.identifier(parameter.name))
    return Wish(
        owner=parameter.name,
        words=parameter.name,
        name=f"{name}_value" if any(name in each for each in others) else name,
        location=parameter.location,
    )
