"""`mqbind inspect` tells how many instructions each byte may take: no payload takes more."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.consumers.installation import MQBIND
from tests.growth.counters import HERE, Cost, Unit, build
from tests.growth.growing_payloads import SHAPES
from tests.growth.test_growth import WORKS, question
from tests.support.compiler import PARSERS

SIZES = (64, 1024, 16384)
NEARLY_REACHED = 10
"""The reported bound is at most so many times the cost of the worst payload."""

OTHER_MACHINE = 2
"""The numbers are those of x86-64; another machine may need so many times as much."""


@pytest.fixture(scope="module")
def reported() -> Mapping[str, Any]:
    command = (MQBIND, "inspect", HERE / "growth.yaml", "--format", "json")
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    rows = json.loads(done.stdout)["messages"]
    return {row["message"]: row["instructions_per_byte"] for row in rows}


@pytest.mark.parametrize("parser", PARSERS)
def test_no_payload_takes_more_than_is_reported(
    parser: str, reported: Mapping[str, Any], tmp_path: Path
) -> None:
    counter = build(HERE / "growth.yaml", tmp_path / parser, parser, Unit.INSTRUCTIONS)
    asked = [(shape, question(shape, size)) for shape in SHAPES for size in SIZES]
    costs = counter.costs([each for _, each in asked], tmp_path)
    wrong = []
    worst: dict[str, float] = {}
    for shape, each in asked:
        for work in WORKS:
            cost = costs.get((each.label, work))
            if cost is None:
                continue
            most = allowed(reported[shape.message], work, parser)
            fixed = reported[shape.message]["fixed"]
            # Raw JSON is written without the blanks with which it came, and which are passed.
            size = max(cost.bytes, len(each.payload))
            if cost.count > most * size + fixed:
                wrong.append(f"{each.label}: {work} takes {per_byte(cost)}, documented are {most}")
            if work == "decode" and len(each.payload) > SIZES[-1] // 2:
                reached = per_byte(cost) / most
                worst[shape.message] = max(worst.get(shape.message, 0), reached)
    assert not wrong, "\n".join(wrong)
    assert max(worst.values()) > 1 / NEARLY_REACHED, worst


def allowed(reported: Mapping[str, Any], work: str, parser: str) -> int:
    most: int = reported["decode"][parser] if work == "decode" else reported[work]
    return most if platform.machine() == "x86_64" else OTHER_MACHINE * most


def per_byte(cost: Cost) -> float:
    return round(cost.count / max(1, cost.bytes), 1)
