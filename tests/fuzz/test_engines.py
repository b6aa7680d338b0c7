"""Both engines of the reader make the same of the same bytes: a short run on some schemas."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.engines import ROOT, build, run

SCHEMAS = (
    "schema/folotoy.yaml",
    "schema/thingspanel.yaml",
    "schema/thingsboard.yaml",
    "tests/cases/lists/schema.yaml",
    "tests/cases/numbers/schema.yaml",
    "tests/cases/objects/schema.yaml",
    "tests/cases/open/schema.yaml",
    "tests/cases/string_integers/schema.yaml",
    "tests/cases/unions/schema.yaml",
)
ROUNDS = 20_000


@pytest.mark.parametrize("name", SCHEMAS)
def test_engines_agree(name: str, tmp_path: Path) -> None:
    schema = ROOT / name
    counts = run(build(schema, tmp_path), schema, seed=20, rounds=ROUNDS)
    statuses = {line.split(" ", 1)[1]: int(line.split(" ")[0]) for line in counts.splitlines()}
    assert {"ok", "not JSON", "wrong type", "given twice"} <= statuses.keys(), counts
    assert statuses["ok"] > ROUNDS // 20, counts
