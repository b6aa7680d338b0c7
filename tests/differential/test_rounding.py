"""A number that is valid, but not as the double that would hold it, is refused with a status of its
own. Decimals decide which numbers these are, with both engines.

A double stands for its shortest form, so 0.1 is 0.1. An integer must equal its double or that form.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.support.codec import Codec
from tests.support.scale import LONG

COUNT = 20_000 if LONG else 1_500
SUM = Decimal("0.30000000000000004")
RULES: dict[str, tuple[str, Callable[[Decimal], bool]]] = {
    "any": ("{}", lambda _: True),
    "positive": ("{exclusiveMinimum: 0}", lambda n: n > 0),
    "below": ("{exclusiveMaximum: 0.3}", lambda n: n < Decimal("0.3")),
    "above": ("{exclusiveMinimum: 0.1}", lambda n: n > Decimal("0.1")),
    "most": ("{maximum: 0.1}", lambda n: n <= Decimal("0.1")),
    "least": ("{minimum: 0.30000000000000004}", lambda n: n >= SUM),
    "not": ("{not: {const: 0.3}}", lambda n: n != Decimal("0.3")),
    "fraction": ("{not: {type: integer}}", lambda n: n != n.to_integral_value()),
    "steps": ("{not: {multipleOf: 0.25}}", lambda n: Fraction(n) % Fraction(1, 4) != 0),
    "some": ("{enum: [0.1, 0.3]}", lambda n: n in (Decimal("0.1"), Decimal("0.3"))),
    "either": (
        "{anyOf: [{maximum: 0.1}, {exclusiveMinimum: 0.3}]}",
        lambda n: n <= Decimal("0.1") or n > Decimal("0.3"),
    ),
}
"""The schema of a member beside `type: number`, and what it means."""
SEEDS = (
    "0", "0.1", "0.3", "0.25", "1.5", "1e-400", "3e-324", "2.5e-324", "0.30000000000000004",
    "9007199254740992", "9007199254740993", "1152921504606846976", "18446744073709551616",
    "1e23", "5e22", "123456789012345678", "4503599627370496.5", "1.7976931348623157e308",
)  # fmt: skip


def numbers(generator: random.Random) -> Iterator[str]:
    """Numbers at and beside those that matter, with few and with many digits."""
    yield from SEEDS
    while True:
        seed = Decimal(generator.choice(SEEDS))
        step = Decimal(generator.choice((0, 1, -1, 2, 5, -7))).scaleb(generator.randint(-40, 3))
        number = generator.choice((1, 1, 1, -1)) * (seed + step)
        text = (
            format(number, "f") if generator.random() < 0.7 and abs(number) < 1e30 else str(number)
        )
        yield text.replace("E", "e").replace("e+", "e") if text[0] != "-" else text


def expected(number: str, is_valid: Callable[[Decimal], bool]) -> str:
    exact, double = Decimal(number), float(number)
    shortest = Decimal(repr(double))
    is_integer = exact == exact.to_integral_value()
    if is_integer and exact not in (Decimal(double), shortest):
        return "PRECISION"
    if not is_valid(exact):
        return "VALUE"
    return "" if is_integer or is_valid(shortest) else "PRECISION"


@pytest.fixture(scope="module")
def codec(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Codec]:
    folder = tmp_path_factory.mktemp("rounding")
    members = "".join(
        f"            {name}: {{type: number, allOf: [{rule}]}}\n"
        for name, (rule, _) in RULES.items()
    )
    schema = folder / "rounding.yaml"
    schema.write_text(HEAD + members + OPERATION)
    built = Codec(schema, folder)
    yield built
    built.close()


HEAD = """asyncapi: 3.0.0
info: {title: Rounding, version: 1.0.0}
channels:
  c:
    address: a
    messages:
      Numbers:
        payload:
          type: object
          properties:
            list: {type: array, uniqueItems: true, items: {type: number}}
"""
OPERATION = "operations: {o: {action: receive, channel: {$ref: '#/channels/c'}}}\n"


def test_a_double_obeys_the_schema(
    codec: Codec, record_property: Callable[[str, object], None]
) -> None:
    generator = random.Random("rounding")
    names = list(RULES)
    asked = [
        (generator.choice(names), number)
        for number, _ in zip(numbers(generator), range(COUNT), strict=False)
    ]
    asked += [(name, seed) for name in names for seed in SEEDS]
    verdicts = codec.judge_all(
        [("rounding_numbers", f'{{"{name}":{number}}}') for name, number in asked]
    )
    wrong = []
    for (name, number), verdict in zip(asked, verdicts, strict=True):
        status = expected(number, RULES[name][1])
        if verdict.status != status or (status and verdict.path != f"/{name}"):
            wrong.append(f"{name} {number}: {status}, {verdict}")
        if verdict.text is not None:
            sent = Decimal(verdict.text.partition(":")[2][:-1])
            assert float(sent) == float(number)
    counts = Counter(verdict.status for verdict in verdicts)
    record_property("counts", dict(counts))
    assert wrong == []
    assert min(counts["PRECISION"], counts["VALUE"], counts[""]) > COUNT / 30


@pytest.mark.parametrize(
    ("items", "status"),
    [
        ("0.3,0.29999999999999999999", "PRECISION"),
        ("0.30000000000000000000,0.29999999999999", ""),
        ("1,9007199254740993", "PRECISION"),
        ("0.3,0.30", "VALUE"),
    ],
)
def test_lists_of_doubles_are_compared_as_doubles(codec: Codec, items: str, status: str) -> None:
    assert codec.judge("rounding_numbers", f'{{"list":[{items}]}}').status == status


def test_the_error_names_place_rule_and_value(codec: Codec) -> None:
    verdict = codec.judge("rounding_numbers", '{"any":1,"below":0.29999999999999999999}')
    assert (verdict.status, verdict.path, verdict.offset) == ("PRECISION", "/below", 17)
    assert (verdict.rule, verdict.value) == ("must be below 0.3", "0.29999999999999999999")
