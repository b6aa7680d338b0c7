"""The part of the plan about what one role receives, sends and calls."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.plan.nodes.code import Call, Field
from mqbind.plan.nodes.tables import ChoiceTable, PatternTable


@dataclass(frozen=True, kw_only=True)
class ParameterTable:
    """A `struct mqb_parameter`: the rules for a value, in whatever address. `values` are the
    initializers of its members."""

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
        """The parameters that the sender or the receiver of a message uses."""
        return tuple(parameter for parameter in self.parameters if not parameter.per_side)


@dataclass(frozen=True, kw_only=True)
class ParameterCode:
    """A parameter in the functions of a side; `c_name` is its C variable.

    An integer level has `bounds`, and is converted from and to text by the functions with `suffix`.
    A `per_side` parameter gets its value from `value`, not from the caller. `place` is its index in
    the address.
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
    `struct mqb_properties`, and the name of the runtime's functions for it; `literal` is its
    human-readable name."""

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
    """How the key of a call is built: the number of its kind, and the parts; `reply` is a C
    expression for the reply that ends it."""

    kind: int
    parts: tuple[KeyPart, ...]
    reply: str


@dataclass(frozen=True, kw_only=True)
class ReplyType:
    """The callback of the application for a reply.

    If the reply is one of several messages, `forms` are the fields of a separate struct.
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
    """The reply topic of a call, as C expressions: `asked` is the topic in the request's payload,
    which must equal the side's `own`."""

    asked: str
    own: str


@dataclass(frozen=True, kw_only=True)
class CallCode:
    """A function that sends a request and waits for its reply. `arguments` are C expressions for
    the topic and property arguments of its send function."""

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
    """A message that a side receives. If it is a reply, `keys` find the pending call.

    `message` is the address of the message in its deliver function, `message_name` its name in the
    document, as a literal.
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
        """The topic arguments of the handler."""
        return self.address.arguments


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """How messages of one address are distinguished: the string in `member` is looked up in
    `choices`.

    The table maps each spelling to the index of its message in the route's handlers.
    """

    member: str
    choices: ChoiceTable


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How messages of one address are distinguished if nothing else does: the `forms` are tried in
    order; `rest`, which is not JSON, accepts everything else."""

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
    """An address that a side receives from, with its messages."""

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
    """A call that consumes a part of a topic; the rest may be missing."""

    call: Call
    may_fail: bool


@dataclass(frozen=True, kw_only=True)
class TopicBranch:
    """The function that continues if this byte follows."""

    byte: str
    number: int


@dataclass(frozen=True, kw_only=True)
class TopicFunction:
    """A function that matches a part of a topic: `steps` consume the next part. The addresses of
    `routes` may end there. Otherwise a branch continues, chosen by the byte `ahead`, and then each
    of the `others`. `comment` is the address so far.
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
    """The data in a `struct mqb_route` for finding its bindings."""

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
    """Addresses that a receiver tries first, and that may match the topic of another one."""

    c_name: str
    addresses: tuple[AddressCode, ...]


@dataclass(frozen=True, kw_only=True)
class Sender:
    """A function that sends a message, unless the topic matches one of the `rivals`. If these have
    bound other values than the message's parameters, `bound` are C expressions for them."""

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
    """One role: what it receives and what it sends. `connection` are the settings in the document
    for connecting to `server`.

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
        """Whether some received message has a property."""
        return any(handler.properties for route in self.routes for handler in route.handlers)

    @property
    def gives_properties(self) -> bool:
        """Whether some sent message has a property."""
        return any(sender.properties for sender in self.senders)

    @property
    def correlates(self) -> bool:
        """Whether some call generates correlation data."""
        return any(call.correlates for call in self.calls)
