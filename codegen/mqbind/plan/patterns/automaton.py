"""From the tree of a pattern to the smallest deterministic automaton over code points.

Thompson's construction, then sets of states. Anchors are edges that consume nothing and may be
followed if their condition holds, which depends on the characters on both sides: a set of states
keeps open the anchors that depend on the next character.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum
from typing import Final, TypeAlias, assert_never

from mqbind.plan.patterns.char_sets import ANY, WORD, Ranges
from mqbind.plan.patterns.parser import (
    Anchor,
    Character,
    Choice,
    Node,
    PatternError,
    Repeat,
    Sequence,
)
from mqbind.rules import Rule

_STEPS_MAX: Final = 1_500_000
"""Limits the time for a pattern to about a second."""

_SUBSETS_PER_STATE: Final = 4
"""Average number of subsets that may turn out to be equivalent."""


@dataclass(frozen=True, kw_only=True)
class Run:
    """Code points of one class: from `low` up to the next run. No state distinguishes code points
    within a class."""

    low: int
    number: int


@dataclass(frozen=True, kw_only=True)
class Machine:
    """A minimal automaton over code points: next[state][class number]; it starts in `start`."""

    runs: tuple[Run, ...]
    next: tuple[tuple[int, ...], ...]
    accepting: tuple[bool, ...]
    start: int
    steps: int
    """The work needed to build it."""


def build_machine(tree: Node, limit: int) -> Machine:
    """The automaton that finds the pattern anywhere; PatternError if it is too large."""
    graph = _Graph(limit=limit)
    graph.search(tree)
    classes = _classify(graph)
    rows, accepting = _Subsets(graph=graph, classes=classes).explore()
    blocks = _equivalent(rows, accepting)
    count = max(blocks) + 1
    next_rows: list[tuple[int, ...]] = [()] * count
    ends = [False] * count
    for state, block in enumerate(blocks):
        next_rows[block] = tuple(blocks[target] for target in rows[state])
        ends[block] = accepting[state]
    return Machine(
        runs=classes.runs,
        next=tuple(next_rows),
        accepting=tuple(ends),
        start=blocks[0],
        steps=graph.steps,
    )


def too_large(limit: int) -> PatternError:
    return PatternError(
        Rule.PATTERN_TOO_COMPLEX,
        f"the pattern needs an automaton of more than {limit} states, or takes too long to compile",
        "use smaller repeat counts or fewer non-ASCII characters; limit lengths with `maxLength`",
    )


# ---- Thompson's graph ----


@dataclass(kw_only=True)
class _State:
    """Continues with `targets`: after a character of a set, if the anchor holds, or at once."""

    targets: list[int]
    character: int | None = None
    anchor: Anchor | None = None


_ACCEPT: Final = 0


@dataclass(kw_only=True)
class _Graph:
    """Built from the end: each part gets the state to continue with, and returns its own first
    state."""

    limit: int
    states: list[_State] = field(default_factory=lambda: [_State(targets=[])])
    sets: dict[Ranges, int] = field(default_factory=dict)
    start: int = _ACCEPT
    steps: int = 0

    def spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > _STEPS_MAX:
            raise too_large(self.limit)

    def search(self, tree: Node) -> None:
        """The pattern may start anywhere."""
        skip = self._new(_State(targets=[], character=self.set_number(ANY)))
        self.start = self._new(_State(targets=[self._add(tree, _ACCEPT), skip]))
        self.states[skip].targets.append(self.start)

    def set_number(self, ranges: Ranges) -> int:
        return self.sets.setdefault(ranges, len(self.sets))

    def _new(self, state: _State) -> int:
        self.spend(10)
        self.states.append(state)
        return len(self.states) - 1

    def _add(self, node: Node, target: int) -> int:
        match node:
            case Anchor():
                return self._new(_State(targets=[target], anchor=node))
            case Character():
                number = self.set_number(node.ranges)
                return self._new(_State(targets=[target], character=number))
            case Sequence():
                for item in reversed(node.items):
                    target = self._add(item, target)
                return target
            case Choice():
                options = [self._add(option, target) for option in node.options]
                return self._new(_State(targets=options))
            case Repeat():
                return self._add_repeat(node, target)
            case _:
                assert_never(node)

    def _add_repeat(self, node: Repeat, target: int) -> int:
        first = target
        if node.maximum is None:
            first = self._new(_State(targets=[target]))
            self.states[first].targets.append(self._add(node.item, first))
        for _ in range((node.maximum or node.minimum) - node.minimum):
            body = self._add(node.item, first)
            if body == first:  # an item without characters adds nothing, however often
                break
            first = self._new(_State(targets=[body, target]))
        for _ in range(node.minimum):
            body = self._add(node.item, first)
            if body == first:
                break
            first = body
        return first


# ---- Classes of characters ----


class _Side(Enum):
    """What is on one side of a position in the text."""

    EDGE = "the text's edge"
    WORD = "a word character"
    OTHER = "another character"


@dataclass(frozen=True, kw_only=True)
class _Classes:
    """The coarsest division of all code points that every set of the graph respects."""

    runs: tuple[Run, ...]
    members: tuple[tuple[int, ...], ...]
    """The classes that make up each set."""
    sides: tuple[_Side, ...]
    """What each class is to an anchor next to it."""


def _classify(graph: _Graph) -> _Classes:
    has_edges = any(
        state.anchor in (Anchor.WORD_EDGE, Anchor.NO_WORD_EDGE) for state in graph.states
    )
    word = graph.set_number(WORD) if has_edges else None
    changes: dict[int, set[int]] = defaultdict(set)
    for ranges, number in graph.sets.items():
        graph.spend(len(ranges))
        for low, high in ranges:
            changes[low].add(number)
            changes[high + 1].add(number)

    numbers: dict[frozenset[int], int] = {}
    runs = []
    inside: frozenset[int] = frozenset()
    for low in sorted(changes):
        inside ^= changes[low]
        graph.spend(len(inside))
        if inside:  # not so for surrogates and beyond the last code point
            runs.append(Run(low=low, number=numbers.setdefault(inside, len(numbers))))
    return _Classes(
        runs=tuple(runs),
        members=tuple(
            tuple(number for around, number in numbers.items() if member in around)
            for member in range(len(graph.sets))
        ),
        sides=tuple(_Side.WORD if word in around else _Side.OTHER for around in numbers),
    )


# ---- Sets of states ----


def _holds(anchor: Anchor, before: _Side, after: _Side | None) -> bool | None:
    """Whether the anchor holds between the two; None if that depends on `after`, not yet known."""
    match anchor:
        case Anchor.START:
            return before is _Side.EDGE
        case Anchor.END:
            return None if after is None else after is _Side.EDGE
        case Anchor.WORD_EDGE:
            return None if after is None else (before is _Side.WORD) != (after is _Side.WORD)
        case Anchor.NO_WORD_EDGE:
            return None if after is None else (before is _Side.WORD) == (after is _Side.WORD)
        case _:
            assert_never(anchor)


_Subset: TypeAlias = tuple[tuple[int, ...], _Side]
"""States that wait for a character, and what came before if an anchor among them depends on it."""

_MATCHED: Final[_Subset] = ((_ACCEPT,), _Side.OTHER)


@dataclass(kw_only=True)
class _Subsets:
    graph: _Graph
    classes: _Classes

    def explore(self) -> tuple[list[list[int]], list[bool]]:
        """All reachable subsets, as rows of next subsets; the first is the start."""
        first = self._subset([self.graph.start], _Side.EDGE)
        numbers = {first: 0}
        queue = [first]
        rows: list[list[int]] = []
        for subset in queue:
            if len(queue) > _SUBSETS_PER_STATE * self.graph.limit:
                raise too_large(self.graph.limit)
            row = []
            for target in self._row(subset):
                if target not in numbers:
                    numbers[target] = len(queue)
                    queue.append(target)
                row.append(numbers[target])
            rows.append(row)
        return rows, [self._accepts(subset) for subset in queue]

    def _subset(self, states: Iterable[int], before: _Side) -> _Subset:
        reached = self._follow(states, before, None)
        if _ACCEPT in reached:
            return _MATCHED
        waits = any(self.graph.states[state].anchor for state in reached)
        return tuple(sorted(reached)), before if waits else _Side.OTHER

    def _follow(self, states: Iterable[int], before: _Side, after: _Side | None) -> set[int]:
        """States that consume a character, or wait for one, reached without consuming."""
        reached: set[int] = set()
        seen = set(states)
        stack = list(seen)
        while stack:
            number = stack.pop()
            state = self.graph.states[number]
            holds = _holds(state.anchor, before, after) if state.anchor else True
            if number == _ACCEPT or state.character is not None or holds is None:
                reached.add(number)
            elif holds:
                stack.extend(target for target in state.targets if target not in seen)
                seen.update(state.targets)
        self.graph.spend(len(seen))
        return reached

    def _row(self, subset: _Subset) -> list[_Subset]:
        """The next subset for each class of characters."""
        sides = self.classes.sides
        self.graph.spend(2 * len(sides))
        if subset == _MATCHED:
            return [_MATCHED] * len(sides)
        states, before = subset
        ready = {side: self._follow(states, before, side) for side in dict.fromkeys(sides)}
        targets: list[set[int]] = [set() for _ in sides]
        for side, reached in ready.items():
            for state in reached - {_ACCEPT}:
                self._advance(state, side, targets)
        known: dict[tuple[frozenset[int], _Side], _Subset] = {}
        row = []
        for side, reached in zip(sides, targets, strict=True):
            key = (frozenset(reached), side)
            if _ACCEPT in ready[side]:
                known[key] = _MATCHED
            elif key not in known:
                known[key] = self._subset(reached, side)
            row.append(known[key])
        return row

    def _advance(self, state: int, side: _Side, targets: list[set[int]]) -> None:
        """Add the successors of the state, for each class of its set on that side."""
        character = self.graph.states[state].character
        if character is None:  # an anchor that does not hold
            return
        numbers = self.classes.members[character]
        self.graph.spend(len(numbers))
        for number in numbers:
            if self.classes.sides[number] is side:
                targets[number].update(self.graph.states[state].targets)

    def _accepts(self, subset: _Subset) -> bool:
        states, before = subset
        return _ACCEPT in self._follow(states, before, _Side.EDGE)


# ---- Minimisation ----


def _equivalent(rows: list[list[int]], accepting: list[bool]) -> list[int]:
    """Hopcroft's algorithm: for each state, the number of its block of equivalent states."""
    class_count = len(rows[0])
    sources: list[list[list[int]]] = [[[] for _ in rows] for _ in range(class_count)]
    for state, row in enumerate(rows):
        for number, target in enumerate(row):
            sources[number][target].append(state)

    halves = [{s for s, end in enumerate(accepting) if end is wanted} for wanted in (True, False)]
    blocks = [half for half in halves if half]
    block_of = [0] * len(rows)
    for number, block in enumerate(blocks):
        for state in block:
            block_of[state] = number
    pending = set(range(len(blocks)))
    while pending:
        splitter = sorted(blocks[pending.pop()])
        for by_target in sources:
            touched: dict[int, set[int]] = defaultdict(set)
            for target in splitter:
                for state in by_target[target]:
                    touched[block_of[state]].add(state)
            for number, part in touched.items():
                _split(blocks, block_of, pending, number, part)
    return block_of


def _split(
    blocks: list[set[int]],
    block_of: list[int],
    pending: set[int],
    number: int,
    part: set[int],
) -> None:
    """Make `part` a block of its own, unless it is the whole block."""
    rest = blocks[number] - part
    if not rest:
        return
    new = len(blocks)
    blocks[number] = rest
    blocks.append(part)
    for state in part:
        block_of[state] = new
    smaller = new if len(part) <= len(rest) else number
    pending.add(new if number in pending else smaller)
