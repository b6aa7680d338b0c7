"""Time is linear: what twice the payload costs is no more than twice as much, and a little.

Counted are instructions up to 32 KB. From there to 1 MB, where valgrind would take hours, they are
basic blocks, which the compiler lets the program count itself: none of them has a loop inside. Both
are the same in every run.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.growth.counters import HERE, Cost, Question, Unit, build
from tests.growth.growing_payloads import SHAPES, Shape
from tests.support.compiler import PARSERS

SIZES = {
    Unit.INSTRUCTIONS: tuple(1 << power for power in range(10, 16)),
    Unit.BLOCKS: tuple(1 << power for power in range(15, 21)),
}
"""Bytes, each twice as many as the ones before."""

MOST = 2.3
WORKS = ("decode", "validate", "encode")


@pytest.mark.parametrize("unit", Unit, ids=lambda unit: unit.name.lower())
@pytest.mark.parametrize("parser", PARSERS)
def test_twice_as_long_takes_twice_as_much(parser: str, unit: Unit, tmp_path: Path) -> None:
    counter = build(HERE / "growth.yaml", tmp_path / parser, parser, unit)
    wrong = []
    for shape in SHAPES:
        questions = [question(shape, size) for size in SIZES[unit]]
        costs = counter.costs(questions, tmp_path)
        for work in WORKS:
            found = [
                (len(each.payload), costs[each.label, work])
                for each in questions
                if (each.label, work) in costs
            ]
            wrong += mistakes(shape, work, found)
    assert not wrong, "\n".join(wrong)


def question(shape: Shape, size: int) -> Question:
    return Question(
        c_name=f"growth_{shape.message.lower()}",
        label=f"{shape.name}.{size}",
        payload=shape.make(size),
    )


def mistakes(shape: Shape, work: str, costs: list[tuple[int, Cost]]) -> list[str]:
    """What is wrong with the costs of payloads of so many bytes."""
    wrong = [
        f"{shape.name}: {work} of {size} bytes is {cost.status}"
        for size, cost in costs
        if cost.status not in (shape.statuses if work == "decode" else ("OK",))
    ]
    for (size, one), (twice_size, twice) in pairwise(costs):
        # A payload has whole entries, so it is not always exactly twice as long.
        ratio = twice.count / one.count * 2 * size / twice_size
        if ratio > MOST:
            wrong.append(
                f"{shape.name}: {work} of {twice_size} bytes takes {ratio:.2f} times as much"
            )
    return wrong


def test_there_are_many_shapes() -> None:
    names = [shape.name for shape in SHAPES]
    assert len(set(names)) == len(names) >= 40
