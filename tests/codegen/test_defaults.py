"""Defaults in C: initializers of the type that a member has."""

from __future__ import annotations

from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics, Failed, Severity
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from mqbind.rules import Rule
from tests.codegen.loading import HEAD, document
from tests.support.compiler import compile_c

OPERATION = "operations: {o: {action: send, channel: {$ref: '#/channels/c'}}}\n"
STRING = "type: string, maxLength: 1, x-mqbind-storage: inline"
NULL = "{type: 'null'}"


@pytest.mark.parametrize(
    ("schema", "assigned"),
    [
        (f"{STRING}, default: a", '(struct t_top_m){.len = 1, .data = "a"}'),
        (f"{STRING}, default: abcd", None),
        ("type: string, default: a", '(struct mqb_str){"a", 1}'),
        (
            f"oneOf: [{{type: integer}}, {NULL}], not: {{const: 4}}, default: 3",
            "(struct t_top_m){.value = 3}",
        ),
        (
            f"oneOf: [{{{STRING}}}, {NULL}], not: {{const: b}}, default: a",
            '(struct t_top_m){.value = {.len = 1, .data = "a"}}',
        ),
        (
            f"oneOf: [{{type: integer}}, {NULL}], not: {{const: 4}}, default: null",
            "(struct t_top_m){.is_null = true}",
        ),
        ("type: integer, default: 1.0e1", "10"),
        ("type: number, default: 9007199254740992", "9007199254740992.0"),
        ("type: [integer, 'null'], minimum: 4, default: 3", None),
        ("type: string, default: null", None),
    ],
    ids=[
        "inline",
        "too long",
        "string",
        "nullable",
        "both",
        "null",
        "integer",
        "number",
        "invalid",
        "no null",
    ],
)
def test_a_default_is_assigned(tmp_path: Path, schema: str, assigned: str | None) -> None:
    file = tmp_path / "t.yaml"
    payload = f"type: object\nproperties: {{m: {{{schema}}}}}"
    file.write_text(HEAD + document(payload) + OPERATION)
    for name, text in compile_schema(file, Diagnostics()).files.items():
        (tmp_path / name).write_text(text)
    source = tmp_path / "t_top.c"
    lines = [line.strip() for line in source.read_text().splitlines()]
    found = [line for line in lines if line.startswith("message->m")]
    assert found == ([f"message->m = {assigned};"] if assigned else [])
    compile_c("gcc", [source], tmp_path / "t_top.o", "-c")


OBJECT = "{type: object, properties: {a: {type: array}, b: {type: integer}}}"


@pytest.mark.parametrize(
    "schema",
    [
        f"type: object, additionalProperties: {OBJECT}, default: {{k: {{}}}}",
        f"type: array, items: {OBJECT}, default: [{{}}, {{b: 1}}]",
        f"oneOf: [{OBJECT}, {{type: string}}], default: {{}}",
        f"oneOf: [{OBJECT}, {NULL}], not: {{const: 4}}, default: {{}}",
        f"type: object, required: [o], properties: {{o: {OBJECT}}}, default: {{o: {{}}}}",
    ],
    ids=["map", "list", "union", "nullable", "object"],
)
def test_an_empty_object_in_a_default_has_an_initializer(tmp_path: Path, schema: str) -> None:
    file = tmp_path / "t.yaml"
    payload = f"type: object\nproperties: {{m: {{{schema}}}}}"
    file.write_text(HEAD + document(payload) + OPERATION)
    write(tmp_path, compile_schema(file, Diagnostics()).files)
    for compiler in ("gcc", "clang"):
        compile_c(compiler, [tmp_path / "t_top.c"], tmp_path / "t_top.o", "-c")


@pytest.mark.parametrize(
    ("schema", "shown"),
    [
        ("type: integer, minimum: 0, maximum: 255, default: 300", "300"),
        ("type: integer, minimum: 0, maximum: 255, default: -1", "-1"),
        ("type: integer, default: 9223372036854775808", "9223372036854775808"),
        ("type: integer, default: 1.5", "1.5"),
        ("type: integer, default: a", '"a"'),
        (f"{STRING}, default: abcde", '"abcde"'),
        (f'{STRING}, default: "\\0"', '"\\ u0000"'),
        ("type: string, default: 1", "1"),
        ("type: boolean, default: 'true'", '"true"'),
        ("type: number, default: 9007199254740993", "9007199254740993"),
        ("type: array, items: {type: integer}, default: {}", "{}"),
        ("type: array, items: {type: integer}, default: [a]", '["a"]'),
        (f"type: array, items: {{{STRING}}}, default: [abcde]", '["abcde"]'),
        ("type: array, items: {type: integer}, maxItems: 1, x-mqbind-storage: inline, "
         "default: [1, 2]", "[1,2]"),
        ("type: object, additionalProperties: {type: integer}, default: {a: b}", '{"a":"b"}'),
        ("type: object, properties: {a: {type: integer}}, default: {a: b}", '{"a":"b"}'),
        ("oneOf: [{type: boolean}, {type: integer}], default: a", '"a"'),
        ("enum: [a, b], default: 1", "1"),
        ("type: [integer, string], default: 1.5", "1.5"),
    ],
)  # fmt: skip
def test_a_default_outside_its_c_type_is_an_error(tmp_path: Path, schema: str, shown: str) -> None:
    file = tmp_path / "t.yaml"
    payload = f"type: object\nproperties: {{m: {{{schema}}}}}"
    file.write_text(HEAD + document(payload) + OPERATION)
    diagnostics = Diagnostics()
    with pytest.raises(Failed):
        compile_schema(file, diagnostics)
    [error] = [found for found in diagnostics if found.severity is Severity.ERROR]
    assert error.rule is Rule.DEFAULT_OUTSIDE_TYPE
    assert error.message == f"the C type of `m` cannot hold this default, {shown}"
    line = file.read_text().splitlines()[error.location.line - 1]
    assert line[error.location.column - 1 :] == f"{schema.rpartition('default: ')[2]}}}}}"


def test_the_document_of_a_default_that_contains_itself_ends(tmp_path: Path) -> None:
    tree = "{$ref: '#/components/schemas/Tree'}"
    schema = f"{{type: object, default: {{}}, properties: {{a: {tree}, b: {tree}}}}}"
    file = tmp_path / "t.yaml"
    components = f"components: {{schemas: {{Tree: {schema}}}}}\n"
    file.write_text(HEAD + document(tree, components) + OPERATION)
    source = compile_schema(file, Diagnostics()).files["t_top.c"]
    assert source.count(" tree_default") < 20
