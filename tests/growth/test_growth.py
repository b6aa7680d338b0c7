"""Time is linear: what twice the payload costs is no more than twice as much, and a little.

Counted are basic blocks, which the compiler lets the program count itself. They are the same on
every machine and every run; none of them has a loop inside.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.growth.programs import HERE, Cost, Question, Unit, build
from tests.growth.shapes import SHAPES, Shape
from tests.support.codec import PARSERS

SIZES = tuple(1 << power for power in range(10, 21))
"""From 1 KB to 1 MB, each twice as long as the one before."""

MOST = 2.3
WORKS = ("decode", "validate", "encode")


@pytest.mark.parametrize("parser", PARSERS)
def test_twice_as_long_takes_twice_as_much(parser: str, tmp_path: Path) -> None:
    counter = build(HERE / "growth.yaml", tmp_path / parser, parser, Unit.BLOCKS)
    wrong = []
    for shape in SHAPES:
        questions = [question(shape, size) for size in SIZES]
        costs = counter.costs(questions, tmp_path)
        for work in WORKS:
            found = [costs[each.label, work] for each in questions if (each.label, work) in costs]
            wrong += mistakes(shape, work, found)
    assert not wrong, "\n".join(wrong)


def question(shape: Shape, size: int) -> Question:
    return Question(
        c_name=f"growth_{shape.message.lower()}",
        label=f"{shape.name}.{size}",
        payload=shape.make(size),
    )


def mistakes(shape: Shape, work: str, costs: list[Cost]) -> list[str]:
    wrong = [
        f"{shape.name}: {work} of {cost.bytes} bytes is {cost.status}"
        for cost in costs
        if cost.status not in (shape.statuses if work == "decode" else ("OK",))
    ]
    for size, (one, twice) in zip(SIZES, pairwise(costs), strict=False):
        if twice.count > MOST * one.count:
            ratio = twice.count / one.count
            wrong.append(
                f"{shape.name}: {work} of {2 * size} bytes takes {ratio:.2f} times as much"
            )
    return wrong


def test_there_are_many_shapes() -> None:
    names = [shape.name for shape in SHAPES]
    assert len(set(names)) == len(names) >= 40
