"""Defaults in C: initializers of the type that a member has."""

from __future__ import annotations

from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.pipeline import compile_schema
from tests.codegen.loading import HEAD, document
from tests.support.compiler import compile_c

OPERATION = "operations: {o: {action: send, channel: {$ref: '#/channels/c'}}}\n"
STRING = "type: string, maxLength: 1, x-mqbind-storage: inline"
NULL = "{type: 'null'}"


@pytest.mark.parametrize(
    ("schema", "assigned"),
    [
        (f"{STRING}, default: a", '(struct t_top_m){.len = 1, .data = "a"}'),
        (f"{STRING}, default: abcd", '(struct t_top_m){.len = 4, .data = "abcd"}'),
        (f"{STRING}, default: abcde", None),
        ("type: string, default: a", '(struct mqb_str){"a", 1}'),
        (
            f"oneOf: [{{type: integer}}, {NULL}], not: {{const: 4}}, default: 3",
            "(struct t_top_m){.value = 3}",
        ),
        (
            f"oneOf: [{{{STRING}}}, {NULL}], not: {{const: b}}, default: a",
            '(struct t_top_m){.value = (struct t_top_m_value){.len = 1, .data = "a"}}',
        ),
        (f"oneOf: [{{type: integer}}, {NULL}], not: {{const: 4}}, default: null", None),
    ],
    ids=["inline", "as long as fits", "too long", "string", "nullable", "both", "null"],
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
