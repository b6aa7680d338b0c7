"""The part of the plan that tells what one role receives, sends and calls."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.plan.nodes.code import Call, Field
from mqbind.plan.nodes.tables import ChoiceTable, PatternTable


@dataclass(frozen=True, kw_only=True)
class ParameterTable:
    """A `struct mqb_parameter`: what a value must be, whatever address it stands in. `values` are
    its members, initialized."""

    c_name: str
    values: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AddressTable:
    """A `struct mqb_address`; `parameters` are C expressions for their tables."""

    c_name: str
    literal: str
    parameters: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TopicsFile:
    """The addresses that the sides of a protocol share."""

    file_stem: str
    guard: str
    heading: tuple[str, ...]
    patterns: tuple[PatternTable, ...]
    parameters: tuple[ParameterTable, ...]
    addresses: tuple[AddressTable, ...]


@dataclass(frozen=True, kw_only=True)
class AddressCode:
    """How a side uses an address: `c_name` is its table. The `texts` are before, between and behind
    its parameters."""

    c_name: str
    texts: tuple[str, ...]
    parameters: tuple[ParameterCode, ...]

    @property
    def arguments(self) -> tuple[ParameterCode, ...]:
        """The parameters that who sends or receives a message deals with."""
        return tuple(parameter for parameter in self.parameters if not parameter.per_side)


@dataclass(frozen=True, kw_only=True)
class ParameterCode:
    """A parameter in the functions of a side; `c_name` is its C variable.

    A level that is an integer has `bounds`, and comes from and goes to text by `suffix`. What
    is `per_side` comes from `value`, and not from who sends or receives a message. `place` is its
    own in the address.
    """

    c_name: str
    place: int
    value: str
    per_side: bool
    multi_level: bool
    bound: bool
    c_type: str
    suffix: str
    bounds: tuple[str, ...]
    literal: str


@dataclass(frozen=True, kw_only=True)
class PropertyCode:
    """A property of MQTT 5 that goes with a message. `c_name` is its C variable, its field in
    `struct mqb_properties`, and what functions of the runtime are named after; `literal` is its
    name for people."""

    c_name: str
    literal: str


@dataclass(frozen=True, kw_only=True)
class KeyPart:
    """One part of the key of a call: `kind` is int, text or scalar."""

    condition: str | None
    kind: str
    expression: str


@dataclass(frozen=True, kw_only=True)
class CallKey:
    """How the key of a call is made: the number of its kind, and the parts; `reply` is a C
    expression for the reply that ends it."""

    kind: int
    parts: tuple[KeyPart, ...]
    reply: str


@dataclass(frozen=True, kw_only=True)
class ReplyType:
    """The function that an application gives to be told of a reply.

    Where the reply is one of several messages, `forms` are the fields of a struct of their own.
    """

    c_name: str
    forms: tuple[Field, ...]
    comment: tuple[str, ...]
    finish_name: str
    message_c_type: str


@dataclass(frozen=True, kw_only=True)
class Timeout:
    """A macro for the timeout that a document asks for."""

    c_name: str
    comment: tuple[str, ...]
    value: int


@dataclass(frozen=True, kw_only=True)
class ReplyTopic:
    """Where the reply to a call goes, as C expressions: `asked` is what the request says in its
    payload, which must be the side's `own`."""

    asked: str
    own: str


@dataclass(frozen=True, kw_only=True)
class CallCode:
    """A function that sends a request and waits for its reply. `arguments` are C expressions for
    what its send function wants of the topic, and as properties."""

    c_name: str
    send_name: str
    comment: tuple[str, ...]
    address: AddressCode
    message_c_type: str
    reply: ReplyType
    key: CallKey
    arguments: tuple[str, ...]
    correlates: bool
    reply_topic: ReplyTopic | None
    timeout: Timeout | None


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A message that a side receives. Where it is a reply, `keys` find the call that waits.

    `message` is how its deliver function spells the address of the message, `message_name` what the
    document calls it, as a literal.
    """

    c_name: str
    message_name: str
    comment: tuple[str, ...]
    deliver_name: str
    address: AddressCode
    message: str
    message_c_type: str
    read_name: str
    encode_name: str
    is_json: bool
    properties: tuple[PropertyCode, ...]
    keys: tuple[CallKey, ...]

    @property
    def parameters(self) -> tuple[ParameterCode, ...]:
        """What the handler is given of the topic."""
        return self.address.arguments


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """How messages of one address are told apart: the text of `member` is looked up in `choices`.

    The table gives each spelling the place of its message in the route's handlers.
    """

    member: str
    choices: ChoiceTable


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How messages of one address are told apart where nothing else does: the `forms` are tried in
    their order; `rest`, which is not JSON, takes what none of them does."""

    forms: tuple[Handler, ...]
    rest: Handler | None
    rule: str


@dataclass(frozen=True, kw_only=True)
class SideValue:
    """A field of a side for a parameter of its topics, whose `name` is a literal. One with a
    `getter` may have a default, the C expression `otherwise`."""

    name: str
    field: Field
    getter: str | None
    otherwise: str
    value: str


@dataclass(frozen=True, kw_only=True)
class Route:
    """An address that a side receives from, with the messages that it may carry."""

    receive_name: str
    wanted_name: str
    address: AddressCode
    values_name: str
    values: tuple[int, ...]
    qos: int
    group: str
    takes_replies: bool
    dynamic: bool
    handlers: tuple[Handler, ...]
    dispatch: Dispatch | None
    trial: Trial | None


@dataclass(frozen=True, kw_only=True)
class TopicStep:
    """A call that takes a part of a topic; what comes behind it may not be there."""

    call: Call
    may_fail: bool


@dataclass(frozen=True, kw_only=True)
class TopicBranch:
    """The function that goes on where this byte comes."""

    byte: str
    number: int


@dataclass(frozen=True, kw_only=True)
class TopicFunction:
    """A function that goes on with a topic: `steps` take what is next. There the addresses of
    `routes` may end. Else a branch goes on, by the byte `ahead`, and then each of the `others`.
    `comment` is the address so far.
    """

    number: int
    comment: str
    steps: tuple[TopicStep, ...]
    routes: tuple[int, ...]
    ahead: int
    branches: tuple[TopicBranch, ...]
    others: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Track:
    """What a `struct mqb_route` says of how its bindings are found."""

    key: int
    loose: bool


@dataclass(frozen=True, kw_only=True)
class Router:
    """A `struct mqb_router` of a side; `tracks` are in the order in which routes are tried."""

    functions: tuple[TopicFunction, ...]
    keys: tuple[str, ...]
    fixed: str
    tracks: tuple[Track, ...]


@dataclass(frozen=True, kw_only=True)
class RivalTable:
    """Addresses that a receiver tries first, and that may have the same topic as another one."""

    c_name: str
    addresses: tuple[AddressCode, ...]


@dataclass(frozen=True, kw_only=True)
class Sender:
    """A function that sends a message, unless the topic is of one of the `rivals`. Where the
    message's own parameters are not what these have bound, `bound` are C expressions for that."""

    c_name: str
    comment: tuple[str, ...]
    address: AddressCode
    message_c_type: str
    write_name: str
    is_json: bool
    properties: tuple[PropertyCode, ...]
    qos: int
    retain: str
    rivals: RivalTable | None
    bound: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Macro:
    """A constant for the application."""

    c_name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class SideFile:
    """One role: what it receives and what it sends. `connection` is what the document says about
    connecting to `server`.

    `routes` are in the order of the document, `route_order` in the order in which they are tried.
    """

    file_stem: str
    guard: str
    role: str
    c_name: str
    variable: str
    heading: tuple[str, ...]
    server: str
    connection: tuple[Macro, ...]
    includes: tuple[str, ...]
    filters: tuple[SideValue, ...]
    routes: tuple[Route, ...]
    route_order: tuple[Route, ...]
    router: Router
    rivals: tuple[RivalTable, ...]
    senders: tuple[Sender, ...]
    reply_types: tuple[ReplyType, ...]
    calls: tuple[CallCode, ...]

    @property
    def takes_properties(self) -> bool:
        """Some message that it receives comes with a property."""
        return any(handler.properties for route in self.routes for handler in route.handlers)

    @property
    def gives_properties(self) -> bool:
        """Some message that it sends goes with a property."""
        return any(sender.properties for sender in self.senders)

    @property
    def correlates(self) -> bool:
        """Some call makes correlation data."""
        return any(call.correlates for call in self.calls)
