"""The part of the plan that a fuzz target is printed from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class FuzzPart:
    """A member, a spelling, a form or an item: a C literal, and the index of its shape or the
    number of its value."""

    literal: str
    shape: int


@dataclass(frozen=True, kw_only=True)
class FuzzShape:
    """What a value may be: `kind` ends the name of a constant of `enum fuzz_kind`."""

    kind: str
    parts_name: str
    parts: tuple[FuzzPart, ...]


@dataclass(frozen=True, kw_only=True)
class FuzzMessage:
    """A message that is fuzzed; `macro` starts the names of its constants. `text_types` are the
    JSON types that it may spell, as C, if it is text."""

    c_name: str
    c_type: str
    macro: str
    literal: str
    shape: int
    text_types: str | None


@dataclass(frozen=True, kw_only=True)
class FuzzSeed:
    """An example payload, as a C literal, of the message with this number."""

    message: int
    literal: str


@dataclass(frozen=True, kw_only=True)
class FuzzTarget:
    """Everything that the target knows about a protocol."""

    heading: tuple[str, ...]
    includes: tuple[str, ...]
    messages: tuple[FuzzMessage, ...]
    shapes: tuple[FuzzShape, ...]
    seeds: tuple[FuzzSeed, ...]
    words: tuple[str, ...]
