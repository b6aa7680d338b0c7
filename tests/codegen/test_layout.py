"""How calls are laid out: on one line where it is long enough, else as many arguments on each line
as fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from mqbind.emit.layout import COLUMNS, function, returned, statement
from mqbind.plan.nodes.code import Call, Function

GENERATED = Path(__file__).parents[2] / "generated"

SHORT = ("r", "1", "3", '"must be 1, 2 or 3"')
LONG = ("r", *(f"argument_number_{number}" for number in range(8)))


def test_a_call_that_fits_is_one_line() -> None:
    call = Call(function="mqb_reader_uint", arguments=SHORT)
    assert statement(call) == '    mqb_reader_uint(r, 1, 3, "must be 1, 2 or 3");'


def test_an_assignment_is_broken_before_its_call() -> None:
    target, cast = f"out->{'long_name_' * 4}", "enum protocol_record_type"
    call = Call(function="mqb_reader_uint", arguments=SHORT, target=target, cast=cast)
    assert statement(call, 8).splitlines() == [
        f"        {target} =",
        '            (enum protocol_record_type)mqb_reader_uint(r, 1, 3, "must be 1, 2 or 3");',
    ]


def test_arguments_fill_lines() -> None:
    call = Call(function="mqb_read", arguments=LONG)
    assert returned(call).splitlines() == [
        "    return mqb_read(",
        "        r, argument_number_0, argument_number_1, argument_number_2, argument_number_3,",
        "        argument_number_4, argument_number_5, argument_number_6, argument_number_7);",
    ]


@pytest.mark.parametrize("size", range(COLUMNS - 20, COLUMNS + 20))
def test_no_line_is_too_long(size: int) -> None:
    call = Call(function="f", arguments=("r", "x" * (size - 40), "y" * 20), target="out->x")
    assert max(map(len, statement(call).splitlines())) <= COLUMNS


def test_a_long_condition_is_broken_behind_its_operators() -> None:
    condition = " || ".join(f"value == {number}000000000U" for number in range(9))
    call = Call(function="mqb_reader_check", arguments=("r", condition, '"a || b"'))
    lines = statement(call).splitlines()
    assert max(map(len, lines)) <= COLUMNS
    assert lines[-1].endswith('"a || b");')


def test_parameters_have_a_line_each_where_one_is_too_short() -> None:
    parameters = tuple(f"struct mqb_{'long_' * 6}{name} *{name}" for name in "abc")
    head = Function(name="read", parameters=parameters)
    assert function(head, ";").splitlines() == [
        "static void read(",
        *(f"    {parameter}," for parameter in parameters[:-1]),
        f"    {parameters[-1]});",
    ]


def test_generated_calls_are_not_broken_where_they_fit() -> None:
    broken = re.compile(r"^( *)([^\n]*\w\()\n((?:\1    [^\n]*\n)*?\1    [^\n]*\);)$", re.MULTILINE)
    calls = [
        (path.name, margin + head + " ".join(rows.split()))
        for path in sorted(GENERATED.rglob("*.c"))
        for margin, head, rows in broken.findall(path.read_text())
    ]
    assert len(calls) > 10
    assert [call for call in calls if len(call[1]) <= COLUMNS] == []
