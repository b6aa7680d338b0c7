"""Constant data: automata, spellings, constraints."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class PatternTable:
    """An automaton as C arrays. `comment` has the regular expression. `counters` are initializers;
    from the state `counting` on states count."""

    c_name: str
    comment: str
    ranges: tuple[str, ...]
    next: tuple[int, ...]
    accepting: tuple[int, ...]
    class_count: int
    dead: str
    counting: int = 0
    counters: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ChoiceTable:
    """The spellings of an enumerated string, each an initializer with its constant. `escaped`: one
    of them needs escapes in JSON."""

    c_name: str
    rows: tuple[str, ...]
    rule: str
    escaped: bool = False


@dataclass(frozen=True, kw_only=True)
class StaticArray:
    """A constant array that a default points to. Each row is an initializer and a comma."""

    c_name: str
    c_type: str
    rows: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ConstraintArray:
    """An array that belongs to a constraint: `pointer` and `count` are the members that refer to
    it."""

    suffix: str
    c_type: str
    rows: tuple[str, ...]
    pointer: str
    count: str


@dataclass(frozen=True, kw_only=True)
class ConstraintTable:
    """A `struct mqb_constraint`: `values` are assignments to what is in its union.

    Without a `kind` it is only declared, because it is recursive.
    """

    c_name: str
    kind: str | None
    rule: str | None = None
    values: tuple[str, ...] = ()
    arrays: tuple[ConstraintArray, ...] = ()

    def array_name(self, array: ConstraintArray) -> str:
        return f"{self.c_name}_{array.suffix}"
