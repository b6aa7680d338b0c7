"""Each schema is read in the draft that it declares."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from mqbind.diagnostics import Diagnostics, Severity
from mqbind.load import load
from mqbind.model.evaluate import Evaluator
from mqbind.model.protocol import Protocol
from mqbind.model.types import Constrained, Json, Struct, bare
from tests.support.documents import receiving

DRAFT_04 = "http://json-schema.org/draft-04/schema#"
DRAFT_06 = "http://json-schema.org/draft-06/schema#"
DRAFT_07 = "http://json-schema.org/draft-07/schema#"
NEWEST = "https://json-schema.org/draft/2020-12/schema"


def loaded(folder: Path, payload: Any, **files: Any) -> tuple[Protocol | None, Diagnostics]:
    """A document with the payload, next to these JSON files."""
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    document = folder / "api.json"
    document.write_text(json.dumps(receiving({"m": payload}, title="T")))
    diagnostics = Diagnostics()
    return load(document, diagnostics), diagnostics


def accepts(folder: Path, schema: Any, value: Any, **files: Any) -> bool:
    """The verdict of the constraint that the schema becomes where it has no type."""
    protocol, diagnostics = loaded(folder, {"not": {"not": schema}}, **files)
    assert protocol is not None, list(map(str, diagnostics))
    [message] = protocol.messages.values()
    if message.payload == Json():
        return True
    assert isinstance(message.payload, Constrained)
    evaluator = Evaluator(shared=protocol.constraints.__getitem__)
    plain = json.loads(json.dumps(value), parse_float=Decimal)
    verdict = evaluator.verdict(message.payload.constraint, plain)
    assert verdict is not None
    return verdict


def warnings(diagnostics: Diagnostics) -> list[str]:
    return [each.message for each in diagnostics if each.severity is Severity.WARNING]


PAIR = {"type": "array", "prefixItems": [{"const": 1}], "items": False}
"""Exact in 2020-12, and without effect in other drafts."""


@pytest.mark.parametrize(
    ("declared", "applies"),
    [
        (NEWEST, True),
        (f"{NEWEST}#", True),
        ("http://json-schema.org/draft/2020-12/schema", True),
        (DRAFT_07, False),
        (None, False),
    ],
)
def test_schema_in_a_file_names_its_draft(
    declared: str | None, applies: bool, tmp_path: Path
) -> None:
    file = {**PAIR, "items": {"const": 2}, **({"$schema": declared} if declared else {})}
    assert accepts(tmp_path, {"$ref": "pair.json"}, [1, 2], pair=file) is applies
    assert accepts(tmp_path, {"$ref": "pair.json"}, [2, 2], pair=file) is not applies


@pytest.mark.parametrize(
    "version",
    [
        "application/schema+json;version=2020-12",
        "application/schema+yaml; version=draft/2020-12",
        "application/schema;version=draft-2020-12",
        'application/schema+json;version="2020-12"',
    ],
)
def test_schema_format_holds_for_files_that_declare_nothing(version: str, tmp_path: Path) -> None:
    payload = {"schemaFormat": version, "schema": {"$ref": "pair.json"}}
    assert accepts(tmp_path, payload, [1], pair=PAIR)
    assert not accepts(tmp_path, payload, [1, 2], pair=PAIR)
    older = {**PAIR, "$schema": DRAFT_07}
    assert not accepts(tmp_path, payload, [1], pair=older)


def test_schema_format_of_asyncapi_2_is_next_to_the_payload(tmp_path: Path) -> None:
    for version, applies in (("2020-12", True), ("draft-07", False)):
        stated = f"application/schema+json;version={version}"
        message = {"schemaFormat": stated, "payload": {"not": {"not": {"$ref": "pair.json"}}}}
        document = {
            "asyncapi": "2.6.0",
            "info": {"title": "T", "version": "1"},
            "channels": {"m": {"subscribe": {"message": message}}},
        }
        (tmp_path / "api.json").write_text(json.dumps(document))
        (tmp_path / "pair.json").write_text(json.dumps({**PAIR, "items": {"const": 2}}))
        protocol = load(tmp_path / "api.json", Diagnostics())
        assert protocol is not None
        [found] = protocol.messages.values()
        assert isinstance(found.payload, Constrained)
        evaluator = Evaluator(shared=protocol.constraints.__getitem__)
        assert evaluator.verdict(found.payload.constraint, [1, 2]) is applies


def test_inner_schema_may_declare_another_draft(tmp_path: Path) -> None:
    schema = {
        "$schema": DRAFT_04,
        "type": "array",
        "items": {"minimum": 3, "exclusiveMinimum": True},
        "not": {"$schema": NEWEST, "contains": {"const": 5}, "minContains": 2},
    }
    assert accepts(tmp_path, schema, [4, 5])
    assert not accepts(tmp_path, schema, [3])
    assert not accepts(tmp_path, schema, [5, 5])


def test_siblings_of_a_reference_apply_as_declared(tmp_path: Path) -> None:
    schema = {"$ref": "#/$defs/a", "maximum": 5, "$defs": {"a": {"type": "integer", "minimum": 3}}}
    for declared, accepted in ((NEWEST, False), (DRAFT_06, True)):
        file = {**schema, "$schema": declared}
        protocol, diagnostics = loaded(tmp_path, {"$ref": "a.json"}, a=file)
        assert protocol is not None
        ignored = [each for each in warnings(diagnostics) if "next to `$ref`" in each]
        assert bool(ignored) is accepted


def test_integer_of_draft_04_has_no_fraction(tmp_path: Path) -> None:
    schema = {"type": ["integer", "string"]}
    for declared, accepted in ((DRAFT_04, False), (DRAFT_06, True)):
        assert accepts(tmp_path, {**schema, "$schema": declared}, 1.0) is accepted
        assert accepts(tmp_path, {**schema, "$schema": declared}, 1)
        assert accepts(tmp_path, {**schema, "$schema": declared}, "a")


def test_keyword_of_another_draft_has_no_effect_and_a_warning(tmp_path: Path) -> None:
    for declared, keyword in (
        (DRAFT_04, {"const": 1}),
        (DRAFT_06, {"if": {"minimum": 9}, "then": False}),
        (DRAFT_07, {"minContains": 3, "contains": {}}),
        (NEWEST, {"additionalItems": False}),
    ):
        schema = {"$schema": declared, **keyword}
        assert accepts(tmp_path, schema, [9])
        _, diagnostics = loaded(tmp_path, schema)
        assert any(f"`{next(iter(keyword))}`" in each for each in warnings(diagnostics))


@pytest.mark.parametrize("place", ["unknown", "const", "enum", "default", "examples", "x-more"])
def test_id_in_data_names_nothing(place: str, tmp_path: Path) -> None:
    decoy = {"$id": "https://example.com/named", "type": "string"}
    data = [decoy] if place in ("enum", "examples") else decoy
    schema = {
        "type": "object",
        "definitions": {
            "a": {"type": "object", place: data},
            "b": {"$id": "https://example.com/named", "type": "integer"},
        },
        "properties": {"c": {"$ref": "https://example.com/named"}},
    }
    protocol, _ = loaded(tmp_path, {"$ref": "s.json"}, s=schema)
    assert protocol is not None
    [struct] = [each for each in protocol.definitions.values() if isinstance(each, Struct)]
    assert type(bare(struct.members[0].type)).__name__ == "Integer"


def test_reference_with_several_targets_is_an_error(tmp_path: Path) -> None:
    schema = {
        "$schema": NEWEST,
        "items": {"$dynamicRef": "#item"},
        "$defs": {
            "item": {"$dynamicAnchor": "item"},
            "texts": {"$id": "texts", "$defs": {"item": {"$dynamicAnchor": "item"}}},
        },
    }
    protocol, diagnostics = loaded(tmp_path, schema)
    assert protocol is None
    assert any("`$dynamicRef` has several targets" in each.message for each in diagnostics)


def test_a_later_file_can_make_a_target_doubtful(tmp_path: Path) -> None:
    """The tree is read first, and is extended by a file that is read later."""
    tree = {
        "$schema": NEWEST,
        "$id": "https://example.com/tree",
        "$dynamicAnchor": "node",
        "properties": {"children": {"items": {"$dynamicRef": "#node"}}},
    }
    strict = {
        "$schema": NEWEST,
        "$id": "https://example.com/strict",
        "$dynamicAnchor": "node",
        "$ref": "tree",
        "unevaluatedProperties": False,
    }
    both = {"properties": {"a": {"$ref": "tree.json"}, "b": {"$ref": "strict.json"}}}
    protocol, _ = loaded(tmp_path, {"$ref": "tree.json"}, tree=tree, strict=strict)
    assert protocol is not None
    protocol, diagnostics = loaded(tmp_path, both, tree=tree, strict=strict)
    assert protocol is None
    assert any("several targets" in each.message for each in diagnostics)


def test_unevaluated_work_is_bounded(tmp_path: Path) -> None:
    """References in references in references, each twice."""
    steps = {
        f"s{n}": {"allOf": [{"$ref": f"#/$defs/s{n + 1}"}] * 2, "properties": {f"p{n}": True}}
        for n in range(40)
    }
    schema = {
        "$schema": NEWEST,
        "$ref": "#/$defs/s0",
        "unevaluatedProperties": False,
        "$defs": {**steps, "s40": {"properties": {"last": True}}},
    }
    protocol, diagnostics = loaded(tmp_path, {"$ref": "s.json"}, s=schema)
    assert protocol is not None or "too large" in str(next(iter(diagnostics)))


def test_identifiers_and_definitions_beside_a_reference_count_in_new_drafts(tmp_path: Path) -> None:
    schema = {
        "$schema": NEWEST,
        "$id": "https://a.example/b",
        "$ref": "#/$defs/X",
        "$defs": {"X": {"type": "string"}},
    }
    protocol, diagnostics = loaded(tmp_path, {"$ref": "s.json"}, s=schema)
    assert protocol is not None
    assert list(map(str, diagnostics)) == []
