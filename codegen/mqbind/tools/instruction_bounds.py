"""Upper bounds on the instructions for each byte of a payload.

The numbers below are for x86-64 and gcc -O2, with a margin; tests/growth measures payloads designed
to be slow, and finds none that takes more. They hold for payloads up to 1 MB: sorting names takes
slightly more per byte as their number grows. In addition there are `FIXED` instructions per
payload, and `LIMIT_FIXED` if a limit bounds the work.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from mqbind.model.constraints import (
    Constraint,
    IsOneOf,
    Matches,
    Members,
    Requires,
    Shared,
    UniqueItems,
    inner,
)
from mqbind.model.protocol import Message, Protocol
from mqbind.model.types import Array, Json, Map, Number, Struct, Text, Type, Union
from mqbind.plan.patterns.compiler import compile_pattern
from mqbind.plan.symbols.reachability import Spot, payload_spot, reached, spots
from mqbind.plan.values.constraint_uses import constraints_in, constraints_of, every

FIXED = 10_000
LIMIT_FIXED = 32_000_000
"""MQB_CONSTRAINT_STEPS for 2000 bytes."""

ENGINES = ("direct", "speed", "jsmn")
"""The engines, and the profile that may read a payload with one of them after a first pass."""

_READ = {"direct": 250, "jsmn": 500}
"""Reading a value of any kind, and reporting where it is wrong."""
_NAMES = {"direct": 1300, "jsmn": 700}
"""Comparing names unknown to the schema: up to 20 levels of a heap, or of a merge."""
_MEMBERS = {"direct": 1, "jsmn": 4}
"""Finding a name among those of a schema, for each of them."""
_NESTED = 40
"""Skipping a value once more for its container: to count items, or to find a discriminator."""
_DEPTH_MAX = 32

_COUNT = 160
"""Writing without a buffer, only counting."""
_WRITE = 100
_WRITE_NUMBER = 200
_WRITE_NAMES = 500
_RAW_NAMES = 1000
"""Comparing the names in raw JSON, object by object."""
_DRAFTS = 3
"""How often a unique item is written."""

_STEP = 32
"""Instructions of a step of a constraint, or of a form that does not fit."""
_STEPS_MAX = 500
"""MQB_CONSTRAINT_STEPS: the steps that a byte may take."""
_VISIT = 6
_UNIQUE = 130
_MATCH, _RANGE, _COUNTED = 20, 4, 15
_TRY = 16
"""Steps of a form that does not fit."""


@dataclass(frozen=True, kw_only=True)
class Effort:
    """Instructions per byte: of the payload to decode it in each way; of the text to validate or
    encode it. `limited`: MQB_ERR_LIMIT ends what would take more."""

    decode: Mapping[str, int]
    validate: int
    encode: int
    limited: bool


def efforts(protocol: Protocol) -> Mapping[str, Effort]:
    """The bounds of each message, by its key."""
    return {key: _of(message, protocol) for key, message in protocol.messages.items()}


def _of(message: Message, protocol: Protocol) -> Effort:
    parts = _Parts.of(message, protocol)
    steps = parts.steps
    checks = _STEP * min(steps, _STEPS_MAX)
    names = 1 if parts.has_names else 0
    sent = 1 if parts.has_raw else 0
    decode = {
        engine: base
        + names * _NAMES[engine]
        + _MEMBERS[engine] * parts.members
        + _NESTED * parts.nesting
        + parts.patterns
        + checks
        for engine, base in _READ.items()
    }
    return Effort(
        decode={**decode, "speed": 2 * decode["direct"]},
        validate=_COUNT + sent * (_RAW_NAMES + _WRITE_NAMES) + parts.patterns,
        encode=(_DRAFTS if parts.is_unique else 1)
        * (
            (_WRITE_NUMBER if parts.has_numbers else 0)
            + _WRITE
            + sent * (_RAW_NAMES + _NAMES["direct"])
            + parts.patterns
        )
        + checks,
        limited=steps >= _STEPS_MAX,
    )


@dataclass(frozen=True, kw_only=True)
class _Parts:
    """The properties of a message that affect its cost."""

    kinds: tuple[Type, ...]
    structs: tuple[Struct, ...]
    unions: tuple[Union, ...]
    constraints: tuple[Constraint, ...]
    repeats: bool
    """A type contains itself, or a constraint does."""

    @classmethod
    def of(cls, message: Message, protocol: Protocol) -> _Parts:
        top = payload_spot(message)
        found = [protocol.definitions[key] for key in reached(top, protocol.definitions)]
        places = [top, *chain.from_iterable(map(spots, found))]
        roots = [*constraints_of(top), *chain.from_iterable(map(constraints_in, found))]
        bodies = [part for root in roots for part in every(root, protocol.constraints)]
        return cls(
            kinds=tuple(part.type for place in places for part in place.all()),
            structs=tuple(each for each in found if isinstance(each, Struct)),
            unions=tuple(each for each in found if isinstance(each, Union)),
            constraints=tuple(bodies),
            repeats=_contains_itself(top, protocol) or _leads_back(roots, protocol.constraints),
        )

    @property
    def has_raw(self) -> bool:
        beside = any(union.beside for union in self.unions)
        return beside or any(isinstance(kind, Json | Map) for kind in self.kinds)

    @property
    def has_names(self) -> bool:
        """There may be names unknown to the schema."""
        return self.has_raw or any(not struct.closed for struct in self.structs)

    @property
    def has_numbers(self) -> bool:
        return any(isinstance(kind, Number) for kind in self.kinds)

    @property
    def is_unique(self) -> bool:
        return any(isinstance(part, UniqueItems) for part in self.constraints)

    @property
    def members(self) -> int:
        return max((len(struct.members) for struct in self.structs), default=0)

    @property
    def nesting(self) -> int:
        """How often a byte may be skipped for its containers."""
        lists = sum(isinstance(kind, Array | Map) for kind in self.kinds)
        again = sum(bool(union.beside) for union in self.unions)
        return _DEPTH_MAX if self.repeats else min(_DEPTH_MAX, lists + len(self.unions) + again)

    @property
    def patterns(self) -> int:
        """Matching a string; the ranges of bytes that a pattern distinguishes are searched."""
        regexes = {k.pattern.regex for k in self.kinds if isinstance(k, Text) and k.pattern}
        automata = list(map(compile_pattern, regexes))
        costs = [_RANGE * len(each.ranges) + _COUNTED * bool(each.counters) for each in automata]
        return _MATCH + max(costs) if costs else 0

    @property
    def steps(self) -> int:
        """Steps that a byte may take. For nested forms, a limit applies."""
        tries = sum(len(union.branches) - 1 for union in self.unions)
        if self.repeats and (self.constraints or tries):
            return _STEPS_MAX
        depth = 1 + len(self.unions)
        return sum(map(_steps, self.constraints)) + _TRY * tries * depth


def _steps(part: Constraint) -> int:
    match part:
        case UniqueItems():
            return _UNIQUE
        case IsOneOf(texts=texts):
            return _VISIT * (1 + len(texts))
        case Members(named=named, matching=matching):
            return _VISIT + len(named) // 4 + 2 * len(matching)
        case Requires(names=names):
            return _VISIT + len(names)
        case Matches():
            return 2 * _VISIT
        case _:
            return _VISIT


def _contains_itself(top: Spot, protocol: Protocol) -> bool:
    """True if a value contains a recursive type."""

    def inside(key: str) -> Iterator[str]:
        for spot in spots(protocol.definitions[key]):
            yield from (target for _, target in spot.named())

    order = {key: place for place, key in enumerate(reached(top, protocol.definitions))}
    return any(order[target] >= place for key, place in order.items() for target in inside(key))


def _leads_back(roots: list[Constraint], shared: Mapping[str, Constraint]) -> bool:
    """True if a constraint is recursive."""
    done: set[str] = set()
    for root in roots:
        stack: list[tuple[Constraint, tuple[str, ...]]] = [(root, ())]
        while stack:
            part, way = stack.pop()
            if isinstance(part, Shared):
                if part.key in way:
                    return True
                if part.key in done:
                    continue
                done.add(part.key)
                stack.append((shared[part.key], (*way, part.key)))
            else:
                stack.extend((each, way) for each in inner(part))
    return False
