"""The part of the plan about what one role receives, sends and calls."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.plan.nodes.code import Call, Field, Function, Guard, Variable
from mqbind.plan.nodes.tables import ChoiceTable
from mqbind.plan.nodes.topics import AddressCode, Router


@dataclass(frozen=True, kw_only=True)
class PropertyCode:
    """A property of MQTT 5 that goes with a message. `c_name` is its C variable, its field in
    `struct mqb_properties`, and the name of the runtime's functions for it; `literal` is its
    human-readable name."""

    c_name: str
    literal: str


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """A message that a side receives or sends: its `name` in the side, the prefix of its functions
    (`c_name`), its address and its properties. Without a `c_type` it is the event that a retained
    message was deleted. `is_typed`: it is not bytes. `text_types` are the
    JSON types that it may spell, as C, if it is text."""

    name: str
    c_name: str
    c_type: str | None
    is_typed: bool
    text_types: str | None
    address: AddressCode
    properties: tuple[PropertyCode, ...]

    def arguments(self, side: str) -> tuple[str, ...]:
        """The parameters of a function that handles or sends it."""
        return (
            side,
            *(parameter.argument for parameter in self.address.arguments),
            *(f"struct mqb_str {each.c_name}" for each in self.properties),
            *((f"const {self.c_type} *message",) if self.c_type else ()),
        )


@dataclass(frozen=True, kw_only=True)
class KeyPart:
    """A call that adds a part to the key of a request, if the `condition` holds."""

    call: Call
    condition: str | None


@dataclass(frozen=True, kw_only=True)
class RequestKey:
    """How the key of a request is built, which a reply shares: the call that starts it, and its
    parts."""

    start: Call
    parts: tuple[KeyPart, ...]


@dataclass(frozen=True, kw_only=True)
class ReplyMatch:
    """Completes the pending request that a message replies to; `ends` is true if there is one."""

    key: RequestKey
    ends: Guard


@dataclass(frozen=True, kw_only=True)
class HostHandler:
    """A handler of the program behind `mqbind replay`: `message` is its name, `printed`
    are the calls that print topic and properties, `result` is the one that prints the payload."""

    function: Function
    message: str
    printed: tuple[Call, ...]
    result: Call


@dataclass(frozen=True, kw_only=True)
class Handler:
    """A message that a side receives.

    `pointer` is its member in the struct of handlers, and `deliver` the function that calls it: it
    reads the payload, checks payload, topic and properties (`guards`), and looks for pending
    requests (`replies`). If the handler is `missing`, it returns `refusal`. `delivery` is the call
    of that function.
    """

    message: Exchange
    comment: tuple[str, ...]
    pointer: Function
    deliver: Function
    variables: tuple[Variable, ...]
    read: Call | None
    guards: tuple[Guard, ...]
    replies: tuple[ReplyMatch, ...]
    missing: str
    refusal: Call
    call: Call
    delivery: Call
    host: HostHandler


@dataclass(frozen=True, kw_only=True)
class Dispatch:
    """How messages of one address are distinguished by a member: `choose` looks up its string in
    `choices`, and returns the index of the message in the route's handlers."""

    choices: ChoiceTable
    choose: Call


@dataclass(frozen=True, kw_only=True)
class TriedForm:
    """A message that is tried: `variable`, whose name is `name`, holds it."""

    name: str
    variable: Variable
    read: Call
    delivery: Call


@dataclass(frozen=True, kw_only=True)
class TriedForms:
    """Messages that are tried with one reader, which the call `open` starts."""

    open: Call
    forms: tuple[TriedForm, ...]


@dataclass(frozen=True, kw_only=True)
class Trial:
    """How messages of one address are distinguished if nothing else does: the forms of the `stages`
    are tried in order; `rest`, which is bytes, accepts everything else."""

    stages: tuple[TriedForms, ...]
    rest: Call | None
    refusal: Call


@dataclass(frozen=True, kw_only=True)
class Route:
    """An address that a side receives from, with its messages.

    `wanted` is a function that returns whether one of `reasons` holds, unless a value is `lacking`.
    `places` are the positions of its parameters among the values of the side, `echoes` the
    addresses that the side sends on and may receive from, `values` the initializers of the members
    of its `struct mqb_route`. `open` starts the reader of the payload,
    unless that is bytes, or messages are tried. `deleted` handles an empty payload, if that is an
    event.
    """

    receive: Function
    wanted: Function
    reasons: tuple[str, ...]
    lacking: str | None
    open: Call | None
    handlers: tuple[Handler, ...]
    deleted: Handler | None
    dispatch: Dispatch | None
    trial: Trial | None
    places: Variable | None
    echoes: Variable | None
    values: tuple[str, ...]

    @property
    def every_handler(self) -> tuple[Handler, ...]:
        return (*self.handlers, *((self.deleted,) if self.deleted else ()))


@dataclass(frozen=True, kw_only=True)
class Numbering:
    """An enum that numbers parts of a side, so that one more of them is one more line. `count` is
    its last constant."""

    comment: tuple[str, ...]
    constants: tuple[str, ...]
    count: str


@dataclass(frozen=True, kw_only=True)
class SideValue:
    """A field of a side for a parameter of its topics, whose `name` is a literal. If it has a
    default, `getter` returns it, or `otherwise`. A binding has `value` at the index `constant`."""

    name: str
    field: Field
    getter: Function | None
    otherwise: str
    constant: str
    value: str
    is_required: bool


@dataclass(frozen=True, kw_only=True)
class Sender:
    """A function that sends a message. `missing` are the conditions under which it cannot."""

    message: Exchange
    function: Function
    comment: tuple[str, ...]
    missing: tuple[str, ...]
    variables: tuple[Variable, ...]
    steps: tuple[Call, ...]
    end: Call


@dataclass(frozen=True, kw_only=True)
class ReplyType:
    """The callback of the application for a reply.

    If the reply is one of several messages, `forms` are the fields of a separate struct. `finish`
    calls it through a `pointer`, initialized with a `cast`.
    """

    c_name: str
    forms: tuple[Field, ...]
    comment: tuple[str, ...]
    message_c_type: str
    pointer: str
    cast: str
    callback: Function
    finish: Function


@dataclass(frozen=True, kw_only=True)
class Timeout:
    """A macro for the timeout that a document asks for."""

    c_name: str
    comment: tuple[str, ...]
    value: int


@dataclass(frozen=True, kw_only=True)
class Request:
    """A function that sends a request and waits for its reply: `begin` puts it into the table of
    pending requests, `send` sends it, and `sent` reports whether that succeeded.

    If MQTT 5 carries the id, `correlate` generates it, again while `waits` is true.
    """

    message: Exchange
    reply: ReplyType
    function: Function
    comment: tuple[str, ...]
    missing: tuple[str, ...]
    values: tuple[str, ...]
    key: RequestKey
    correlate: Call | None
    waits: Call
    begin: Call
    send: Call
    sent: Call
    timeout: Timeout | None


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
    source_heading: tuple[str, ...]
    server: str
    connection: tuple[Macro, ...]
    includes: tuple[str, ...]
    values: tuple[SideValue, ...]
    value_numbers: Numbering | None
    links: Numbering | None
    request_numbers: Numbering | None
    takes_properties: bool
    gives_properties: bool
    correlates: bool
    chooses_qos: bool
    routes: tuple[Route, ...]
    route_order: tuple[Route, ...]
    echo_places: tuple[Variable, ...]
    router: Router | None
    rivals: tuple[Variable, ...]
    senders: tuple[Sender, ...]
    reply_types: tuple[ReplyType, ...]
    requests: tuple[Request, ...]
    host_role: str
    host_bind: str


@dataclass(frozen=True, kw_only=True)
class ExampleHandler:
    """A handler, and the function that binds a side with it. `unused` are its parameters,
    `settings` assignments to fields of the side."""

    comment: tuple[str, ...]
    function: Function
    unused: tuple[str, ...]
    handlers: Variable
    side: Variable
    settings: tuple[str, ...]
    bind: Call


@dataclass(frozen=True, kw_only=True)
class ExampleSender:
    """A function that sends a message."""

    comment: tuple[str, ...]
    function: Function
    message: Variable
    init: Call | None
    send: Call


@dataclass(frozen=True, kw_only=True)
class Example:
    """The usage example of the generated README."""

    role: str
    include: str
    handler: ExampleHandler | None
    sender: ExampleSender | None
