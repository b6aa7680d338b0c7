"""Templates only print: all text is finished in the plan or laid out by a filter of
`emit/layout.py`. How long they may be is checked in `tests/setup/test_source_files.py`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

TEMPLATES = Path(__file__).parents[2] / "codegen" / "mqbind" / "templates"
PRINT_C = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.[ch].j2"))
BUILD_TEXT = {
    "center",
    "format",
    "indent",
    "join",
    "lower",
    "replace",
    "title",
    "upper",
    "wordwrap",
}
"""Filters of Jinja that make new text of text."""


@pytest.fixture(params=PRINT_C)
def template(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def assembled(source: str) -> list[str]:
    """What in a template makes text out of parts, by line."""
    tree = Environment().parse(source)
    found = [f"line {each.lineno}: ~" for each in tree.find_all(nodes.Concat)]
    found += [f"line {each.lineno}: %" for each in tree.find_all(nodes.Mod)]
    found += [
        f"line {each.lineno}: {type(each).__name__} of a string"
        for each in tree.find_all((nodes.Add, nodes.Mul))
        if any(
            isinstance(part, nodes.Const) and isinstance(part.value, str) for part in _sides(each)
        )
    ]
    filters = tree.find_all(nodes.Filter)
    return found + [f"line {f.lineno}: {f.name}" for f in filters if f.name in BUILD_TEXT]


def _sides(expression: nodes.BinExpr) -> tuple[nodes.Expr, nodes.Expr]:
    return expression.left, expression.right


def test_templates_assemble_no_text(template: str) -> None:
    assert assembled((TEMPLATES / template).read_text()) == []


@pytest.mark.parametrize(
    "source",
    [
        '{{ "a" ~ b }}',
        '{{ "a" + b }}',
        '{{ " " * 4 }}',
        '{{ "%s" % b }}',
        '{{ b | join(", ") }}',
        '{{ b | replace("x", "y") }}',
    ],
)
def test_assembled_text_is_found(source: str) -> None:
    assert assembled(source) != []


def test_each_kind_of_node_has_a_template() -> None:
    printers = (TEMPLATES / "types" / "definitions.c.j2").read_text()
    imported = set(re.findall(r'import "types/(\w+)\.c\.j2"', printers))
    sources = {path.name.removesuffix(".c.j2") for path in TEMPLATES.glob("types/*.c.j2")}
    assert sources - {"beside", "definitions", "function", "member", "others"} == imported
