"""The part of the plan about topics: addresses, their parameters, and how a topic finds a route."""

from __future__ import annotations

from dataclasses import dataclass

from mqbind.plan.nodes.code import Call, Function, Guard, Variable
from mqbind.plan.nodes.tables import PatternTable


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
    source_heading: tuple[str, ...]
    patterns: tuple[PatternTable, ...]
    parameters: tuple[ParameterTable, ...]
    addresses: tuple[AddressTable, ...]


@dataclass(frozen=True, kw_only=True)
class ParameterCode:
    """A parameter of an address in the functions of a side.

    `c_type` and `name` are those of its C variable, `literal` is its name in the document. `level`
    is the expression for its value in a sent topic; an integer needs a `buffer` for it. `received`
    is that for its value in a received topic; an integer is first read into `variable` by `check`.
    `printer` is the function that prints it. A `per_side` parameter gets its value from the side,
    not from the caller.
    """

    c_type: str
    name: str
    literal: str
    level: str
    received: str
    printer: str
    per_side: bool
    multi_level: bool
    bound: bool
    buffer: Variable | None = None
    variable: Variable | None = None
    check: Guard | None = None

    @property
    def argument(self) -> str:
        """The declaration of the C variable."""
        return f"{self.c_type} {self.name}"


@dataclass(frozen=True, kw_only=True)
class AddressCode:
    """An address in the functions of a side: its table, the literals before, between and after its
    parameters, and these."""

    c_name: str
    texts: tuple[str, ...]
    parameters: tuple[ParameterCode, ...]

    @property
    def arguments(self) -> tuple[ParameterCode, ...]:
        """The parameters that the sender or the receiver of a message uses."""
        return tuple(parameter for parameter in self.parameters if not parameter.per_side)


@dataclass(frozen=True, kw_only=True)
class TopicBranch:
    """The function that continues if this byte follows."""

    byte: str
    call: Call


@dataclass(frozen=True, kw_only=True)
class TopicFunction:
    """A function that matches a part of a topic: `steps` consume it. Then a branch continues,
    chosen by the byte `ahead`, and then each of the `others`."""

    function: Function
    comment: str
    steps: tuple[Call | Guard, ...]
    ahead: Call | None
    branches: tuple[TopicBranch, ...]
    others: tuple[Call, ...]


@dataclass(frozen=True, kw_only=True)
class Router:
    """The `struct mqb_router` of a side (`table`), with what it points to."""

    functions: tuple[TopicFunction, ...]
    keys: Variable | None
    table: Variable
