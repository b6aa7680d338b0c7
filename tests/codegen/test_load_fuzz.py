"""Whatever a file holds, `load` ends with a protocol or with diagnostics."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from mqbind.diagnostics import Diagnostics
from mqbind.load import load_sound
from mqbind.model.check import check
from mqbind.plan.build import build_plan
from tests.support.scale import LONG

ROOT = Path(__file__).resolve().parents[2]
GOOD = [
    ROOT / "schema" / "folotoy.yaml",
    ROOT / "schema" / "thingspanel.yaml",
    ROOT / "tests" / "corpus" / "version_2_gateway.yaml",
]
MUTANTS = 1000 if LONG else 80
ODD: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    2.5,
    10**30,
    "",
    "x",
    "{x}",
    "#/channels",
    "^(",
    "string",
    [],
    [None],
    [[]],
    {},
    {"$ref": "#"},
    {"$ref": "#/components/schemas/Result"},
    {"type": "object", "allOf": [{"$ref": "#/components/messages"}]},
    {"type": "integer", "not": {"minimum": 0}},
    {"x-mqbind-name": 1},
]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container and key in `value`."""
    keys = list(value) if isinstance(value, dict) else range(len(value))
    found = [(value, key) for key in keys]
    for key in keys:
        if isinstance(value[key], dict | list):
            found += places(value[key])
    return found


def mutate(document: Any, chance: random.Random) -> None:
    """Change one thing: delete it, replace it, rename it, or put another part there."""
    container, key = chance.choice(places(document))
    match chance.randrange(4):
        case 0:
            del container[key]
        case 1:
            container[key] = chance.choice(ODD)
        case 2:
            other, its = chance.choice(places(document))
            container[key] = json.loads(json.dumps(other[its]))
        case _ if isinstance(container, dict):
            container[chance.choice(["$ref", "type", "x", "allOf", "default"])] = container.pop(key)


def is_refused(path: Path) -> bool:
    """Load a file, and look for errors in what is left of it: any exception fails the test."""
    diagnostics = Diagnostics()
    protocol = load_sound(path, diagnostics)
    refused = diagnostics.failed
    assert all(each.message and each.remedy for each in diagnostics)
    if protocol is not None:
        check(protocol, diagnostics)
        if refused:
            build_plan(protocol, diagnostics)
    return refused


@pytest.mark.parametrize("good", GOOD, ids=lambda path: path.name)
def test_mutated_documents(good: Path, tmp_path: Path) -> None:
    chance = random.Random(good.name)
    text = good.read_text(encoding="utf-8")
    loaded = json.dumps(yaml.safe_load(text))
    outcomes = set()
    for _ in range(MUTANTS):
        document = json.loads(loaded)
        for _ in range(chance.choice((1, 1, 3))):
            mutate(document, chance)
        file = tmp_path / "mutant.json"
        file.write_text(json.dumps(document))
        outcomes.add(is_refused(file))
    assert outcomes == {True, False}


@pytest.mark.parametrize("good", GOOD, ids=lambda path: path.name)
def test_mutated_bytes(good: Path, tmp_path: Path) -> None:
    chance = random.Random(good.name)
    for _ in range(MUTANTS):
        data = bytearray(good.read_bytes())
        for _ in range(chance.randint(1, 3)):
            place = chance.randrange(len(data))
            match chance.randrange(3):
                case 0:
                    data[place] = chance.randrange(256)
                case 1:
                    del data[place : place + chance.randrange(40)]
                case _:
                    data[place:place] = chance.choice([b"&a ", b"*a ", b"? ", b"{", b"- ", b": "])
        file = tmp_path / "mutant.yaml"
        file.write_bytes(data)
        is_refused(file)
