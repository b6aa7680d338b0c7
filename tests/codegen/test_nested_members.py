"""Members of objects inside objects that only another form or a branch names: received, they are
sent again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from mqbind.diagnostics import Diagnostics
from mqbind.pipeline import compile_schema
from tests.support.codec import Engines, check_sent_again
from tests.support.documents import receiving
from tests.support.programs import Generated, build, generate
from tests.support.scale import LONG

XA = "properties: {x: {type: object, properties: {a: {type: integer}}}}"
XB = "properties: {x: {type: object, properties: {b: {type: integer}}}}"
AB = '{"x":{"a":1,"b":2}}'


def inside(*steps: str) -> str:
    """The last of the steps, keywords, about an object inside others."""
    *names, found = steps
    for name in reversed(names):
        found = f"properties: {{{name}: {{type: object, {found}}}}}"
    return found


CASES: dict[str, tuple[str, list[str]]] = {
    "any_of": (f"anyOf: [{{{XA}}}, {{{XB}}}]", [AB, '{"x":{"b":2}}', '{"x":{"b":"?","a":1}}']),
    "one_of": (
        f"oneOf: [{{required: [p], {XA}}}, {{required: [q], {XB}}}]",
        ['{"p":0,"x":{"a":1,"b":[{"c":1}]}}', '{"q":0,"x":{"b":1,"a":null}}'],
    ),
    "struct_any_of": (f"{XA}, anyOf: [{{{XB}}}, {{required: [y]}}]", [AB, '{"x":{"b":2}}']),
    "struct_one_of": (
        f"{XA}, oneOf: [{{{XB}, required: [y]}}, {{required: [z]}}]",
        ['{"y":0,"x":{"a":1,"b":2}}', '{"z":0,"x":{"b":"?"}}'],
    ),
    "all_of": (f"{XA}, allOf: [{{anyOf: [{{{XB}}}, {{required: [y]}}]}}, {{type: object}}]", [AB]),
    "then_else": (
        f"{XA}, if: {{required: [y]}}, then: {{{XB}}}, "
        "else: {properties: {x: {properties: {c: {type: string}}}}}",
        ['{"y":0,"x":{"a":1,"b":2,"c":3}}', '{"x":{"b":"?","c":""}}'],
    ),
    "dependencies": (f"{XA}, dependencies: {{y: {{{XB}}}}}", [AB, '{"y":0,"x":{"a":1,"b":2}}']),
    "items": (
        "properties: {x: {type: array, items: {type: object, properties: {a: {}}}}}, "
        "if: {required: [y]}, then: {properties: {x: {items: {properties: {b: {}}}}}}",
        ['{"x":[{"a":1},{"b":2},{"a":1,"b":[]}]}'],
    ),
    "list": (
        "properties: {x: {type: array, maxItems: 2, "
        "items: [{$ref: '#/components/schemas/A'}, {$ref: '#/components/schemas/A'}]}}, "
        "anyOf: [{properties: {x: {items: [true, {properties: {b: {}}}]}}}, {required: [y]}]",
        ['{"x":[{"a":1,"b":"1"},{"a":1,"b":"2"}]}'],
    ),
    "map": (
        "properties: {n: {type: integer}}, "
        "additionalProperties: {type: object, properties: {a: {}}}, "
        "anyOf: [{additionalProperties: {properties: {b: {}}}}, {required: [n]}]",
        ['{"n":1,"x":{"a":1,"b":2},"y":{"b":3}}'],
    ),
    "map_alone": (
        "additionalProperties: {type: object, properties: {a: {}}}, "
        "anyOf: [{properties: {x: {properties: {b: {}}}}}, {required: [y]}]",
        ['{"x":{"a":1,"b":2},"y":{"a":3}}'],
    ),
    "pattern": (
        "properties: {x: {type: object, properties: {a: {}}}}, "
        "anyOf: [{patternProperties: {'^x': {properties: {b: {}}}}}, {required: [y]}]",
        [AB],
    ),
    "beside_a_pattern": (
        "properties: {x: {type: object, properties: {a: {}}, "
        "patternProperties: {'^p': {minLength: 1}}}}, "
        "anyOf: [{properties: {x: {properties: {b: {}}}}}, {required: [y]}]",
        ['{"x":{"a":1,"p1":"t","b":2}}'],
    ),
    "deep": (
        f"anyOf: [{{{inside('p', 'q', 'r', XA)}}}, {{{inside('p', 'q', 'r', XB)}}}]",
        ['{"p":{"q":{"r":{"x":{"a":1,"b":2}}}}}'],
    ),
    "inner_union": (
        "properties: {x: {anyOf: [{type: object, required: [a], properties: {a: {}}}, "
        "{type: object, properties: {c: {}}}]}}, "
        "anyOf: [{properties: {x: {properties: {b: {}}}}}, {required: [y]}]",
        ['{"x":{"a":1,"b":2,"c":3}}', '{"x":{"b":2}}'],
    ),
    "union_in_union": (
        f"anyOf: [{{anyOf: [{{{XA}, required: [p]}}, {{{XB}}}]}}, {{{XB}, required: [q]}}]",
        ['{"p":1,"x":{"a":1,"b":2},"q":3}', '{"x":{"b":1,"a":2},"q":null}'],
    ),
    "references": (
        "anyOf: [{properties: {x: {$ref: '#/components/schemas/A'}}}, "
        "{properties: {x: {$ref: '#/components/schemas/B'}}}]",
        [AB],
    ),
    "recursive": (
        "$ref: '#/components/schemas/Tree'",
        ['{"a":1,"x":{"a":1,"b":2,"x":{"b":3}}}', '{"x":{"x":{"x":{"b":"?","a":2}}}}'],
    ),
    "nullable": (
        "properties: {x: {type: [object, 'null'], properties: {a: {}}}}, "
        "anyOf: [{properties: {x: {properties: {b: {}}}}}, {required: [y]}]",
        [AB, '{"x":null}'],
    ),
    "default": (
        "properties: {x: {type: object, default: {a: 1, b: 2}, properties: {a: {}}}}, "
        "anyOf: [{properties: {x: {properties: {b: {}}}}}, {required: [y]}]",
        [AB, "{}"],
    ),
}
NEWER = {
    "dependent": (f"{XA}, dependentSchemas: {{y: {{{XB}}}}}", [AB]),
    "prefix": (
        "properties: {x: {type: array, items: {type: object, properties: {a: {}}}}}, "
        "anyOf: [{properties: {x: {prefixItems: [{properties: {b: {}}}]}}}, {required: [y]}]",
        ['{"x":[{"a":1,"b":2}]}'],
    ),
    "unevaluated": (
        "properties: {x: {type: object, properties: {a: {}}}}, "
        "anyOf: [{properties: {x: {properties: {b: {}}, unevaluatedProperties: {properties: "
        "{c: {}}}}}}, {required: [y]}]",
        [AB],
    ),
}
SHARED = """
A: {type: object, properties: {a: {}}}
B: {type: object, properties: {b: {}}}
Tree:
  type: object
  properties: {a: {}, x: {$ref: '#/components/schemas/Tree'}}
  anyOf: [{properties: {x: {properties: {b: {type: integer}}}}}, {required: [y]}, true]
"""


def _payload(name: str) -> object:
    if name in CASES:
        return yaml.safe_load(f"{{type: object, {CASES[name][0]}}}")
    schema = yaml.safe_load(f"{{type: object, {NEWER[name][0]}}}")
    return {"schemaFormat": "application/schema+json;version=2020-12", "schema": schema}


def _document(payloads: dict[str, object]) -> str:
    document = receiving(payloads, title="N", **{"x-mqbind-prefix": "n"})
    document["components"] = {"schemas": yaml.safe_load(SHARED)}
    return yaml.safe_dump(document, sort_keys=False)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engines]:
    folder = tmp_path_factory.mktemp("nested")
    (folder / "n.yaml").write_text(_document({name: _payload(name) for name in CASES | NEWER}))
    outcome = generate(folder / "n.yaml", folder / "generated")
    assert isinstance(outcome, Generated), outcome
    found, uncompiled = build({"n": outcome}, folder / "program")
    assert uncompiled == {}
    yield found
    found.close()


@pytest.mark.parametrize("name", CASES | NEWER)
def test_members_are_sent_again(engines: Engines, name: str) -> None:
    for payload in (CASES | NEWER)[name][1]:
        for text in (payload, json.dumps(json.loads(payload), indent=1)):
            check_sent_again(engines, f"n_{name}", text)


def _header(tmp_path: Path, schema: str) -> str:
    file = tmp_path / "n.yaml"
    file.write_text(_document({"m": yaml.safe_load(schema)}))
    return compile_schema(file, Diagnostics()).files["n_m.h"]


@pytest.mark.parametrize(
    "inner",
    [
        "{type: object, properties: {a: {}, b: {}}}",
        "{type: object, properties: {a: {}}, additionalProperties: false}",
        "{type: object, properties: {a: {}, b: false}}",
        "{type: object}",
        "{type: integer}",
    ],
)
def test_no_map_where_nothing_could_be_lost(tmp_path: Path, inner: str) -> None:
    other = "{type: object, properties: {x: {properties: {b: {type: integer}}}}}"
    form = f"{{type: object, properties: {{x: {inner}}}}}"
    assert "others" not in _header(tmp_path, f"{{anyOf: [{form}, {other}]}}")


def test_what_fields_hold_says_nothing_of_other_members(tmp_path: Path) -> None:
    more = "additionalProperties: {type: object, properties: {a: {}}}"
    header = _header(tmp_path, f"{{type: object, {XB}, {more}}}")
    assert header.count("mqb_map") == 0
    assert header.count(" others;") == 1


def test_large_unions_of_recursive_objects(tmp_path: Path) -> None:
    """Each form has an object of its own, and what these contain has no end."""
    count = 400 if LONG else 60
    forms = [
        {
            "type": "object",
            "required": ["k"],
            "properties": {
                "k": {"const": number},
                "x": {
                    "type": "object",
                    "properties": {f"m{number}": {}, "y": {"$ref": "#/components/schemas/Tree"}},
                },
            },
        }
        for number in range(count)
    ]
    diagnostics = Diagnostics()
    file = tmp_path / "n.yaml"
    file.write_text(_document({"m": {"oneOf": forms}}))
    header = compile_schema(file, diagnostics).files["n_m.h"]
    assert not diagnostics.failed
    assert header.count("struct mqb_map others;") >= count
