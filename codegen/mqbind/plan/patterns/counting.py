"""Automata that count, for patterns that repeat something hundreds or thousands of times.

A set of states may be inside one loop that counts the rounds that were begun. At the end of a
round, what comes next depends on whether the count is below the minimum, from there below the
maximum, or at the maximum: such a set has three rows. A pattern that would have to keep several
counts at once has no such automaton.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from mqbind.plan.patterns.automaton import (
    ACCEPT,
    MATCHED,
    Graph,
    Run,
    Side,
    Subset,
    Subsets,
    classify,
    too_large,
)
from mqbind.plan.patterns.parser import Counter, Node

ZONES: Final = 3
"""Rows of a state that counts: below its minimum, from there, at its maximum."""


class Action(IntEnum):
    """What reaching a state does to the count; bits of a transition."""

    NONE = 0
    MORE = 1 << 14
    FIRST = 1 << 15


_Row = list[tuple[Subset, Action]]


@dataclass(frozen=True, kw_only=True)
class CountingMachine:
    """An automaton over code points: next[row][class number] is the first row of a state, with an
    action. The state i of `counters`, which count, has its rows from `counting` + 3 * i on; all
    others have one row and come before. It starts in state 0."""

    runs: tuple[Run, ...]
    next: tuple[tuple[int, ...], ...]
    accepting: tuple[bool, ...]
    counting: int
    counters: tuple[Counter, ...]
    steps: int


def build_counting_machine(tree: Node, limit: int, least: int) -> CountingMachine:
    """The automaton that finds the pattern anywhere; PatternError if it has none. It counts repeats
    from `least` on."""
    graph = Graph(limit=limit, counted=least)
    graph.search(tree)
    return _Counted(graph=graph, classes=classify(graph)).machine()


@dataclass(kw_only=True)
class _Counted(Subsets):
    def machine(self) -> CountingMachine:
        first = self.subset([self.graph.start], Side.EDGE)
        found: dict[Subset, list[_Row]] = {first: []}
        pending = [first]
        for subset in pending:
            found[subset] = [self._row(subset, zone) for zone in self._zones(subset)]
            for target in (target for row in found[subset] for target, _ in row):
                if target not in found:
                    found[target] = []
                    pending.append(target)
            if ZONES * len(found) > self.graph.limit:
                raise too_large(self.graph.limit)
        return self._numbered(found)

    def _numbered(self, found: dict[Subset, list[_Row]]) -> CountingMachine:
        """States that count come last."""
        plain = [each for each in found if self._loop(each) is None]
        loops = {each: loop for each in found if (loop := self._loop(each)) is not None}
        numbers = {subset: number for number, subset in enumerate(plain)}
        numbers |= {subset: len(plain) + ZONES * i for i, subset in enumerate(loops)}
        counters = (self.graph.states[loop].counter for loop in loops.values())
        order = (*plain, *loops)
        return CountingMachine(
            runs=self.classes.runs,
            next=tuple(
                tuple(numbers[target] | action for target, action in row)
                for subset in order
                for row in found[subset]
            ),
            accepting=tuple(
                self._ends(subset, zone) for subset in order for zone in self._zones(subset)
            ),
            counting=len(plain),
            counters=tuple(each for each in counters if each is not None),
            steps=self.graph.steps,
        )

    def _loop(self, subset: Subset) -> int | None:
        """The loop that counts, by the state at the end of its rounds."""
        loops = {self.graph.states[state].loop for state in subset[0]} - {None}
        if len(loops) > 1:
            raise too_large(self.graph.limit)
        return loops.pop() if loops else None

    def _zones(self, subset: Subset) -> range:
        return range(1 if self._loop(subset) is None else ZONES)

    def _ends(self, subset: Subset, zone: int) -> bool:
        states, before = subset
        return ACCEPT in self._onward(states, before, Side.EDGE, zone)

    def _row(self, subset: Subset, zone: int) -> _Row:
        """The next subset for each class of characters, with what happens to the count."""
        states, before = subset
        sides = self.classes.sides
        self.graph.spend(2 * len(sides))
        if subset == MATCHED:
            return [(MATCHED, Action.NONE)] * len(sides)
        found: _Row = []
        ready: dict[Side, list[tuple[set[int], set[Action]]] | None] = {}
        for number, side in enumerate(sides):
            if side not in ready:
                ready[side] = self._targets(states, before, side, zone)
            targets = ready[side]
            if targets is None:
                found.append((MATCHED, Action.NONE))
            else:
                found.append(self._target(*targets[number], side))
        return found

    def _targets(
        self, states: tuple[int, ...], before: Side, side: Side, zone: int
    ) -> list[tuple[set[int], set[Action]]] | None:
        """For each class on a side, the states that its characters lead to, with what each of the
        ways does to the count; None after a match."""
        here = self._onward(states, before, side, zone)
        if ACCEPT in here:
            return None
        begin = self._next_rounds(each for each in here if self.graph.states[each].enters)
        again = self._next_rounds(
            each for each in here if self.graph.states[each].counter and zone < ZONES - 1
        )
        ways = [
            (here, Action.NONE),
            (self.follow(begin, before, side), Action.FIRST),
            (self.follow(again, before, side), Action.MORE),
        ]
        found: list[tuple[set[int], set[Action]]] = [(set(), set()) for _ in self.classes.sides]
        for reached, action in ways:
            for state in reached:
                self._advance(state, side, action, found)
        return found

    def _onward(self, states: Iterable[int], before: Side, after: Side, zone: int) -> set[int]:
        """What is reached without a character; a loop is left if it counted enough."""
        found = self.follow(states, before, after)
        ends = [self.graph.states[each] for each in found]
        leads = [each.targets[1] for each in ends if each.counter is not None and zone > 0]
        return found | self.follow(leads, before, after) if leads else found

    def _next_rounds(self, states: Iterable[int]) -> list[int]:
        return [self.graph.states[each].targets[0] for each in states]

    def _advance(
        self, state: int, side: Side, action: Action, found: list[tuple[set[int], set[Action]]]
    ) -> None:
        its = self.graph.states[state]
        if its.character is None:
            return
        numbers = self.classes.members[its.character]
        self.graph.spend(len(numbers))
        for number in numbers:
            if self.classes.sides[number] is side:
                targets, actions = found[number]
                targets.update(its.targets)
                actions.update({action} if its.loop is not None else ())

    def _target(self, states: set[int], actions: set[Action], side: Side) -> tuple[Subset, Action]:
        target = self.subset(states, side)
        loop = None if target == MATCHED else self._loop(target)
        if loop is None:
            return target, Action.NONE
        if len(actions) == 1:
            return target, next(iter(actions))
        counter = self.graph.states[loop].counter
        if Action.NONE in actions or counter is None or counter.high is not None:
            raise too_large(self.graph.limit)
        # Without a maximum, a higher count does whatever a lower one would.
        return target, Action.MORE
