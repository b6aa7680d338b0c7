"""Scratch memory of every end and every size, up to the last byte: nothing is written around it,
and what is decoded is what Python's json reads in the payload.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mqbind.diagnostics import Diagnostics
from mqbind.emit.write import write
from mqbind.pipeline import compile_schema
from tests.support.compiler import CHECKED, PARSERS, link
from tests.support.documents import receiving
from tests.support.scale import LONG

SIZES = range(1, 18)
"""Of the items, in bytes: so many booleans each."""
HERE = Path(__file__).parent
SWITCH = {"type": "object", "required": ["on"], "properties": {"on": {"type": "boolean"}}}
DEEP = {
    "type": "object",
    "required": ["rows", "named", "mixed", "text", "any"],
    "properties": {
        "rows": {"type": "array", "items": {"type": "array", "items": {"type": "integer"}}},
        "named": {"type": "object", "additionalProperties": SWITCH},
        "mixed": {"type": "array", "items": {"oneOf": [{"type": "string"}, SWITCH]}},
        "text": {"type": "string"},
        "nest": {"type": "array", "items": {"type": "array", "items": SWITCH}},
        "forms": {
            "type": "array",
            "items": {
                "oneOf": [
                    SWITCH,
                    {
                        "type": "object",
                        "required": ["list"],
                        "properties": {"list": {"type": "array", "items": SWITCH}},
                    },
                ]
            },
        },
        "any": {"type": "object", "additionalProperties": True},
    },
}
RECODE = """\
static enum mqb_status recode_@(
    struct mqb_str json,
    struct mqb_scratch *scratch,
    char *text,
    size_t cap,
    size_t *len)
{
    struct scratch_@ message;
    const enum mqb_status status = scratch_@_decode((void *)&message, json, scratch, NULL);
    return status != MQB_OK ? status : scratch_@_encode((void *)&message, text, cap, len, NULL);
}
"""
TABLE = """\
struct message {
    const char *name;
    enum mqb_status (*recode)(
        struct mqb_str json,
        struct mqb_scratch *scratch,
        char *text,
        size_t cap,
        size_t *len);
};
"""


def items_schema(size: int) -> dict[str, Any]:
    names = [f"b{place}" for place in range(size)]
    item = {
        "type": "object",
        "required": names,
        "properties": {name: {"type": "boolean"} for name in names},
    }
    return {"type": "array", "items": item}


PAYLOADS = {**{f"items{size}": items_schema(size) for size in SIZES}, "deep": DEEP}


def program(parser: str, folder: Path) -> Path:
    schema = folder / "scratch.yaml"
    schema.write_text(json.dumps(receiving(PAYLOADS, title="scratch")))
    write(folder, compile_schema(schema, Diagnostics()).files)
    includes = "".join(f'#include "scratch_{name}.h"\n' for name in PAYLOADS)
    functions = "\n".join(RECODE.replace("@", name) for name in PAYLOADS)
    rows = "".join(f'    {{"{name}", recode_{name}}},\n' for name in PAYLOADS)
    table = f"static const struct message messages[] = {{\n{rows}}};\n"
    count = "#define MESSAGES (sizeof messages / sizeof messages[0])\n"
    (folder / "messages.h").write_text("\n".join([includes, TABLE, functions, table, count]))
    sources = [*sorted(folder.glob("*.c")), HERE / "scratch.c"]
    link(CHECKED, parser, ["-I", folder, *sources], folder / "program")
    return folder / "program"


def unknown(count: int) -> dict[str, Any]:
    values: list[Any] = [0, {"x": [1], "y": "\n"}, "text", [{}], None]
    return {f"u{place}": values[place % len(values)] for place in range(count)}


def items(size: int, names: tuple[int, int, int]) -> list[dict[str, Any]]:
    """Items of which the first, those between, and the last have so many unknown names."""
    count = max(3, 20 // size)
    first, between, last = names
    made = []
    for place in range(count):
        others = first if place == 0 else last if place == count - 1 else between
        known = {f"b{bit}": (place * 7 + bit) % 3 == 0 for bit in range(size)}
        made.append({**unknown(others), **known})
    return made


def deep(others: int) -> dict[str, Any]:
    return {
        **unknown(others),
        "rows": [[1, 2, 3], [], [4], [500, 600]],
        "named": {"a\n": {**unknown(others), "on": True}, "b": {"on": False, **unknown(2)}},
        "mixed": ["x\ty", {"on": True, **unknown(others)}, "", "plain", {"on": False}],
        "text": 'quote " and \\',
        "nest": [[{"on": True}, {**unknown(others), "on": False}], [], [{"on": True}]],
        "forms": [{"list": [{"on": True}, {"on": False, **unknown(1)}]}, {"on": True}],
        "any": {"k": [1, {"l": None}], **{f"m{place}": place for place in range(others * 3)}},
    }


def payloads() -> Iterator[tuple[str, str]]:
    shapes = [(0, 0, 0), (1, 0, 12), (1, 1, 1), (12, 0, 0)]
    for size in SIZES:
        for names in shapes:
            yield f"items{size}", json.dumps(items(size, names), separators=(",", ":"))
    yield "items3", json.dumps(items(3, (2, 1, 9)), indent=2)
    for others in range(9 if LONG else 4):
        yield "deep", json.dumps(deep(others), separators=(",", ":"))


def known(value: Any, schema: dict[str, Any]) -> Any:
    """The value without members that the schema does not know, in the order of the schema."""
    if "oneOf" in schema:
        fitting = [form for form in schema["oneOf"] if fits(value, form)]
        return known(value, fitting[0])
    if isinstance(value, list):
        return [known(item, schema["items"]) for item in value]
    if "properties" in schema:
        properties = schema["properties"]
        return {name: known(value[name], properties[name]) for name in properties if name in value}
    if isinstance(value, dict) and isinstance(schema["additionalProperties"], dict):
        rest = schema["additionalProperties"]
        return {name: known(item, rest) for name, item in value.items()}
    return value


def fits(value: Any, form: dict[str, Any]) -> bool:
    if form["type"] == "string":
        return isinstance(value, str)
    return isinstance(value, dict) and set(form["required"]) <= value.keys()


@pytest.mark.parametrize("parser", PARSERS)
def test_every_end_and_every_size(parser: str, tmp_path: Path) -> None:
    lines = []
    for name, payload in payloads():
        read = known(json.loads(payload), PAYLOADS[name])
        expected = json.dumps(read, separators=(",", ":"))
        lines.append(f"{name} {payload.encode().hex()} {expected.encode().hex()}\n")
    done = subprocess.run(
        [program(parser, tmp_path)], input="".join(lines), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-1000:]
    decodes, successes = map(int, done.stdout.split())
    assert decodes > 100_000
    assert successes == len(lines) * 16 * 24
