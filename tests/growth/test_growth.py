"""Time is linear: what twice the payload costs is no more than twice as much, and a little.

Counted are instructions, up to 32 KB with MQBIND_LONG. From there to 1 MB, where valgrind would
take hours, they are basic blocks, which the compiler lets the program count itself: none of them
has a loop inside. Both are the same in every run.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from tests.growth.counters import HERE, Cost, Question, Unit, build
from tests.growth.growing_payloads import SHAPES, Shape
from tests.support.compiler import PARSERS
from tests.support.scale import LONG

FIRST, CHANGE, LAST = (10, 15, 20) if LONG else (10, 14, 18)
SIZES = {
    Unit.INSTRUCTIONS: tuple(1 << power for power in range(FIRST, CHANGE + 1)),
    Unit.BLOCKS: tuple(1 << power for power in range(CHANGE, LAST + 1)),
}
"""Bytes, each twice as many as the ones before."""

MOST = 2.3
WORKS = ("decode", "validate", "encode")


@pytest.mark.parametrize("unit", Unit, ids=lambda unit: unit.name.lower())
@pytest.mark.parametrize("parser", PARSERS)
def test_twice_as_long_takes_twice_as_much(parser: str, unit: Unit, tmp_path: Path) -> None:
    counter = build(HERE / "growth.yaml", tmp_path / parser, parser, unit)
    asked = {shape: [question(shape, size) for size in SIZES[unit]] for shape in SHAPES}
    # All at once, as starting valgrind takes longer than most of the payloads.
    costs = counter.costs([each for questions in asked.values() for each in questions], tmp_path)
    wrong = []
    for shape, questions in asked.items():
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
