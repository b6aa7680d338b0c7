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
from mqbind.plan.patterns.minimisation import equivalent
from mqbind.plan.patterns.parser import (
    Anchor,
    Character,
    Choice,
    Counter,
    Node,
    PatternError,
    Repeat,
    Sequence,
)
from mqbind.rules import Rule

_STEPS_MAX: Final = 1_500_000
"""Limits the time for a pattern to about a second."""

SUBSETS_PER_STATE: Final = 4
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
    graph = Graph(limit=limit)
    graph.search(tree)
    classes = classify(graph)
    rows, accepting = Subsets(graph=graph, classes=classes).explore()
    blocks = equivalent(rows, accepting)
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
class State:
    """Continues with `targets`: after a character of a set, if the anchor holds, or at once. Before
    a loop that counts is a state that `enters` it, and at the end of each round one with a counter:
    its first target is the next round, the other what follows. `loop` is the latter of the loop
    that a state is in."""

    targets: list[int]
    character: int | None = None
    anchor: Anchor | None = None
    enters: bool = False
    counter: Counter | None = None
    loop: int | None = None

    @property
    def waits(self) -> bool:
        """Whether a set of states contains it, rather than what it continues with."""
        return self.character is not None or self.enters or self.counter is not None


ACCEPT: Final = 0


@dataclass(kw_only=True)
class Graph:
    """Built from the end: each part gets the state to continue with, and returns its own first
    state. From `counted` repeats on, something that is repeated becomes a loop that counts."""

    limit: int
    counted: int | None = None
    states: list[State] = field(default_factory=lambda: [State(targets=[])])
    sets: dict[Ranges, int] = field(default_factory=dict)
    start: int = ACCEPT
    steps: int = 0
    _loop: int | None = None

    def spend(self, steps: int) -> None:
        self.steps += steps
        if self.steps > _STEPS_MAX:
            raise too_large(self.limit)

    def search(self, tree: Node) -> None:
        """The pattern may start anywhere."""
        skip = self._new(State(targets=[], character=self.set_number(ANY)))
        self.start = self._new(State(targets=[self._add(tree, ACCEPT), skip]))
        self.states[skip].targets.append(self.start)

    def set_number(self, ranges: Ranges) -> int:
        return self.sets.setdefault(ranges, len(self.sets))

    def _new(self, state: State) -> int:
        self.spend(10)
        state.loop = self._loop
        self.states.append(state)
        return len(self.states) - 1

    def _add(self, node: Node, target: int) -> int:
        match node:
            case Anchor():
                return self._new(State(targets=[target], anchor=node))
            case Character():
                number = self.set_number(node.ranges)
                return self._new(State(targets=[target], character=number))
            case Sequence():
                for item in reversed(node.items):
                    target = self._add(item, target)
                return target
            case Choice():
                options = [self._add(option, target) for option in node.options]
                return self._new(State(targets=options))
            case Repeat():
                return self._add_repeat(node, target)
            case _:
                assert_never(node)

    def _add_repeat(self, node: Repeat, target: int) -> int:
        if self.counted is not None and self._loop is None and node.counts(self.counted):
            return self._add_loop(node, target)
        first = target
        if node.maximum is None:
            first = self._new(State(targets=[target]))
            self.states[first].targets.append(self._add(node.item, first))
        for _ in range((node.maximum or node.minimum) - node.minimum):
            body = self._add(node.item, first)
            if body == first:  # an item without characters adds nothing, however often
                break
            first = self._new(State(targets=[body, target]))
        for _ in range(node.minimum):
            body = self._add(node.item, first)
            if body == first:
                break
            first = body
        return first

    def _add_loop(self, node: Repeat, target: int) -> int:
        """What follows the end of the match does not matter, so no maximum does there."""
        high = None if target == ACCEPT else node.maximum
        counter = Counter(low=max(1, node.minimum), high=high)
        loop = self._new(State(targets=[], counter=counter))
        self._loop = self.states[loop].loop = loop
        again = self._add(node.item, loop)
        self._loop = None
        self.states[loop].targets += [again, target]
        enter = self._new(State(targets=[again], enters=True))
        return enter if node.minimum else self._new(State(targets=[enter, target]))


# ---- Classes of characters ----


class Side(Enum):
    """What is on one side of a position in the text."""

    EDGE = "the text's edge"
    WORD = "a word character"
    OTHER = "another character"


@dataclass(frozen=True, kw_only=True)
class Classes:
    """The coarsest division of all code points that every set of the graph respects."""

    runs: tuple[Run, ...]
    members: tuple[tuple[int, ...], ...]
    """The classes that make up each set."""
    sides: tuple[Side, ...]
    """What each class is to an anchor next to it."""


def classify(graph: Graph) -> Classes:
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
    return Classes(
        runs=tuple(runs),
        members=tuple(
            tuple(number for around, number in numbers.items() if member in around)
            for member in range(len(graph.sets))
        ),
        sides=tuple(Side.WORD if word in around else Side.OTHER for around in numbers),
    )


# ---- Sets of states ----


def _holds(anchor: Anchor, before: Side, after: Side | None) -> bool | None:
    """Whether the anchor holds between the two; None if that depends on `after`, not yet known."""
    match anchor:
        case Anchor.START:
            return before is Side.EDGE
        case Anchor.END:
            return None if after is None else after is Side.EDGE
        case Anchor.WORD_EDGE:
            return None if after is None else (before is Side.WORD) != (after is Side.WORD)
        case Anchor.NO_WORD_EDGE:
            return None if after is None else (before is Side.WORD) == (after is Side.WORD)
        case _:
            assert_never(anchor)


Subset: TypeAlias = tuple[tuple[int, ...], Side]
"""States that wait for a character, and what came before if an anchor among them depends on it."""

MATCHED: Final[Subset] = ((ACCEPT,), Side.OTHER)


@dataclass(kw_only=True)
class Subsets:
    graph: Graph
    classes: Classes

    def explore(self) -> tuple[list[list[int]], list[bool]]:
        """All reachable subsets, as rows of next subsets; the first is the start."""
        first = self.subset([self.graph.start], Side.EDGE)
        numbers = {first: 0}
        queue = [first]
        rows: list[list[int]] = []
        for subset in queue:
            if len(queue) > SUBSETS_PER_STATE * self.graph.limit:
                raise too_large(self.graph.limit)
            row = []
            for target in self.row(subset):
                if target not in numbers:
                    numbers[target] = len(queue)
                    queue.append(target)
                row.append(numbers[target])
            rows.append(row)
        return rows, [self.accepts(subset) for subset in queue]

    def subset(self, states: Iterable[int], before: Side) -> Subset:
        reached = self.follow(states, before, None)
        if ACCEPT in reached:
            return MATCHED
        waits = any(self.graph.states[state].character is None for state in reached)
        return tuple(sorted(reached)), before if waits else Side.OTHER

    def follow(self, states: Iterable[int], before: Side, after: Side | None) -> set[int]:
        """States that consume a character, or wait for one, reached without consuming."""
        reached: set[int] = set()
        seen = set(states)
        stack = list(seen)
        while stack:
            number = stack.pop()
            state = self.graph.states[number]
            holds = _holds(state.anchor, before, after) if state.anchor else not state.waits
            if number == ACCEPT or state.waits or holds is None:
                reached.add(number)
            elif holds:
                stack.extend(target for target in state.targets if target not in seen)
                seen.update(state.targets)
        self.graph.spend(len(seen))
        return reached

    def row(self, subset: Subset) -> list[Subset]:
        """The next subset for each class of characters."""
        sides = self.classes.sides
        self.graph.spend(2 * len(sides))
        states, before = subset
        if subset == MATCHED:
            return [MATCHED] * len(sides)
        ready = {side: self.follow(states, before, side) for side in dict.fromkeys(sides)}
        targets: list[set[int]] = [set() for _ in sides]
        for side, reached in ready.items():
            for state in reached - {ACCEPT}:
                self.advance(state, side, targets)
        known: dict[tuple[frozenset[int], Side], Subset] = {}
        row = []
        for side, reached in zip(sides, targets, strict=True):
            key = (frozenset(reached), side)
            if ACCEPT in ready[side]:
                known[key] = MATCHED
            elif key not in known:
                known[key] = self.subset(reached, side)
            row.append(known[key])
        return row

    def advance(self, state: int, side: Side, targets: list[set[int]]) -> None:
        """Add the successors of the state, for each class of its set on that side."""
        character = self.graph.states[state].character
        if character is None:  # an anchor that does not hold
            return
        numbers = self.classes.members[character]
        self.graph.spend(len(numbers))
        for number in numbers:
            if self.classes.sides[number] is side:
                targets[number].update(self.graph.states[state].targets)

    def accepts(self, subset: Subset) -> bool:
        states, before = subset
        return ACCEPT in self.follow(states, before, Side.EDGE)
