"""The smallest automaton that does the same."""

from __future__ import annotations

from collections import defaultdict


def equivalent(rows: list[list[int]], accepting: list[bool]) -> list[int]:
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
