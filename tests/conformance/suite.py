"""The official JSON Schema test suite, as the set-up brought it: draft-07, what is mandatory."""

from __future__ import annotations

import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator

INSTALLED = Path(sys.prefix) / "share" / "JSON-Schema-Test-Suite"
ELSEWHERE = os.environ.get("JSON_SCHEMA_TEST_SUITE")
"""Another place, with a suite of another day perhaps."""
SUITE = Path(ELSEWHERE or INSTALLED)
REMOTES = "http://localhost:1234/"
META_SCHEMAS = "http://json-schema.org/draft-07/"


@dataclass(frozen=True, kw_only=True)
class Case:
    name: str
    payload: Any
    valid: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """One schema and what is valid by it. The prefix is unique, and a word in C."""

    prefix: str
    schema: Any
    cases: tuple[Case, ...]


def groups() -> list[Group]:
    found = [
        group for file in sorted((SUITE / "tests/draft7").glob("*.json")) for group in _of(file)
    ]
    assert found, f"there is no suite in {SUITE}"
    return found


def _of(file: Path) -> Iterator[Group]:
    seen: Counter[str] = Counter()
    for index, group in enumerate(json.loads(file.read_text())):
        cases = []
        for test in group["tests"]:
            name = _one_line(f"{file.stem} / {group['description']} / {test['description']}")
            seen[name] += 1
            if seen[name] > 1:
                name += f" ({seen[name]})"
            cases.append(Case(name=name, payload=test["data"], valid=test["valid"]))
        prefix = f"{file.stem.replace('-', '_').lower()}_{index}"
        yield Group(prefix=prefix, schema=group["schema"], cases=tuple(cases))


def _one_line(text: str) -> str:
    """Names are listed one per line, followed by a colon and a blank."""
    return " ".join(text.split()).replace(": ", ", ")


def maps(group: Group, folder: Path) -> list[str]:
    """Options that say where the addresses are that the schema refers to."""
    text = json.dumps(group.schema)
    options = []
    if REMOTES in text:
        options += ["--map", f"{REMOTES}={SUITE / 'remotes'}/"]
    if META_SCHEMAS in text:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "schema").write_text(json.dumps(Draft7Validator.META_SCHEMA))
        options += ["--map", f"{META_SCHEMAS}={folder}/"]
    return options
