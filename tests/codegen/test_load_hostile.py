"""Documents that are made to hurt end in a verdict, after little work."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.codegen.loading import tried
from tests.support.steps import calls

CALLS_MAX = 10_000_000
"""The worst takes four million: some seconds."""

CHANNEL = (
    "channels:\n  c:\n    address: a\n    messages:\n"
    "      m: {payload: {$ref: '#/components/schemas/S0'}, examples: [{payload: 0}]}\n"
    "components:\n  schemas:\n"
)


def chain(link: str, count: int, end: str) -> str:
    """Schemas S0, S1, ... of which each refers to the next."""
    links = (
        f"    S{number}: {link.replace('NEXT', f'#/components/schemas/S{number + 1}')}\n"
        for number in range(count)
    )
    return f"{CHANNEL}{''.join(links)}    S{count}: {end}\n"


HOSTILE = {
    "references": (chain("{$ref: 'NEXT'}", 5000, "{type: integer}"), None),
    "references, the last ones first": (
        f"{CHANNEL}    S0: {{oneOf: [{{$ref: '#/components/schemas/R0'}}, {{type: integer}}]}}\n"
        "    R0: {type: string}\n"
        + "".join(
            f"    R{number}: {{$ref: '#/components/schemas/R{number - 1}'}}\n"
            for number in range(1, 5000)
        ),
        None,
    ),
    "branches": (
        chain("{anyOf: [{$ref: 'NEXT'}, {$ref: 'NEXT'}]}", 25, "{minimum: 1}").replace(
            "S0: {", "S0: {type: integer, "
        ),
        "this example takes too long to check",
    ),
    "lists in lists": (
        chain("{type: array, items: {$ref: 'NEXT'}}", 500, "{}"),
        "this example violates its schema",
    ),
    "objects in objects": (
        chain("{type: object, properties: {a: {$ref: 'NEXT'}}}", 1000, "{}"),
        "this example violates its schema",
    ),
    "maps in maps": (
        chain("{type: object, additionalProperties: {$ref: 'NEXT'}}", 1000, "{}"),
        "this example violates its schema",
    ),
    "wrappers": (
        chain("{allOf: [{$ref: 'NEXT'}]}", 500, "{}"),
        "this example takes too long to check",
    ),
    "nullable wrappers": (
        chain("{oneOf: [{$ref: 'NEXT'}, {type: 'null'}]}", 1000, "{type: string}"),
        "this example takes too long to check",
    ),
    "forms of forms": (
        chain("{oneOf: [{$ref: 'NEXT'}, {$ref: 'NEXT'}, {type: 'null'}]}", 100, "{type: string}"),
        "this example takes too long to check",
    ),
    "nots": (
        chain("{not: {$ref: 'NEXT'}}", 500, "{}").replace("S0: {", "S0: {type: integer, "),
        "this example takes too long to check",
    ),
    "rules in rules": (
        chain("{properties: {a: {$ref: 'NEXT'}}}", 1000, "{}"),
        "`properties` without `type`",
    ),
    "circles": (
        f"{CHANNEL}"
        + "".join(
            f"    S{number}: {{anyOf: [{{$ref: '#/components/schemas/S{number + 1}'}}, "
            f"{{$ref: '#/components/schemas/S{number * 7 % 999}'}}]}}\n"
            for number in range(999)
        )
        + "    S999: {}\n",
        "circular schema",
    ),
    "members of several that are of several": (
        f"{CHANNEL}    S0: {{type: object, allOf: [{{$ref: '#/components/schemas/B1'}}, "
        "{$ref: '#/components/schemas/B2'}, {$ref: '#/components/schemas/B3'}]}\n"
        + "".join(
            f"    B{number}: {{type: object, properties: "
            f"{{a: {{$ref: '#/components/schemas/B{number * 7 % 300}'}}, "
            f"b: {{$ref: '#/components/schemas/B{number * 3 % 300}'}}, "
            f"c: {{$ref: '#/components/schemas/B{(number * 5 + 11) % 300}'}}}}}}\n"
            for number in range(300)
        ),
        "this example violates its schema",
    ),
    "constants": (
        f"{CHANNEL}    S0: {{oneOf: ["
        + ", ".join(f"{{const: v{number}}}" for number in range(3000))
        + "]}\n",
        "this example violates its schema",
    ),
    "values beside forms of forms": (
        chain("{anyOf: [{$ref: 'NEXT'}, {$ref: 'NEXT'}]}", 25, "{not: {minLength: 1}}").replace(
            "S0: {", f"S0: {{enum: [{', '.join(f'v{number}' for number in range(5000))}], "
        ),
        "this example takes too long to check",
    ),
    "aliases of aliases": (
        "x-a0: &a0 {}\n"
        + "".join(f"x-a{number}: &a{number} {{not: *a{number - 1}}}\n" for number in range(1, 600)),
        "nested more than",
    ),
    "references through references": (
        "channels: {c: {address: a, messages: {m: {$ref: '#/x-a0/y'}}}}\n"
        + "".join(f"x-a{number}: {{$ref: '#/x-a{number + 1}/y'}}\n" for number in range(500)),
        "circular reference",
    ),
    "members": (
        f"{CHANNEL}    S0:\n      type: object\n      properties:\n"
        + "".join(f"        p{number}: {{type: integer}}\n" for number in range(5000)),
        "this example violates its schema",
    ),
    "mistakes": (
        "channels:\n" + "".join(f"  c{number}: {{adress: a}}\n" for number in range(2000)),
        "unknown field `adress`",
    ),
    "brackets": ("x-a:\n" + " [\n" * 50000, "nested more than"),
    # libyaml reads ahead on a line: since 0.2.6 its own bound comes first, in words of its own.
    "brackets on a line": ("x-a: " + "[" * 50000, ": error: "),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_document(tmp_path: Path, name: str) -> None:
    text, expected = HOSTILE[name]
    protocol, findings = None, [""]

    def work() -> None:
        nonlocal protocol, findings
        protocol, findings = tried(tmp_path, text)

    assert calls(work) < CALLS_MAX
    if expected is None:
        assert protocol is not None
        assert findings == []
    else:
        assert expected in findings[0]
