"""An address is parsed once, into segments, and knows its levels."""

from __future__ import annotations

import re

import pytest

from mqbind.diagnostics import Location
from mqbind.load.asyncapi.addresses import parse
from mqbind.model.address import Address, Level, Parameter

HERE = Location(file="t.yaml", line=1, column=1)
A, B = (Parameter(name=name, location=HERE) for name in "ab")
PLACE = Parameter(name="place", location=HERE, multi_level=True, per_side=True)


@pytest.mark.parametrize(
    ("text", "parameters", "levels"),
    [
        ("x", (), [(("x",), ())]),
        ("x/y", (), [(("x",), ()), (("y",), ())]),
        ("/x", (), [(("",), ()), (("x",), ())]),
        ("{a}", (A,), [(("", ""), (A,))]),
        ("x/{a}/y", (A,), [(("x",), ()), (("", ""), (A,)), (("y",), ())]),
        ("x{a}-{b}y/z", (A, B), [(("x", "-", "y"), (A, B)), (("z",), ())]),
        ("{place}/{a}", (PLACE, A), [(("", ""), (PLACE,)), (("", ""), (A,))]),
    ],
)
def test_levels(text: str, parameters: tuple[Parameter, ...], levels: list[object]) -> None:
    address = parse(text, parameters)
    assert [(level.texts, level.parameters) for level in address.levels] == levels
    assert address.parameters == parameters
    assert str(address) == text
    assert address.shape == re.sub(r"\{\w+\}", "{}", text)
    assert "{}".join(address.texts) == address.shape


def test_neighbouring_text_is_one_segment() -> None:
    assert Address.of(["", "x", "/", A, "", B, ""]).segments == ("x/", A, B)


def test_what_is_per_side_comes_off() -> None:
    address = parse("x/{place}/y/{a}", (PLACE, A))
    assert address.per_side == ("place",)
    head, rest = address.split_per_side()
    assert (head, str(rest)) == ("x/{place}", "/y/{a}")
    assert parse("x/{a}", (A,)).split_per_side() == ("", parse("x/{a}", (A,)))


def test_other_parameters_keep_the_text() -> None:
    assert str(parse("x/{a}/{b}", (A, B)).with_parameters((B, A))) == "x/{b}/{a}"


def test_a_level_is_spelled_with_values() -> None:
    level = Level(texts=("x", "-", "y"), parameters=(A, B))
    assert level.spelled(lambda parameter: parameter.name * 2) == "xaa-bby"
    assert not level.is_parameter
    assert Level(texts=("", ""), parameters=(A,)).is_parameter
