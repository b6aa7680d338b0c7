"""Names: words become C identifiers, and each of them is there once."""

from __future__ import annotations

from pathlib import Path

import pytest

from mqbind.diagnostics import Diagnostics, Location
from mqbind.plan.build import build_plan
from mqbind.plan.symbols import identifiers
from mqbind.plan.symbols.identifiers import Settling, Wish
from tests.codegen.loading import loaded


def place(line: int) -> Location:
    return Location(file="t.yaml", line=line, column=1)


def wish(line: int, name: str, *, given: bool = False, forms: tuple[str, ...] = ("{}",)) -> Wish:
    return Wish(
        owner=str(line), words=name, name=name, location=place(line), given=given, forms=forms
    )


def settled(*wishes: Wish, taken: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    diagnostics = Diagnostics()
    settling = Settling("types", diagnostics, dict.fromkeys(taken, "someone"))
    found = settling.settle(wishes)
    return [found[each.owner] for each in wishes], [str(each) for each in diagnostics]


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("msgId", "msg_id"),
        ("HTTPServer", "http_server"),
        ("a-b.c d", "a_b_c_d"),
        ("2nd", "n2nd"),
        ("°C", "ub0_c"),
        ("", "value"),
        ("--", "value"),
    ],
)
def test_snake(words: str, name: str) -> None:
    assert identifiers.snake(words) == name


@pytest.mark.parametrize("word", ["class", "int", "errno", "linux", "stdin", "xor"])
def test_words_of_c_and_macros_are_no_names(word: str) -> None:
    assert identifiers.identifier(word) == f"{word}_"


@pytest.mark.parametrize("word", ["has", "is_null", "isNull"])
def test_members_keep_clear_of_flags(word: str) -> None:
    assert identifiers.member(word).endswith("_")


@pytest.mark.parametrize(
    ("words", "name"),
    [("on", "ON"), ("1", "1"), ("-1", "MINUS_1"), ("a-b", "A_B"), ("", "EMPTY"), ("+", "PLUS")],
)
def test_constants(words: str, name: str) -> None:
    assert identifiers.constant(words) == name


def test_a_long_name_ends_with_a_word() -> None:
    assert identifiers.short("word_" * 20) == "_".join(["word"] * 13)
    assert identifiers.short("x" * 300) == "x" * 64
    assert identifiers.short("short") == "short"


def test_the_first_keeps_its_name() -> None:
    assert settled(wish(1, "a"), wish(2, "b"), wish(3, "a"), wish(4, "a")) == (
        ["a", "b", "a_2", "a_3"],
        [],
    )


def test_a_number_takes_no_name_from_a_later_one() -> None:
    assert settled(
        wish(1, "a"), wish(2, "a"), wish(3, "a_2"), wish(4, "a_2_2"), wish(5, "a_2")
    ) == (
        ["a", "a_3", "a_2", "a_2_2", "a_2_3"],
        [],
    )


def test_what_the_author_gives_stays() -> None:
    assert settled(wish(1, "a"), wish(2, "a", given=True)) == (["a_2", "a"], [])


def test_two_that_the_author_makes_one_are_an_error() -> None:
    _, findings = settled(wish(1, "a", given=True), wish(2, "a", given=True))
    assert findings == [
        "t.yaml:2:1: error: `a` and `a` (t.yaml:1:1) would both be `a` in C, as types; "
        "rename one of them with `x-mqbind-name` [MQB401 name-clash]"
    ]


def test_all_that_comes_with_a_name_must_be_free() -> None:
    union = wish(1, "a", forms=("{}", "{}_kind"))
    assert settled(union, wish(2, "a_kind")) == (["a", "a_kind_2"], [])
    assert settled(wish(2, "a_kind"), union) == (["a_kind", "a_2"], [])


def test_names_that_are_taken() -> None:
    assert settled(wish(1, "a"), wish(2, "b"), taken=("a",)) == (["a_2", "b"], [])


def test_a_keyword_gets_its_number_once() -> None:
    assert settled(wish(1, "class_"), wish(2, "class_"))[0] == ["class_", "class_2"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x-mqbind-name: s, payload: {type: integer}", "x-mqbind-name: s, payload: {type: string}"),
        ("payload: {x-mqbind-name: s, enum: [a, b]}", "payload: {x-mqbind-name: s, enum: [c, d]}"),
        (
            "payload: {x-mqbind-name: s, type: object, properties: {a: {}}}",
            "payload: {x-mqbind-name: s, type: object, properties: {b: {}}}",
        ),
        ("name: s, payload: {x-mqbind-name: s, enum: [a, b]}", "x-mqbind-name: s"),
    ],
    ids=["messages", "enums", "objects", "message and enum"],
)
def test_names_of_the_author_that_are_equal_are_an_error(
    tmp_path: Path, one: str, other: str
) -> None:
    text = f"channels: {{c: {{address: a, messages: {{m: {{{one}}}, n: {{{other}}}}}}}}}\n"
    operation = "operations: {o: {action: send, channel: {$ref: '#/channels/c'}}}\n"
    protocol = loaded(tmp_path, text + operation)
    diagnostics = Diagnostics()
    build_plan(protocol, diagnostics)
    [found] = diagnostics
    assert "would both be `s` in C" in found.message
