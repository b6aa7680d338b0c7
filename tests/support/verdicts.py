"""Verdicts on payloads: what a YAML file expects, what the generated C says, what JSON Schema says.

Both must agree, except where a limit of the machine refuses what JSON Schema knows nothing of, or
where the refusal comes from a rule that only holds for sending.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.support import texts
from tests.support.codec import Codec, Verdict
from tests.support.documents import text_types, validator

BEYOND_JSON_SCHEMA = {"JSON", "DUPLICATE", "LIMIT", "PRECISION"}


@dataclass(frozen=True, kw_only=True)
class Expected:
    """`refusal` is status, path and rule, or None if the payload is valid."""

    message: str
    c_name: str
    payload: str
    refusal: tuple[str, str, str] | None


def expectations(file: Path) -> list[Expected]:
    """What a file of verdicts expects."""
    found = []
    for row in yaml.safe_load(file.read_text()):
        for payload in row.get("accept", []):
            found.append(_expected(row, payload, None))
        for refused in row.get("refuse", []):
            refusal = (refused["status"], refused["path"], refused["rule"])
            found.append(_expected(row, refused["payload"], refusal))
    return found


def _expected(row: dict[str, str], payload: str, refusal: tuple[str, str, str] | None) -> Expected:
    return Expected(message=row["message"], c_name=row["c_name"], payload=payload, refusal=refusal)


def confirm(schema: Path, codec: Codec, expected: Expected) -> None:
    """Fail unless the generated C and JSON Schema both give the expected verdict."""
    verdict = codec.judge(expected.c_name, expected.payload)
    independent = validator(schema, expected.message)
    if expected.refusal is None:
        assert verdict.text is not None, (expected.payload, verdict)
        independent.validate(_value(schema, expected.message, expected.payload))
        independent.validate(_value(schema, expected.message, verdict.text))
    else:
        assert verdict.text is None, expected.payload
        found = (verdict.status, verdict.path, verdict.rule)
        assert found == expected.refusal, expected.payload
        if _is_for_json_schema(verdict):
            value = _value(schema, expected.message, expected.payload)
            assert not independent.is_valid(value), expected.payload


def _value(schema: Path, message: str, payload: str) -> Any:
    types = text_types(schema, message)
    return json.loads(payload) if types is None else texts.value(payload, types)


def _is_for_json_schema(verdict: Verdict) -> bool:
    return verdict.stage == "decode" and verdict.status not in BEYOND_JSON_SCHEMA
