"""Compiles ECMA-262 regular expressions into automata over the bytes of UTF-8 text.

A JSON Schema `pattern` matches anywhere in the text, and its characters are code points. The
automaton expects valid UTF-8, and its behavior for other bytes is arbitrary: a state between two
characters is not left on bytes that cannot start one. If the rest of a character does not matter,
its first byte leads to the next state and the others stay there.

No library on PyPI has these semantics: greenery treats anchors as literals and interegular refuses
them, automata-lib has neither escapes nor groups of ECMA-262, and none limits its own time.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from mqbind.plan.patterns.automaton import Machine, build_machine, too_large
from mqbind.plan.patterns.char_sets import LAST
from mqbind.plan.patterns.counting import ZONES, Action, CountingMachine, build_counting_machine
from mqbind.plan.patterns.parser import Counter, Node, PatternError, Repeat, parse, within
from mqbind.rules import Rule

__all__ = [
    "Automaton",
    "PatternError",
    "accepts",
    "compile_pattern",
    "compile_plain",
    "count_rounds",
    "matches",
]

STATES_MAX: Final = 2_000
COUNTED_FROM: Final = 64
"""Shorter repeats are spelled out: then they may overlap with others."""
WORK_MAX: Final = 500_000
"""Maximum for one pattern, even a refused one."""
_WORK_ALWAYS, _WORK_PER_STATE, _STEPS_PER_WORK = 400, 150, 3
_ASCII: Final = 0x80
_CONTINUATIONS: Final = range(0x80, 0xC0)
_FIRST_BYTES: Final = (
    (range(0xC2, 0xE0), 1, 0x80),
    (range(0xE0, 0xF0), 2, 0x800),
    (range(0xF0, 0xF5), 3, 0x10000),
)
"""First bytes, the number of following bytes, and the first code point of that length."""
_LEADS: Final = range(_FIRST_BYTES[0][0].start, _FIRST_BYTES[-1][0].stop)


@dataclass(frozen=True, kw_only=True)
class Automaton:
    """A deterministic automaton over bytes; it starts in state 0.

    `classes` has the class of each byte, `next[state][class]` the following state. The state `dead`
    does not accept and is never left. `work` is the approximate time to build it, in microseconds
    of a small computer, and the same on every computer.

    If `counters` are given, it counts. Then a transition is a state with the bits of an `Action`,
    and from `counting` on states have three rows each, of which the count chooses one.
    """

    classes: tuple[int, ...]
    next: tuple[tuple[int, ...], ...]
    accepting: tuple[bool, ...]
    dead: int | None
    work: int
    counting: int = 0
    counters: tuple[Counter, ...] = ()

    @property
    def ranges(self) -> tuple[tuple[int, int, int], ...]:
        """The first and the last byte of each run of one class, and the class. Runs of class 0 are
        left out, but for one at the end: the last range ends at 255."""
        starts = [
            byte for byte in range(256) if not byte or self.classes[byte - 1] != self.classes[byte]
        ]
        lasts = [start - 1 for start in starts[1:]] + [255]
        runs = [
            (first, last, self.classes[first]) for first, last in zip(starts, lasts, strict=True)
        ]
        return tuple(run for run in runs if run[2] or run[1] == 255)


@cache
def compile_pattern(pattern: str, *, limit: int = STATES_MAX) -> Automaton:
    """The automaton of a pattern, which counts if it has to; PatternError if it has none of at most
    `limit` states."""
    tree = parse(pattern)
    ways = [count_rounds, _plain] if _repeats(tree) > limit else [_plain, count_rounds]
    try:
        return ways[0](tree, limit)
    except PatternError as error:
        if error.rule is not Rule.PATTERN_TOO_COMPLEX:
            raise
        return ways[1](tree, limit)


@cache
def compile_plain(pattern: str) -> Automaton:
    """The automaton of a pattern that does not count; PatternError if it has none."""
    return _plain(parse(pattern), STATES_MAX)


def matches(automaton: Automaton, text: bytes) -> bool:
    """Whether the pattern is found in valid UTF-8 text."""
    state = count = 0
    for byte in text:
        target = automaton.next[_row(automaton, state, count)][automaton.classes[byte]]
        if target & Action.MORE:
            count += 1
        elif target & Action.FIRST:
            count = 1
        state = target & ~(Action.MORE | Action.FIRST)
    return automaton.accepting[_row(automaton, state, count)]


def accepts(pattern: str, text: str) -> bool | None:
    """Whether the pattern is found in the string; None if it has no automaton."""
    try:
        return matches(compile_pattern(pattern), text.encode())
    except PatternError:
        return None


def _row(automaton: Automaton, state: int, count: int) -> int:
    if not automaton.counters or state < automaton.counting:
        return state
    counter = automaton.counters[(state - automaton.counting) // ZONES]
    is_full = counter.high is not None and count >= counter.high
    return state + (count >= counter.low) + is_full


def _repeats(tree: Node) -> int:
    """How often the characters of a pattern are repeated at most."""
    bounds = (max(each.minimum, each.maximum or 0) for each in within(tree, Repeat))
    return sum(bounds)


def _plain(tree: Node, limit: int) -> Automaton:
    machine = build_machine(tree, limit)
    return _number(_Bytes(machine=machine, limit=limit).rows(), machine)


def count_rounds(tree: Node, limit: int, least: int = COUNTED_FROM) -> Automaton:
    """An automaton that counts. Such states come after the others and those inside characters."""
    machine = build_counting_machine(tree, limit, least)
    rows = _Bytes(machine=machine, limit=limit).rows()
    between, first = len(machine.next), machine.counting
    inside = len(rows) - between
    numbers = [
        *range(first),
        *(inside + state - (state - first) % ZONES for state in range(first, between)),
        *range(first, first + inside),
    ]
    flags = Action.MORE | Action.FIRST
    table = [
        [numbers[target & ~flags] | target & flags for target in rows[row]]
        for row in (*range(first), *range(between, len(rows)), *range(first, between))
    ]
    accepting = (*machine.accepting[:first], *[False] * inside, *machine.accepting[first:])
    columns: dict[tuple[int, ...], int] = {}
    classes = [columns.setdefault(column, len(columns)) for column in zip(*table, strict=True)]
    dead = [
        state for state in range(first) if not accepting[state] and set(table[state]) == {state}
    ]
    return Automaton(
        classes=tuple(classes),
        next=tuple(zip(*columns, strict=True)),
        accepting=accepting,
        dead=dead[0] if dead else None,
        work=_work(len(rows), machine),
        counting=first + inside,
        counters=machine.counters,
    )


@dataclass(frozen=True, kw_only=True)
class _Steps:
    """The transitions of a state by code point: those from lows[i] on lead to targets[i]."""

    lows: list[int]
    targets: list[int]

    def target(self, first: int, last: int) -> int | None:
        """The one target of all code points from `first` to `last`; None if they have several."""
        run = bisect_right(self.lows, first) - 1
        return self.targets[run] if run == bisect_right(self.lows, last) - 1 else None


@dataclass(kw_only=True)
class _Bytes:
    """Turns steps over code points into steps over bytes.

    States between characters keep their numbers. States inside a character come after them; they
    are identified by their transitions, so that none is created twice.
    """

    machine: Machine | CountingMachine
    limit: int
    inside: dict[tuple[int, ...], int] = field(default_factory=dict)

    def rows(self) -> list[list[int]]:
        """next[state][byte]."""
        if len(self.machine.next) > self.limit:
            raise too_large(self.limit)
        rows = [self._row_between(state) for state in range(len(self.machine.next))]
        return rows + [_row_inside(state, targets) for targets, state in self.inside.items()]

    def _row_between(self, state: int) -> list[int]:
        steps = self._steps(state)
        row = [state] * 256
        for byte in range(_ASCII):
            row[byte] = steps.targets[bisect_right(steps.lows, byte) - 1]
        beyond = steps.target(_ASCII, LAST)
        if beyond is not None:
            row[_LEADS.start : _LEADS.stop] = [beyond] * len(_LEADS)
            return row
        for first_bytes, more, minimum in _FIRST_BYTES:
            for byte in first_bytes:
                bits = byte & (0x3F >> more)
                row[byte] = self._lead(bits << 6 * more, more, minimum, steps)
        return row

    def _steps(self, state: int) -> _Steps:
        steps = _Steps(lows=[], targets=[])
        for run in self.machine.runs:
            target = self.machine.next[state][run.number]
            if not steps.targets or steps.targets[-1] != target:
                steps.lows.append(run.low)
                steps.targets.append(target)
        return steps

    def _lead(self, low: int, more: int, minimum: int, steps: _Steps) -> int:
        """The state for the code points from `low` on that `more` further bytes distinguish.

        Overlong forms and values beyond the last code point never occur: they share the state of
        their neighbour. So do surrogates, which belong to the run before them.
        """
        size = 1 << 6 * more
        target = steps.target(max(low, minimum), min(low + size - 1, LAST))
        if target is not None:
            return target
        part = size // 64
        starts = (
            min(max(start, minimum), LAST + 1 - part) for start in range(low, low + size, part)
        )
        targets = tuple(self._lead(start, more - 1, minimum, steps) for start in starts)
        if targets not in self.inside:
            self.inside[targets] = len(self.machine.next) + len(self.inside)
            if self.inside[targets] >= self.limit:
                raise too_large(self.limit)
        return self.inside[targets]


def _row_inside(state: int, targets: tuple[int, ...]) -> list[int]:
    row = [state] * 256
    row[_CONTINUATIONS.start : _CONTINUATIONS.stop] = targets
    return row


def _number(rows: list[list[int]], machine: Machine) -> Automaton:
    """Number the states in the order in which input reaches them, and bytes with equal columns."""
    numbers = {machine.start: 0}
    order = [machine.start]
    for state in order:
        for target in rows[state]:
            if target not in numbers:
                numbers[target] = len(order)
                order.append(target)
    table = [[numbers[target] for target in rows[state]] for state in order]

    columns: dict[tuple[int, ...], int] = {}
    classes = [columns.setdefault(column, len(columns)) for column in zip(*table, strict=True)]
    accepting = [*machine.accepting, *[False] * (len(rows) - len(machine.accepting))]
    dead = [
        number
        for number, row in enumerate(table)
        if not accepting[order[number]] and set(row) == {number}
    ]
    return Automaton(
        classes=tuple(classes),
        next=tuple(zip(*columns, strict=True)),
        accepting=tuple(accepting[state] for state in order),
        dead=dead[0] if dead else None,
        work=_work(len(rows), machine),
    )


def _work(states: int, machine: Machine | CountingMachine) -> int:
    return _WORK_ALWAYS + _WORK_PER_STATE * states + machine.steps // _STEPS_PER_WORK
