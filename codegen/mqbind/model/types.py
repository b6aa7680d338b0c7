"""The types of payloads, independent of JSON Schema keywords and of C types.

A type that gets a C type of its own (`Struct`, `Choice`, `Union`, `NamedContainer`) is a
*definition*: it lives once in `Protocol.definitions` under its key and is used through `Named`, so
that it can be shared and can contain itself. All other types are written where they are used.

`key` is the place of the definition ("folotoy.yaml#/components/schemas/CommonConfig"), `name` what
the author calls it in C (`x-mqbind-name`, or None), `hint` the words to make a name of otherwise:
the last segment of the reference, or the owner's hint and the member ("IWantPlay inputParams").
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias, TypeGuard

from mqbind.diagnostics import Location
from mqbind.model.constraints import Bound, Constraint, Pattern

_CODE_POINT_BYTES = 4
"""The longest code point in UTF-8."""


class Wire(StrEnum):
    """The JSON type that carries a value."""

    NUMBER = "number"
    STRING = "string"


@dataclass(frozen=True, kw_only=True)
class Interval:
    """The integers from `low` to `high`, both included; None means no bound."""

    low: int | None
    high: int | None


@dataclass(frozen=True, kw_only=True)
class Boolean:
    """true or false."""


@dataclass(frozen=True, kw_only=True)
class Integer:
    """An integer in one of the disjoint, ascending `intervals` (at least one).

    `wires` are the JSON types that may carry it; the first is the one that is sent. The string
    form is bound by `pattern`, which admits nothing but `-?[0-9]+`, and by `storage`; the number
    form by `intervals`. If only a string carries it, `intervals` are what the pattern allows, as
    far as that is known. `storage` is the C integer type that the author asks for.
    """

    intervals: tuple[Interval, ...]
    wires: tuple[Wire, ...] = (Wire.NUMBER,)
    pattern: Pattern | None = None
    storage: str | None = None

    @property
    def low(self) -> int | None:
        """The smallest of all intervals; None without one."""
        return self.intervals[0].low

    @property
    def high(self) -> int | None:
        """The largest of all intervals; None without one."""
        return self.intervals[-1].high


@dataclass(frozen=True, kw_only=True)
class Number:
    """A number that may have a fraction."""

    low: Bound | None = None
    high: Bound | None = None


@dataclass(frozen=True, kw_only=True)
class Text:
    """A string; lengths count code points. An `inline` one has a `max_length` and is stored in the
    C type, not as a view."""

    min_length: int = 0
    max_length: int | None = None
    pattern: Pattern | None = None
    inline: bool = False

    @property
    def max_bytes(self) -> int | None:
        """The longest one in UTF-8; None without a `max_length`."""
        return None if self.max_length is None else _CODE_POINT_BYTES * self.max_length


@dataclass(frozen=True, kw_only=True)
class Scalar:
    """An integer or a string that keeps its JSON type: an id that is sent back as it came."""


@dataclass(frozen=True, kw_only=True)
class Json:
    """Any JSON value, kept as text."""


@dataclass(frozen=True, kw_only=True)
class NeverTogether:
    """The members with these names must not all be present."""

    names: tuple[str, ...]
    when_sending_only: bool


@dataclass(frozen=True, kw_only=True)
class Map:
    """An object with any members, each holding a value of one type."""

    value: Type = Json()
    never_together: tuple[NeverTogether, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Array:
    """A list of items of one type. An `inline` one has `max_items` and is stored in the C type, not
    as a view."""

    item: Type
    min_items: int = 0
    max_items: int | None = None
    inline: bool = False


@dataclass(frozen=True, kw_only=True)
class Null:
    """null, which carries no information: a form of a union."""


@dataclass(frozen=True, kw_only=True)
class Nullable:
    """A value of `type`, or null. `type` is neither `Nullable` nor `Json`."""

    type: Type


@dataclass(frozen=True, kw_only=True)
class Constrained:
    """A value of `type` that also satisfies `constraint`. `type` is neither a struct nor a union:
    these have constraints of their own."""

    type: Type
    constraint: Constraint


@dataclass(frozen=True, kw_only=True)
class Bytes:
    """A payload that is neither JSON nor text."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """The definition with this key."""

    key: str


Type: TypeAlias = (
    Boolean
    | Integer
    | Number
    | Text
    | Scalar
    | Json
    | Map
    | Array
    | Null
    | Nullable
    | Constrained
    | Bytes
    | Named
)


def bare(its: Type) -> Type:
    """The type without null and constraints."""
    while isinstance(its, Nullable | Constrained):
        its = its.type
    return its


def is_container(its: Type) -> TypeGuard[Array | Map | Text]:
    """True for a type that needs a place of its own for what it holds: a list, a map of values of
    one type, a string that is stored inline."""
    match its:
        case Array():
            return True
        case Map(value=value):
            return not isinstance(value, Json)
        case Text(inline=inline):
            return inline
        case _:
            return False


@dataclass(frozen=True, kw_only=True)
class ChoiceValue:
    """One constant: its spellings in JSON, all strings or all integers of 32 bits, as a C enum
    holds no others. The first is sent.

    `name` is the author's, or None to take it from the first spelling.
    """

    name: str | None
    spellings: tuple[str, ...] | tuple[int, ...]
    description: str | None


@dataclass(frozen=True, kw_only=True)
class Choice:
    """One of several constants. A choice of one is a constant that carries no information."""

    key: str
    name: str | None
    hint: str
    description: str | None
    values: tuple[ChoiceValue, ...]
    location: Location

    @property
    def spellings(self) -> tuple[str | int, ...]:
        """Those of all values."""
        return tuple(spelling for value in self.values for spelling in value.spellings)


@dataclass(frozen=True, kw_only=True)
class Default:
    """What a receiver assumes for an absent member: plain data with exact numbers."""

    value: object
    location: Location


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member of an object. `default` describes the peer's state; it is never sent for it.

    `loose`: other values may be valid than those of `type`; they are among the other members.
    """

    json_name: str
    name: str | None
    type: Type
    required: bool
    title: str | None
    description: str | None
    unit: str | None
    default: Default | None
    deprecated: bool
    location: Location
    loose: bool = False

    @property
    def has_flag(self) -> bool:
        """Whether C has a flag for its presence."""
        return self.loose or not self.required


@dataclass(frozen=True, kw_only=True)
class OtherMembers:
    """The members of an object that have no field: a map beside the fields.

    They are loose members whose values do not fit and, if `unknown`, members that are not listed:
    those whose names match `pattern`, or all.
    """

    type: Map
    unknown: bool
    pattern: Pattern | None = None


@dataclass(frozen=True, kw_only=True)
class NeedsOneOf:
    """At least one of the `groups` of members must be present completely."""

    groups: tuple[tuple[str, ...], ...]
    when_sending_only: bool


@dataclass(frozen=True, kw_only=True)
class Struct:
    """An object with known members.

    `closed` refuses members that are not listed; otherwise they are skipped, unless they are among
    `others`. A struct may contain itself. The whole object must also satisfy `constraint`.
    """

    key: str
    name: str | None
    hint: str
    title: str | None
    description: str | None
    members: tuple[Member, ...]
    rules: tuple[NeedsOneOf, ...]
    never_together: tuple[NeverTogether, ...]
    closed: bool
    location: Location
    constraint: Constraint | None = None
    others: OtherMembers | None = None


@dataclass(frozen=True, kw_only=True)
class Branch:
    """One form of a union, with the words that name it.

    `places` are those of the members beside the union that have a place in this form, so that the
    others are kept beside it. None: nothing is.
    """

    hint: str
    type: Type
    description: str | None
    location: Location
    places: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True)
class Union:
    """A value in one of several forms; the first branch that accepts it decides. The value must
    also satisfy `constraint`.

    `beside` are the members for which some forms have no place, and which others name.
    """

    key: str
    name: str | None
    hint: str
    description: str | None
    branches: tuple[Branch, ...]
    location: Location
    constraint: Constraint | None = None
    beside: tuple[str, ...] = ()

    def kept_beside(self, branch: Branch) -> tuple[str, ...]:
        """The members that are kept beside one form."""
        places = branch.places
        return () if places is None else tuple(each for each in self.beside if each not in places)


@dataclass(frozen=True, kw_only=True)
class NamedContainer:
    """A container whose schema has a name. `type` is the container, which may be `Constrained`."""

    key: str
    name: str | None
    hint: str
    description: str | None
    type: Type
    location: Location


Definition: TypeAlias = Struct | Choice | Union | NamedContainer
