"""Payloads that are text: verdicts and what is sent again, with both engines, on random schemas.

A text is judged as the JSON value that it spells if that has a type of the schema, otherwise as a
string: `json` and `jsonschema` of Python say which, and whether it is valid.
"""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.differential.random_texts import Maker
from tests.differential.validators import same, validator
from tests.support import texts
from tests.support.codec import Engines, Target, Verdict
from tests.support.documents import receiving
from tests.support.programs import Generated, Refused, compile_all, generate, link
from tests.support.scale import LONG

COUNT = 1200 if LONG else 45

PAIRS: dict[str, tuple[Any, Any]] = {
    "length": ({"type": "string"}, {"type": "string", "minLength": 1, "maxLength": 2}),
    "pattern": ({"type": "string"}, {"type": "string", "pattern": "^[A-Z]*$"}),
    "unlike": ({"type": "string"}, {"type": "string", "not": {"enum": ["", 'a"b', "é"]}}),
    "tenths": ({"type": "number"}, {"type": "number", "multipleOf": 0.1, "minimum": 0}),
    "even": ({"type": "integer"}, {"type": "integer", "multipleOf": 2, "not": {"const": 12}}),
    "truth": ({"type": "boolean"}, {"type": "boolean", "not": {"const": False}}),
    "mixed": (
        {"type": ["boolean", "string"], "pattern": "^[^tfn]*$"},
        {
            "type": ["boolean", "string"],
            "pattern": "^[^tfn]*$",
            "enum": [True, "ON", 'a"b', "a\\b"],
        },
    ),
}
"""A lenient schema and a strict one with the same type in C."""


def generated(schema: Any, name: str, folder: Path) -> Generated | Refused:
    folder.mkdir(parents=True)
    whole = receiving({"Case": schema}, title=name, **{"x-mqbind-prefix": name})
    path = folder / f"{name}.json"
    path.write_text(json.dumps({**whole, "defaultContentType": "text/plain"}))
    found = generate(path, folder / "c")
    assert isinstance(found, Generated | Refused), (schema, found)
    return found


def built(found: list[Generated], targets: list[Target], program: Path) -> Engines:
    objects = [compile_all(each.folder) for each in found]
    good = [each for each in objects if not isinstance(each, str)]
    assert len(good) == len(objects), [each for each in objects if isinstance(each, str)]
    return link(targets, [each.folder for each in found], good, program)


class Oracle:
    """What Python says of a text."""

    def __init__(self, schema: Any) -> None:
        self._validator = validator(schema)
        self._types = texts.types_of(schema, {})

    def value(self, text: bytes) -> Any:
        return texts.value(text.decode(), self._types, Decimal)

    def held(self, text: bytes) -> Any:
        """The value as C holds it: numbers that may have a fraction as doubles."""
        found = self.value(text)
        is_double = "number" in self._types and not isinstance(found, bool)
        return float(found) if is_double and isinstance(found, int | Decimal) else found

    def accepts(self, text: bytes) -> bool:
        try:
            return bool(self._validator.is_valid(self.value(text)))
        except UnicodeDecodeError:
            return False

    def is_ambiguous(self, text: bytes) -> bool:
        """Whether it is valid as a string as well as as another value."""
        try:
            found, string = self.value(text), text.decode()
        except UnicodeDecodeError:
            return False
        return not isinstance(found, str) and all(map(self._validator.is_valid, (found, string)))


def refutation(oracle: Oracle, text: bytes, verdict: Verdict) -> str | None:
    """What is wrong with a verdict."""
    if verdict.stage == "decode" and verdict.status not in ("TYPE", "VALUE"):
        return None if isinstance(oracle.value(text), int | Decimal) else "a limit"
    if not oracle.accepts(text):
        whole = verdict.path == "" and verdict.offset <= len(text)
        return None if verdict.stage == "decode" and whole else "wrongly accepted"
    if verdict.text is None:
        return "wrongly refused"
    return None if same(oracle.held(text), oracle.held(verdict.text.encode())) else "altered"


def test_verdicts_on_random_texts(tmp_path: Path) -> None:
    maker = Maker(7)
    schemas = {f"t{number}": maker.schema() for number in range(COUNT)}
    outcomes = {name: generated(each, name, tmp_path / name) for name, each in schemas.items()}
    found = {name: each for name, each in outcomes.items() if isinstance(each, Generated)}
    assert len(found) > COUNT / 2
    targets = [target for each in found.values() for target in each.targets]
    engines = built(list(found.values()), targets, tmp_path / "texts")
    wrong, counts = [], Counter[bool]()
    for name, schema in schemas.items():
        oracle, asked = Oracle(schema), maker.texts(schema)
        if name not in found:
            continue
        assert not any(map(oracle.is_ambiguous, asked)), f"{schema} must be refused"
        verdicts = engines.judge_all([(f"{name}_case", text) for text in asked])
        for text, verdict in zip(asked, verdicts, strict=True):
            counts[verdict.text is not None] += 1
            if kind := refutation(oracle, text, verdict):
                wrong.append(f"{kind}: {schema}: {text!r}: {verdict}")
    engines.close()
    assert wrong == []
    assert counts[True] > 5 * COUNT and counts[False] > 20 * COUNT


@pytest.mark.parametrize(
    "schema", [{"type": "integer"}, {"enum": ["1", "2"]}, {"enum": [1, "1.5"]}]
)
def test_texts_with_one_reading_compile(schema: Any, tmp_path: Path) -> None:
    assert isinstance(generated(schema, "t", tmp_path / "t"), Generated)


def test_what_is_not_valid_is_not_sent(tmp_path: Path) -> None:
    """The lenient one of a pair decodes a text, the strict one sends what it holds."""
    found, targets = [], []
    for name, pair in PAIRS.items():
        for kind, schema in zip(("lenient", "strict"), pair, strict=True):
            each = generated(schema, f"{kind}_{name}", tmp_path / f"{kind}_{name}")
            assert isinstance(each, Generated), each
            found.append(each)
        [lenient], [strict] = found[-2].targets, found[-1].targets
        assert lenient.c_type == strict.c_type
        decoder = lenient.c_name
        targets += [lenient, Target(**{**vars(strict), "decoder": decoder})]
    engines = built(found, targets, tmp_path / "pairs")
    sent = Counter[bool]()
    for name, (lenient_schema, schema) in PAIRS.items():
        oracle, both = Oracle(schema), Oracle(lenient_schema)
        for text in filter(both.accepts, Maker(1).texts([lenient_schema, schema])):
            verdict = engines.judge(f"strict_{name}_case", text)
            if verdict.stage == "decode":
                assert isinstance(both.value(text), int | Decimal), (text, verdict)
                continue
            kept = json.dumps(both.held(text)).encode() if name == "tenths" else text
            assert (verdict.text is not None) == oracle.accepts(kept), (name, text, verdict)
            sent[verdict.text is not None] += 1
    engines.close()
    assert sent[True] > 30 and sent[False] > 30
